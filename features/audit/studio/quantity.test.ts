import { expect, test } from "vitest";
import { verbatim } from "@doppelwerk/kit";
import type { FigureAudit } from "@doppelwerk/ports";
import type { Translate } from "@doppelwerk/kit/studio";
import { printedOf } from "../model/printed-formula.ts";
import { equationText, quantityText } from "./quantity.ts";

const SEED = Number(process.env["DOPPELWERK_SEED"] ?? Date.now() % 1_000_000);

/** Numbers between 0 and 1 of a seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const t = ((code: string, params: { readonly value?: unknown } = {}) =>
  code.startsWith("audit.unit.") ? `${String(params.value)} ${code.slice(11)}` : code) as unknown as Translate;

const combine = { sum: (a: number, b: number) => a + b, difference: (a: number, b: number) => a - b } as const;

function figureOf(operator: "sum" | "difference", unit: string, values: readonly number[]): FigureAudit {
  const [first = 0, ...rest] = values;
  const title = verbatim("x");
  const [value, terms] = [rest.reduce(combine[operator], first), values.map((each) => ({ title, value: each, unit }))];
  return { id: "x", group: "energy", title, rule: title, from: 0, to: 1, notes: [], unit, operator, terms, value };
}

/** What a reader computes of a printed sum: `2,238 + 5,682 = 7,919 s` → [7920, 7919]. */
function readSum(equation: string): readonly [made: number, said: number] {
  const [left = "", right = ""] = equation.split(" = ");
  const numbers = left.match(/(^|[+−] )[−]?[\d,.]+/gu) ?? [];
  const valueOf = (text: string): number => Number(text.replaceAll(/[ ,]/gu, "").replace("−", "-").replace("+", ""));
  return [numbers.reduce((sum, text) => sum + valueOf(text), 0), Number.parseFloat(right.replaceAll(",", "").replace("−", "-"))];
}

test("[AU10] every printed sum and difference is what its printed terms make, whatever they are", () => {
  const random = randomOf(SEED);
  for (let round = 0; round < 3_000; round++) {
    const unit = ["s", "kWh", "EUR", "units"][round % 4]!;
    const operator = round % 3 === 0 ? "difference" : "sum";
    const values = Array.from({ length: 2 + Math.floor(random() * 5) }, () => random() * 10 ** Math.floor(random() * 7));
    const figure = figureOf(operator, unit, values);
    const equation = equationText(figure, t)!;
    // a rounding that no digit resolves is said
    if (!printedOf(figure).isExact) {
      expect(equation).toContain(" ≈ ");
      continue;
    }
    const [made, said] = readSum(equation);
    expect(Math.abs(made - said), `seed ${SEED}: ${equation}`).toBeLessThan(1e-6 * Math.max(1, Math.abs(said)));
  }
});

test("[AU10] a formula that rounding breaks has more digits, its terms too, and one that no digit mends says that it is rounded", () => {
  const lost = figureOf("sum", "s", [2_237.6, 5_681.6]);
  expect(equationText(lost, t)).toMatch(/^2,237\.6 \+ 5,681\.6 = 7,919\.2\ss$/);
  expect(printedOf(lost).more).toBe(1);
  expect(quantityText(2_237.6, "s", t, 1)).toMatch(/^2,237\.6\ss$/);
  expect(equationText(figureOf("sum", "s", [2_238, 5_682]), t)).toMatch(/^2,238 \+ 5,682 = 7,920\ss$/);
  expect(equationText({ ...lost, value: 7_900 }, t)).toContain(" ≈ ");
  const ratio: FigureAudit = { ...lost, unit: "ratio", operator: "product", value: 0.904 * 0.853, terms: [] };
  const title = verbatim("x");
  expect(
    equationText({ ...ratio, terms: [0.904, 0.853].map((value) => ({ title, value, unit: "ratio" })) }, t)?.replaceAll(/\s/gu, ""),
  ).toBe("90.4%×85.3%=77.1%");
});
