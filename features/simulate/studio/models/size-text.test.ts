import { expect, test } from "vitest";
import { sizeText } from "./size-text.ts";

test("a size is given in bytes, kilobytes or megabytes", () => {
  expect([1, 1_023, 1_024, 1_536, 2 * 1_024 * 1_024].map(sizeText)).toEqual(["1 B", "1023 B", "1.0 kB", "1.5 kB", "2.0 MB"]);
});
