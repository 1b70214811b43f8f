import { setImmediate } from "node:timers/promises";
import {
  applyValue,
  childrenOf,
  formatIdShortPath,
  parseIdShortPath,
  validate,
  type ConceptDescription,
  type Finding,
  type IdShortPathSegment,
  type Shell,
  type Submodel,
  type SubmodelElement,
} from "@doppelwerk/aas";
import { message as messageOf, verbatim } from "@doppelwerk/messages";
import {
  childrenOfRecord,
  createDocument,
  createElement,
  deleteDocumentInTurns,
  deleteElement,
  DoppelwerkError,
  equalJson,
  fieldsOfElement,
  hashedId,
  recordsOfAasId,
  shellOf,
  updateDocument,
  updateElement,
  type Change,
  type ElementRecord,
  type FieldChange,
  type IdSource,
  type Json,
  type RecordId,
  type RecordReader,
  type SubmodelRecord,
  type WorldRecord,
} from "@doppelwerk/world";
import type { Identified } from "./aas-lookups.ts";
import type { Reading } from "./aas-reading.ts";
import { faultOf, ruleOf } from "./finding-messages.ts";
import { wholeSubmodel } from "./whole-submodel.ts";
import type { AasSource, Put } from "./aas-source.ts";
import { filesOf } from "./file-records.ts";
import { writtenIn } from "./written-in-turn.ts";
import { shownElement, storable } from "./shown-element.ts";

export interface Writing extends Reading {
  readonly ids: IdSource;
  /** What a client must use instead of writing a property that shows a signal. */
  readonly commandFor: (signal: RecordId) => string;
}

type WritingPart = Pick<
  AasSource,
  | "createShell"
  | "putShell"
  | "changeShell"
  | "putAssetInformation"
  | "deleteShell"
  | "createSubmodel"
  | "putSubmodel"
  | "changeSubmodel"
  | "deleteSubmodel"
  | "createConceptDescription"
  | "putConceptDescription"
  | "deleteConceptDescription"
  | "createElement"
  | "putElement"
  | "changeElement"
  | "deleteElement"
  | "setValue"
  | "setMetadata"
>;
type Document = Shell | Submodel | ConceptDescription;

/** Values of one property written at once by many: so often the newest is looked up before the write is refused. */
const MAX_ATTEMPTS = 64;

