import { expect, test } from "vitest";
import { isDeeperThan } from "./json-depth.ts";

/** By recursion over the parsed value, as a second opinion. */
function depthOf(value: unknown): number {
  return typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
}

test.each([
  "null",
  "[]",
  "{}",
  '"[[["',
  '["[[[", "\\"[[[", "\\\\", [1, {"{{{": "}}}"}]]',
  '{"a\\\\": {"b": [[], {}, [["\\\\\\""]]]}, "c": 1}',
  '[[], [], [[]], {"x": {"y": []}}]',
  '"\\\\\\""',
])("[A90] the depth of %s is that of its value", (text) => {
  const depth = depthOf(JSON.parse(text));
  expect([isDeeperThan(text, depth), depth > 0 && isDeeperThan(text, depth - 1)]).toEqual([false, depth > 0]);
});

test("[A90] a text of a million levels is judged without recursion, and one that never ends is judged as far as it goes", () => {
  for (const open of ["[", '{"a":']) {
    expect(isDeeperThan(open.repeat(1_000_000), 200)).toBe(true);
    expect(isDeeperThan(open.repeat(200), 200)).toBe(false);
  }
  expect(isDeeperThan('"[[[[', 0)).toBe(false);
  expect(isDeeperThan('["\\', 1)).toBe(false);
});
