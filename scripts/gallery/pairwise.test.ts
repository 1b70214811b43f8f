import { expect, test } from "vitest";
import { missingPairs, pairwise } from "./pairwise.ts";
import { FACTORS } from "./screens.ts";

test("pairwise: every pair of values of the gallery is in one of at most 16 pictures, each with one value of each factor", () => {
  const rows = pairwise(FACTORS);
  expect(missingPairs(FACTORS, rows)).toEqual([]);
  expect(rows.length).toBeGreaterThanOrEqual(15);
  expect(rows.length).toBeLessThanOrEqual(16);
  for (const row of rows)
    for (const [name, values] of Object.entries(FACTORS)) expect(values).toContain((row as Readonly<Record<string, string>>)[name]);
  expect(pairwise(FACTORS)).toEqual(rows);
});

test("pairwise: whatever the factors, no pair is missing, and there are never more rows than twice what the two largest factors need", () => {
  const sizesOf = (seed: number): readonly number[] =>
    Array.from({ length: 2 + (seed % 5) }, (_, at) => 1 + ((seed * 7 + at * at * 3) % 6));
  for (let seed = 0; seed < 200; seed++) {
    const sizes = sizesOf(seed);
    const factors = Object.fromEntries(sizes.map((size, at) => [`f${at}`, Array.from({ length: size }, (_, value) => `v${value}`)]));
    const rows = pairwise(factors);
    expect(missingPairs(factors, rows)).toEqual([]);
    const [first = 1, second = 1] = sizes.toSorted((a, b) => b - a);
    expect(rows.length).toBeLessThanOrEqual(2 * first * second);
  }
});

test("pairwise: one factor gives a row a value, a factor without values gives none, and a missing pair is named", () => {
  expect(pairwise({ size: ["1440", "390"] })).toEqual([{ size: "1440" }, { size: "390" }]);
  expect(pairwise({ size: ["1440"], theme: [] })).toEqual([]);
  expect(missingPairs({ a: ["1", "2"], b: ["x"] }, [{ a: "1", b: "x" }])).toEqual(['["a","2","b","x"]']);
});
