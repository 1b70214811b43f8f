import { availableParallelism } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KpiComparison, Outcome } from "@doppelwerk/sim";
import { compareOutcomes } from "@doppelwerk/sim";
import type { LineEngine } from "@doppelwerk/operations";
import type { Instant } from "@doppelwerk/world";
import { openSimulations } from "./server/decide/simulations.fixture.ts";
import type { Simulations } from "./server/decide/simulations.ts";
import { buildExperiment, NOW, observedBefore, openFittedPlant, shifts } from "../line/fitted-plant.fixture.ts";
import type { FittedPlant } from "../line/fitted-plant.fixture.ts";

// What the demo line teaches (examples/demo-plant/SPEC.md, DP20), found by the twin from history alone, as a person finds it. The short form asks
// one plant with half its past on three seeds; the long form three plants, ten seeds each, with the whole of it and studies as long as the screen's own.
const soak = process.env["SOAK"] !== undefined;
const PLANTS = soak ? [3, 4, 5] : [3];
const SEEDS = soak ? Array.from({ length: 10 }, (_, seed) => seed + 1) : [7, 8, 9];
const UNTIL: Instant = soak ? NOW : shifts[12]!.start;
const STUDY_SHIFTS = soak ? 10 : 5;
const REPLICATIONS = 30;

const changes = {
  leakTestPlace: ["S090/NumberOfPlaces", 7],
  reworkPlace: ["R10/NumberOfPlaces", 3],
  ...(soak ? { bufferBeforePacker: ["S120/BufferCapacity", 20] } : {}),
} as const satisfies Record<string, readonly [string, number]>;

let plant: FittedPlant;
const found = new Map<string, KpiComparison["difference"][]>();
beforeAll(async () => {
  plant = await openFittedPlant();
  const pool = openSimulations(availableParallelism());
  for (const of of PLANTS) {
    const engine = plant.past(of, { until: UNTIL });
    for (const seed of SEEDS) await compareAll(pool, engine, `plant ${of}, seed ${seed}`, seed);
  }
  await pool.close();
}, 3_600_000);
afterAll(() => plant.close());

/** Each change against live; live is simulated once, since all of them run on its random numbers. */
async function compareAll(pool: Simulations, engine: LineEngine, title: string, seed: number): Promise<void> {
  let live: readonly Outcome[] | undefined;
  for (const [name, [key, value]] of Object.entries(changes)) {
    const experiment = buildExperiment({
      base: plant.line,
      edited: await plant.edited(key, value),
      at: engine,
      observations: observedBefore(engine, UNTIL),
      request: { kind: "study", seed, shifts: STUDY_SHIFTS },
      instant: UNTIL,
      calendar: engine.calendar,
      diffHash: "",
    });
    const side = (model: (typeof experiment)["live"]) => {
      const warmUpS = 3_600;
      const { start, horizonS } = experiment;
      const options = { kind: "study" as const, seed, start, horizonS, warmUpS, drawParameters: true, outputStepS: 300 };
      const tasks = Array.from({ length: REPLICATIONS }, (_, replication) => ({ model: 0, options: { ...options, replication } }));
      return pool.run({ models: [model], tasks, priority: 0 });
    };
    live ??= await side(experiment.live);
    const { difference } = compareOutcomes(live, await side(experiment.branch), live).find((kpi) => kpi.key === "throughput")!;
    process.stdout.write(`${title}: ${name} ${difference.mean.toFixed(1)} ± ${difference.halfWidth.toFixed(1)} ${difference.verdict}\n`);
    found.set(name, [...(found.get(name) ?? []), difference]);
  }
}

function shareOf(verdict: KpiComparison["difference"]["verdict"], name: string): number {
  const own = found.get(name)!;
  return own.filter((difference) => difference.verdict === verdict).length / own.length;
}

test("[E30] from fitted history a seventh place at the leak test is better, on at least eight seeds of ten", () => {
  expect(shareOf("better", "leakTestPlace")).toBeGreaterThanOrEqual(0.8);
});

test("[E30] a third place at the rework station is too small to matter, on every seed", () => {
  for (const { mean, halfWidth, relevant, verdict } of found.get("reworkPlace")!) {
    expect(verdict).toBe("no evidence");
    expect(Math.abs(mean) + halfWidth).toBeLessThan(relevant);
  }
});

test.runIf(soak)("[E30] a bigger buffer before the packer is better, as the plant's own laws say", () => {
  expect(shareOf("better", "bufferBeforePacker")).toBeGreaterThanOrEqual(0.8);
});
