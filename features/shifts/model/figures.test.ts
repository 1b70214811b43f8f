import type { ShiftResult } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { shiftsWithin } from "@doppelwerk/ports";

const shift = (id: string, from: number, to: number): ShiftResult => ({ id, from, to }) as ShiftResult;
const found = (from: number, to: number, running: { readonly id: string; readonly end: number } | undefined) =>
  shiftsWithin({ shifts: [shift("Early", 0, 100), shift("Late", 100, 150)], running }, from, to).map(({ id }) => id);

test("[SH8] the shift that runs is found up to its planned end, one that is over up to its own", () => {
  const late = { id: "Late", end: 200 };
  expect(found(151, 152, late)).toEqual(["Late"]);
  expect(found(99, 152, late)).toEqual(["Early", "Late"]);
  expect(found(100, 101, late)).toEqual(["Late"]);
  expect(found(200, 201, late)).toEqual([]);
  // over: it has no end but its own
  expect(found(151, 152, undefined)).toEqual([]);
  expect(found(-5, 0, late)).toEqual([]);
});
