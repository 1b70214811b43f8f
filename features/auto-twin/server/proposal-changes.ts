import { operationalDataOf, type Proposal, type ProposedSignal } from "@doppelwerk/operations";
import { canonicalJson, hashedId, importChanges, recordsOfPlant } from "@doppelwerk/world";
import type { Change, Conflict, FieldChange, FoundPlant, Json, RecordReader, SignalRecord, WorldRecord } from "@doppelwerk/world";
import { withInterfaces } from "./proposed-interfaces.ts";

export interface ProposalOrigin {
  readonly source: string;
  readonly name: string;
  /** The plant and the connection it is, or will be; absent for an event log alone. */
  readonly plant?: { readonly found: FoundPlant; readonly connection: string };
  /** A bound cut the look short: what is absent may be there. */
  readonly truncated: boolean;
}

export interface ProposalChanges {
  readonly changes: readonly Change[];
  /** Where the proposal and people both changed something: the world's was kept. */
  readonly conflicts: readonly Conflict[];
}

/** What was proposed of a signal last time, field by field: tells a person's edit from none. */
interface Proposed {
  readonly source: string;
  readonly fields: { readonly [field: string]: Json };
}

/** A proposal, first or again, as changes on a branch: three-way between what was proposed last, what is proposed now, and what people made of it. */
export function proposalChanges(reader: RecordReader, proposal: Proposal, origin: ProposalOrigin): ProposalChanges {
  const { source, plant, truncated } = origin;
  const environment = plant === undefined ? proposal.environment : withInterfaces(reader, proposal, plant, origin.name);
  // a property shows its signal because the proposal bound it, not because a person did
  const isOwn = ({ id, signal }: WorldRecord, field: string): boolean =>
    field === "signal" &&
    typeof signal === "string" &&
    (reader.get(signal)?.["proposed"] as Proposed | undefined)?.fields["element"] === id;
  const documents = importChanges(reader, environment, source, isOwn);
  const changes: Change[] = documents.changes.filter(({ op }) => op !== "delete" || !truncated);
  const conflicts: Conflict[] = [...documents.conflicts];
  if (plant === undefined) return { changes, conflicts };
  const { connection, signals } = recordsOfPlant(plant.found, origin.name);
  const drafts = new Map(signals.map((draft) => [draft.address, draft]));
  const ids = new Map(proposal.signals.map(({ address }) => [address, signalId(reader, plant.connection, address)]));
  const bound = bindElements(changes, proposal, ids, reader);
  if (reader.get(plant.connection) === undefined) bound.changes.unshift({ op: "create", record: { ...connection, id: plant.connection } });
  const shells = shellsAfter(reader, changes, proposal);
  for (const signal of proposal.signals) {
    const id = ids.get(signal.address)!;
    const draft = drafts.get(signal.address);
    // a shell that people deleted stays away, and no signal speaks of it
    if (draft === undefined || !shells.has(signal.shell)) continue;
    const element = bound.elementOf.get(id);
    bound.changes.push(...signalChanges(reader, { ...draft, id, connection: plant.connection }, signal, element, source, conflicts));
  }
  if (!truncated) bound.changes.push(...takenBack(reader, source, plant.connection, new Set(ids.values())));
  return { changes: bound.changes, conflicts };
}

/** AAS ids of shells that are there after the changes, of those that the proposal speaks of. */
function shellsAfter(reader: RecordReader, changes: readonly Change[], { signals }: Proposal): ReadonlySet<unknown> {
  const made = changes.flatMap((change) => (change.op === "create" && change.record.kind === "shell" ? [change.record["aasId"]] : []));
  const present = [...new Set(signals.map(({ shell }) => shell))].filter(
    (shell) => reader.query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 }).length > 0,
  );
  return new Set([...made, ...present]);
}

/** A signal that came some other way is met by its address. */
function signalId(reader: RecordReader, connection: string, address: string): string {
  const known = reader
    .query({ kind: "signal", index: { name: "address", value: address } })
    .find((record) => record["connection"] === connection);
  return known?.id ?? hashedId("signal", connection, address);
}

