import { documentChange, DoppelwerkError, isSameJson, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { partDocumentId, sparePart, type PartFields } from "../model/part-kind.ts";

/** Parts that the view may read, by number; `at`: as the documents were then. */
export function partsOf(view: PlantView, branch: BranchId, at?: Instant): readonly PartFields[] {
  return view.documents
    .reader(branch, at === undefined ? undefined : { time: at })
    .query({ kind: sparePart.record })
    .flatMap((record) => readDocument(sparePart, record) ?? [])
    .toSorted((a, b) => (a.number < b.number ? -1 : 1));
}

/** Errors: DW_NOT_FOUND. */
export function requirePart(view: PlantView, branch: BranchId, number: string, at?: Instant): PartFields {
  const record = view.documents.reader(branch, at === undefined ? undefined : { time: at }).get(partDocumentId(number));
  const fields = record && readDocument(sparePart, record);
  if (fields === undefined) throw noPart(number);
  return fields;
}

export const noPart = (number: string): DoppelwerkError =>
  new DoppelwerkError("DW_NOT_FOUND", message("stores.noPart", { part: number.slice(0, 100) }));

/** Errors: DW_NOT_FOUND for one that is hidden, DW_CONFLICT where another one holds than was expected, DW_INVALID where the number is another. */
export async function storePart(
  view: PlantView,
  branch: BranchId,
  number: string,
  { fields, expected }: { readonly fields: PartFields; readonly expected?: PartFields | null | undefined },
): Promise<void> {
  if (fields.number !== number)
    throw new DoppelwerkError("DW_INVALID", message("stores.fault.otherNumber", { part: number.slice(0, 100) }));
  const id = partDocumentId(number);
  const record = view.documents.reader(branch).get(id);
  if (record === undefined && view.hides(branch, id)) throw noPart(number);
  const before = record && readDocument(sparePart, record);
  if (expected !== undefined && !isSameJson(before, expected ?? undefined))
    throw new DoppelwerkError("DW_CONFLICT", message("stores.changedMeanwhile", { part: number }));
  const change = documentChange(sparePart, id, record, fields);
  if (change) await view.documents.apply({ branch, reason: message("stores.log.part", { part: number }), changes: [change] });
}
