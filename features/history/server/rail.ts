import type { Rail, RailLane, ShiftKpis } from "@doppelwerk/client";
import { runResults } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import type { Site } from "../../../packages/server/src/compose/site.ts";
import { stateOfSample, stateSignalId } from "../../../packages/server/src/line/derived-signals.ts";

/** Hues for branches, in order of forking; names that the studio's tokens resolve. */
const hues = ["violet", "teal", "olive", "rose", "blue", "sand", "slate", "plum"];

export interface Segment {
  readonly from: Instant;
  readonly to: Instant;
  readonly state: string;
  readonly share: number;
}

/** Everything the Rail shows between two instants, at most `points` segments in the band. */
export async function readRail(site: Site, view: ReturnType<Site["view"]>, from: Instant, to: Instant, points: number): Promise<Rail> {
  const now = site.now();
  const until = Math.min(to, now);
  const shifts = shiftsOf(site).filter((shift) => shift.to > from && shift.from < to);
  return {
    from,
    to,
    now,
    band: from < until ? await band(site, from, until, points) : [],
    shifts: shifts.map((shift) => ({ from: shift.from, to: shift.to, name: shift.name, good: shift.good, oee: shift.oee })),
    alarms: await alarmTicks(site, from, until, points),
    changes: await changeDots(site, view, from, to),
    lanes: await lanes(site, view, to),
  };
}

function shiftsOf(site: Site): readonly ShiftKpis[] {
  return site.line.engine ? site.line.shifts() : [];
}

/** The states of the constraint; when there are more than fit, each segment shows the state that held longest in it. */
async function band(site: Site, from: Instant, to: Instant, points: number): Promise<readonly Segment[]> {
  const constraint = site.line.definition?.constraint;
  if (constraint === undefined) return [];
  const key = { branch: LIVE, signal: stateSignalId(constraint) };
  const [before] = await site.history.at([key], from);
  const columns = await site.history.raw(key, from, to);
  const pieces: { from: Instant; to: Instant; state: string }[] = [];
  const push = (start: Instant, state: string) => {
    const last = pieces.at(-1);
    if (last) last.to = start;
    pieces.push({ from: start, to, state });
  };
  if (before) push(from, stateOfSample(before.value, before.text, before.time).state);
  for (let i = 0; i < columns.times.length; i++)
    push(Math.max(from, columns.times[i]!), stateOfSample(columns.values[i]!, columns.texts.get(i), columns.times[i]!).state);
  // While the past is derived for the first time, nobody knows yet what came after what is derived.
  const known = site.fold.statesKnownUntil;
  if (known !== undefined && known < to) push(Math.max(from, known), "unknown");
  // Intervals are stored when they close; what is open now comes from the fold.
  const open =
    site.line.engine
      ?.openIntervals()
      .filter((interval) => interval.station === constraint && interval.place === undefined && interval.to > from && interval.from < to) ??
    [];
  for (const interval of open) push(Math.max(from, interval.from), interval.state);
  const merged = mergeEqual(pieces.filter((piece) => piece.to > piece.from));
  return merged.length <= points ? merged.map((piece) => ({ ...piece, share: 1 })) : dominant(merged, from, to, points);
}

function mergeEqual(
  pieces: readonly { readonly from: Instant; readonly to: Instant; readonly state: string }[],
): { from: Instant; to: Instant; state: string }[] {
  const merged: { from: Instant; to: Instant; state: string }[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last && last.state === piece.state) last.to = piece.to;
    else merged.push({ ...piece });
  }
  return merged;
}

/** States that must not vanish when zoomed out weigh more than their time. */
const weight: Readonly<Record<string, number>> = { failed: 6, setUp: 2, microStop: 3, unknown: 1 };

/** As many equal slices of [from, to) as `points`, each the state that weighed most in it, neighbours of one state as one. */
export function dominant(
  pieces: readonly { readonly from: Instant; readonly to: Instant; readonly state: string }[],
  from: Instant,
  to: Instant,
  points: number,
): readonly Segment[] {
  const width = (to - from) / points;
  const segments: Segment[] = [];
  let next = 0;
  for (let i = 0; i < points; i++) {
    const start = from + i * width;
    const end = start + width;
    const held = new Map<string, number>();
    while (next < pieces.length && pieces[next]!.to <= start) next++;
    for (let p = next; p < pieces.length && pieces[p]!.from < end; p++) {
      const time = Math.min(end, pieces[p]!.to) - Math.max(start, pieces[p]!.from);
      held.set(pieces[p]!.state, (held.get(pieces[p]!.state) ?? 0) + time);
    }
    const [best] = [...held].sort(([a, x], [b, y]) => y * (weight[b] ?? 1) - x * (weight[a] ?? 1));
    if (!best) continue;
    const last = segments.at(-1);
    const segment = { from: Math.round(start), to: Math.round(end), state: best[0], share: best[1] / width };
    if (last && last.state === segment.state && last.to === segment.from)
      segments[segments.length - 1] = { ...last, to: segment.to, share: (last.share + segment.share) / 2 };
    else segments.push(segment);
  }
  return segments;
}

async function alarmTicks(site: Site, from: Instant, to: Instant, points: number): Promise<Rail["alarms"]> {
  if (from >= to) return [];
  const width = (to - from) / points;
  const ticks = new Map<string, { at: Instant; priority: 1 | 2 | 3 | 4; station: string; count: number }>();
  for (const alarm of await site.line.alarmHistory(from, to, undefined)) {
    if (alarm.state !== "unacknowledged") continue;
    const slot = Math.floor((alarm.changed - from) / width);
    const tick = ticks.get(`${slot}/${alarm.priority}`);
    if (tick) tick.count++;
    else ticks.set(`${slot}/${alarm.priority}`, { at: alarm.changed, priority: alarm.priority, station: alarm.station, count: 1 });
  }
  return [...ticks.values()].sort((a, b) => a.at - b.at);
}

async function changeDots(site: Site, view: ReturnType<Site["view"]>, from: Instant, to: Instant): Promise<Rail["changes"]> {
  return (await site.changes(from, to)).filter(({ branch }) => view.may("read", branch).allowed);
}

async function lanes(site: Site, view: ReturnType<Site["view"]>, to: Instant): Promise<readonly RailLane[]> {
  const forks = view.branches().filter((branch) => branch.id !== LIVE);
  const results = await Promise.all(forks.map(({ id }) => site.features.find(runResults)?.newest(id)));
  return forks.map((branch, index): RailLane => {
    const result = results[index];
    const last = result?.run;
    const [fan, reference] =
      result?.run.kind === "forecast"
        ? [result.fan.branch, result.fan.live].map((points) => points.filter(({ at }) => at <= to))
        : [[], []];
    return {
      branch,
      hue: hues[index % hues.length]!,
      fan: fan!,
      ...(reference!.length === 0 ? {} : { reference }),
      ...(last?.verdict === undefined ? {} : { verdict: last.verdict, verdictOf: last.kind }),
    };
  });
}
