import { documentChange, message, readDocument, type Change } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { LIVE } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { rosterKind } from "../model/roster-kind.ts";
import { qualificationKind } from "../model/skill-kinds.ts";
import type { Staff } from "./staff.ts";

/**
 * Takes a worker out of live and out of the file of names, the name last: what was interrupted is done again. The log keeps the number, which leads to
 * nobody then. Returns how many documents changed. Errors: DW_UNAVAILABLE, DW_FORBIDDEN.
 */
export async function eraseWorker(staff: Staff, view: PlantView, worker: string): Promise<number> {
  const reader = view.documents.reader(LIVE);
  const changes: Change[] = reader
    .query({ kind: qualificationKind.record })
    .filter((record) => record["worker"] === worker)
    .map((record) => ({ op: "delete", record }));
  for (const record of reader.query({ kind: rosterKind.record })) {
    const shift = readDocument(rosterKind, record);
    if (shift === undefined || !shift.places.some((place) => place.worker === worker)) continue;
    const places = shift.places.map(({ worker: own, ...place }) => ({
      ...place,
      ...(own !== undefined && own !== worker && { worker: own }),
    }));
    const change = documentChange(rosterKind, record.id, record, { ...shift, places });
    if (change) changes.push(change);
  }
  if (changes.length > 0) await view.documents.apply({ branch: LIVE, reason: message("personnel.log.erased"), changes });
  staff.erase(worker);
  return changes.length;
}
