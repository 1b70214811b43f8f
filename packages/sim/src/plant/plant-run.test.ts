import { expect, test } from "vitest";
import type { Distribution } from "../random/distribution.ts";
import type { LineModel, StationModel } from "../line/line-model.ts";
import { runLine } from "../line/line-run.ts";
import type { PlantModel } from "./plant-model.ts";
import { createPlantRun, runPlant } from "./plant-run.ts";
import { validatePlantModel } from "./validate-plant-model.ts";

const exponential = (mean: number): Distribution => ({ kind: "exponential", mean });
const constant = (value: number): Distribution => ({ kind: "constant", value });

/** Stations one after the other, of given times, with buffers of `slots` between them. */
function row(
  id: string,
  times: readonly Distribution[],
  slots = 2,
  change: (station: StationModel) => StationModel = (same) => same,
): LineModel {
  return {
    format: "doppelwerk-line/1",
    id,
    products: [{ id: "part" }],
    stations: times.map((time, index) =>
      change({
        id: `${id}${index}`,
        places: 1,
        cycle: { time },
        ...(index === 0 ? { source: { program: true } } : { buffer: { capacity: slots } }),
        ...(index < times.length - 1 ? { next: { station: `${id}${index + 1}` } } : {}),
      }),
    ),
  };
}

function plantOf(
  lines: readonly LineModel[],
  buffers: readonly { capacity?: number; from: readonly string[]; to: readonly string[] }[],
): PlantModel {
  const end = (station: string) => ({ line: lines.find(({ stations }) => stations.some(({ id }) => id === station))?.id ?? "?", station });
  return {
    format: "doppelwerk-plant/1",
    id: "plant",
    lines,
    buffers: buffers.map(({ capacity, from, to }, index) => ({
      id: `B${index}`,
      ...(capacity === undefined ? {} : { capacity }),
      from: from.map(end),
      to: to.map(end),
    })),
  };
}

const times = { startInstant: 0, horizonS: 20_000 };

test("[S60] a line cut in two at a buffer makes, part for part, what it makes as one", () => {
  for (const capacity of [0, 1, 4]) {
    const cycle = [exponential(1), exponential(1.2), exponential(0.9), exponential(1)];
    const whole = row("s", cycle, capacity);
    const first = { ...row("s", cycle.slice(0, 2), capacity), id: "a" };
    const second: LineModel = {
      ...whole,
      id: "b",
      stations: whole.stations.slice(2).map((station, index) => (index > 0 ? station : cutOpen(station))),
    };
    const plant = plantOf([first, second], [{ capacity, from: ["s1"], to: ["s2"] }]);
    expect(validatePlantModel(plant)).toEqual([]);
    for (const seed of [1, 2, 3]) {
      const one = runLine(whole, { ...times, seed });
      const two = runPlant(plant, { ...times, seed });
      expect(two.total.good).toBe(one.good);
      expect(two.total.output.cumulative).toEqual(one.output.cumulative);
      expect(two.lines.flatMap(({ stations }) => stations.map(({ cycles }) => cycles))).toEqual(one.stations.map(({ cycles }) => cycles));
      expect(two.total.wip.end).toBe(one.wip.end);
      expect(two.total.wip.mean).toBeCloseTo(one.wip.mean, 9);
      expect(two.balanced).toBe(true);
    }
  }
});

function cutOpen({ buffer: _buffer, ...station }: StationModel): StationModel {
  return { ...station, source: { program: true } };
}

test("[S61] a full shared buffer blocks the line before it, an empty one starves the line after it", () => {
  const slow = plantOf([row("a", [constant(1)]), row("b", [constant(4)])], [{ capacity: 5, from: ["a0"], to: ["b0"] }]);
  const full = runPlant(slow, { ...times, seed: 1, warmUpS: 1_000 });
  expect(full.lines[0]!.stations[0]!.shares.blocked).toBeCloseTo(0.75, 3);
  expect(full.lines[1]!.stations[0]!.shares.working).toBeCloseTo(1, 3);
  expect(full.buffers[0]).toMatchObject({ max: 5, end: 5 });
  const fast = plantOf([row("a", [constant(4)]), row("b", [constant(1)])], [{ capacity: 5, from: ["a0"], to: ["b0"] }]);
  const empty = runPlant(fast, { ...times, seed: 1, warmUpS: 1_000 });
  expect(empty.lines[1]!.stations[0]!.shares.starved).toBeCloseTo(0.75, 3);
  expect(empty.lines[0]!.stations[0]!.shares.working).toBeCloseTo(1, 3);
  expect(empty.total.good).toBe(5_000);
});

test("[S62] a buffer that two lines feed and a store that two lines draw on keep every part; totals count what leaves the plant", () => {
  const lines = [
    row("a", [exponential(2), exponential(2)]),
    row("b", [exponential(3)]),
    row("c", [exponential(2)]),
    row("d", [exponential(5), exponential(4)]),
  ];
  const plant = plantOf(lines, [{ capacity: 3, from: ["a1", "b0"], to: ["c0", "d0"] }]);
  const result = runPlant(plant, { ...times, seed: 7, warmUpS: 500 });
  const [a, b, c, d] = result.lines.map(({ good }) => good) as [number, number, number, number];
  expect(result.total.good).toBe(c + d);
  expect(result.buffers[0]!.entered).toBe(a + b);
  expect(Math.min(a, b, c, d)).toBeGreaterThan(1_000);
  expect(result.balanced).toBe(true);
});

