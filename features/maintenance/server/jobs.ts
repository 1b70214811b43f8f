import { documentChange, DoppelwerkError, hashedId, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, RecordId } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { jobPlan, type JobFields } from "../model/job-kind.ts";

export const jobId = (code: string): RecordId => hashedId("maintenanceJob", "code", code);

/** Job plans of a branch, by their code. */
export function jobsOf(view: PlantView, branch: BranchId): readonly JobFields[] {
  return view.documents
    .reader(branch)
    .query({ kind: jobPlan.record })
    .flatMap((record) => readDocument(jobPlan, record) ?? [])
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

/** Errors: DW_NOT_FOUND. */
export function jobOf(view: PlantView, branch: BranchId, code: string): JobFields {
  const found = jobsOf(view, branch).find((each) => each.code === code);
  if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.noJob", { code: code.slice(0, 60) }));
  return found;
}

export async function storeJob(view: PlantView, branch: BranchId, fields: JobFields): Promise<JobFields> {
  const id = jobId(fields.code);
  const change = documentChange(jobPlan, id, view.documents.reader(branch).get(id), fields);
  if (change) await view.documents.apply({ branch, reason: message("maintenance.log.job", { code: fields.code }), changes: [change] });
  return fields;
}

/** Errors: DW_NOT_FOUND. */
export async function removeJob(view: PlantView, branch: BranchId, code: string): Promise<void> {
  const record = view.documents.reader(branch).get(jobId(code));
  if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.noJob", { code: code.slice(0, 60) }));
  await view.documents.apply({
    branch,
    reason: message("maintenance.log.jobRemoved", { code }),
    changes: [{ op: "delete", record }],
  });
}
