import { createLineRun, runLine } from "@doppelwerk/sim";
import type { Distribution, LineModel } from "@doppelwerk/sim";
import { MONDAY, assemblyLine } from "../packages/sim/src/line/assembly-line.fixture.ts";
import { type Report, reportMedian } from "./report.ts";

const ROUNDS = 5;
const SHIFT = 8 * 3600 * 1_000_000;

/**
 * 30 replications of one shift of the demo line on one thread, from the state of a line in production (bar: 5 s on two workers);
 * a saturated line of ten exponential stations with all statistics on (bar: 1.5 M services a second);
 * fork of a running line up to its next events (bar: 50 ms).
 */
export async function bench(report: Report): Promise<void> {
  const live = createLineRun(assemblyLine, { seed: 1, startInstant: MONDAY });
  live.advanceTo(MONDAY + SHIFT);
  const state = live.state("past");
  const shifts: number[] = [];
  const services: number[] = [];
  const forks: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const begin = performance.now();
    for (let replication = 0; replication < 30; replication++)
      runLine(assemblyLine, { seed: 1, replication, startInstant: live.now, endInstant: live.now + SHIFT, initialState: state });
    const shift = performance.now() - begin;
    const service = servicesPerSecond();
    const before = performance.now();
    const fork = live.fork({ replication: round + 1 });
    fork.advanceTo(live.now + 60_000_000);
    const forked = performance.now() - before;
    // the first round warms the compiler up
    if (round === 0) continue;
    shifts.push(shift);
    services.push(service);
    forks.push(forked);
  }
  reportMedian(report, "line", "30 replications of one demo shift, one thread", "ms", shifts);
  reportMedian(
    report,
    "line",
    "one replication of one demo shift",
    "ms",
    shifts.map((value) => value / 30),
  );
  reportMedian(report, "line", "ten exponential stations, services", "services/s", services);
  reportMedian(report, "line", "fork to first simulated minute", "ms", forks);
}

function servicesPerSecond(): number {
  const time: Distribution = { kind: "exponential", mean: 1 };
  const model: LineModel = {
    format: "doppelwerk-line/1",
    id: "ten",
    products: [{ id: "part" }],
    stations: Array.from({ length: 10 }, (_, index) => ({
      id: `S${index}`,
      places: 1,
      cycle: { time },
      ...(index === 0 ? { source: { program: true } } : { buffer: { capacity: 10 } }),
      ...(index < 9 ? { next: { station: `S${index + 1}` } } : {}),
    })),
  };
  const begin = performance.now();
  const result = runLine(model, { seed: 1, startInstant: 0, horizonS: 50_000 });
  const services = result.stations.reduce((sum, station) => sum + station.cycles, 0);
  return (services / (performance.now() - begin)) * 1000;
}
