import type { Offered, Precedence } from "@doppelwerk/operations";
import { DoppelwerkError, said } from "@doppelwerk/world";

/** Names of columns as event logs have them (XES extensions, process mining tools). */
const COLUMNS = {
  case: /^(case[ _-]?id|case|case:concept:name|order|serial|job)$/i,
  activity: /^(activity|concept:name|task|operation|event|station)$/i,
  time: /^(start[ _-]?time|start[ _-]?timestamp|time:timestamp|timestamp|time|complete[ _-]?timestamp)$/i,
} as const;

/** Rows of an event log as CSV, cut by `parse`, to how often which activity came next in its case. Throws DW_INVALID naming what is missing. */
export function precedenceOf(rows: readonly (readonly string[])[]): {
  readonly activities: readonly string[];
  readonly precedence: readonly Precedence[];
} {
  const header = (rows[0] ?? []).map((name) => name.replace(/^\uFEFF/, "").trim());
  const column = (what: keyof typeof COLUMNS): number => {
    const at = header.findIndex((name) => COLUMNS[what].test(name));
    if (at < 0)
      throw new DoppelwerkError(
        "DW_INVALID",
        said`an event log has columns for case, activity and time; there is none for ${what} among ${header.slice(0, 20).join(", ").slice(0, 300)}`,
      );
    return at;
  };
  const [caseAt, activityAt, timeAt] = [column("case"), column("activity"), column("time")];
  const cases = new Map<string, { readonly at: number; readonly activity: string; readonly row: number }[]>();
  const activities = new Set<string>();
  for (const [row, fields] of rows.entries()) {
    const [id, activity, at] = [fields[caseAt], fields[activityAt]?.trim(), Date.parse(fields[timeAt] ?? "")];
    if (row === 0 || !id || !activity || !Number.isFinite(at)) continue;
    activities.add(activity);
    const list = cases.get(id);
    const event = { at, activity, row };
    if (list === undefined) cases.set(id, [event]);
    else list.push(event);
  }
  if (cases.size === 0)
    throw new DoppelwerkError("DW_INVALID", said`the event log has no row with a case, an activity and a time that can be read`);
  const counts = new Map<string, Precedence>();
  for (const events of cases.values()) {
    events.sort((a, b) => a.at - b.at || a.row - b.row);
    for (const [i, { activity: to }] of events.entries()) {
      const from = events[i - 1]?.activity;
      // the same again is one visit in pieces
      if (from === undefined || from === to) continue;
      const key = JSON.stringify([from, to]);
      counts.set(key, { from, to, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  return { activities: [...activities].toSorted(), precedence: [...counts.keys()].toSorted().map((key) => counts.get(key)!) };
}

/** The log joined to what a plant offers; of a log alone, its activities are the assets. */
export function withEventLog(offered: Offered, rows: readonly (readonly string[])[]): Offered {
  const { activities, precedence } = precedenceOf(rows);
  if (offered.variables.length > 0) return { ...offered, precedence };
  const objects = activities.map((activity) => ({ path: [activity], type: { namespace: "urn:doppelwerk:event-log", name: "Activity" } }));
  return { ...offered, objects: [...offered.objects, ...objects], precedence };
}
