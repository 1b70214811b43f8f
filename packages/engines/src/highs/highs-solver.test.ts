import { blendingProgram, explainDuals, optimalityError, WordStream, type LinearProgram, type Material } from "@doppelwerk/sim/optimise";
import { describe, expect, test } from "vitest";
import { createHighsSolver } from "./index.ts";

const solver = createHighsSolver();

function randomProgram(seed: number): LinearProgram {
  const words = new WordStream(seed);
  const variables = Array.from({ length: 12 }, (_, j) => ({
    name: `x${j}`,
    cost: words.below(21) - 4,
    lower: words.below(3) === 0 ? -5 : 0,
    upper: 10 + words.below(10),
  }));
  const rows = Array.from({ length: 8 }, (_, i) => {
    const terms = variables.map((_variable, j) => [j, words.below(7) - 2] as const).filter(([, coefficient]) => coefficient !== 0);
    const kind = words.below(3);
    return { name: `r${i}`, ...(kind === 0 ? { upper: 40 } : kind === 1 ? { lower: 5 } : { lower: -10, upper: 30 }), terms };
  });
  return { sense: seed % 2 === 0 ? "minimise" : "maximise", variables, rows };
}

describe("HiGHS", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    "[EN1] a random program is optimal by its own certificate, or infeasible (seed %i)",
    async (seed) => {
      const program = randomProgram(seed);
      const answer = await solver.solve(program);
      expect(["optimal", "infeasible"]).toContain(answer.status);
      if (answer.status === "optimal") expect(optimalityError(program, answer)).toBeLessThan(1e-6);
    },
  );

  test("[EN1] infeasible and unbounded programs are told as such", async () => {
    const x = [{ name: "x", cost: 1 }];
    expect(
      (await solver.solve({ sense: "minimise", variables: x, rows: [{ name: "r", lower: 5, upper: 9, terms: [[0, -1]] }] })).status,
    ).toBe("infeasible");
    expect((await solver.solve({ sense: "maximise", variables: x, rows: [{ name: "r", lower: 1, terms: [[0, 1]] }] })).status).toBe(
      "unbounded",
    );
  });

  test("[EN2] integer programs: a knapsack of twelve things as by brute force, its bound met, and no duals", async () => {
    const words = new WordStream(3);
    const things = Array.from({ length: 12 }, () => ({ worth: 1 + words.below(40), weight: 1 + words.below(30) }));
    let best = 0;
    for (let set = 0; set < 1 << 12; set++) {
      const taken = things.filter((_, i) => (set & (1 << i)) !== 0);
      if (taken.reduce((sum, { weight }) => sum + weight, 0) <= 80)
        best = Math.max(
          best,
          taken.reduce((sum, { worth }) => sum + worth, 0),
        );
    }
    const answer = await solver.solve({
      sense: "maximise",
      variables: things.map(({ worth }, i) => ({ name: `t${i}`, cost: worth, upper: 1, integer: true })),
      rows: [{ name: "weight", upper: 80, terms: things.map(({ weight }, i) => [i, weight] as const) }],
    });
    expect(answer.status).toBe("optimal");
    expect(answer.objective).toBeCloseTo(best, 6);
    expect(answer.bound).toBeCloseTo(best, 4);
    expect(answer.rowDuals).toHaveLength(0);
  });

  test("[EN1] a dual is what it says: one unit more of a limit changes the optimum by it", async () => {
    const materials: readonly Material[] = [
      { name: "scrap", costPerKg: 0.2, content: { Cu: 0.008 }, availableKg: 70 },
      { name: "clean", costPerKg: 0.35, content: { Cu: 0.001 } },
      { name: "pig", costPerKg: 0.5, content: {} },
    ];
    const cost = async (high: number) => {
      const program = blendingProgram({ productKg: 100, materials, limits: [{ element: "Cu", high }] });
      const answer = await solver.solve(program);
      expect(optimalityError(program, answer)).toBeLessThan(1e-9);
      return { answer, program };
    };
    const { answer, program } = await cost(0.004);
    const [, copper] = explainDuals(program, answer).filter(({ row }) => row === "Cu" || row === "product");
    expect(copper).toMatchObject({ row: "Cu", limit: "upper" });
    const more = await cost(0.004 + 0.0001);
    // 0.0001 of 100 kg is 0.01 kg of copper more
    expect(more.answer.objective - answer.objective).toBeCloseTo(copper!.dual * 0.01, 9);
  });

  test("[EN1] a program that is none is refused before the engine sees it", async () => {
    await expect(solver.solve({ sense: "minimise", variables: [{ name: "x", cost: Infinity }], rows: [] })).rejects.toThrow("variable x");
  });
});
