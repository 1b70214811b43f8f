import type { FlowModel } from "@doppelwerk/sim";

/** Something to look at before there is a file: two feeders, an assembly, an oven and a test whose rejects come back. */
export const exampleModel: FlowModel = {
  format: "doppelwerk-flow/1",
  name: "Pumps",
  run: { durationS: 28_800, seed: 1 },
  products: [{ id: "P1" }, { id: "P2" }],
  components: [
    { id: "castings", type: "source", interarrival: { kind: "exponential", mean: 34 }, mix: { P1: 0.7, P2: 0.3 }, to: "mill" },
    {
      id: "mill",
      name: "Mill",
      type: "station",
      places: 2,
      buffer: 6,
      time: { kind: "lognormal", mean: 55, cv: 0.15 },
      timeByProduct: { P2: { kind: "lognormal", mean: 70, cv: 0.15 } },
      stops: [
        {
          id: "tool",
          clock: "operating",
          between: { kind: "exponential", mean: 3_600 },
          duration: { kind: "gamma", mean: 420, cv: 0.6 },
        },
      ],
      to: "belt",
    },
    { id: "belt", name: "Belt", type: "conveyor", lengthM: 8, speedMps: 0.25, pitchM: 0.8, to: "fit.body" },
    { id: "covers", type: "source", to: "fit.cover" },
    {
      id: "fit",
      name: "Assembly",
      type: "assembly",
      inputs: [{ id: "body", capacity: 3 }, { id: "cover" }],
      time: { kind: "triangular", low: 24, mode: 28, high: 40 },
      to: "oven",
    },
    { id: "oven", name: "Oven", type: "station", batch: { size: 6, minimum: 3, waitS: 240 }, buffer: 8, time: 150, to: "test" },
    {
      id: "test",
      name: "Test",
      type: "station",
      places: 3,
      buffer: 6,
      time: { kind: "lognormal", mean: 80, cv: 0.2 },
      inspection: { reject: [0.08, 0.3], to: "repair", maxTries: 2 },
      to: "store",
    },
    { id: "repair", name: "Repair", type: "station", buffer: 4, time: { kind: "exponential", mean: 150 }, to: "test" },
    { id: "store", name: "Store", type: "sink" },
  ],
};
