import { SECOND, counterStep, type Instant, type UnsignedBits } from "@doppelwerk/world";

/** P10: what is declared of a counter. Without a width no roll-over is known and every fall is a reset. */
export interface CounterDeclaration {
  readonly type: "totaliser" | "shiftReset";
  readonly width?: UnsignedBits;
  /** More parts than this a second cannot be made: a greater jump is not counted. */
  readonly mostPerS: number;
  /** Silence longer than this is a gap, seconds; absent: only bad quality is. */
  readonly aliveS?: number;
}

/** What the last good reading of a counter was. Plain data, mutated in place. */
export interface CounterMemory {
  value: number;
  at: Instant;
  /** No good reading yet. */
  fresh: boolean;
  /** Bad quality since the last good reading. */
  broken: boolean;
  /** The result of the last `readCounter`: parts since the reading before, never negative. */
  delta: number;
  kind: CountKind;
  /** The delta spans a gap: its parts belong to unknown time. */
  acrossGap: boolean;
  spanFrom: Instant;
}

/** How a delta came about. `rollOver`, `reset` and `jump` are events that a screen lists. */
export type CountKind = "first" | "count" | "none" | "rollOver" | "reset" | "jump";

export interface CounterEvent {
  readonly station: string;
  readonly role: string;
  readonly kind: "rollOver" | "reset" | "jump" | "gap";
  readonly at: Instant;
  readonly from: number;
  readonly to: number;
  /** Parts counted over the event. */
  readonly delta: number;
}

export const freshCounter = (): CounterMemory => ({
  value: 0,
  at: 0,
  fresh: true,
  broken: false,
  delta: 0,
  kind: "first",
  acrossGap: false,
  spanFrom: 0,
});

/** Slack of the plausibility bound: two parts may be counted in one scan, and the clock of the reading may be late. */
const SLACK_PARTS = 5;

/** A reading with bad quality: the next good one spans a gap. */
export function breakCounter(memory: CounterMemory): void {
  memory.broken = true;
}

/**
 * Takes a good reading; the result stands in `memory` (`delta`, `kind`, `acrossGap`, `spanFrom`), so that nothing is allocated per sample.
 * More parts than could have been made meanwhile are not counted: a jump (a download to another value), or a reset whose reading was retained.
 */
export function readCounter(declared: CounterDeclaration, memory: CounterMemory, value: number, at: Instant): void {
  if (memory.fresh) {
    Object.assign(memory, { value, at, fresh: false, broken: false, delta: 0, kind: "first", acrossGap: false, spanFrom: at });
    return;
  }
  const elapsedS = Math.max(0, at - memory.at) / SECOND;
  const most = declared.mostPerS * elapsedS + SLACK_PARTS;
  const step = value === memory.value ? undefined : counterStep(memory.value, value, declared);
  const believed = step !== undefined && step.delta <= most;
  if (step === undefined) set(memory, 0, "none");
  else if (step.kind === "reset") set(memory, believed ? step.delta : 0, "reset");
  else if (!believed) set(memory, 0, "jump");
  else set(memory, step.delta, step.kind === "rollOver" ? "rollOver" : "count");
  memory.acrossGap = memory.delta > 0 && (memory.broken || (declared.aliveS !== undefined && elapsedS > declared.aliveS));
  memory.spanFrom = memory.at;
  memory.value = value;
  memory.at = at;
  memory.broken = false;
}

function set(memory: CounterMemory, delta: number, kind: CountKind): void {
  memory.delta = delta;
  memory.kind = kind;
}
