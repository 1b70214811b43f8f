import { documentChange, DoppelwerkError, hashedId, isSameJson, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, RecordId } from "@doppelwerk/world";
import type { KnownReason } from "../contract.ts";
import type {} from "../message-codes.ts";
import { stopCoding } from "../model/coding-kind.ts";
import { lossReason, reasonCode, type ReasonFields } from "../model/reason-kind.ts";
import { reasonsInForce, type HeldReason } from "../model/reason-tree.ts";

export function reasonDocumentId(code: string): RecordId {
  return hashedId("lossReason", "code", code);
}

export function heldReasons(view: PlantView, branch: BranchId): readonly HeldReason[] {
  const stored = new Map<string, ReasonFields>();
  for (const record of view.documents.reader(branch).query({ kind: lossReason.record })) {
    const document = readDocument(lossReason, record);
    if (document === undefined) continue;
    const { code, ...fields } = document;
    stored.set(code, fields);
  }
  return reasonsInForce(stored);
}

export function listReasons(view: PlantView, branch: BranchId): KnownReason[] {
  return heldReasons(view, branch).map(known);
}

const known = (held: HeldReason): KnownReason => ({ id: reasonDocumentId(held.code), ...held });

/** Throws DW_NOT_FOUND (no such group), DW_CONFLICT where another one holds than was expected. */
export async function storeReason(
  view: PlantView,
  branch: BranchId,
  code: string,
  { fields, expected }: { readonly fields: ReasonFields; readonly expected?: ReasonFields | null | undefined },
): Promise<KnownReason> {
  if (!reasonCode.safeParse(code).success)
    throw new DoppelwerkError("DW_INVALID", message("losses.fault.code", { code: code.slice(0, 100) }));
  const held = heldReasons(view, branch);
  const [group] = code.split(".");
  if (group !== code && !held.some((each) => each.code === group))
    throw new DoppelwerkError("DW_NOT_FOUND", message("losses.noReason", { code: group! }));
  const now = held.find((each) => each.code === code)?.fields;
  if (expected !== undefined && !isSameJson(now, expected ?? undefined))
    throw new DoppelwerkError("DW_CONFLICT", message("losses.reasonChangedMeanwhile", { title: (now ?? fields).title }));
  const id = reasonDocumentId(code);
  const change = documentChange(lossReason, id, view.documents.reader(branch).get(id), { ...fields, code });
  if (change) await view.documents.apply({ branch, reason: message("losses.log.reason", { title: fields.title }), changes: [change] });
  return known(heldReasons(view, branch).find((each) => each.code === code)!);
}

/** Throws DW_CONFLICT where stops have it and none is shipped. */
export async function removeReason(view: PlantView, branch: BranchId, code: string): Promise<void> {
  const reader = view.documents.reader(branch);
  const held = heldReasons(view, branch).find((each) => each.code === code);
  const record = reader.get(reasonDocumentId(code));
  if (held === undefined || record === undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("losses.noReason", { code: code.slice(0, 100) }));
  const isUsed =
    held.shipped === undefined &&
    (heldReasons(view, branch).some(({ group }) => group === code) ||
      reader
        .query({ kind: stopCoding.record })
        .some((each) => readDocument(stopCoding, each)?.parts.some(({ reason }) => reason === code) === true));
  if (isUsed) throw new DoppelwerkError("DW_CONFLICT", message("losses.reasonInUse", { title: held.fields.title }));
  await view.documents.apply({
    branch,
    reason: message("losses.log.reasonRemoved", { title: held.fields.title }),
    changes: [{ op: "delete", record }],
  });
}
