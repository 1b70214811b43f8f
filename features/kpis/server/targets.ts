import { documentChange, DoppelwerkError, hashedId, isSameJson, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ShippedCalendar } from "@doppelwerk/ports";
import type { BranchId, Change, RecordId } from "@doppelwerk/world";
import type { KnownTargets } from "../contract.ts";
import type {} from "../message-codes.ts";
import { SHIPPED_TARGETS, targetsInForce } from "../model/targets-in-force.ts";
import { kpiTargets, type StoredTargets } from "../model/target-kind.ts";

/** A place that has KPIs. */
export type Place = Pick<ShippedCalendar, "shell" | "title">;

interface Edit {
  readonly stored: StoredTargets;
  readonly expected?: StoredTargets | undefined;
  readonly reason?: string | undefined;
}

/** The record that holds the targets of a place, by the AAS id of its shell. */
export function targetsDocumentId(shell: string): RecordId {
  return hashedId("kpiTargets", "place", shell);
}

export function listTargets(view: PlantView, branch: BranchId, places: readonly Place[]): KnownTargets[] {
  return places.filter(({ shell }) => !view.hides(branch, targetsDocumentId(shell))).map((place) => known(view, branch, place));
}

/** Throws DW_NOT_FOUND (no such place), DW_CONFLICT where other targets are stored than were expected. */
export async function storeTargets(
  view: PlantView,
  branch: BranchId,
  places: readonly Place[],
  id: RecordId,
  { stored, expected, reason }: Edit,
): Promise<KnownTargets> {
  const place = places.find(({ shell }) => targetsDocumentId(shell) === id);
  if (place === undefined || view.hides(branch, id))
    throw new DoppelwerkError("DW_NOT_FOUND", message("kpis.noPlace", { id: id.slice(0, 200) }));
  if (expected && !isSameJson(known(view, branch, place).stored, expected))
    throw new DoppelwerkError("DW_CONFLICT", message("kpis.changedMeanwhile", { place: place.title }));
  const before = view.documents.reader(branch).get(id);
  const isEmpty = Object.values(stored).every((target) => target === undefined);
  const change: Change | undefined = !isEmpty
    ? documentChange(kpiTargets, id, before, { ...stored, shell: place.shell })
    : before && { op: "delete", record: before };
  if (change) await view.documents.apply({ branch, reason: reason || `KPI targets of ${place.title.en}`, changes: [change] });
  return known(view, branch, place);
}

function known(view: PlantView, branch: BranchId, { shell, title }: Place): KnownTargets {
  const id = targetsDocumentId(shell);
  const record = view.documents.reader(branch).get(id);
  const document = record && readDocument(kpiTargets, record);
  const { shell: _shell, ...stored } = document ?? { shell };
  return { id, title, targets: targetsInForce(stored), stored, shipped: SHIPPED_TARGETS };
}
