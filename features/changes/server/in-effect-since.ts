import { LIVE } from "@doppelwerk/world";
import type { Instant, RecordId, WorldRecord, WorldView } from "@doppelwerk/world";

/**
 * From when everything that a request planned is as-is: the last confirmation. Undefined while something is only planned, or was replaced by
 * another plan before it was carried out.
 */
export function inEffectSince(view: WorldView, request: RecordId, changed: readonly RecordId[]): Instant | undefined {
  const reader = view.reader(LIVE);
  let last: Instant | undefined;
  for (const id of changed) {
    const versions = reader.versions(id);
    const planned = versions.findIndex(({ record }) => requestOfPlan(record) === request);
    // What is not planned but done at once, a new record for example, is in effect with the merge.
    if (planned < 0) continue;
    const confirmed = versions[planned - 1];
    if (!confirmed?.record || confirmed.record["planned"] !== undefined) return undefined;
    const at = view.timeOf(confirmed.revision);
    if (at !== undefined) last = Math.max(last ?? at, at);
  }
  return last;
}

function requestOfPlan(record: WorldRecord | undefined): unknown {
  const planned = record?.["planned"];
  return typeof planned === "object" && planned !== null && "request" in planned ? planned["request"] : undefined;
}
