import { encodeId, formatIdShortPath } from "@doppelwerk/aas";
import {
  changedId,
  conceptDescriptionOf,
  elementOf,
  pathOfElement,
  shellOf,
  submodelOf,
  type Change,
  type ElementRecord,
  type LogEntry,
  type RecordId,
  type RecordReader,
  type SubmodelRecord,
  type WorldRecord,
} from "@doppelwerk/world";
import type { CloudEvent, EventKind, EventType } from "@doppelwerk/ports";

/** An event before it is put into words: those nobody asked for are never made. */
export interface AasChange {
  readonly position: number;
  readonly type: EventType;
  readonly kind: EventKind;
  /** As it is after the entry; what was deleted, as it was before. */
  readonly record: WorldRecord;
  /** Of an element or submodel. */
  readonly submodel: RecordId | undefined;
}

const KIND_OF: Readonly<Record<string, EventKind>> = {
  shell: "shells",
  submodel: "submodels",
  element: "elements",
  conceptDescription: "conceptDescriptions",
};
/** Fields of a record that no AAS client sees. */
const INSIDE = new Set(["imported", "planned", "signal", "order"]);

/**
 * What an entry means to AAS clients, in its order. What comes or goes with a whole is told by the whole; several changes of one record in one entry are
 * one event. `after` and `before` read the branch at the entry's revision and at the one before.
 */
export function changesOf(entry: LogEntry, after: RecordReader, before: RecordReader): readonly AasChange[] {
  const byId = new Map<RecordId, Change[]>();
  for (const change of entry.changes) {
    const known = byId.get(changedId(change));
    if (known === undefined) byId.set(changedId(change), [change]);
    else known.push(change);
  }
  const changes: AasChange[] = [];
  const isWhole = (id: RecordId, reader: RecordReader, other: RecordReader): boolean => {
    // Its parent came or went in the same entry, and tells of it.
    const parent = reader.get(id)?.["parent"];
    return typeof parent === "string" && byId.has(parent) && other.get(parent) === undefined;
  };
  for (const [id, own] of byId) {
    const kind = KIND_OF[id.slice(0, id.indexOf(":"))];
    if (kind === undefined) continue;
    const [was, is] = [before.get(id), after.get(id)];
    const record = is ?? was;
    if (record === undefined) continue;
    const submodel = kind === "submodels" ? id : kind === "elements" ? String(record["submodel"]) : undefined;
    const add = (type: EventType) => changes.push({ position: changes.length, type, kind, record, submodel });
    if (was === undefined) {
      if (!isWhole(id, after, before)) add("created");
    } else if (is === undefined) {
      if (!isWhole(id, before, after)) add("deleted");
    } else {
      const fields = own
        .flatMap((change) => (change.op === "update" ? Object.keys(change.fields) : ["body"]))
        .filter((name) => !INSIDE.has(name));
      if (fields.length > 0) add(kind === "elements" && fields.every((name) => name === "value") ? "valueChanged" : "updated");
    }
  }
  return changes;
}

const SCHEMA = "https://api.swaggerhub.com/domains/Plattform_i40/Part1-MetaModel-Schemas/V3.1.0#/components/schemas/";

export interface EventWording {
  /** URL of the AAS API of the branch, without a slash at the end. */
  readonly base: string;
  /** Without `data`. */
  readonly slim: boolean;
  readonly after: RecordReader;
  readonly before: RecordReader;
}

export function cloudEvent(entry: LogEntry, { position, type, kind, record }: AasChange, wording: EventWording): CloudEvent {
  const reader = type === "deleted" ? wording.before : wording.after;
  const data = type === "deleted" || wording.slim ? undefined : documentOf(kind, record, reader);
  const semanticId =
    kind === "submodels" ? (record as SubmodelRecord).semanticId : kind === "elements" ? semanticIdOf(record as ElementRecord) : undefined;
  return {
    specversion: "1.0",
    id: `${entry.revision}.${position}`,
    source: wording.base + pathOf(kind, record, reader),
    type: `io.admin-shell.events.v1.${type}`,
    datacontenttype: "application/json",
    dataschema: SCHEMA + modelTypeOf(kind, record),
    time: new Date(entry.time / 1_000).toISOString(),
    ...(semanticId !== undefined && { semanticid: semanticId }),
    ...(data !== undefined && { data }),
  };
}

function documentOf(kind: EventKind, { id }: WorldRecord, reader: RecordReader): unknown {
  if (kind === "shells") return shellOf(reader, id);
  if (kind === "submodels") return submodelOf(reader, id);
  return kind === "elements" ? elementOf(reader, id) : conceptDescriptionOf(reader, id);
}

function pathOf(kind: EventKind, record: WorldRecord, reader: RecordReader): string {
  if (kind === "shells") return `/shells/${encodeId(String(record["aasId"]))}`;
  if (kind === "submodels") return `/submodels/${encodeId(String(record["aasId"]))}`;
  if (kind === "conceptDescriptions") return `/concept-descriptions/${encodeId(String(record["aasId"]))}`;
  const submodel = reader.get(String(record["submodel"]));
  const path = formatIdShortPath(pathOfElement(reader, record as ElementRecord));
  return `/submodels/${encodeId(String(submodel?.["aasId"]))}/submodel-elements/${encodeURIComponent(path)}`;
}

function modelTypeOf(kind: EventKind, record: WorldRecord): string {
  if (kind === "elements") return (record as ElementRecord).modelType;
  return kind === "shells" ? "AssetAdministrationShell" : kind === "submodels" ? "Submodel" : "ConceptDescription";
}

function semanticIdOf({ body }: ElementRecord): string | undefined {
  const { semanticId } = body as { readonly semanticId?: { readonly keys?: readonly { readonly value: string }[] } };
  return semanticId?.keys?.[0]?.value;
}