/** The writing half of an AasSource: every call is one transaction on the branch. */
export function aasWriting({ view, branch, sample, lookups, ids, commandFor }: Writing): WritingPart {
  const reader = () => view.reader(branch);
  const turn = writtenIn(lookups);
  /** `of`: what is written, by its id, an element by id and path. */
  const written = <T>(of: readonly string[], write: () => Promise<T>) => turn(JSON.stringify([branch, ...of]), write);

  const apply = async (changes: readonly Change[], reason: string): Promise<void> => {
    if (changes.length > 0) await view.apply({ branch, reason, changes });
  };

  const needed = (now: RecordReader, kind: Identified, id: string): WorldRecord => {
    const record = lookups.record(now, kind, id);
    if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("aasServer.noDocumentWithId", { kind: words[kind], id }));
    return record;
  };

  const neededElement = (now: RecordReader, submodelId: string, path: string): ElementRecord => {
    const record = lookups.element(now, needed(now, "submodel", submodelId).id, path);
    if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("aasServer.noElement", { path }));
    return record;
  };

  /** Its id is made of its name, so that two who create the same at once cannot both succeed. */
  const create = async (kind: Identified, document: Document): Promise<void> => {
    if (lookups.record(reader(), kind, document.id) !== undefined)
      throw new DoppelwerkError("DW_CONFLICT", messageOf("aasServer.thereIsAAlready", { kind: words[kind], id: document.id }));
    await apply(createDocument(storable(document), firstNamed(ids, kind, document.id)), `AAS API: new ${words[kind]} ${document.id}`);
  };

  const put = (kind: Identified, document: Document): Promise<Put> => written([kind, document.id], () => putOnce(kind, document));

  /** A change of what is there, worked out again from what is there by then whenever another writer came between. */
  const change = (kind: Identified, id: string, next: () => Document): Promise<void> =>
    written([kind, id], async () => {
      const now = reader();
      const { id: record } = needed(now, kind, id);
      await apply(updateDocument(now, record, storable(next()), ids), `AAS API: changed ${words[kind]} ${id}`);
    });

  const putOnce = async (kind: Identified, document: Document): Promise<Put> => {
    const now = reader();
    const record = lookups.record(now, kind, document.id);
    if (record === undefined) {
      await create(kind, document);
      return "created";
    }
    await apply(updateDocument(now, record.id, storable(document), ids), `AAS API: replaced ${words[kind]} ${document.id}`);
    return "replaced";
  };

  /** A submodel at a shell's own path: made or replaced, and referred to by the shell. */
  const putInto = async (shellId: string, submodel: Submodel): Promise<Put> => {
    const now = reader();
    const shellRecord = needed(now, "shell", shellId);
    const shell = shellOf(now, shellRecord.id)!;
    const record = lookups.record(now, "submodel", submodel.id);
    const isReferred = (shell.submodels ?? []).some((reference) => reference.keys.at(-1)?.value === submodel.id);
    if (isReferred) return putOnce("submodel", submodel);
    const reference = { type: "ModelReference", keys: [{ type: "Submodel", value: submodel.id }] } as const;
    await apply(
      [
        ...(record === undefined
          ? createDocument(storable(submodel), firstNamed(ids, "submodel", submodel.id))
          : updateDocument(now, record.id, storable(submodel), ids)),
        ...updateDocument(now, shellRecord.id, { ...shell, submodels: [...(shell.submodels ?? []), reference] }, ids),
      ],
      `AAS API: submodel ${submodel.id} of shell ${shellId}`,
    );
    return "created";
  };

  const remove = (kind: Identified, id: string): Promise<void> => written([kind, id], () => removeOnce(kind, id));

  const removeOnce = async (kind: Identified, id: string): Promise<void> => {
    const now = reader();
    const files = kind === "conceptDescription" ? [] : filesOf(now, id).map((record): Change => ({ op: "delete", record }));
    const { changes, note } = await deletions(now, kind, id);
    await apply([...files, ...changes], `AAS API: deleted ${words[kind]} ${id}${note}`);
  };

  /** A world that was filled before W18 may hold an id several times: all of them go. */
  const deletions = async (now: RecordReader, kind: Identified, id: string) => {
    needed(now, kind, id);
    const records = recordsOfAasId(now, kind, id);
    const changes: Change[] = [];
    for (const record of records) for (const change of await deleteDocumentInTurns(now, record.id, setImmediate)) changes.push(change);
    return { changes, note: records.length === 1 ? "" : ` (${records.length} records had this id)` };
  };

  /** The submodel, its files and the shell's reference to it go in one transaction. */
  const removeFrom = async (shellId: string, id: string): Promise<void> => {
    const now = reader();
    const { changes, note } = await deletions(now, "submodel", id);
    const shellRecord = needed(now, "shell", shellId);
    const { submodels, ...shell } = shellOf(now, shellRecord.id)!;
    const left = (submodels ?? []).filter((reference) => reference.keys.at(-1)?.value !== id);
    const next = left.length === 0 ? shell : { ...shell, submodels: left };
    await apply(
      [
        ...filesOf(now, id).map((file): Change => ({ op: "delete", record: file })),
        ...changes,
        ...updateDocument(now, shellRecord.id, next, ids),
      ],
      `AAS API: deleted submodel ${id} from shell ${shellId}${note}`,
    );
  };

  const addBelow = async (now: RecordReader, parent: WorldRecord, element: SubmodelElement, told: Finding[] | undefined): Promise<void> => {
    checkList(now, parent, element, undefined, told);
    const naming = element.idShort === undefined || isList(parent) ? ids : firstNamed(ids, "element", `${parent.id}/${element.idShort}`);
    await apply(
      createElement(now, { parent: parent.id, element: storable(element) }, naming),
      `AAS API: new element ${element.idShort ?? ""}`,
    );
  };

  return {
    createShell: (shell) => create("shell", shell),
    putShell: (shell) => put("shell", shell),
    changeShell: (id, next) => change("shell", id, next),
    putAssetInformation: (shellId, assetInformation) =>
      written(["shell", shellId], async () => {
        const now = reader();
        const record = needed(now, "shell", shellId);
        const next = { ...shellOf(now, record.id)!, assetInformation };
        await apply(updateDocument(now, record.id, next, ids), `AAS API: asset information of ${shellId}`);
      }),
    deleteShell: (id) => remove("shell", id),
    createSubmodel: (submodel) => create("submodel", submodel),
    putSubmodel: (submodel, shellId) =>
      shellId === undefined ? put("submodel", submodel) : written(["shell", shellId], () => putInto(shellId, submodel)),
    changeSubmodel: (id, next) => change("submodel", id, next),
    createConceptDescription: (description) => create("conceptDescription", description),
    putConceptDescription: (description) => put("conceptDescription", description),
    deleteConceptDescription: (id) => remove("conceptDescription", id),

    deleteSubmodel(id, shellId) {
      return shellId === undefined ? remove("submodel", id) : written(["shell", shellId], () => removeFrom(shellId, id));
    },

    async createElement(submodelId, parentPath, element, told) {
      const now = reader();
      const parent = parentPath === undefined ? needed(now, "submodel", submodelId) : neededElement(now, submodelId, parentPath);
      await addBelow(now, parent, element, told);
    },

    changeElement: (submodelId, path, next) =>
      written([submodelId, path], async () => {
        const now = reader();
        const record = neededElement(now, submodelId, path);
        const element = next();
        checkList(now, now.get(record.parent)!, element, record.id, undefined);
        await apply(updateElement(now, record.id, storable(element), ids), `AAS API: changed element ${path}`);
      }),

    putElement: (submodelId, path, element, told) =>
      written([submodelId, path], async (): Promise<Put> => {
        const now = reader();
        const submodel = needed(now, "submodel", submodelId);
        const record = lookups.element(now, submodel.id, path);
        if (record === undefined) {
          const parent = parentFor(now, submodel, path, (above) => lookups.element(now, submodel.id, above));
          await addBelow(now, parent, element, told);
          return "created";
        }
        checkList(now, now.get(record.parent)!, element, record.id, told);
        await apply(updateElement(now, record.id, storable(element), ids), `AAS API: replaced element ${path}`);
        return "replaced";
      }),

    deleteElement: (submodelId, path) =>
      written([submodelId, path], async () => {
        const now = reader();
        await apply(deleteElement(now, neededElement(now, submodelId, path).id), `AAS API: deleted element ${path}`);
      }),

    async setValue(submodelId, path, value) {
      /** What a field holds by now, where the store answered with a value older than one still on its way to the disk. */
      const newer = new Map<RecordId, Json | undefined>();
      for (let attempt = 1; ; attempt++) {
        const now = reader();
        const met = new Map<SubmodelElement, ElementRecord>();
        const by = { sample, met: (element: SubmodelElement, record: ElementRecord) => void met.set(element, record) };
        const before =
          path === undefined
            ? wholeSubmodel(now, needed(now, "submodel", submodelId) as SubmodelRecord, by)
            : shownElement(neededElement(now, submodelId, path), { ...by, childrenOf: (parent) => childrenOfRecord(now, parent) });
        const applied = applyValue(before, value);
        if (applied.kind === "refused")
          throw new DoppelwerkError("DW_INVALID", messageOf("aasServer.faults", { faults: applied.findings.map(faultOf) }));
        const changes = valueChanges(before, applied.element, met, newer, commandFor);
        try {
          return await apply(changes, `AAS API: values of ${path ?? submodelId}`);
        } catch (error) {
          if (!(error instanceof DoppelwerkError) || error.code !== "DW_CONFLICT" || attempt === MAX_ATTEMPTS) throw error;
          const { id, field, actual } = (error.details ?? {}) as { id?: RecordId; field?: string; actual?: Json };
          // Only a value may be overtaken so: PATCH means "this value now", whoever wrote before.
          if (id !== undefined && field === "value") newer.set(id, actual);
          else await setImmediate();
        }
      }
    },

    setMetadata: (submodelId, path, metadata) =>
      written(path === undefined ? ["submodel", submodelId] : [submodelId, path], async () => {
        const now = reader();
        if (path === undefined) {
          const record = needed(now, "submodel", submodelId) as SubmodelRecord;
          const { submodelElements } = wholeSubmodel(now, record, {});
          const next = { ...storable(metadata() as unknown as Submodel), ...(submodelElements && { submodelElements }) };
          return apply(updateDocument(now, record.id, next, ids), `AAS API: metadata of submodel ${submodelId}`);
        }
        const record = neededElement(now, submodelId, path);
        const stored = shownElement(record, { childrenOf: (parent) => childrenOfRecord(now, parent) });
        const next = {
          ...valuesOf(stored),
          ...storable(metadata() as unknown as SubmodelElement),
          ...(stored.idShort !== undefined && { idShort: stored.idShort }),
        };
        await apply(updateElement(now, record.id, next as SubmodelElement, ids), `AAS API: metadata of ${path}`);
      }),
  };
}

