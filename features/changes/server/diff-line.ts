import { formatIdShortPath } from "@doppelwerk/aas";
import { changedId, pathOfElement, unitOf } from "@doppelwerk/world";
import type { Change, DiffItem, ElementRecord, Json, RecordReader, WorldRecord } from "@doppelwerk/world";
import type { DiffLine } from "../contract.ts";

/** Fields that say nothing to a person. */
const hiddenFields = new Set(["imported", "order"]);

/** A change in words: which shell, which property, from what to what. `reader` sees the record after (or before a deletion). */
export function linesOfChange(reader: RecordReader, change: Change): DiffLine[] {
  const id = changedId(change);
  if (change.op !== "update") {
    const { record } = change;
    const line = { ...placeOf(reader, record), unit: "", ...(record["value"] === undefined ? { kind: record.kind } : {}) };
    return [change.op === "create" ? { ...line, before: "", after: summary(record) } : { ...line, before: summary(record), after: "" }];
  }
  const record = reader.get(id);
  if (!record) return [];
  const place = placeOf(reader, record);
  return Object.entries(change.fields)
    .filter(([field]) => !hiddenFields.has(field))
    .map(([field, { from, to }]) => ({
      ...place,
      path: field === "value" ? place.path : `${place.path} ${field}`,
      before: text(from),
      after: text(to),
      unit: field === "value" || field === "planned" ? unitOf(reader, record) : "",
    }));
}

/** The same for a difference of two branches. */
export function linesOfDiff(reader: RecordReader, item: DiffItem): DiffLine[] {
  const { before, after } = item;
  if (before === undefined && after !== undefined) return linesOfChange(reader, { op: "create", record: after });
  if (after === undefined && before !== undefined) return linesOfChange(reader, { op: "delete", record: before });
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const fields = Object.fromEntries(
    [...names]
      .filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]))
      .map((name) => [name, { from: before?.[name], to: after?.[name] }]),
  );
  return linesOfChange(reader, { op: "update", id: item.id, fields });
}

function placeOf(reader: RecordReader, record: WorldRecord): { readonly shell: string; readonly path: string; readonly label: string } {
  if (record.kind !== "element") {
    const idShort =
      typeof record["idShort"] === "string" ? record["idShort"] : typeof record["name"] === "string" ? record["name"] : record.id;
    return { shell: record.kind === "shell" ? idShort : "", path: idShort, label: idShort };
  }
  const element = record as ElementRecord;
  const submodel = reader.get(element.submodel);
  const aasId = submodel?.["aasId"];
  const shell = reader.query({ kind: "shell" }).find((candidate) => (candidate["submodels"] as readonly string[]).includes(String(aasId)));
  const path = formatIdShortPath(pathOfElement(reader, element));
  return {
    shell: String(shell?.["idShort"] ?? ""),
    path: `${String(submodel?.["idShort"] ?? "")}/${path}`,
    label: element.idShort ?? path,
  };
}

function summary(record: WorldRecord): string {
  return record["value"] === undefined ? record.kind : text(record["value"]);
}

function text(value: Json | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "object" && value !== null && "value" in value && "effectiveFrom" in value)
    return `${text(value["value"])} (planned ${String(value["effectiveFrom"])}, ${String(value["owner"])})`;
  return typeof value === "string" ? value : JSON.stringify(value);
}
