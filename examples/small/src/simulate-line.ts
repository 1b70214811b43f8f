// node examples/small/src/simulate-line.ts: a line of three stations, ten replications, both intervals. No server.
import { predictionInterval, runLine, summarise, validateLineModel } from "@doppelwerk/sim";
import type { LineModel } from "@doppelwerk/sim";

// #region line
const line: LineModel = {
  format: "doppelwerk-line/1",
  id: "three",
  products: [{ id: "A" }],
  constraint: "test",
  stations: [
    {
      id: "press",
      places: 1,
      cycle: { time: { kind: "lognormal", mean: 30, cv: 0.1 } },
      source: { program: true },
      next: { station: "test" },
      stops: [
        {
          id: "die",
          class: "failure",
          clock: "operating",
          between: { kind: "exponential", mean: 7_200 },
          duration: { kind: "gamma", mean: 600, cv: 0.8 },
        },
      ],
    },
    {
      id: "test",
      places: 2,
      cycle: { time: { kind: "lognormal", mean: 64, cv: 0.2 } },
      buffer: { capacity: 4 },
      next: { station: "pack" },
    },
    { id: "pack", places: 1, cycle: { time: { kind: "constant", value: 28 } }, buffer: { capacity: 4 } },
  ],
};
const findings = validateLineModel(line);
if (findings.length > 0) throw new Error(JSON.stringify(findings));

const good = Array.from(
  { length: 10 },
  (_, replication) => runLine(line, { seed: 1, replication, startInstant: 0, warmUpS: 3_600, horizonS: 9 * 3_600 }).good,
);
const { mean, halfWidth } = summarise(good);
const { low, high } = predictionInterval(good, 0.9);
console.log(`mean ${mean.toFixed(1)} ± ${halfWidth.toFixed(1)} parts in 8 h (95 %), one shift ${low.toFixed(0)}–${high.toFixed(0)} (90 %)`);
// #endregion