const words: Readonly<Record<Identified, string>> = { shell: "shell", submodel: "submodel", conceptDescription: "concept description" };
const METADATA = new Set([
  "modelType",
  "idShort",
  "displayName",
  "description",
  "category",
  "extensions",
  "semanticId",
  "supplementalSemanticIds",
  "qualifiers",
  "embeddedDataSpecifications",
]);
const TYPES = new Set([
  "valueType",
  "orderRelevant",
  "semanticIdListElement",
  "typeValueListElement",
  "valueTypeListElement",
  "direction",
  "state",
]);

/** What stays of an element when its metadata is replaced: values, elements below, and types that the metadata does not name. */
function valuesOf(stored: SubmodelElement): Record<string, unknown> {
  return Object.fromEntries(Object.entries(stored).filter(([name]) => !METADATA.has(name) || TYPES.has(name)));
}

/** New ids, the first of a kind made of a name. */
function firstNamed(ids: IdSource, kind: string, name: string): IdSource {
  let given = false;
  return {
    next(wanted) {
      if (given || wanted !== kind) return ids.next(wanted);
      given = true;
      return hashedId(kind, "aas-api", name);
    },
  };
}

/** Changes of values between two trees of the same shape: what is the same object did not change. */
function valueChanges(
  before: Submodel | SubmodelElement,
  after: Submodel | SubmodelElement,
  met: ReadonlyMap<SubmodelElement, ElementRecord>,
  newer: ReadonlyMap<RecordId, Json | undefined>,
  commandFor: (signal: RecordId) => string,
): Change[] {
  if (before === after) return [];
  const [children, next] = [childrenOf(before), childrenOf(after)];
  const below = children.flatMap((child, index) => valueChanges(child, next[index]!, met, newer, commandFor));
  const record = before.modelType === "Submodel" ? undefined : met.get(before);
  if (record === undefined) return below;
  const { value, body } = fieldsOfElement(storable(after));
  const shown = fieldsOfElement(storable(before));
  const fields: Record<string, FieldChange> = {};
  if (!equalJson(shown.value, value)) {
    if (record.signal !== undefined)
      throw new DoppelwerkError(
        "DW_LIVE_BOUND",
        messageOf("aasServer.propertyShowsLiveSignalNotWritten", {
          idShort: record.idShort ?? record.id,
          signal: commandFor(record.signal),
        }),
      );
    fields["value"] = { from: newer.has(record.id) ? newer.get(record.id) : record.value, to: value };
  }
  if (!equalJson(shown.body as Json, body as Json)) fields["body"] = { from: record.body as Json, to: body as Json };
  return Object.keys(fields).length === 0 ? below : [{ op: "update", id: record.id, fields }, ...below];
}

