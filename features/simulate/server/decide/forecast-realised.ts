import type { ForecastRealised, RunResult } from "@doppelwerk/client";
import type { ClosedShift } from "@doppelwerk/ports";
import { betaRegularised } from "@doppelwerk/sim";
import type { Instant } from "@doppelwerk/world";

/** A shift that is unknown for more than this share of its time is shown, and not judged. */
const UNKNOWN_MOST = 0.05;
/** Of a 90 % interval one shift in ten lies outside: fewer shifts than this say nothing for it. */
const SHIFTS_LEAST = 5;
const COVERAGE = 0.9;
/** So seldom would a right forecast be held by so few shifts. */
const DISAGREES_BELOW = 0.05;

/**
 * What a merge was expected to bring, against what came (P17). Until the change is confirmed on the plant the shifts are held against live's own
 * prediction for one shift, after it against the branch's; one in which it changed is held against neither.
 */
export function forecastRealised(
  result: RunResult,
  mergedAt: Instant,
  inEffectSince: Instant | undefined,
  closed: readonly ClosedShift[],
): ForecastRealised | undefined {
  const throughput = result.kpis.find(({ key }) => key === "throughput");
  if (!throughput) return undefined;
  const expected = { asItWas: throughput.live, changed: throughput.branch };
  const shifts = closed
    .filter(({ from }) => from >= mergedAt)
    .map((shift): ForecastRealised["shifts"][number] => {
      const { name, from, to, good, unknownS, plannedBusyS } = shift;
      const against = inEffectSince === undefined || to <= inEffectSince ? "asItWas" : from >= inEffectSince ? "changed" : undefined;
      if (against === undefined || unknownS > UNKNOWN_MOST * plannedBusyS) return { name, from, to, good, against };
      const { predictionLow, predictionHigh } = expected[against];
      return { name, from, to, good, against, inside: good >= predictionLow && good <= predictionHigh };
    });
  const held = (against: "asItWas" | "changed"): ForecastRealised["asItWas"] => {
    const judged = shifts.filter((shift) => shift.against === against && shift.inside !== undefined);
    const inside = judged.filter((shift) => shift.inside).length;
    const { mean, confidence, predictionLow, predictionHigh } = expected[against];
    return { mean, confidence, predictionLow, predictionHigh, judged: judged.length, inside, verdict: verdictOf(inside, judged.length) };
  };
  return {
    run: result.run.id,
    kind: result.run.kind,
    mergedAt,
    ...(inEffectSince === undefined ? {} : { inEffectSince }),
    asItWas: held("asItWas"),
    changed: held("changed"),
    shifts,
  };
}

function verdictOf(inside: number, judged: number): ForecastRealised["asItWas"]["verdict"] {
  if (judged === 0) return "none yet";
  // P(at most so many of n inside) of the binomial distribution, by the incomplete beta function.
  const chance = inside >= judged ? 1 : betaRegularised(1 - COVERAGE, judged - inside, inside + 1);
  if (chance < DISAGREES_BELOW) return "disagrees";
  return judged < SHIFTS_LEAST ? "too few" : "agrees";
}
