import { MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { silentStops, type CountReading } from "./silent-stops.ts";

const work = (from: number, to: number) => ({ from: from * MINUTE, to: to * MINUTE, state: "working", cause: "internal" });
/** A unit a minute from `from` on, the first at its end; the counter is known from minute 0 on. */
const counted = (...minutes: readonly number[]): readonly CountReading[] => [
  { at: 0, value: 100 },
  ...minutes.map((minute, n) => ({ at: minute * MINUTE, value: 101 + n })),
];
const minutesOf = (stops: ReturnType<typeof silentStops>) => stops.map(({ from, to }) => [from / MINUTE, to / MINUTE]);

test("[LS16] a station that works and counts nothing for longer than three expected intervals is silent beyond the expected one", () => {
  expect(minutesOf(silentStops([work(0, 20)], counted(1, 2, 3, 4, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20), 60))).toEqual([[5, 10]]);
  // exactly three are none
  expect(silentStops([work(0, 10)], counted(1, 2, 3, 6, 7, 8, 9, 10), 60)).toEqual([]);
  // up to the end of its work, and where nothing was counted at all
  expect(minutesOf(silentStops([work(0, 30)], counted(1, 2, 3), 60))).toEqual([[4, 30]]);
  expect(minutesOf(silentStops([work(0, 30)], counted(), 60))).toEqual([[1, 30]]);
});

test("[LS16] what a station usually takes is expected where that is longer than its ideal interval; a minute is never silence", () => {
  const slow = counted(5, 10, 15, 20, 25, 30);
  expect(silentStops([work(0, 30)], slow, 60)).toEqual([]);
  const quick = Array.from({ length: 60 }, (_, n) => ({ at: n * SECOND, value: n }));
  expect(silentStops([work(0, 1.9)], [...quick, { at: 1.9 * MINUTE, value: 61 }], 1)).toEqual([]);
});

test("[LS16] nothing is concluded where the counter was not known, in a stop, or in a break; a counter that begins again has counted", () => {
  const unknown: readonly CountReading[] = [...counted(1, 2, 3), { at: 4 * MINUTE, value: undefined }, { at: 20 * MINUTE, value: 110 }];
  expect(silentStops([work(0, 20)], unknown, 60)).toEqual([]);
  expect(silentStops([work(0, 20)], [], 60)).toEqual([]);
  expect(silentStops([work(0, 3), { ...work(3, 15), state: "failed" }, work(15, 18)], counted(1, 2, 3, 16, 17, 18), 60)).toEqual([]);
  expect(silentStops([work(0, 3), work(15, 18)], counted(1, 2, 3, 16, 17, 18), 60)).toEqual([]);
  const reset = [...counted(1, 2, 3), { at: 4 * MINUTE, value: 0 }, { at: 5 * MINUTE, value: 1 }];
  expect(silentStops([work(0, 5)], reset, 60)).toEqual([]);
});
