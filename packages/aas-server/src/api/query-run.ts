import type { Submodel } from "@doppelwerk/aas";
import {
  holds,
  lookupPlan,
  neededTexts,
  QueryTooWide,
  type LookupPlan,
  type Query,
  type QueryLookup,
  type QuerySubject,
} from "@doppelwerk/aas/query";
import { message } from "@doppelwerk/messages";
import {
  assetIdKey,
  conceptDescriptionOf,
  namedValueKey,
  recordOfAasId,
  shellOf,
  type RecordId,
  type RecordReader,
  type Sample,
  type ShellRecord,
  type SubmodelRecord,
  type WorldRecord,
} from "@doppelwerk/world";
import { holdersOf, ROOTS, submodelsHolding, type TextSearch } from "./text-holders.ts";
import { headOf, wholeSubmodel } from "./whole-submodel.ts";
import type { Identified } from "./aas-lookups.ts";
import type { Listed, Page } from "./aas-source.ts";
import { badRequest } from "./answers.ts";

/** How a page of results came about. */
export interface Explanation {
  /** Indexes that were asked, with what each found, before the choice; empty = every record of the kind was read. */
  readonly indexes: readonly { readonly index: string; readonly value: string; readonly found: string }[];
  /** Records that the indexes left to be asked; undefined = all of the kind. */
  readonly candidates: number | undefined;
  /** Records that this page asked. */
  readonly evaluated: number;
  /** False when the time of one request was over before the page was full: the cursor goes on there. */
  readonly isFull: boolean;
}

export interface QueryPage<T> extends Listed<T> {
  readonly explanation: Explanation;
}

/** An index that finds more is put back for a better one. */
const FEW = 2_000;
/** Not even the best index may bring more records than this into memory; then the records are read one after the other. */
const MOST = 500_000;
/** A request works so long on one page, in slices that leave room for others. */
const PAGE_MS = 2_000;
const SLICE_MS = 15;
const STRETCH = 200;

export interface QueryRun {
  readonly reader: RecordReader;
  readonly sample: (signal: RecordId) => Sample | undefined;
  /** Milliseconds of a clock that only runs forward. */
  readonly now?: () => number;
}

/**
 * One page of the records for which the query holds, ascending by record id, so that pages stay right under concurrent writes. Indexes narrow what is
 * asked; without one, every record of the kind is. Errors: 400 when the query combines too many elements.
 */
export async function runQuery(kind: Identified, query: Query, page: Page, run: QueryRun): Promise<QueryPage<WorldRecord>> {
  const { reader, now = () => performance.now() } = run;
  const tried: { index: string; value: string; found: string }[] = [];
  const plan = lookupPlan(query.condition);
  const texts = neededTexts(query.condition, ROOTS[kind]);
  const isPossible = possibleBy(texts);
  const found: WorldRecord[] = [];
  const [start, subjects] = [now(), new Subjects(run)];
  let [evaluated, slice] = [0, start];
  const breathe = async (): Promise<void> => {
    if (now() - slice <= SLICE_MS) return;
    await new Promise(setImmediate);
    slice = now();
  };
  const search: TextSearch = { ...run, tried, breathe };
  const candidates =
    (plan && candidatesOf(plan, kind, reader, tried)) ?? (await holdersOf(texts, kind, search)) ?? (await elementHolders());
  async function elementHolders(): Promise<ReadonlySet<RecordId> | undefined> {
    const submodels = await submodelsHolding(neededTexts(query.condition, "sme"), search);
    return submodels && new Set([...submodels].flatMap((id) => (kind === "submodel" ? [id] : subjectsOf(reader.get(id)!, kind, reader))));
  }
  const explained = (isFull: boolean): Explanation => ({ indexes: tried, candidates: candidates?.size, evaluated, isFull });
  for (const record of recordsOf(kind, reader, candidates, page.after)) {
    await breathe();
    evaluated++;
    if (isPossible(record) && isResult(query, subjects.of(record))) {
      if (found.length === page.limit) return { items: found, next: found.at(-1)!.id, explanation: explained(true) };
      found.push(record);
    }
    if (slice - start > PAGE_MS) return { items: found, next: record.id, explanation: explained(false) };
  }
  return { items: found, explanation: explained(true) };
}

/** Whether a record can be a result: one of the texts stands in it, as JSON writes them. Far cheaper than making the document and asking it. */
function possibleBy(texts: readonly string[] | undefined): (record: WorldRecord) => boolean {
  // JSON writes half a character otherwise than where its other half follows.
  if (texts === undefined || !texts.every((text) => text.isWellFormed())) return () => true;
  const written = texts.map((text) => JSON.stringify(text).slice(1, -1));
  return (record) => {
    const own = JSON.stringify(record);
    return written.some((text) => own.includes(text));
  };
}

function isResult(query: Query, subject: QuerySubject): boolean {
  try {
    return holds(query.condition, subject);
  } catch (error) {
    if (error instanceof QueryTooWide) throw badRequest(message("aasServer.queryCannotRun", { reason: error.message }));
    throw error;
  }
}

