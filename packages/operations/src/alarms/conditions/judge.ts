import { SECOND, type Instant } from "@doppelwerk/world";
import type { AlarmCondition, ComputedCondition } from "../alarm-rule.ts";
import { compileExpression, type CompiledExpression, type ConditionInputs, type UnknownCondition } from "./compile.ts";
import { RecentValues } from "./recent-values.ts";
import { repeatedJudge, sequenceJudge } from "./patterns.ts";

/** Judges one condition, sample by sample, without taking memory. What it has to remember is a few numbers. */
export interface ConditionJudge {
  /** 1: it holds, 0: it does not, NaN: unknown, and then `why`. Instants never decrease. */
  judge(at: Instant, held: boolean): number;
  why(): UnknownCondition;
  /** What was compared last; NaN where a condition compares nothing. */
  value(): number;
  /** When it is to be judged again although nothing came; Infinity: never. */
  due(): Instant;
  /** What was measured so far says nothing any more. */
  reset(): void;
  /** Finite numbers. */
  snapshot(): readonly number[];
  restore(state: readonly number[]): void;
}

/** Conditions that are compiled: over expressions, and those that remember. The others are compared where the sample comes in. */
export function isComputed(condition: AlarmCondition): condition is ComputedCondition {
  switch (condition.kind) {
    case "high":
    case "highHigh":
    case "low":
    case "lowLow":
      return condition.expression !== undefined;
    case "deviation":
      return condition.expression !== undefined || condition.usualS !== undefined;
    case "rate":
    case "model":
    case "expression":
    case "sequence":
    case "nOfM":
    case "repeated":
      return true;
    default:
      return false;
  }
}

/** Undefined where an expression is none; such a rule is refused before. */
export function judgeOf(condition: ComputedCondition, inputs: ConditionInputs): ConditionJudge | undefined {
  const truth = (text: string): CompiledExpression | undefined => compileExpression(text, "truth", inputs);
  switch (condition.kind) {
    case "expression":
      return ifAll([truth(condition.expression)], ([of]) => plain(of!.run, of!.why, () => Number.NaN));
    case "nOfM":
      return ifAll(condition.conditions.map(truth), (all) => countJudge(all, condition.atLeast));
    case "sequence":
      return ifAll([truth(condition.first), truth(condition.next)], ([first, next]) => sequenceJudge(condition, first!, next!));
    case "repeated":
      return ifAll([truth(condition.expression)], ([of]) => repeatedJudge(condition, of!));
    default:
      return ifAll([measuredOf(condition, inputs)], ([measured]) => measuredJudge(condition, measured!, inputs));
  }
}

function ifAll(
  compiled: readonly (CompiledExpression | undefined)[],
  make: (all: readonly CompiledExpression[]) => ConditionJudge | undefined,
): ConditionJudge | undefined {
  return compiled.includes(undefined) ? undefined : make(compiled as readonly CompiledExpression[]);
}

function measuredOf(
  { signal, expression }: { readonly signal?: string; readonly expression?: string },
  inputs: ConditionInputs,
): CompiledExpression | undefined {
  return expression === undefined ? lastOf(signal!, inputs) : compileExpression(expression, "number", inputs);
}

function lastOf(signal: string, inputs: ConditionInputs): CompiledExpression {
  const slot = inputs.slotOf(signal);
  return { of: "number", run: () => inputs.numbers[slot]!, why: () => inputs.whyOf(slot) };
}

type MeasuredCondition = Exclude<ComputedCondition, { readonly kind: "expression" | "nOfM" | "sequence" | "repeated" }>;

function measuredJudge(condition: MeasuredCondition, measured: CompiledExpression, inputs: ConditionInputs): ConditionJudge | undefined {
  switch (condition.kind) {
    case "high":
    case "highHigh":
    case "low":
    case "lowLow":
      return limitJudge(condition, measured);
    case "rate":
      return rateJudge(condition, measured);
    case "model": {
      const expected = compileExpression(condition.expected, "number", inputs);
      return expected && modelJudge(condition, measured, expected);
    }
    case "deviation":
      if (condition.usualS !== undefined) return usualJudge({ ...condition, usualS: condition.usualS }, measured);
      if (condition.reference === undefined) return distanceJudge(condition, measured, { run: () => condition.target!, why: measured.why });
      return distanceJudge(condition, measured, lastOf(condition.reference, inputs));
  }
}

const NOTHING: readonly number[] = [];
const isUnknown = Number.isNaN;

function plain(judge: ConditionJudge["judge"], why: () => UnknownCondition, value: () => number): ConditionJudge {
  return { judge, why, value, due: () => Number.POSITIVE_INFINITY, reset: () => {}, snapshot: () => NOTHING, restore: () => {} };
}

interface Limit {
  readonly limit: number;
  readonly deadband: number;
}

/** The deadband widens the way back. */
const exceeds = (value: number, { limit, deadband }: Limit, held: boolean): 1 | 0 => (value > limit - (held ? deadband : 0) ? 1 : 0);

function limitJudge({ kind, limit, deadband }: Limit & { readonly kind: string }, measured: CompiledExpression): ConditionJudge {
  const sign = kind === "high" || kind === "highHigh" ? 1 : -1;
  const signed: Limit = { limit: limit * sign, deadband };
  let value = Number.NaN;
  const judge = (_at: Instant, held: boolean): number => {
    value = measured.run();
    return isUnknown(value) ? value : exceeds(value * sign, signed, held);
  };
  return plain(judge, measured.why, () => value);
}

