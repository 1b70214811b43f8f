import { SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { stream } from "../line/small-line.fixture.ts";
import { breakCounter, freshCounter, readCounter, type CounterDeclaration } from "./counter.ts";

const NARROW: CounterDeclaration = { type: "totaliser", width: 16, mostPerS: 0.2 };

function readings(declared: CounterDeclaration, values: readonly (readonly [second: number, value: number | "bad"])[]): string[] {
  const memory = freshCounter();
  return values.map(([second, value]) => {
    if (value === "bad") {
      breakCounter(memory);
      return "bad";
    }
    readCounter(declared, memory, value, second * SECOND);
    return `${memory.kind} ${memory.delta}${memory.acrossGap ? " gap" : ""}`;
  });
}

test("[O20] the first reading counts nothing; a 16-bit totaliser rolls over", () => {
  expect(
    readings(NARROW, [
      [0, 65_530],
      [36, 65_531],
      [72, 65_535],
      [108, 2],
    ]),
  ).toEqual(["first 0", "count 1", "count 4", "rollOver 3"]);
});

test("[O23] a counter of a byte rolls over at 256; fallen from the middle of its range it was reset", () => {
  expect(
    readings({ ...NARROW, width: 8 }, [
      [0, 250],
      [36, 254],
      [72, 1],
      [108, 100],
      [144, 0],
    ]),
  ).toEqual(["first 0", "count 4", "rollOver 3", "jump 0", "reset 0"]);
});

test("[O21] a download resets a totaliser: an event, and only what can have been made since is counted", () => {
  expect(
    readings(NARROW, [
      [0, 40_000],
      [36, 1],
    ]),
  ).toEqual(["first 0", "reset 1"]);
  expect(
    readings(NARROW, [
      [0, 40_000],
      [36, 12_000],
    ]),
  ).toEqual(["first 0", "reset 0"]);
  expect(
    readings(NARROW, [
      [0, 400],
      [36, 12_000],
      [72, 12_001],
    ]),
  ).toEqual(["first 0", "jump 0", "count 1"]);
});

test("[O21] a shift counter is reset, never rolled over", () => {
  expect(
    readings({ type: "shiftReset", width: 16, mostPerS: 0.2 }, [
      [0, 65_530],
      [36, 0],
      [72, 1],
    ]),
  ).toEqual(["first 0", "reset 0", "count 1"]);
});

test("[O22] parts counted over bad quality or silence are marked: they belong to unknown time", () => {
  expect(
    readings(NARROW, [
      [0, 100],
      [30, "bad"],
      [300, 107],
      [336, 108],
    ]),
  ).toEqual(["first 0", "bad", "count 7 gap", "count 1"]);
  expect(
    readings({ ...NARROW, aliveS: 60 }, [
      [0, 100],
      [300, 107],
    ]),
  ).toEqual(["first 0", "count 7 gap"]);
});

test("[O20] no sequence of readings whatever gives a negative count", () => {
  for (const seed of [1, 2, 3]) {
    const random = stream(seed);
    const memory = freshCounter();
    for (let index = 0; index < 5000; index++) {
      readCounter(
        { type: random() < 0.5 ? "totaliser" : "shiftReset", width: random() < 0.5 ? 16 : 32, mostPerS: random() },
        memory,
        Math.floor(random() * 70_000),
        index * SECOND,
      );
      expect(memory.delta, `seed ${seed}, reading ${index}`).toBeGreaterThanOrEqual(0);
    }
  }
});
