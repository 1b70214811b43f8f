import type { Submodel } from "@doppelwerk/aas";
import { documentChange, DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { LineFlow } from "@doppelwerk/ports";
import {
  importChanges,
  recordOfAasId,
  shellOf,
  submodelOf,
  submodelReference,
  updateDocument,
  type BranchId,
  type Instant,
  type ShellRecord,
} from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { instructionsOf, readInstructions, SEMANTIC_ID, type ReadInstructions } from "../model/instructions.ts";
import { jobPlan } from "../model/job-kind.ts";
import { maintenancePlan } from "../model/plan-kind.ts";
import { jobId, jobsOf } from "./jobs.ts";
import { planId, plansOf } from "./plans.ts";
import { stationsOf, type StationPlace } from "./shown-order.ts";

const SOURCE = "maintenance instructions";
export const instructionsId = (shell: string): string => `${shell}/maintenance-instructions`;

/** Errors: DW_NOT_FOUND. */
export async function stationOf(flow: LineFlow, view: PlantView, branch: BranchId, station: string): Promise<StationPlace> {
  const found = (await stationsOf(flow, view, branch)).find((place) => place.station === station);
  if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.noStation", { station: station.slice(0, 200) }));
  return found;
}

/** The plans of a station with their job plans, as the submodel Maintenance Instructions of its asset. */
export function instructions(view: PlantView, branch: BranchId, { station, shell }: StationPlace): Submodel {
  const jobs = new Map(jobsOf(view, branch).map((job) => [job.code, job]));
  const plans = plansOf(view, branch).filter((plan) => plan.station === station);
  return instructionsOf(
    instructionsId(shell),
    plans.map((plan) => ({ plan, job: plan.job === undefined ? undefined : jobs.get(plan.job) })),
  );
}

/** Writes it to the documents of the asset, three-way with what was written before: what people changed there stays. Resolves to how many plans it has. */
export async function writeInstructions(
  view: PlantView,
  branch: BranchId,
  place: StationPlace,
): Promise<{ readonly submodel: string; readonly plans: number }> {
  const reader = view.documents.reader(branch);
  const submodel = instructions(view, branch, place);
  const changes = [...importChanges(reader, { submodels: [submodel] }, `${SOURCE}: ${place.shell}`).changes];
  const shell = recordOfAasId(reader, "shell", place.shell) as ShellRecord | undefined;
  const content = shell && shellOf(reader, shell.id);
  if (shell !== undefined && content !== undefined && !shell.submodels.includes(submodel.id)) {
    const submodels = [...(content.submodels ?? []), submodelReference(submodel.id)];
    changes.push(...updateDocument(reader, shell.id, { ...content, submodels }, noIds));
  }
  if (changes.length > 0)
    await view.documents.apply({ branch, reason: message("maintenance.log.instructions", { station: place.station }), changes });
  return { submodel: submodel.id, plans: plansOf(view, branch).filter((plan) => plan.station === place.station).length };
}

/** A document that only changes its own fields makes no records. */
const noIds = {
  next(): never {
    throw new Error("a shell has no elements");
  },
};

/** Plans and job plans of the submodels of the asset; stored where `isStored`. Errors: DW_NOT_FOUND where it has no such submodel. */
export async function takeInstructions(
  view: PlantView,
  branch: BranchId,
  { station, shell: aasId }: StationPlace,
  now: Instant,
  isStored: boolean,
): Promise<ReadInstructions> {
  const reader = view.documents.reader(branch);
  const shell = recordOfAasId(reader, "shell", aasId) as ShellRecord | undefined;
  const found = (shell?.submodels ?? []).flatMap((id) => {
    const record = recordOfAasId(reader, "submodel", id);
    const submodel = record && submodelOf(reader, record.id);
    return submodel !== undefined && isInstructions(submodel) ? [submodel] : [];
  });
  if (found.length === 0) throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.instructions.none", { station }));
  const read = found.map((submodel) => readInstructions(submodel, station, now));
  const [plans, jobs] = [read.flatMap((each) => each.plans), read.flatMap((each) => each.jobs)];
  if (isStored) {
    const changes = [
      ...plans.map((plan) => documentChange(maintenancePlan, planId(plan.code), reader.get(planId(plan.code)), plan)),
      ...jobs.map((job) => documentChange(jobPlan, jobId(job.code), reader.get(jobId(job.code)), job)),
    ].filter((change) => change !== undefined);
    if (changes.length > 0) await view.documents.apply({ branch, reason: message("maintenance.log.taken", { station }), changes });
  }
  return { plans, jobs, findings: read.flatMap((each) => each.findings) };
}

function isInstructions({ idShort, semanticId }: Submodel): boolean {
  return idShort === "MaintenanceInstructions" || semanticId?.keys.at(-1)?.value === SEMANTIC_ID;
}
