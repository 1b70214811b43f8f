import { documentChange, DoppelwerkError, isSameJson, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId } from "@doppelwerk/world";
import type { Philosophy } from "../contract.ts";
import type {} from "../message-codes.ts";
import { PHILOSOPHY_ID, philosophyKind, SHIPPED_PHILOSOPHY, type PhilosophyFields } from "../model/philosophy-kind.ts";

export function heldPhilosophy(view: PlantView, branch: BranchId): Philosophy {
  const record = view.documents.reader(branch).get(PHILOSOPHY_ID);
  const stored = record?.kind === philosophyKind.record ? readDocument(philosophyKind, record) : undefined;
  return { fields: stored ?? SHIPPED_PHILOSOPHY, isStored: stored !== undefined };
}

/** Errors: DW_CONFLICT where something else holds than was expected. */
export async function storePhilosophy(
  view: PlantView,
  branch: BranchId,
  {
    fields,
    expected,
    reason,
  }: { readonly fields: PhilosophyFields; readonly expected?: PhilosophyFields | undefined; readonly reason?: string | undefined },
): Promise<Philosophy> {
  if (expected !== undefined && !isSameJson(heldPhilosophy(view, branch).fields, expected))
    throw new DoppelwerkError("DW_CONFLICT", message("alarmManagement.philosophyChanged"));
  const before = view.documents.reader(branch).get(PHILOSOPHY_ID);
  const change = documentChange(philosophyKind, PHILOSOPHY_ID, before, fields);
  if (change) await view.documents.apply({ branch, reason: reason || message("alarmManagement.log.philosophy"), changes: [change] });
  return heldPhilosophy(view, branch);
}
