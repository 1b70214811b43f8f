import { expect, test } from "vitest";
import { replicationKey, streamOf, uniformAt } from "../random/philox.ts";
import { normalQuantile } from "../random/special-function.ts";
import { FRESH_FROM, runFactorStudy, studyPoints } from "./factor-study.ts";
import type { FactorStudy, StudyTask } from "./factor-study.ts";
import type { KeptOutcome } from "./replication.ts";

const study: FactorStudy = {
  seed: 3,
  kpi: "throughput",
  goal: "maximise",
  factors: [
    { id: "A", values: [4, 6] },
    { id: "B", low: 10, high: 20, whole: true },
  ],
  design: "full",
  asIs: [4, 10],
  replications: { count: 20 },
};

const noise = (rule: string, replication: number, index: number): number =>
  normalQuantile(uniformAt(replicationKey(streamOf(rule, "seed") >>> 0, replication), 1, index));

/** Good a shift 500 + 10 for each of A above 4, + 1 for each of B above 10, + 4 where both are high; noise shared by all points but a tenth. */
function line(
  rule: string,
  wanted: StudyTask[],
  points = studyPoints(study).points,
): (tasks: readonly StudyTask[]) => Promise<KeptOutcome[]> {
  return async (tasks) => {
    wanted.push(...tasks);
    return tasks.map(({ point, replication }) => {
      const [a, b] = points[point] as [number, number];
      const goodPerShift =
        500 + 10 * (a - 4) + (b - 10) + 0.2 * (a - 4) * (b - 10) + 30 * noise(rule, replication, 0) + noise(rule, replication, 1 + point);
      return {
        replication,
        traceHash: `${point}/${replication}`,
        good: goodPerShift,
        goodPerShift,
        shiftGood: [goodPerShift],
        oee: goodPerShift / 700,
        wip: 50 + b,
        leadTimeS: 2000,
        rework: 30,
        conservation: true,
        littlesLaw: true,
        scrap: 1,
        shares: { S: { working: 0.9, starved: 0.1 } },
        bottlenecks: { S: 1 },
      };
    });
  };
}

test("[X13] a study compares every point with the line as it stands on the same random numbers, and looks at the winner again on fresh ones", async () => {
  const wanted: StudyTask[] = [];
  const report = await runFactorStudy(study, line("X13", wanted));
  expect(report.points.map(({ values }) => values)).toEqual([
    [4, 10],
    [4, 20],
    [6, 10],
    [6, 20],
  ]);
  expect(report).toMatchObject({ reference: 0, best: { point: 3 } });
  const at = (point: number) => report.points[point]!.kpis.throughput!;
  expect(at(0).difference).toBeUndefined();
  expect(Math.abs(at(3).difference!.mean - 34)).toBeLessThan(3 * at(3).difference!.halfWidth);
  expect(at(3).difference).toMatchObject({ verdict: "better" });
  // Shared luck cancels: the difference is known far better than either mean.
  expect(at(3).difference!.halfWidth).toBeLessThan(at(3).halfWidth / 5);
  expect(report.points[3]!.kpis.wip!.difference).toMatchObject({ mean: 10, verdict: "worse" });
  const fresh = wanted.filter(({ replication }) => replication >= FRESH_FROM);
  expect(new Set(fresh.map(({ point }) => point))).toEqual(new Set([0, 3]));
  expect(report.best.confirmed).toMatchObject({ n: 20, verdict: "better" });
  const truth = { "0": 22, "1": 12, "0,1": 2 } as const;
  for (const { factors, mean, halfWidth } of report.effects.throughput!)
    expect(Math.abs(mean - truth[factors.join() as keyof typeof truth]), factors.join()).toBeLessThan(3 * halfWidth);
  // the median of twenty has an interval, the fifth percentile has none
  expect(at(0).quantiles.map(({ low }) => low !== undefined)).toEqual([false, true, false]);
});

test("[X13] replications go on until the half width is reached, each point for itself, and a study begun again asks for the same tasks", async () => {
  const wanted: StudyTask[] = [];
  const wide: FactorStudy = { ...study, replications: { relativeHalfWidth: 0.015, most: 200 } };
  const first = await runFactorStudy(wide, line("X13", wanted));
  for (const { kpis, replications } of first.points) {
    expect(kpis.throughput!.halfWidth).toBeLessThanOrEqual(0.015 * kpis.throughput!.mean);
    expect(replications).toBeGreaterThan(10);
    expect(replications).toBeLessThan(200);
  }
  const again: StudyTask[] = [];
  expect(await runFactorStudy(wide, line("X13", again))).toEqual(first);
  expect(again).toEqual(wanted);
});

test("[X13] ranking and selection ends where the best is sure; a design without the line as it stands gets it beside", async () => {
  const selected = await runFactorStudy({ ...study, replications: { indifference: 4, most: 500 } }, line("X13", []));
  expect(selected.best).toMatchObject({ point: 3, certain: true });
  const cube: FactorStudy = { ...study, design: { latinHypercube: 6 }, asIs: [5, 13] };
  const { points, reference, designed } = studyPoints(cube);
  expect(points[reference]).toEqual([5, 13]);
  expect(reference).toBe(designed);
  const report = await runFactorStudy(cube, line("X13", [], points));
  expect(report.effects.throughput!.map(({ factors }) => factors.join())).toContain("0");
  expect(report.points[reference]!.kpis.throughput!.difference).toBeUndefined();
});