test("[S63] a part keeps its product in a line that makes it, and takes the program's in one that does not", () => {
  const products = [{ id: "x" }, { id: "y" }];
  const mix = (share: number) => ({
    kind: "batches" as const,
    mix: [
      { product: "x", share, batchMin: 1, batchMax: 3 },
      { product: "y", share: 1 - share, batchMin: 1, batchMax: 3 },
    ],
  });
  const a = { ...row("a", [constant(2)]), products, program: mix(0.8) };
  const same = runPlant(
    plantOf([a, { ...row("b", [constant(1)]), products: products.toReversed(), program: mix(0.1) }], [{ from: ["a0"], to: ["b0"] }]),
    { ...times, seed: 1 },
  );
  expect(same.lines[1]!.goodByProduct).toEqual({ ...same.lines[0]!.goodByProduct, ...same.lines[1]!.goodByProduct });
  expect(same.lines[1]!.goodByProduct.x! / same.lines[1]!.good).toBeCloseTo(0.8, 1);
  const other = runPlant(plantOf([a, { ...row("b", [constant(1)]), products: [{ id: "z" }] }], [{ from: ["a0"], to: ["b0"] }]), {
    ...times,
    seed: 1,
  });
  expect(other.lines[1]!.goodByProduct).toEqual({ z: other.lines[1]!.good });
});

const failing = (station: StationModel): StationModel => ({
  ...station,
  stops: [{ id: "failure", class: "failure", clock: "operating", between: exponential(300), duration: exponential(40) }],
});

test("[S64] straight, in pieces, forked or restored a plant comes to one trace hash; a line of it alone is as ever", () => {
  const lines = [
    row("a", [exponential(2), exponential(2)], 2, failing),
    row("b", [exponential(2)], 2, failing),
    row("c", [exponential(1), exponential(1)], 1, failing),
  ];
  const plant = plantOf(lines, [{ capacity: 4, from: ["a1", "b0"], to: ["c0"] }]);
  const options = { startInstant: 0, seed: 5, warmUpS: 600 };
  const straight = createPlantRun(plant, options);
  straight.advanceTo(20_000e6);
  const pieces = createPlantRun(plant, options);
  for (let at = 0; at <= 9_000; at += 37) pieces.advanceTo(at * 1e6);
  const fork = pieces.fork();
  const restored = createPlantRun(plant, options);
  restored.restore(pieces.snapshot());
  for (const run of [pieces, fork, restored]) {
    run.advanceTo(20_000e6);
    expect(run.result()).toEqual(straight.result());
  }
  const otherwise = straight.fork({ replication: 3 });
  otherwise.advanceTo(30_000e6);
  expect(otherwise.result().balanced).toBe(true);
  const apart = runPlant(plantOf(lines, []), { ...times, seed: 5 });
  expect(apart.lines).toEqual(lines.map((line) => runLine(line, { ...times, seed: 5 })));
});

test("[S65] a plant starts from the states of its lines and of what is between them", () => {
  const plant = plantOf([row("a", [exponential(3)]), row("b", [exponential(1)])], [{ capacity: 50, from: ["a0"], to: ["b0"] }]);
  const filled = runPlant(plant, {
    startInstant: 0,
    horizonS: 10,
    seed: 1,
    initialBuffers: [{ buffer: "B0", products: Array.from({ length: 40 }, () => "part") }],
  });
  expect(filled.buffers[0]!.end).toBeGreaterThan(20);
  expect(filled.balanced).toBe(true);
  const run = createPlantRun(plant, { startInstant: 0, seed: 1 });
  run.advanceTo(1_000e6);
  const { lines, buffers } = run.states();
  const again = createPlantRun(plant, { startInstant: 1_000e6, seed: 1, initialStates: lines, initialBuffers: buffers });
  expect(again.states().buffers).toEqual(buffers);
});

test("[S66] what the lines of a plant cannot share is a finding that names both", () => {
  const [a, b] = [row("a", [constant(1), constant(1)]), row("b", [constant(1)])];
  const finding = (plant: PlantModel) => validatePlantModel(plant).map(({ path, message }) => `${path}: ${message}`);
  expect(finding(plantOf([a, { ...b, stations: a.stations }], []))).toEqual([
    'lines[1].stations[0].id: the station "a0" is in the lines "a" and "b"',
    'lines[1].stations[1].id: the station "a1" is in the lines "a" and "b"',
  ]);
  expect(finding(plantOf([a, b], [{ from: ["a0"], to: ["b0"] }]))).toEqual([
    'buffers[0].from[0]: parts of "a0" go on to "a1": they do not leave the line',
  ]);
  expect(finding(plantOf([a, b], [{ from: ["b0"], to: ["a1"] }]))).toEqual(['buffers[0].to[0]: no parts come into the line at "a1"']);
  expect(
    finding(
      plantOf(
        [a, b],
        [
          { from: ["a1"], to: ["b0"] },
          { from: ["b0"], to: ["a0"] },
        ],
      ),
    ),
  ).toHaveLength(2);
  for (const value of [
    undefined,
    3,
    [],
    {},
    { format: "doppelwerk-plant/1" },
    { ...plantOf([a, b], []), buffers: 3 },
    { ...plantOf([a], []), lines: [3] },
  ])
    expect(validatePlantModel(value).length).toBeGreaterThan(0);
});
