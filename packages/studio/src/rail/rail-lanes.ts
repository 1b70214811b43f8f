import type { FanPoint, Rail, RailLane } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import type { BranchId, Instant } from "@doppelwerk/world";
import { branchHue, medianAt } from "@doppelwerk/ui";
import type { BranchHue, FanBand } from "@doppelwerk/ui";

/** A fork as a line of its own: leaves the record at `from`, bends back at `to` when merged. */
export interface LaneRow {
  readonly lane: RailLane;
  readonly hue: BranchHue;
  /** From 0, nearest the record first. */
  readonly row: number;
  readonly from: Instant;
  /** Undefined while open. */
  readonly to: Instant | undefined;
  readonly end: "open" | "merged" | "abandoned";
}

export interface LaneLayout {
  readonly rows: readonly LaneRow[];
  /** Lanes that found no row. */
  readonly hidden: number;
}

/**
 * Rows for the branches of the Rail: the branch entered first, then open ones, newest first, then closed ones; two lanes share a row
 * when `gap` of time lies between them. Without `closed` a lane leaves once its branch is merged or abandoned: the mark of the merge stays.
 */
export function laneLayout(
  rail: Rail,
  options: {
    readonly rows: number;
    readonly gap: Instant;
    readonly entered: BranchId;
    readonly from: Instant;
    readonly to: Instant;
    readonly closed: boolean;
  },
): LaneLayout {
  const lanes = rail.lanes.filter(
    (lane) => keepsLane(lane, options) && lane.branch.instant < options.to && (lane.branch.closed?.at ?? Infinity) > options.from,
  );
  const ordered = lanes.toSorted((a, b) => rank(a, options.entered) - rank(b, options.entered) || b.branch.instant - a.branch.instant);
  const taken: { from: Instant; to: Instant }[][] = [];
  const rows: LaneRow[] = [];
  let hidden = 0;
  for (const lane of ordered) {
    const from = lane.branch.instant;
    const closed = lane.branch.closed;
    const reach = { from: from - options.gap, to: (closed?.at ?? Infinity) + options.gap };
    const row = freeRow(taken, reach, options.rows);
    if (row === undefined) {
      hidden += 1;
      continue;
    }
    (taken[row] ??= []).push(reach);
    rows.push({
      lane,
      hue: branchHue(lane.branch.id, lane.hue),
      row,
      from,
      to: closed?.at,
      end: closed === undefined ? "open" : closed.as,
    });
  }
  return { rows, hidden };
}

/** Of live never; of a closed branch where closed ones are shown, or a person is in it. */
export function keepsLane({ branch }: RailLane, { entered, closed }: { readonly entered: BranchId; readonly closed: boolean }): boolean {
  return branch.id !== LIVE && (closed || branch.closed === undefined || branch.id === entered);
}

function rank(lane: RailLane, entered: BranchId): number {
  if (lane.branch.id === entered) return 0;
  return lane.branch.closed === undefined ? 1 : 2;
}

function freeRow(
  taken: readonly (readonly { from: Instant; to: Instant }[])[],
  reach: { from: Instant; to: Instant },
  rows: number,
): number | undefined {
  for (let row = 0; row < rows; row += 1) {
    if ((taken[row] ?? []).every((other) => other.to <= reach.from || other.from >= reach.to)) return row;
  }
  return undefined;
}

/** What the plant will do if nothing changes: the live side of the forecast of the branch entered, else of the newest one. */
export function liveFan(rail: Rail, entered: BranchId = LIVE): readonly FanPoint[] {
  const own = rail.lanes.find(({ branch }) => branch.id === entered);
  if (entered !== LIVE && own?.reference !== undefined) return own.reference;
  const live = rail.lanes.find(({ branch }) => branch.id === LIVE)?.fan ?? [];
  if (live.length > 0) return live;
  const newest = rail.lanes
    .filter(({ branch, reference }) => branch.closed === undefined && reference !== undefined)
    .sort((a, b) => b.branch.instant - a.branch.instant)[0];
  return newest?.reference ?? [];
}

/** Where a forecast begins, from which its units are counted: at the fork that it was made of. */
export function beginningOf(rail: Rail, fan: readonly FanPoint[]): Instant {
  return rail.lanes.find((lane) => lane.fan === fan || lane.reference === fan)?.branch.instant ?? rail.now;
}

/** A fan from `at` on, beginning with what it says for `at` itself. */
export function fanFrom(fan: readonly FanBand[], at: Instant): readonly FanBand[] {
  const next = fan.findIndex((band) => band.at > at);
  if (next < 0) return [];
  const [before, after] = [fan[next - 1], fan[next]!];
  if (before === undefined) return fan;
  const share = (at - before.at) / (after.at - before.at);
  const between = (key: keyof FanBand): number => before[key] + share * (after[key] - before[key]);
  return [
    { at, p025: between("p025"), p25: between("p25"), p50: between("p50"), p75: between("p75"), p975: between("p975") },
    ...fan.slice(next),
  ];
}

/** How far ahead any lane knows something, µs. */
export function railHorizon(rail: Rail | undefined, now: Instant): Instant {
  let last = now;
  for (const lane of rail?.lanes ?? []) last = Math.max(last, lane.fan.at(-1)?.at ?? now);
  return last - now;
}

/** What a fork is expected to have made by an instant, and how much more or less than live on the same random numbers. */
export interface ForkAt {
  readonly id: BranchId;
  readonly name: string;
  readonly hue: BranchHue;
  readonly median: number;
  readonly gain: number;
}

/** Every open fork whose forecast reaches an instant, the best first. Behind the end of all forecasts: those that reach furthest, at their end. */
export function forksAt(rail: Rail, instant: Instant): readonly ForkAt[] {
  const forks = rail.lanes.filter(({ branch, fan }) => branch.id !== LIVE && branch.closed === undefined && fan.length > 0);
  const at = Math.min(instant, Math.max(...forks.map(({ fan }) => fan.at(-1)!.at)));
  return forks
    .filter(({ fan }) => fan[0]!.at <= at && at <= reachOf(fan))
    .map(({ branch, fan, hue }) => {
      const median = medianAt(fan, at);
      return {
        id: branch.id,
        name: branch.name,
        hue: branchHue(branch.id, hue),
        median,
        gain: median - medianAt(liveFan(rail, branch.id), at),
      };
    })
    .toSorted((a, b) => b.gain - a.gain);
}

/** Forecasts begun seconds apart end seconds apart: a fan tells one step more than it has. */
function reachOf(fan: readonly FanPoint[]): Instant {
  const last = fan.at(-1)!.at;
  return last + last - (fan.at(-2)?.at ?? last);
}

/** The greatest distance from zero any fan reaches: all lanes share one scale, so they compare by eye. */
export function fanReach(fans: readonly (readonly FanBand[])[]): number {
  let reach = 0;
  for (const fan of fans) for (const band of fan) reach = Math.max(reach, Math.abs(band.p025), Math.abs(band.p975));
  return reach;
}
