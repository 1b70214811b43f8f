import { documentChange, DoppelwerkError, hashedId, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, RecordId } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { maintenancePlan, type PlanFields } from "../model/plan-kind.ts";

export const planId = (code: string): RecordId => hashedId("maintenancePlan", "code", code);

/** Plans of a branch, by their code. */
export function plansOf(view: PlantView, branch: BranchId): readonly PlanFields[] {
  return view.documents
    .reader(branch)
    .query({ kind: maintenancePlan.record })
    .flatMap((record) => readDocument(maintenancePlan, record) ?? [])
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

/** Errors: DW_NOT_FOUND. */
export function planOf(view: PlantView, branch: BranchId, code: string): PlanFields {
  const found = plansOf(view, branch).find((each) => each.code === code);
  if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.noPlan", { code: code.slice(0, 60) }));
  return found;
}

export async function storePlan(view: PlantView, branch: BranchId, fields: PlanFields): Promise<PlanFields> {
  const id = planId(fields.code);
  const change = documentChange(maintenancePlan, id, view.documents.reader(branch).get(id), fields);
  if (change) await view.documents.apply({ branch, reason: message("maintenance.log.plan", { code: fields.code }), changes: [change] });
  return fields;
}

/** Work orders that it opened stay. Errors: DW_NOT_FOUND. */
export async function removePlan(view: PlantView, branch: BranchId, code: string): Promise<void> {
  const record = view.documents.reader(branch).get(planId(code));
  if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.noPlan", { code: code.slice(0, 60) }));
  await view.documents.apply({
    branch,
    reason: message("maintenance.log.planRemoved", { code }),
    changes: [{ op: "delete", record }],
  });
}
