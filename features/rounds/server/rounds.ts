import { documentChange, DoppelwerkError, isSameJson, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { inspectionRound, roundDocumentId, type RoundFields } from "../model/round-kind.ts";

/** Rounds that the view may read, by code. */
export function roundsOf(view: PlantView, branch: BranchId, at?: Instant): readonly RoundFields[] {
  return view.documents
    .reader(branch, at === undefined ? undefined : { time: at })
    .query({ kind: inspectionRound.record })
    .flatMap((record) => readDocument(inspectionRound, record) ?? [])
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

/** Errors: DW_NOT_FOUND. */
export function requireRound(view: PlantView, branch: BranchId, code: string, at?: Instant): RoundFields {
  const record = view.documents.reader(branch, at === undefined ? undefined : { time: at }).get(roundDocumentId(code));
  const fields = record && readDocument(inspectionRound, record);
  if (fields === undefined) throw noRound(code);
  return fields;
}

const noRound = (code: string): DoppelwerkError =>
  new DoppelwerkError("DW_NOT_FOUND", message("rounds.noRound", { round: code.slice(0, 100) }));

/** Errors: DW_INVALID, DW_NOT_FOUND for one that is hidden, DW_CONFLICT where another one holds than was expected. */
export async function storeRound(
  view: PlantView,
  branch: BranchId,
  code: string,
  { fields, expected }: { readonly fields: RoundFields; readonly expected?: RoundFields | null | undefined },
): Promise<void> {
  if (fields.code !== code) throw new DoppelwerkError("DW_INVALID", message("rounds.fault.otherCode", { round: code.slice(0, 100) }));
  const zone = "timeZone" in fields.schedule ? fields.schedule.timeZone : undefined;
  if (zone !== undefined && !isZone(zone)) throw new DoppelwerkError("DW_INVALID", message("rounds.fault.zone", { zone }));
  const id = roundDocumentId(code);
  const record = view.documents.reader(branch).get(id);
  if (record === undefined && view.hides(branch, id)) throw noRound(code);
  const before = record && readDocument(inspectionRound, record);
  if (expected !== undefined && !isSameJson(before, expected ?? undefined))
    throw new DoppelwerkError("DW_CONFLICT", message("rounds.changedMeanwhile", { round: code }));
  const change = documentChange(inspectionRound, id, record, fields);
  if (change) await view.documents.apply({ branch, reason: message("rounds.log.round", { round: code }), changes: [change] });
}

export function isZone(zone: string): boolean {
  return Intl.supportedValuesOf("timeZone").includes(zone) || zone === "UTC";
}
