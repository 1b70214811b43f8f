import { expect, test } from "vitest";
import type { OeeResult, ShiftResult } from "../kpis/kpi-result.ts";
import { needsOf } from "../expressions/expression.ts";
import { isSame, unitOf, type Dimension } from "../expressions/unit-of.ts";
import { elementOf } from "./elements.ts";
import { indicatorValues } from "./indicator-values.ts";
import { INDICATOR_FORMULAS, INDICATORS } from "./indicators.ts";
import { elementsOfLine, elementsOfStation } from "./shift-elements.ts";

/** A shift of 8 h less 30 min of breaks, written down by hand: 400 min of work, 20 of set-up, 15 in 3 failures, 10 blocked, 5 idle. */
const BY_HAND = {
  APWT: 25_200,
  APAT: 28_800,
  AOET: 36_000,
  PBT: 27_000,
  APT: 24_000,
  AUST: 1_200,
  AUPT: 25_200,
  ADET: 1_500,
  AUBT: 26_700,
  PRI: 45,
  PQ: 500,
  PQ1: 520,
  GQ: 470,
  SQ: 10,
  PSQ: 8,
  RQ: 20,
  GP: 470,
  IP: 500,
  TBF: 26_100,
  TTF: 25_200,
  TTR: 900,
  FE: 3,
  CMT: 900,
  PMT: 600,
  USL: 10.3,
  LSL: 9.7,
  Xm: 10.05,
  sd: 0.05,
  sdm: 0.04,
  E: 1_250,
  TH: 6_000,
  AI: 400,
  CM: 1_000,
  IGQ: 600,
  PL: 25,
  STL: 5,
  OL: 2,
  EPC: 600,
};

/** Computed with a pocket calculator. */
const EXPECTED: Readonly<Record<string, number>> = {
  workerEfficiency: 0.875,
  allocationRatio: 0.741666666666667,
  throughputRate: 0.0138888888888889,
  allocationEfficiency: 0.988888888888889,
  utilizationEfficiency: 0.898876404494382,
  oee: 0.783333333333333,
  netEquipmentEffectiveness: 0.8225,
  availability: 0.888888888888889,
  effectiveness: 0.9375,
  qualityRatio: 0.94,
  setupRatio: 0.0476190476190476,
  technicalEfficiency: 0.941176470588235,
  productionProcessRatio: 0.666666666666667,
  actualToPlannedScrapRatio: 1.25,
  firstPassYield: 0.94,
  scrapRatio: 0.02,
  reworkRatio: 0.04,
  fallOffRatio: 0.0192307692307692,
  machineCapability: 2.5,
  criticalMachineCapability: 2.08333333333333,
  processCapability: 2,
  criticalProcessCapability: 1.66666666666667,
  comprehensiveEnergyConsumption: 2.5,
  inventoryTurns: 15,
  finishedGoodsRatio: 0.47,
  integratedGoodsRatio: 0.6,
  productionLossRatio: 0.025,
  storageAndTransportationLossRatio: 0.005,
  otherLossRatio: 0.002,
  equipmentLoadRatio: 0.833333333333333,
  meanOperatingTimeBetweenFailures: 6_525,
  meanTimeToFailure: 6_300,
  meanTimeToRestoration: 225,
  correctiveMaintenanceRatio: 0.6,
};

test("[O130] the 34 KPIs of ISO 22400-2 over elements that were written down by hand are what a pocket calculator says", () => {
  const values = indicatorValues(BY_HAND);
  expect(values.map(({ indicator }) => indicator.number)).toEqual(Array.from({ length: 34 }, (_, n) => n + 1));
  for (const { indicator, value } of values) expect(value, indicator.id).toBeCloseTo(EXPECTED[indicator.id]!, 12);
  expect(Object.keys(EXPECTED)).toEqual(INDICATORS.map(({ id }) => id));
});

test("[O130] each formula names elements of the standard and other KPIs, in units that go together", () => {
  const dimensions = new Map<string, Dimension>();
  const of = (name: string): Dimension | undefined => dimensions.get(name) ?? elementOf(name)?.dimension;
  const shown: Readonly<Record<string, Dimension>> = { perHour: { s: -1, unit: 1 }, duration: { s: 1 }, perUnit: { kWh: 1, unit: -1 } };
  // those that others are made of first
  for (const indicator of INDICATORS.toSorted(
    (a, b) => Number(a.formula.includes("qualityRatio")) - Number(b.formula.includes("qualityRatio")),
  )) {
    const formula = INDICATOR_FORMULAS.get(indicator.id)!;
    for (const name of needsOf(formula).names)
      expect(elementOf(name) ?? INDICATOR_FORMULAS.get(name), `${indicator.id}: ${name}`).toBeDefined();
    const found = unitOf(formula, of, () => undefined);
    expect(found.fault, indicator.id).toBeUndefined();
    const dimension = (found as { readonly dimension: Dimension }).dimension;
    expect(isSame(dimension, shown[indicator.unit] ?? {}), `${indicator.id}: ${JSON.stringify(dimension)}`).toBe(true);
    dimensions.set(indicator.id, dimension);
  }
});

