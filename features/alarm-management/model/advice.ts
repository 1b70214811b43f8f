import type { AlarmRule } from "@doppelwerk/operations";

/** A change of a rule that may quieten it. */
export interface Change {
  readonly kind: "onDelay" | "offDelay" | "deadband";
  /** Seconds, or the unit of the signal. */
  readonly value: number;
  /** Of a deadband: its share of the range or the limit, and of which. */
  readonly share?: number;
  readonly of?: "range" | "limit";
}

export interface Candidate {
  readonly change: Change;
  readonly rule: AlarmRule;
}

const ON_DELAYS_S = [5, 15, 30, 60];
const OFF_DELAYS_S = [15, 60, 300];
const DEADBANDS = [0.01, 0.02, 0.05];

/**
 * What may be tried of a rule. A delay takes of the time to respond: at most a quarter of it. A deadband is a share of the range of the signal, where it has
 * one, else of the limit.
 */
export function candidatesOf(rule: AlarmRule, range: { readonly low?: number; readonly high?: number } = {}): readonly Candidate[] {
  const on = ON_DELAYS_S.filter((value) => value > rule.onDelayS && value <= rule.timeToRespondS / 4).map((value): Candidate => ({
    change: { kind: "onDelay", value },
    rule: { ...rule, onDelayS: value },
  }));
  const off = OFF_DELAYS_S.filter((value) => value > rule.offDelayS).map((value): Candidate => ({
    change: { kind: "offDelay", value },
    rule: { ...rule, offDelayS: value },
  }));
  // a deadband and an off-delay annunciate as early as before
  return [...deadbandsOf(rule, range), ...off, ...on];
}

function deadbandsOf(rule: AlarmRule, { low, high }: { readonly low?: number; readonly high?: number }): readonly Candidate[] {
  const { condition } = rule;
  if (!("deadband" in condition) || !("limit" in condition)) return [];
  const { limit, deadband } = condition as { readonly limit: number; readonly deadband: number };
  const isRanged = low !== undefined && high !== undefined && high > low;
  const whole = isRanged ? high - low : Math.abs(limit);
  return DEADBANDS.map((share) => ({ share, value: Number((whole * share).toPrecision(4)) }))
    .filter(({ value }) => value > deadband)
    .map(({ share, value }): Candidate => ({
      change: { kind: "deadband", value, share, of: isRanged ? "range" : "limit" },
      rule: { ...rule, condition: { ...condition, deadband: value } as AlarmRule["condition"] },
    }));
}

/** The gentlest change that leaves at most half; else the one that leaves the least, where it leaves less than there were. */
export function bestOf<Tried extends { readonly left: number }>(tried: readonly Tried[], now: number): Tried | undefined {
  const half = tried.find(({ left }) => left <= now / 2);
  const least = tried.toSorted((a, b) => a.left - b.left)[0];
  return half ?? (least !== undefined && least.left < now ? least : undefined);
}
