import { type FlowComponent, type FlowModel, createFlowRun, prepareFlow, runFlow } from "@doppelwerk/sim";
import { FlowPool } from "../server/simulate/flow-pool.ts";
import { type Report, reportMedian, timed } from "../../../bench/report.ts";

const ROUNDS = 5;

/**
 * Flow models with all statistics on: a saturated line of ten exponential stations with ten slots between them (bar: 2 M services a
 * second), and one day of a plant of fifty stations with failures, set-up, people and rework, 30 replications on two workers (bar: 2 s,
 * workers started before). One worker and two must give the same hashes, else the bench fails. Figures of processor time stand beside those
 * of the clock, which other work on the machine disturbs. Last, the fork of a run with 100 000 items inside up to its next event (bar: 50 ms).
 */
export async function bench(report: Report): Promise<void> {
  const line = prepareFlow(lineOf(10, 10));
  const services: number[] = [];
  const servicesCpu: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const { result, wallS, cpuS } = await timed(() => runFlow(line, { seed: 1, replication: round, durationS: 100_000 }));
    const cycles = Object.values(result.components).reduce((sum, component) => sum + (component.cycles ?? 0), 0);
    // the first round warms the compiler up
    if (round === 0) continue;
    services.push(cycles / wallS);
    servicesCpu.push(cycles / cpuS);
  }
  reportMedian(report, "components", "ten exponential stations, services", "services/s", services);
  reportMedian(report, "components", "ten exponential stations, processor time", "services/CPU-s", servicesCpu);

  const model = plantOf(50);
  const pools = [1, 2].map((workers) => new FlowPool([], 1e9, workers));
  const times: number[][] = [[], []];
  const cpu: number[] = [];
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      let expected: string | undefined;
      for (const [index, pool] of pools.entries()) {
        const { result, wallS, cpuS } = await timed(() =>
          pool.run(model, {
            seed: round,
            replications: Array.from({ length: 30 }, (_, replication) => replication),
            warmUpS: 0,
            durationS: 86_400,
            seriesStepS: undefined,
          }),
        );
        if (round > 0) {
          times[index]!.push(wallS);
          if (index === 1) cpu.push(cpuS / 2);
        }
        const hashes = result.map((result) => result.traceHash).join(" ");
        if (index === 0) expected = hashes;
        else if (hashes !== expected) throw new Error("two workers gave other hashes than one");
      }
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
  }
  reportMedian(report, "components", "day of 50 stations × 30 replications, one worker", "s", times[0]!);
  reportMedian(report, "components", "day of 50 stations × 30 replications, two workers", "s", times[1]!);
  reportMedian(report, "components", "the same, processor time of each of the two", "CPU-s", cpu);

  forkLarge(report);
}

/** A thousand stations with a hundred items each before them. */
function forkLarge(report: Report): void {
  const stations = Array.from({ length: 1000 }, (_, index) => index);
  const run = createFlowRun(
    {
      format: "doppelwerk-flow/1",
      components: [
        ...stations.map((index): FlowComponent => ({
          id: `A${index}`,
          type: "source",
          arrivals: [{ atS: 0, quantity: 101 }],
          to: `S${index}`,
        })),
        ...stations.map((index): FlowComponent => ({
          id: `S${index}`,
          type: "station",
          buffer: "unlimited",
          time: { kind: "exponential", mean: 1000 },
          to: "out",
        })),
        { id: "out", type: "sink" },
      ],
    },
    { seed: 1 },
  );
  run.advanceTo(1);
  if (run.result().wip.end < 100_000) throw new Error("fewer than 100 000 items are inside");
  const forks: number[] = [];
  for (let round = 0; round <= 9; round++) {
    const begin = performance.now();
    const fork = run.fork({ replication: round + 1 });
    // a thousand stations work: an event every second
    fork.advanceTo(2);
    if (round > 0) forks.push(performance.now() - begin);
  }
  reportMedian(report, "components", "fork of a run with 100 000 items, to its first events", "ms", forks);
}

function lineOf(stations: number, slots: number): FlowModel {
  return {
    format: "doppelwerk-flow/1",
    components: [
      { id: "material", type: "source", to: "S0" },
      ...Array.from({ length: stations }, (_, index): FlowComponent => ({
        id: `S${index}`,
        type: "station",
        time: { kind: "exponential", mean: 1 },
        ...(index === 0 ? {} : { buffer: slots }),
        to: index === stations - 1 ? "out" : `S${index + 1}`,
      })),
      { id: "out", type: "sink" },
    ],
  };
}

/** A takt of about 30 s: lognormal work, failures, two products with set-up, people at every fifth station, tests with rework at every tenth. */
function plantOf(stations: number): FlowModel {
  return {
    format: "doppelwerk-flow/1",
    products: [{ id: "A" }, { id: "B" }],
    operators: [{ id: "people", count: 8 }],
    components: [
      {
        id: "orders",
        type: "source",
        orders: [
          { product: "A", quantity: 200 },
          { product: "B", quantity: 100 },
        ],
        repeatOrders: true,
        to: "S0",
      },
      ...Array.from({ length: stations }, (_, index): FlowComponent => ({
        id: `S${index}`,
        type: "station",
        time: { kind: "lognormal", mean: 28, cv: 0.15 },
        buffer: 6,
        ...(index % 3 === 0
          ? {
              stops: [
                {
                  id: "fault",
                  clock: "operating" as const,
                  between: { kind: "exponential" as const, mean: 7200 },
                  duration: { kind: "exponential" as const, mean: 300 },
                },
              ],
            }
          : {}),
        ...(index % 7 === 0 ? { setUp: { time: 120 } } : {}),
        ...(index % 5 === 0 ? { operators: [{ operators: "people" }] } : {}),
        ...(index % 10 === 9 ? { inspection: { reject: 0.04, to: `R${index}` } } : {}),
        to: index === stations - 1 ? "out" : `S${index + 1}`,
      })),
      ...Array.from({ length: Math.floor(stations / 10) }, (_, index): FlowComponent => {
        const test = index * 10 + 9;
        return { id: `R${test}`, type: "station", buffer: "unlimited", time: { kind: "exponential", mean: 200 }, to: `S${test}` };
      }),
      { id: "out", type: "sink" },
    ],
  };
}