/** Where PUT may create: below an element by a new idShort, or at the end of a list. */
function parentFor(
  reader: RecordReader,
  submodel: WorldRecord,
  path: string,
  at: (path: string) => ElementRecord | undefined,
): WorldRecord {
  const segments = parseIdShortPath(path);
  if ("severity" in segments) throw new DoppelwerkError("DW_INVALID", segments.reason ?? verbatim(segments.message));
  const above: readonly IdShortPathSegment[] = segments.slice(0, -1);
  const last = segments.at(-1)!;
  const parent = above.length === 0 ? submodel : at(formatIdShortPath(above));
  if (parent === undefined) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("aasServer.noElement", { path: formatIdShortPath(above) }));
  const fits = isList(parent) ? last === childrenOfRecord(reader, parent.id).length : typeof last === "string";
  if (!fits) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("aasServer.nothingCanCreated", { path }));
  return parent;
}

function isList(record: WorldRecord): boolean {
  return record.kind === "element" && record["modelType"] === "SubmodelElementList";
}

/** AASd-107, -108, -109 and -114 for one element that comes into a list, or takes the place of another there. Where nobody listens, it is refused. */
function checkList(
  reader: RecordReader,
  parent: WorldRecord,
  element: SubmodelElement,
  replaced: RecordId | undefined,
  told: Finding[] | undefined,
): void {
  if (!isList(parent)) return;
  const list = parent as ElementRecord;
  const neighbour = childrenOfRecord(reader, list.id).find(({ id, body }) => id !== replaced && body["semanticId"] !== undefined);
  const beside = neighbour === undefined ? [] : [shownElement(neighbour, { childrenOf: () => [] })];
  const place = `value[${beside.length}]`;
  const errorsOf = (given: SubmodelElement) =>
    validate({ ...list.body, modelType: list.modelType, idShort: "list", value: [...beside, given] }).filter(
      ({ severity, path }) => severity === "error" && path.startsWith(place),
    );
  const errors = errorsOf(element);
  if (told !== undefined) {
    const known = new Set(told.map(({ path, constraint }) => `${constraint} ${path}`));
    const own = errors.map((finding) => ({ ...finding, path: finding.path.slice(place.length).replace(/^\./, "") }));
    told.push(...own.filter(({ path, constraint }) => !known.has(`${constraint} ${path}`)));
    return;
  }
  const before = errors.length === 0 || replaced === undefined ? undefined : (reader.get(replaced) as ElementRecord);
  const known = before === undefined ? [] : errorsOf(shownElement(before, { childrenOf: () => [] }));
  const brought = errors.filter(
    (finding) => !known.some(({ constraint, path }) => constraint === finding.constraint && path === finding.path),
  );
  if (brought.length > 0)
    throw new DoppelwerkError(
      "DW_INVALID",
      messageOf("aasServer.faults", { faults: brought.map((finding) => ruleOf({ ...finding, path: "" })) }),
    );
}
