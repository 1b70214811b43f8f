import { expect, test } from "vitest";
import { placeLabels, type LaneLabel } from "./rail-labels.ts";

const PIXELS = 8;
const widthOf = (text: string): number => text.length * PIXELS;
const room = {
  from: 8,
  to: 400,
  nameWidth: widthOf,
  verdictWidth: widthOf,
  cut: (name: string, width: number) => (widthOf(name) <= width ? name : `${name.slice(0, Math.floor(width / PIXELS) - 1)}…`),
};
const label = (name: string, row: number, left: number, verdict = ""): LaneLabel => ({ name, verdict, row, lefts: () => [left] });

test("[U8] names of lanes never lie over each other: a later one of the same row leaves out its verdict, is cut, or is left out", () => {
  const entered = label("Nora seven places", 0, 100, " Study: better");
  expect(placeLabels([entered, label("Buffers", 1, 100)], room)).toEqual([
    { left: 100, name: "Nora seven places", verdict: " Study: better" },
    { left: 100, name: "Buffers", verdict: "" },
  ]);
  // 100 to 348 is taken: what stands over it goes where there is room, as much of it as fits
  expect(placeLabels([entered, label("Optimised: Buffers", 0, 200, " Study: worse")], room)[1]).toEqual({
    left: 10,
    name: "Optimised…",
    verdict: "",
  });
  expect(placeLabels([entered, label("Plan", 0, 360, " Study")], room)[1]).toEqual({ left: 360, name: "Plan", verdict: " Study" });
  expect(
    placeLabels([label("a", 0, 8, " so much of it that nothing is left, not even for one"), label("Plan", 0, 20)], room)[1],
  ).toBeUndefined();
});

test("[U8] a name whose verdict alone has no room stands without it", () => {
  const [, second] = placeLabels([label("Buffers", 0, 200), label("Plan", 0, 140, " Study: worse")], room);
  expect(second).toEqual({ left: 140, name: "Plan", verdict: "" });
});
