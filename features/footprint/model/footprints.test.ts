import { expect, test } from "vitest";
import type { StoredFactor } from "./carbon-kinds.ts";
import { FactorFields, GridDayFields } from "./carbon-kinds.ts";
import { factorOn, footprintOf } from "./footprints.ts";
import { decimalText, pcfSubmodel } from "./pcf-submodel.ts";

const HOUR = 3_600_000_000;
const DAY = Date.parse("2026-11-30T00:00:00Z") * 1_000;
const factor = (more: Partial<StoredFactor>): StoredFactor => ({
  name: "f",
  of: "gas",
  unit: "kWh",
  kgCO2e: 0.2,
  validFrom: "2026-01-01",
  source: "supplier",
  ...more,
});
const used = (medium: string, unit: "kWh" | "m3", ...amounts: number[]) => ({
  medium,
  unit,
  isWhole: true,
  hours: amounts.map((amount, at) => ({ hour: DAY + at * HOUR, amount })),
});
/** 400 g at 0:00, 300 g at 1:00, nothing known later. */
const intensity = (hour: number): number | undefined => [400, 300][(hour - DAY) / HOUR];
const weights = (factors: readonly StoredFactor[] = []) => ({ intensity, gridSource: "DE", factors });

test("[CF1] electricity weighs by the intensity of its hour, other media by the factor of their day", () => {
  const found = footprintOf([used("electricity", "kWh", 10, 20), used("gas", "kWh", 5)], weights([factor({})]));
  // by hand: 10 × 0.4 + 20 × 0.3 + 5 × 0.2
  expect(found.kg).toBeCloseTo(11, 12);
  expect(found.unknown).toEqual([]);
  expect(found.parts[1]!.sources).toEqual(["f: 0.2 kg/kWh, 2026-01-01, supplier"]);
});

test("[CF2] hours without an intensity and media without a factor are unknown, never nothing", () => {
  const found = footprintOf([used("electricity", "kWh", 10, 20, 30), used("compressedAir", "m3", 7)], weights());
  expect(found.kg).toBeCloseTo(10, 12);
  expect(found.parts.map(({ unknownAmount }) => unknownAmount)).toEqual([30, 7]);
  expect(found.unknown).toEqual(["electricity", "compressedAir"]);
  // a factor of another unit is none of it
  expect(footprintOf([used("gas", "m3", 1)], weights([factor({})])).unknown).toEqual(["gas"]);
  expect(footprintOf([{ ...used("electricity", "kWh", 1), isWhole: false }], weights()).unknown).toEqual(["electricity"]);
});

test("[CF4] of two factors the one that began later holds, up to its last day", () => {
  const factors = [factor({ name: "old" }), factor({ name: "new", validFrom: "2026-11-01", validTo: "2026-11-29", kgCO2e: 0.3 })];
  const named = (of: string, unit: string, day: string) => factorOn(factors, { of, unit }, day)?.name;
  expect([named("gas", "kWh", "2026-11-29"), named("gas", "kWh", "2026-11-30"), named("gas", "kWh", "2025-12-31")]).toEqual([
    "new",
    "old",
    undefined,
  ]);
});

test("[CF4] a factor or a day that cannot be is refused", () => {
  const { name: _, ...fields } = factor({});
  expect(FactorFields.safeParse(fields).success).toBe(true);
  for (const more of [
    { source: " " },
    { of: "scrap" },
    { unit: "piece" },
    { validFrom: "30.11.2026" },
    { validTo: "2025-01-01" },
    { kgCO2e: Number.NaN },
  ])
    expect(FactorFields.safeParse({ ...fields, ...more }).success, JSON.stringify(more)).toBe(false);
  expect(GridDayFields.safeParse({ zone: "DE", day: "2026-11-30", hours: [1], source: "x" }).success).toBe(false);
});

test("[CF5] the submodel has the ids of IDTA 02023-1-0, decimals without an exponent, and is named partial", () => {
  const submodel = pcfSubmodel({
    id: "urn:pcf",
    kg: 1e-7,
    quantity: 12,
    publishedAt: "2026-11-30T12:00:00Z",
    explanation: { en: "partial", zh: "部分" },
    information: ["electricity"],
  });
  const text = JSON.stringify(submodel);
  for (const part of [
    "CarbonFootprint/CarbonFootprint/1/0",
    "0173-1#02-ABG855#003",
    "0173-1#07-ABU210#003",
    "A3 - production",
    "ISO 14067",
    "partial, gate to gate",
  ])
    expect(text).toContain(part);
  expect([decimalText(1e-7), decimalText(12), decimalText(0.5), decimalText(-3.25)]).toEqual(["0.0000001", "12", "0.5", "-3.25"]);
});
