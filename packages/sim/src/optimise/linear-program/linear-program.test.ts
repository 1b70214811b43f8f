import { describe, expect, test } from "vitest";
import { blendingProgram } from "./blending.ts";
import { explainDuals } from "./explain.ts";
import { linearFaults, optimalityError, type LinearAnswer, type LinearProgram } from "./linear-program.ts";

// max 3x + 5y, x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18: the textbook case (Hillier and Lieberman) with optimum 36 at (2, 6) and duals 0, 3/2, 1
const textbook: LinearProgram = {
  sense: "maximise",
  variables: [
    { name: "x", cost: 3 },
    { name: "y", cost: 5 },
  ],
  rows: [
    { name: "first", upper: 4, terms: [[0, 1]] },
    { name: "second", unit: "h", upper: 12, terms: [[1, 2]] },
    {
      name: "third",
      unit: "h",
      upper: 18,
      terms: [
        [0, 3],
        [1, 2],
      ],
    },
  ],
};
const optimal: LinearAnswer = {
  status: "optimal",
  objective: 36,
  bound: 36,
  values: Float64Array.of(2, 6),
  rowDuals: Float64Array.of(0, 1.5, 1),
  variableDuals: Float64Array.of(0, 0),
};

describe("linear programs", () => {
  test("[O16] the certificate accepts the optimum and no other answer", () => {
    expect(optimalityError(textbook, optimal)).toBeLessThan(1e-12);
    for (const wrong of [
      { values: Float64Array.of(2, 6.1) },
      { values: Float64Array.of(2, 5), objective: 31 },
      { rowDuals: Float64Array.of(0, 1, 1) },
      { rowDuals: Float64Array.of(0, -1.5, 1) },
      { objective: 37 },
      { variableDuals: Float64Array.of(1, 0) },
    ])
      expect(optimalityError(textbook, { ...optimal, ...wrong })).toBeGreaterThan(1e-3);
  });

  test("[O16] binding limits are told in words, the dearest first", () => {
    expect(explainDuals(textbook, optimal, "profit").map(({ text }) => text)).toEqual([
      "second is at its upper limit of 12 h; given 1 h more, profit would rise by 1.5",
      "third is at its upper limit of 18 h; given 1 h more, profit would rise by 1",
    ]);
  });

  test("[O16] a program that is none is told why", () => {
    expect(linearFaults(textbook)).toEqual([]);
    expect(linearFaults({ ...textbook, variables: [{ name: "x", cost: Number.NaN }, textbook.variables[1]!] })).toHaveLength(1);
    const row = (change: object): string[] => linearFaults({ ...textbook, rows: [{ ...textbook.rows[0]!, ...change }] });
    expect(row({ lower: 5 })).toEqual(["row first: lower limit 5 above upper limit 4"]);
    expect(row({ terms: [[7, 1]] })).toEqual(["row first: no variable 7"]);
    expect(
      row({
        terms: [
          [0, 1],
          [0, 2],
        ],
      }),
    ).toEqual(["row first: variable 0 twice"]);
    expect(row({ terms: [[0, Infinity]] })).toEqual(["row first: the coefficient of variable 0 is not finite"]);
  });

  test("[O16] a charge: mass, analysis and pieces become rows and variables", () => {
    const program = blendingProgram({
      productKg: 100,
      materials: [
        { name: "scrap", costPerKg: 0.2, yield: 0.9, availableKg: 60, content: { Cu: 0.01 } },
        { name: "pig", costPerKg: 0.4, pieceKg: 5, content: {} },
      ],
      limits: [{ element: "Cu", high: 0.004 }],
    });
    expect(program.variables).toEqual([
      { name: "scrap", cost: 0.2, upper: 60 },
      { name: "pig", cost: 2, upper: Infinity, integer: true },
    ]);
    expect(program.rows).toEqual([
      {
        name: "product",
        unit: "kg",
        lower: 100,
        upper: Infinity,
        terms: [
          [0, 0.9],
          [1, 5],
        ],
      },
      { name: "Cu", unit: "kg", lower: -Infinity, upper: 0.4, terms: [[0, 0.01]] },
    ]);
  });
});