function* recordsOf(
  kind: Identified,
  reader: RecordReader,
  candidates: ReadonlySet<RecordId> | undefined,
  after: RecordId | undefined,
): Iterable<WorldRecord> {
  if (candidates !== undefined) {
    for (const id of [...candidates].sort()) {
      const record = after !== undefined && id <= after ? undefined : reader.get(id);
      if (record !== undefined) yield record;
    }
    return;
  }
  for (let last = after; ;) {
    const records = reader.query({ kind, limit: STRETCH, ...(last !== undefined && { after: last }) });
    yield* records;
    if (records.length < STRETCH) return;
    last = records.at(-1)!.id;
  }
}

/** What a condition is asked of, fetched when it asks. */
class Subjects {
  readonly #run: QueryRun;

  constructor(run: QueryRun) {
    this.#run = run;
  }

  of(record: WorldRecord): QuerySubject {
    const { reader } = this.#run;
    if (record.kind === "conceptDescription") return { kind: "conceptDescription", value: conceptDescriptionOf(reader, record.id)! };
    if (record.kind === "shell")
      return {
        kind: "shell",
        shell: shellOf(reader, record.id)!,
        submodels: () =>
          (record as ShellRecord).submodels.flatMap((aasId) => this.#wholeSubmodel(recordOfAasId(reader, "submodel", aasId)) ?? []),
      };
    const submodel = record as SubmodelRecord;
    return {
      kind: "submodel",
      submodel: headOf(submodel),
      elements: () => this.#wholeSubmodel(submodel)?.submodelElements ?? [],
      shells: () => shellsWith(reader, submodel.aasId).map(({ id }) => shellOf(reader, id)!),
    };
  }

  #wholeSubmodel(record: WorldRecord | undefined): Submodel | undefined {
    return record && wholeSubmodel(this.#run.reader, record as SubmodelRecord, { sample: this.#run.sample });
  }
}

/** Ids of records of the kind that hold every result; undefined when no index finds few enough. */
function candidatesOf(
  plan: LookupPlan,
  kind: Identified,
  reader: RecordReader,
  tried: { index: string; value: string; found: string }[],
): ReadonlySet<RecordId> | undefined {
  return within(plan, FEW) ?? within(plan, MOST);

  function within(part: LookupPlan, most: number): ReadonlySet<RecordId> | undefined {
    if ("any" in part) {
      const union = new Set<RecordId>();
      for (const one of part.any) {
        const ids = within(one, most);
        if (ids === undefined) return undefined;
        for (const id of ids) union.add(id);
      }
      return union;
    }
    if ("all" in part) {
      let best: ReadonlySet<RecordId> | undefined;
      for (const one of part.all) {
        const ids = within(one, most);
        if (ids !== undefined && (best === undefined || ids.size < best.size)) best = ids;
        if (best !== undefined && best.size <= 1) break;
      }
      return best;
    }
    const records = lookedUp(part, reader, most + 1);
    tried.push({
      index: indexNameOf(part),
      value: part.value.slice(0, 200),
      found: records.length > most ? `more than ${most}` : String(records.length),
    });
    return records.length > most ? undefined : new Set(records.flatMap((record) => subjectsOf(record, kind, reader)));
  }
}

function indexNameOf(lookup: QueryLookup): string {
  if (lookup.of === "sme.value") return `$sme….${lookup.idShort}#value`;
  return lookup.of === "aas.assetId" ? `$aas asset id ${lookup.name}` : lookup.of.replace(/^/, "$").replace(".", "#");
}

function lookedUp(lookup: QueryLookup, reader: RecordReader, limit: number): readonly WorldRecord[] {
  const query = (kind: string, name: string, value: string) => reader.query({ kind, index: { name, value }, limit });
  switch (lookup.of) {
    case "aas.assetId":
      return query("shell", "assetId", assetIdKey(lookup.name, lookup.value));
    case "aas.id":
      return query("shell", "aasId", lookup.value);
    case "aas.idShort":
      return query("shell", "idShort", lookup.value);
    case "aas.submodel":
      return query("shell", "submodel", lookup.value);
    case "sm.id":
      return query("submodel", "aasId", lookup.value);
    case "sm.idShort":
      return query("submodel", "idShort", lookup.value);
    case "sm.semanticId":
      return query("submodel", "semanticId", lookup.value);
    case "sme.semanticId":
      return query("element", "semanticId", lookup.value);
    case "sme.value":
      // What shows a signal may show the value now, whatever its record says.
      return [undefined, lookup.value].flatMap((value) => query("element", "namedValue", namedValueKey(lookup.idShort, value)));
    case "cd.id":
      return query("conceptDescription", "aasId", lookup.value);
    case "cd.idShort":
      return query("conceptDescription", "idShort", lookup.value);
  }
}

/** The records of the kind that a found record belongs to. */
function subjectsOf(record: WorldRecord, kind: Identified, reader: RecordReader): readonly RecordId[] {
  if (record.kind === kind) return [record.id];
  if (record.kind === "shell")
    return (record as ShellRecord).submodels.flatMap((aasId) => recordOfAasId(reader, "submodel", aasId)?.id ?? []);
  const submodel = record.kind === "element" ? String(record["submodel"]) : record.id;
  if (kind === "submodel") return [submodel];
  const aasId = reader.get(submodel)?.["aasId"];
  return typeof aasId === "string" ? shellsWith(reader, aasId).map(({ id }) => id) : [];
}

function shellsWith(reader: RecordReader, submodel: string): readonly WorldRecord[] {
  return reader.query({ kind: "shell", index: { name: "submodel", value: submodel } });
}
