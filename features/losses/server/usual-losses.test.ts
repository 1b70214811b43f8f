import type { ShiftFiguresValue } from "@doppelwerk/ports";
import { expect, test } from "vitest";
import type { LossBudget } from "../contract.ts";
import { UsualLosses } from "./usual-losses.ts";

const DAY = 86_400e6;
const shift = (day: number, name = "Late"): ShiftFiguresValue =>
  ({ name, from: day * DAY, to: day * DAY + 8 * 3_600e6, revision: 0, plannedBusyS: 25_800 }) as ShiftFiguresValue;

test("[LS13] what is usual is of the last 20 closed shifts of the name before it; a shift without the loss took none, and each is computed once", async () => {
  // 24 late shifts with an early one before each; of the last 20 every second has a stop of 2, 4, …, 20 min
  const all = Array.from({ length: 25 }, (_, day) => [shift(day - 0.3, "Early"), shift(day)]).flat();
  const shifts = { within: async () => ({ constraint: "S090", stations: [], wip: undefined, shifts: all }) };
  let computed = 0;
  const budget = async ({ from }: ShiftFiguresValue): Promise<LossBudget> => {
    computed++;
    const day = Math.round(from / DAY);
    const seconds = day % 2 === 0 && day >= 4 ? (day - 2) * 60 : 0;
    return {
      rows: [{ state: "failed", reason: { code: "technical.jam", title: { en: "Jam", zh: "Jam" } }, seconds }],
    } as unknown as LossBudget;
  };
  const usual = new UsualLosses();
  const sources = { budget, version: () => "1" };
  const at = 24 * DAY + 1;
  const { shifts: count, rows } = await usual.of(at, undefined, shifts, sources);
  // days 4 to 23: ten of nothing, and 2, 4, …, 20 min
  expect(count).toBe(20);
  expect(rows).toEqual([{ key: "failed@technical.jam", low: 0, median: 1, high: expect.closeTo(16.2, 6) }]);
  expect(computed).toBe(20);
  await usual.of(at, undefined, shifts, sources);
  expect(computed).toBe(20);
  // what people wrote of the stops has changed
  await usual.of(at, undefined, shifts, { budget, version: () => "2" });
  expect(computed).toBe(40);
  expect(await usual.of(0.1 * DAY, undefined, shifts, sources)).toEqual({ shifts: 0, rows: [] });
});
