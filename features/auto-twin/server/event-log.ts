import type { Offered, Precedence } from "@doppelwerk/operations";
import { timesOfLog, type EventLog } from "@doppelwerk/sim/event-log";

/** How often which activity came next in its case. */
export function precedenceOf({ visits }: Pick<EventLog, "visits">): {
  readonly activities: readonly string[];
  readonly precedence: readonly Precedence[];
} {
  const counts = new Map<string, Precedence>();
  const last = new Map<string, string>();
  // visits come in the order of their starts
  for (const { case: id, activity: to } of visits) {
    const from = last.get(id);
    last.set(id, to);
    // the same again is one visit in pieces
    if (from === undefined || from === to) continue;
    const key = JSON.stringify([from, to]);
    counts.set(key, { from, to, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return {
    activities: [...new Set(visits.map(({ activity }) => activity))].toSorted(),
    precedence: [...counts.keys()].toSorted().map((key) => counts.get(key)!),
  };
}

/** The log joined to what a plant offers; of a log alone, its activities are the assets. */
export function withEventLog(offered: Offered, log: EventLog): Offered {
  const { activities, precedence } = precedenceOf(log);
  const times = timesOfLog(log);
  if (offered.variables.length > 0) return { ...offered, precedence, times };
  const objects = activities.map((activity) => ({ path: [activity], type: { namespace: "urn:doppelwerk:event-log", name: "Activity" } }));
  return { ...offered, objects: [...offered.objects, ...objects], precedence, times };
}
