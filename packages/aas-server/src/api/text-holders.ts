import type { RecordId, RecordReader, Sample } from "@doppelwerk/world";
import type { Identified } from "./aas-lookups.ts";

/** What a field identifier of each kind begins with. */
export const ROOTS = { shell: "aas", submodel: "sm", conceptDescription: "cd" } as const;

export interface TextSearch {
  readonly reader: RecordReader;
  readonly sample: (signal: RecordId) => Sample | undefined;
  /** Takes what was looked for, and how many were found. */
  readonly tried: { index: string; value: string; found: string }[];
  /** Lets others in after a while. */
  breathe(): Promise<void>;
}

/** Where more records hold a text than this the text does not narrow. */
const HOLDERS_MAX = 5_000;
/** Signals that are read at a time. */
const STRETCH = 500;

/** Ids of records of the kind that hold one of the texts; undefined when those are so many that a page of them is found sooner one after the other. */
export async function holdersOf(
  texts: readonly string[] | undefined,
  kind: Identified,
  search: TextSearch,
): Promise<ReadonlySet<RecordId> | undefined> {
  const ids = texts && (await recordsHolding(texts, kind, ROOTS[kind], search));
  if (ids === undefined) return undefined;
  // Only what may be read is told of.
  for (const id of ids) {
    if (search.reader.get(id) === undefined) ids.delete(id);
    await search.breathe();
  }
  found(search, ROOTS[kind], texts!, String(ids.size));
  return ids;
}

/** Ids of the submodels of which an element holds one of the texts, or shows a value that may; undefined where those are too many. */
export async function submodelsHolding(
  texts: readonly string[] | undefined,
  search: TextSearch,
): Promise<ReadonlySet<RecordId> | undefined> {
  const ids = texts && (await recordsHolding(texts, "element", "sme", search));
  if (ids === undefined) return undefined;
  const submodels = new Set<RecordId>();
  const add = (id: RecordId): void => {
    const submodel = search.reader.get(id)?.["submodel"];
    if (typeof submodel === "string" && search.reader.get(submodel) !== undefined) submodels.add(submodel);
  };
  for (const id of ids) {
    add(id);
    await search.breathe();
  }
  for await (const element of elementsShowing(texts!, search)) {
    add(element);
    if (submodels.size <= HOLDERS_MAX) continue;
    found(search, "sme", texts!, `more than ${HOLDERS_MAX}`);
    return undefined;
  }
  found(search, "sme", texts!, String(submodels.size));
  return submodels;
}

function found(search: TextSearch, root: string, texts: readonly string[], count: string): void {
  search.tried.push({ index: `$${root} texts`, value: texts.join(" | ").slice(0, 200), found: count });
}

async function recordsHolding(
  texts: readonly string[],
  kind: string,
  root: string,
  search: TextSearch,
): Promise<Set<RecordId> | undefined> {
  const steps = search.reader.holding?.(kind, texts);
  if (steps === undefined) return undefined;
  const ids = new Set<RecordId>();
  for (const step of steps) {
    for (const id of step) ids.add(id);
    if (ids.size > HOLDERS_MAX) {
      found(search, root, texts, `more than ${HOLDERS_MAX}`);
      return undefined;
    }
    await search.breathe();
  }
  return ids;
}

/** Elements whose value is a signal's, of those that may say one of the texts now, whatever their records say. */
async function* elementsShowing(texts: readonly string[], { reader, sample, breathe }: TextSearch): AsyncIterable<RecordId> {
  for (let after: RecordId | undefined; ;) {
    const signals = reader.query({ kind: "signal", limit: STRETCH, ...(after !== undefined && { after }) });
    for (const { id, element } of signals) {
      if (typeof element === "string" && mayShow(sample(id)?.value, texts)) yield element;
      await breathe();
    }
    if (signals.length < STRETCH) return;
    after = signals.at(-1)!.id;
  }
}

/** XML Schema has several ways to write a number or a truth value. */
const OF_NUMBERS = /^[-+.\dA-Za-z]*$/;

function mayShow(value: Sample["value"] | undefined, texts: readonly string[]): boolean {
  if (value === undefined) return false;
  return typeof value === "string" ? texts.some((text) => value.includes(text)) : texts.some((text) => OF_NUMBERS.test(text));
}
