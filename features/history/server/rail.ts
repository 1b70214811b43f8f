import type { PlantView } from "@doppelwerk/kit/server";
import type { AlarmTicks, ChangeDots, LineFlow, RunResults, RunResultValue, ShiftFigures, SpanNotes, StateChange } from "@doppelwerk/ports";
import { LIVE, type Instant } from "@doppelwerk/world";
import type { Rail, RailLane } from "../contract.ts";

/** Hues for branches, in order of forking; names that the studio's tokens resolve. */
const hues = ["violet", "teal", "olive", "rose", "blue", "sand", "slate", "plum"];

export interface Segment {
  readonly from: Instant;
  readonly to: Instant;
  readonly state: string;
  readonly share: number;
}

/** What contributes to the Rail now; what is off contributes nothing. */
export interface RailParts {
  readonly line: LineFlow | undefined;
  readonly shifts: ShiftFigures | undefined;
  readonly alarms: AlarmTicks | undefined;
  readonly changes: ChangeDots | undefined;
  readonly runs: RunResults | undefined;
  readonly notes?: SpanNotes | undefined;
}

/** Everything the Rail shows between two instants, at most `points` segments in the band. */
export async function readRail(
  view: PlantView,
  parts: RailParts,
  {
    from,
    to,
    points,
    now,
    line,
  }: {
    readonly from: Instant;
    readonly to: Instant;
    readonly points: number;
    readonly now: Instant;
    readonly line?: string | undefined;
  },
): Promise<Rail> {
  const { principal } = view;
  const until = Math.min(to, now);
  const isPast = from < until;
  const [states, recorded, alarms, changes, lanes, notes] = await Promise.all([
    isPast ? bandOf(view, parts.line, { from, to: until, points, line }) : [],
    parts.shifts?.within(from, to, undefined, line),
    isPast ? parts.alarms?.between(principal, from, until, points) : [],
    parts.changes?.between(principal, from, to),
    lanesOf(view, parts.runs, to, line),
    parts.notes?.between(principal, from, to),
  ]);
  return {
    from,
    to,
    now,
    band: [...states],
    shifts: (recorded?.shifts ?? []).map(({ from, to, name, good, oee }) => ({ from, to, name, good, oee })),
    alarms: [...(alarms ?? [])],
    changes: [...(changes ?? [])],
    ...(notes && { notes: [...notes] }),
    lanes,
  };
}

/** The states of the constraint; when there are more than fit, each segment shows the state that held longest in it. */
async function bandOf(
  view: PlantView,
  flow: LineFlow | undefined,
  { from, to, points, line }: { readonly from: Instant; readonly to: Instant; readonly points: number; readonly line: string | undefined },
): Promise<readonly Segment[]> {
  const constraint = await flow?.constraintStates(from, to, line);
  if (constraint === undefined || !view.mayReadSignal(constraint.signal)) return [];
  const pieces = piecesOf(constraint.states, to);
  return pieces.length <= points ? pieces.map((piece) => ({ ...piece, share: 1 })) : dominant(pieces, from, to, points);
}

function piecesOf(states: readonly StateChange[], to: Instant): { from: Instant; to: Instant; state: string }[] {
  const pieces: { from: Instant; to: Instant; state: string }[] = [];
  for (const [at, { from, state }] of states.entries()) {
    const end = states[at + 1]?.from ?? to;
    if (end <= from) continue;
    const last = pieces.at(-1);
    if (last && last.state === state) last.to = end;
    else pieces.push({ from, to: end, state });
  }
  return pieces;
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

type Output = RunResultValue["kpis"][number] & { readonly key: "throughput" | "good" };

/** The KPI that a run is judged by: what the line makes. */
function isOutput(kpi: RunResultValue["kpis"][number]): kpi is Output {
  return kpi.key === "throughput" || kpi.key === "good";
}

function lanesOf(view: PlantView, runs: RunResults | undefined, to: Instant, line: string | undefined): Promise<RailLane[]> {
  const forks = view.documents.branches().filter((branch) => branch.id !== LIVE);
  return Promise.all(
    forks.map(async (branch, index): Promise<RailLane> => {
      const hue = hues[index % hues.length]!;
      const result = await runs?.newestOfLine(branch.id, line);
      if (result === undefined) return { branch, hue, fan: [] };
      const { kind } = result.run;
      // what a verdict is of, so that it is worded from the same figures everywhere
      const judged = result.kpis.find(isOutput);
      const [fan, reference] =
        kind === "forecast" ? [result.fan.branch, result.fan.live].map((points) => points.filter(({ at }) => at <= to)) : [[], []];
      return {
        branch,
        hue,
        fan: fan!,
        ...(reference!.length === 0 ? {} : { reference }),
        ...(judged && { verdict: judged.verdict, verdictOf: kind, judged: { kpi: judged.key, ...judged.difference } }),
      };
    }),
  );
}
