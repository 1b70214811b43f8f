import { expect, test } from "vitest";
import { holdsWords } from "./holds-words.ts";

const cycle = { value: "signal:l3-090-7f", label: "S090 Last cycle time, s" };

test.each([
  ["S090 cycle", true],
  ["time s090", true],
  [" LAST  ", true],
  ["7f cycle", true],
  ["", true],
  ["S100 cycle", false],
  ["s090 pressure", false],
])("[HQ29] signals are searched word by word: %s", (typed, found) => {
  expect(holdsWords(cycle, typed)).toBe(found);
});
