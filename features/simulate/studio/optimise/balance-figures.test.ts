import { expect, test } from "vitest";
import type { LineWork } from "@doppelwerk/sim/optimise";
import { balanceFigures, movedElements } from "./balance-figures.ts";

const label = { en: "", zh: "" };
const station = (id: string) => ({ id, label, places: 1 });
const element = (id: string, at: number, seconds: number, fixed = false) => ({ id, label, station: at, seconds, after: [], fixed });
const work: LineWork = {
  stations: [station("S1"), station("S2"), station("S3")],
  elements: [element("a", 0, 30), element("b", 0, 20), element("c", 1, 10), element("d", 2, 70, true)],
};

test("the cycle is that of the longest open station; a longer closed one holds the line up", () => {
  expect(balanceFigures(work, [0, 0, 1, 2])).toEqual({ cycle: 50, use: 60 / (2 * 50), held: { station: "S3", seconds: 70 } });
});

test("a better division uses the places more", () => {
  expect(balanceFigures(work, [0, 1, 1, 2])).toMatchObject({ cycle: 30, use: 1 });
  expect(movedElements(work, [0, 1, 1, 2])).toEqual([{ element: work.elements[1], to: 1 }]);
});
