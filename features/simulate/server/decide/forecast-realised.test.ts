import type { RunResult } from "@doppelwerk/client";
import type { ClosedShift } from "@doppelwerk/ports";
import { expect, test } from "vitest";
import { forecastRealised } from "./forecast-realised.ts";

const HOUR = 3_600_000_000;
const interval = (mean: number) => ({ mean, confidence: 4, predictionLow: mean - 80, predictionHigh: mean + 80, inputShare: 0.2 });
const result = {
  run: { id: "run:1", kind: "study" },
  kpis: [{ key: "throughput", live: interval(580), branch: interval(660) }],
} as unknown as RunResult;
const shift = (number: number, good: number, unknownS = 0): ClosedShift => ({
  name: number % 2 === 0 ? "Early" : "Late",
  from: number * 8 * HOUR,
  to: (number + 1) * 8 * HOUR,
  good,
  plannedBusyS: 25_800,
  unknownS,
});

test("[SV60] shifts since a merge are held against live's prediction until the change is in effect, and against the branch's after", () => {
  const shifts = [shift(0, 590), shift(1, 600), shift(2, 480), shift(3, 640), shift(4, 655), shift(5, 570)];
  const realised = forecastRealised(result, 7 * HOUR, 3 * 8 * HOUR + HOUR, shifts)!;
  // The one that ran when it was merged is not counted; the one in which it changed is held against neither.
  expect(realised.shifts.map(({ against, inside }) => [against, inside])).toEqual([
    ["asItWas", true],
    ["asItWas", false],
    [undefined, undefined],
    ["changed", true],
    ["changed", false],
  ]);
  expect(realised.changed).toMatchObject({ mean: 660, judged: 2, inside: 1, verdict: "too few" });
  const planned = forecastRealised(result, 7 * HOUR, undefined, shifts)!;
  expect(planned.changed).toMatchObject({ judged: 0, verdict: "none yet" });
  expect(planned.asItWas).toMatchObject({ judged: 5, inside: 4, verdict: "agrees" });
  expect(planned.inEffectSince).toBeUndefined();
});

test("[SV60] a forecast disagrees when a right one would hold so few shifts less than once in twenty; unknown shifts are not judged", () => {
  const verdict = (goods: readonly number[]) =>
    forecastRealised(
      result,
      0,
      undefined,
      goods.map((good, number) => shift(number, good)),
    )!.asItWas.verdict;
  expect(verdict([])).toBe("none yet");
  expect(verdict([580])).toBe("too few");
  // One of one outside happens once in ten, two of two once in a hundred.
  expect(verdict([300])).toBe("too few");
  expect(verdict([300, 300])).toBe("disagrees");
  expect(verdict([580, 580, 580, 300, 300])).toBe("agrees");
  expect(verdict([580, 580, 300, 300, 300])).toBe("disagrees");
  expect(forecastRealised(result, 0, undefined, [shift(0, 300, 3_000)])!.asItWas).toMatchObject({ judged: 0, verdict: "none yet" });
  expect(forecastRealised({ ...result, kpis: [] }, 0, undefined, [])).toBeUndefined();
});
