import { createHighsSolver } from "@doppelwerk/engines/highs";
import { expect, test } from "vitest";
import { gapOf, rotationOf, type RotationInput } from "./rotation.ts";

const solver = createHighsSolver();
const block = (from: number, hours: number) => ({ from, to: from + hours, hours });
const anybody = () => true;

test("[PE13] two people at a heavy and a light station change once in the middle, so that both have the same load", async () => {
  const input: RotationInput = {
    blocks: [block(0, 2), block(2, 2), block(4, 2), block(6, 2)],
    stations: [
      { station: "heavy", people: 1, loadPerHour: 3 },
      { station: "light", people: 1, loadPerHour: 1 },
    ],
    workers: ["A", "B"],
    mayWork: anybody,
  };
  const answer = await rotationOf(input, solver, 20);
  // 4 × 2 × (3 + 1) = 32 in all: 16 each, with one change each and not more
  expect(answer).toMatchObject({ isFeasible: true, highest: 16, loads: { A: 16, B: 16 }, changes: 2, isOptimal: true });
});

test("[PE13] skills hold in each block: who may work at one station alone stays there, and the others share the rest", async () => {
  const input: RotationInput = {
    blocks: [block(0, 4), block(4, 4)],
    stations: [
      { station: "S10", people: 1, loadPerHour: 2 },
      { station: "S20", people: 1, loadPerHour: 4 },
      { station: "S30", people: 1, loadPerHour: 1 },
    ],
    workers: ["A", "B", "C"],
    mayWork: (worker, { station }) => (worker === "A") === (station === "S10"),
  };
  const answer = await rotationOf(input, solver, 20);
  expect(answer).toMatchObject({ isFeasible: true, loads: { A: 16, B: 20, C: 20 }, highest: 20, changes: 2 });
  if (!answer.isFeasible) return;
  expect(answer.places.filter(({ worker }) => worker === "A").map(({ station }) => station)).toEqual(["S10", "S10"]);
  expect(answer.places).toHaveLength(6);
});

test("[PE13] where skills are missing the reason is the stations that need more people than may work at them, and who these are", () => {
  const input: RotationInput = {
    blocks: [block(0, 8)],
    stations: [
      { station: "S10", people: 1, loadPerHour: 1 },
      { station: "S20", people: 1, loadPerHour: 1 },
      { station: "S30", people: 2, loadPerHour: 1 },
      { station: "S40", people: 1, loadPerHour: 1 },
    ],
    workers: ["A", "B", "C", "D", "E"],
    // S10, S20 and S30 need four, and three may work there
    mayWork: (worker, { station }) => (station === "S40" ? worker > "C" : worker < "D"),
  };
  expect(gapOf(input)).toEqual({ stations: ["S10", "S20", "S30"], needed: 4, workers: ["A", "B", "C"] });
  expect(gapOf({ ...input, mayWork: anybody })).toBeUndefined();
});

test("[PE13] of two at a station one has to have the skill, and the other may be anybody", async () => {
  const input: RotationInput = {
    blocks: [block(0, 8)],
    stations: [
      { station: "S10", skill: "weld", people: 1, loadPerHour: 2 },
      { station: "S10", people: 1, loadPerHour: 2 },
    ],
    workers: ["A", "B"],
    mayWork: (worker, { skill }) => skill === undefined || worker === "B",
  };
  expect(await rotationOf(input, solver, 20)).toMatchObject({ isFeasible: true, changes: 0, loads: { A: 16, B: 16 } });
  expect(gapOf({ ...input, workers: ["A", "C"] })).toEqual({ stations: ["S10"], needed: 1, workers: [] });
});

test("[PE13] people who are more than places rest in some blocks, and nobody is at two stations at once", async () => {
  const stations = [
    { station: "S10", people: 2, loadPerHour: 2 },
    { station: "S20", people: 1, loadPerHour: 1 },
  ];
  const input: RotationInput = { blocks: [block(0, 2), block(2, 2)], stations, workers: ["A", "B", "C", "D", "E"], mayWork: anybody };
  const answer = await rotationOf(input, solver, 20);
  expect(answer).toMatchObject({ isFeasible: true, highest: 4, bound: expect.any(Number) });
  if (!answer.isFeasible) return;
  for (const at of [0, 1]) {
    const own = answer.places.filter((place) => place.block === at).map(({ worker }) => worker);
    expect(new Set(own).size).toBe(3);
  }
});