test("[O131] a KPI whose element is not known is not known and names it, also through another KPI; inputs are given as they are", () => {
  const { PRI: _PRI, ...rest } = BY_HAND;
  const values = new Map(indicatorValues({ ...rest, PBT: 0, GP: 600 }).map((each) => [each.indicator.id, each]));
  expect(values.get("oee")).toMatchObject({
    unknown: [
      { kind: "dividedByZero", at: 6 },
      { kind: "missing", name: "PRI" },
    ],
    inputs: [{ name: "availability" }, { name: "effectiveness" }, { name: "qualityRatio", value: 0.94 }],
  });
  expect(values.get("oee")!.value).toBeUndefined();
  expect(values.get("firstPassYield")).toMatchObject({ value: 1.2, isOver: true });
  expect(values.get("scrapRatio")).toMatchObject({
    value: 0.02,
    isOver: false,
    unknown: [],
    inputs: [
      { name: "SQ", value: 10 },
      { name: "PQ", value: 500 },
    ],
  });
});

function shiftOf(more: Partial<OeeResult>, states: Readonly<Record<string, number>>, failures = 0): ShiftResult {
  const oee: OeeResult = {
    station: "S1",
    from: 0,
    to: 1,
    plannedBusyS: 27_000,
    actualProductionS: 0,
    unknownS: 0,
    produced: 0,
    good: 0,
    reworkedGood: 0,
    rejected: 0,
    producedInUnknownTime: 0,
    idealS: 0,
    products: [],
    findings: [],
    ...more,
  };
  return {
    stations: [oee],
    time: [
      {
        station: "S1",
        states,
        losses:
          failures === 0 ? [] : [{ state: "failed", cause: "internal", seconds: states["failed"] ?? 0, count: failures, inferredS: 0 }],
      },
    ],
    line: { entered: 520, completed: 490, firstPass: 470, scrapped: 10, byProduct: {}, lead: { n: 0 } },
  } as unknown as ShiftResult;
}

test("[O132] elements of a station come from its states and counts over shifts, those of a line from the units that left it", () => {
  const shift = shiftOf(
    { produced: 500, good: 470, reworkedGood: 20, idealS: 22_500 },
    { working: 24_000, setUp: 1_200, failed: 900, blocked: 600, idle: 300, maintenance: 0 },
    3,
  );
  const { values, unknownS } = elementsOfStation([shift, shift], "S1");
  expect(unknownS).toBe(0);
  expect(values).toEqual({
    PBT: 54_000,
    APT: 48_000,
    AUST: 2_400,
    AUPT: 50_400,
    ADET: 3_000,
    AUBT: 53_400,
    TTR: 1_800,
    TTF: 50_400,
    TBF: 52_200,
    FE: 6,
    CMT: 1_800,
    PMT: 0,
    PQ: 1_000,
    GQ: 940,
    RQ: 40,
    PRI: 45,
    EPC: 1_200,
  });
  expect(elementsOfLine([shift, shift]).values).toEqual({ PQ: 1_000, GQ: 940, SQ: 20, RQ: 40, GP: 940, IP: 1_000, PQ1: 1_040 });
  expect(elementsOfLine([]).values).toEqual({});
});

test("[O132] time of which nothing is known is no other time, and where nothing is counted no quantity is known", () => {
  const dark = elementsOfStation(
    [shiftOf({ unknownS: 27_000, findings: [{ kind: "noCounter", station: "S1", value: 0 }] }, { unknown: 27_000 })],
    "S1",
  );
  expect(dark).toEqual({ values: { PBT: 27_000 }, unknownS: 27_000 });
  const unplanned = elementsOfStation([shiftOf({ plannedBusyS: 0, produced: 3, good: 3 }, {})], "S1");
  expect(unplanned.values).toEqual({ PQ: 3, GQ: 3, RQ: 0 });
  expect(elementsOfStation([], "S1").values).toEqual({});
});