function distanceJudge(limit: Limit, measured: CompiledExpression, from: Pick<CompiledExpression, "run" | "why">): ConditionJudge {
  let value = Number.NaN;
  let reference = Number.NaN;
  const judge = (_at: Instant, held: boolean): number => {
    value = measured.run();
    reference = from.run();
    return isUnknown(value) || isUnknown(reference) ? Number.NaN : exceeds(Math.abs(value - reference), limit, held);
  };
  return plain(
    judge,
    () => (isUnknown(value) ? measured.why() : from.why()),
    () => value,
  );
}

/**
 * Farther from its usual value: the mean of what it was, weighted by time, in which what lies a time of `usualS` back counts e times less. Unknown until that time is over.
 * While the condition holds the usual value stays, so that a fault does not become usual.
 */
function usualJudge(condition: Limit & { readonly usualS: number }, measured: CompiledExpression): ConditionJudge {
  const span = condition.usualS * SECOND;
  let [since, last, value, mean] = [-1, 0, Number.NaN, 0];
  let isShort = true;
  const judge = (at: Instant, held: boolean): number => {
    const before = value;
    value = measured.run();
    if (isUnknown(value)) {
      // what lies between is not known: the mean goes on from the next value
      last = at;
      return value;
    }
    if (since < 0) {
      since = at;
      mean = value;
    } else if (!held && !isUnknown(before)) mean += (before - mean) * (1 - Math.exp((last - at) / span));
    last = at;
    isShort = at - since < span;
    return isShort ? Number.NaN : exceeds(Math.abs(value - mean), condition, held);
  };
  return {
    judge,
    why: () => (isUnknown(value) ? measured.why() : { kind: "tooShort" }),
    value: () => value,
    due: () => Number.POSITIVE_INFINITY,
    reset: () => void ([since, value] = [-1, Number.NaN]),
    snapshot: () => (since < 0 ? NOTHING : isUnknown(value) ? [since, last, mean] : [since, last, mean, value]),
    restore: (state) => void ([since = -1, last = 0, mean = 0, value = Number.NaN] = state),
  };
}

/**
 * It changed by more than `limit` within `windowS`, against the value that held then. Unknown until the window is over since the first value. A change that lasts
 * returns when the window has passed it, also when nothing comes any more.
 */
function rateJudge(
  { windowS, direction, ...limit }: Limit & { readonly windowS: number; readonly direction: "rising" | "falling" | "either" },
  measured: CompiledExpression,
): ConditionJudge {
  const window = windowS * SECOND;
  const recent = new RecentValues(window);
  let value = Number.NaN;
  let change = Number.NaN;
  let isHeld = false;
  const judge = (at: Instant, held: boolean): number => {
    value = measured.run();
    if (isUnknown(value)) {
      recent.clear();
      change = value;
      return value;
    }
    recent.add(at, value);
    change = value - recent.heldAt(at - window);
    if (isUnknown(change)) return change;
    const moved = direction === "rising" ? change : direction === "falling" ? -change : Math.abs(change);
    const result = exceeds(moved, limit, held);
    isHeld = result === 1;
    return result;
  };
  return {
    judge,
    why: () => (isUnknown(value) ? measured.why() : { kind: "tooShort" }),
    value: () => value,
    due: () => (isHeld ? recent.nextAfterWindow() : Number.POSITIVE_INFINITY),
    reset() {
      recent.clear();
      isHeld = false;
    },
    snapshot: () => [isHeld ? 1 : 0, ...recent.snapshot()],
    restore([held = 0, ...kept]) {
      isHeld = held === 1;
      recent.restore(kept);
    },
  };
}

/** Farther from what a model expects; the residual is smoothed over `smoothS`, so that what lasts counts and noise does not. */
function modelJudge(
  condition: Limit & { readonly smoothS?: number },
  measured: CompiledExpression,
  expected: CompiledExpression,
): ConditionJudge {
  const smooth = (condition.smoothS ?? 0) * SECOND;
  let [last, residual, before] = [-1, 0, 0];
  let [value, model] = [Number.NaN, Number.NaN];
  const judge = (at: Instant, held: boolean): number => {
    value = measured.run();
    model = expected.run();
    if (isUnknown(value) || isUnknown(model)) {
      last = -1;
      return Number.NaN;
    }
    const now = value - model;
    if (last < 0 || smooth === 0) residual = now;
    else residual += (before - residual) * (1 - Math.exp((last - at) / smooth));
    before = now;
    last = at;
    return exceeds(Math.abs(residual), condition, held);
  };
  return {
    judge,
    why: () => (isUnknown(value) ? measured.why() : expected.why()),
    value: () => value,
    due: () => Number.POSITIVE_INFINITY,
    reset: () => void (last = -1),
    snapshot: () => (last < 0 ? NOTHING : [last, residual, before]),
    restore: (state) => void ([last = -1, residual = 0, before = 0] = state),
  };
}

/** At least so many hold. Unknown where those that are not known could decide. */
function countJudge(all: readonly CompiledExpression[], atLeast: number): ConditionJudge {
  let unknown = 0;
  const judge = (): number => {
    let holding = 0;
    let open = 0;
    for (let at = 0; at < all.length; at++) {
      const result = all[at]!.run();
      if (result === 1) holding++;
      else if (isUnknown(result)) {
        open++;
        unknown = at;
      }
    }
    if (holding >= atLeast) return 1;
    return holding + open < atLeast ? 0 : Number.NaN;
  };
  return plain(
    judge,
    () => {
      // each expression keeps its own reason
      all[unknown]!.run();
      return all[unknown]!.why();
    },
    () => Number.NaN,
  );
}
