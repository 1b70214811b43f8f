import { expect, test } from "vitest";
import { costOfSpan, lineRateOf, materialCostOf } from "./costs.ts";
import type { MaterialFields, RateFields } from "./resource-kinds.ts";

const rates: RateFields = {
  currency: "EUR",
  workCentres: [
    { workCentre: "Line3", machineHour: 310, labourHour: 34.5, operators: 14 },
    { workCentre: "Line4", machineHour: 205 },
  ],
  materials: [
    { material: "MOTOR", price: 31.4 },
    { material: "DOOR", price: 14.9 },
  ],
};
const product = (material: string, bill: MaterialFields["bill"]): MaterialFields => ({
  material,
  title: material,
  use: "product",
  unit: "PCE",
  bill,
});
const materials = [
  product("A", [
    { material: "MOTOR", perPiece: 1 },
    { material: "DOOR", perPiece: 2 },
  ]),
  product("B", [{ material: "PUMP", perPiece: 1 }]),
  product("C", []),
];
const materialOf = (of: string) => materialCostOf(of, materials, rates);

test("[OR14] what a span cost is its planned hours at the rate of the line and the materials of all pieces, by hand: 793 × 2 h + 61.2 × 101, over 100 pieces", () => {
  const rate = lineRateOf(rates, (name) => name === "Line3");
  expect(rate).toMatchObject({ perHour: 310 + 34.5 * 14 });
  expect(materialOf("A")).toEqual({ value: 31.4 + 2 * 14.9, unknown: [] });
  const cost = costOfSpan({ hours: 2, rate, good: new Map([["A", 100]]), scrap: 1, materialOf });
  expect(cost.conversion).toBeCloseTo(1_586, 9);
  expect(cost.material).toBeCloseTo(61.2 * 101, 6);
  expect(cost.perPiece).toBeCloseTo((1_586 + 61.2 * 101) / 100, 9);
});

test("[OR14] unknown is unknown: a material without a price, a product without a bill, a line without a rate, and nothing made", () => {
  const rate = lineRateOf(rates, (name) => name === "Line4");
  expect(rate?.perHour).toBe(205);
  expect(lineRateOf(rates, () => false)).toBeUndefined();
  expect(lineRateOf(undefined, () => true)).toBeUndefined();
  const of = (good: Map<string, number>) => costOfSpan({ hours: 1, rate, good, scrap: 0, materialOf });
  expect(of(new Map([["B", 1]]))).toEqual({ good: 1, conversion: 205, unknown: ["PUMP"] });
  expect(of(new Map([["C", 1]]))).toEqual({ good: 1, conversion: 205, unknown: ["C"] });
  expect(of(new Map())).toEqual({ good: 0, conversion: 205, material: 0, unknown: [] });
  expect(costOfSpan({ hours: 1, rate: undefined, good: new Map([["A", 1]]), scrap: 0, materialOf })).not.toHaveProperty("perPiece");
});