/** New properties of operational data show their signal; those that are there keep what they show. */
function bindElements(
  changes: readonly Change[],
  { signals }: Proposal,
  ids: ReadonlyMap<string, string>,
  reader: RecordReader,
): { readonly changes: Change[]; readonly elementOf: ReadonlyMap<string, string> } {
  const shellOf = new Map(signals.map(({ shell }) => [operationalDataOf(shell), shell]));
  const shellOfSubmodel = new Map<string, string>();
  const remember = (id: string, aasId: unknown) => {
    const shell = shellOf.get(String(aasId));
    if (shell !== undefined) shellOfSubmodel.set(id, shell);
  };
  for (const aasId of shellOf.keys())
    for (const known of reader.query({ kind: "submodel", index: { name: "aasId", value: aasId } })) remember(known.id, aasId);
  for (const change of changes)
    if (change.op === "create" && change.record.kind === "submodel") remember(change.record.id, change.record["aasId"]);
  const signalOf = new Map(signals.map(({ shell, idShort, address }) => [`${shell}\n${idShort}`, ids.get(address)!]));
  const elementOf = new Map<string, string>();
  const bound = changes.map((change): Change => {
    if (change.op !== "create" || change.record.kind !== "element") return change;
    const { id, submodel, idShort } = change.record;
    const signal = signalOf.get(`${shellOfSubmodel.get(String(submodel))}\n${String(idShort)}`);
    if (signal === undefined) return change;
    elementOf.set(signal, id);
    return { op: "create", record: { ...change.record, signal } };
  });
  return { changes: bound, elementOf };
}

const MERGED = ["name", "role", "shell", "counter", "element", "unit", "low", "high"] as const;

function signalChanges(
  reader: RecordReader,
  draft: SignalRecord,
  { shell, role, name, counter }: ProposedSignal,
  element: string | undefined,
  source: string,
  conflicts: Conflict[],
): Change[] {
  const known = reader.get(draft.id);
  const told = present({
    name,
    role,
    shell,
    counter: counter && { type: counter },
    element: element ?? known?.["element"],
    unit: draft.unit,
    low: draft.low,
    high: draft.high,
  });
  if (known === undefined) {
    const deleted = reader.versions(draft.id, 1).length > 0;
    if (deleted) conflicts.push({ id: draft.id, field: undefined, reason: "delete/edit" });
    return deleted ? [] : [{ op: "create", record: { ...draft, ...told, proposed: { source, fields: told } } }];
  }
  // a signal that was only connected so far is as the browse named it
  const base =
    (known["proposed"] as Proposed | undefined)?.fields ?? present(Object.fromEntries(MERGED.map((field) => [field, draft[field]])));
  const fields: Record<string, FieldChange> = {};
  const remembered: Record<string, Json> = { ...told };
  for (const field of MERGED) {
    const [ours, theirs, had] = [known[field], told[field], base[field]];
    if (same(ours, theirs) || same(theirs, had)) continue;
    if (same(ours, had)) fields[field] = { from: ours, to: theirs };
    else {
      conflicts.push({ id: known.id, field, reason: "edit/edit", ours, theirs });
      // the old base keeps the conflict visible until one side gives in
      if (had === undefined) delete remembered[field];
      else remembered[field] = had;
    }
  }
  // type, names of numbers and width are the plant's alone: nobody declares them, and one that gives none now keeps those it gave
  const ofType = {
    valueType: draft.valueType,
    enumeration: draft.enumeration?.map((named) => ({ ...named })),
    unsignedBits: draft.unsignedBits,
  };
  for (const [field, to] of Object.entries(ofType))
    if (to !== undefined && !same(known[field], to)) fields[field] = { from: known[field], to };
  const memory = { source, fields: remembered };
  if (!same(known["proposed"], memory)) fields["proposed"] = { from: known["proposed"], to: memory };
  return Object.keys(fields).length === 0 ? [] : [{ op: "update", id: known.id, fields }];
}

/** A signal that the plant has no more keeps its history; what was proposed of it and nobody touched is taken back. */
function takenBack(reader: RecordReader, source: string, connection: string, proposed: ReadonlySet<string>): Change[] {
  return reader.query({ kind: "signal", index: { name: "connection", value: connection } }).flatMap((record): Change[] => {
    const before = record["proposed"] as Proposed | undefined;
    if (before?.source !== source || proposed.has(record.id)) return [];
    const untouched = (["role", "shell", "element", "counter"] as const).filter(
      (field) => record[field] !== undefined && same(record[field], before.fields[field]),
    );
    const fields = [...untouched, "proposed"].map((field) => [field, { from: record[field], to: undefined }] as const);
    return [{ op: "update", id: record.id, fields: Object.fromEntries(fields) }];
  });
}

function present(fields: Readonly<Record<string, Json | undefined>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
}
