import { parseExpression, type Expression } from "../expressions/expression.ts";

export type IndicatorGroup = "production" | "quality" | "capability" | "material" | "maintenance" | "energy";

/** What a KPI is told of, in terms of IEC 62264: equipment (work unit, work centre, area), an order, a product, people. */
export type IndicatorScope = "workUnit" | "workCentre" | "area" | "order" | "product" | "personnel";

/** A KPI of ISO 22400-2:2014, clause 8. */
export interface Indicator {
  readonly id: string;
  /** Its place among the 34 of the standard. */
  readonly number: number;
  readonly group: IndicatorGroup;
  /** Of element symbols and ids of other KPIs. */
  readonly formula: string;
  readonly scopes: readonly IndicatorScope[];
  readonly better: "more" | "less";
  /** `ratio`: shown in per cent; `perHour`: the formula is per second; `duration`: seconds; `perUnit`: kWh per unit; `index`, `turns`: a plain number. */
  readonly unit: "ratio" | "perHour" | "duration" | "perUnit" | "index" | "turns";
  /** Its natural range ends at 1: a value above is shown with a finding, never cut. */
  readonly isShare: boolean;
}

const EQUIPMENT: readonly IndicatorScope[] = ["workUnit"];
const MADE: readonly IndicatorScope[] = ["workUnit", "workCentre", "order", "product"];
const SUBSTANCE: readonly IndicatorScope[] = ["workCentre", "area", "product"];

const share = { unit: "ratio", isShare: true } as const;
const more = { better: "more" } as const;
const less = { better: "less" } as const;

/** The 34 KPIs in the order of the standard. */
export const INDICATORS: readonly Indicator[] = [
  {
    id: "workerEfficiency",
    group: "production",
    formula: "APWT / APAT",
    scopes: ["personnel", "workUnit", "workCentre", "order"],
    ...more,
    ...share,
  },
  { id: "allocationRatio", group: "production", formula: "AUBT / AOET", scopes: ["order", "product"], ...more, ...share },
  {
    id: "throughputRate",
    group: "production",
    formula: "PQ / AOET",
    scopes: ["order", "product", "workCentre"],
    ...more,
    unit: "perHour",
    isShare: false,
  },
  { id: "allocationEfficiency", group: "production", formula: "AUBT / PBT", scopes: EQUIPMENT, ...more, ...share },
  { id: "utilizationEfficiency", group: "production", formula: "APT / AUBT", scopes: EQUIPMENT, ...more, ...share },
  {
    id: "oee",
    group: "production",
    formula: "availability * effectiveness * qualityRatio",
    scopes: ["workUnit", "product"],
    ...more,
    ...share,
  },
  {
    id: "netEquipmentEffectiveness",
    group: "production",
    formula: "AUPT / PBT * effectiveness * qualityRatio",
    scopes: ["workUnit", "product"],
    ...more,
    ...share,
  },
  { id: "availability", group: "production", formula: "APT / PBT", scopes: EQUIPMENT, ...more, ...share },
  { id: "effectiveness", group: "production", formula: "PRI * PQ / APT", scopes: ["workUnit", "order", "product"], ...more, ...share },
  { id: "qualityRatio", group: "quality", formula: "GQ / PQ", scopes: MADE, ...more, ...share },
  { id: "setupRatio", group: "production", formula: "AUST / AUPT", scopes: ["workUnit", "order", "product"], ...less, ...share },
  { id: "technicalEfficiency", group: "production", formula: "APT / (APT + ADET)", scopes: EQUIPMENT, ...more, ...share },
  { id: "productionProcessRatio", group: "production", formula: "APT / AOET", scopes: ["order", "product"], ...more, ...share },
  {
    id: "actualToPlannedScrapRatio",
    group: "quality",
    formula: "SQ / PSQ",
    scopes: ["workUnit", "order", "product"],
    ...less,
    unit: "ratio",
    isShare: false,
  },
  { id: "firstPassYield", group: "quality", formula: "GP / IP", scopes: MADE, ...more, ...share },
  { id: "scrapRatio", group: "quality", formula: "SQ / PQ", scopes: MADE, ...less, ...share },
  { id: "reworkRatio", group: "quality", formula: "RQ / PQ", scopes: MADE, ...less, ...share },
  { id: "fallOffRatio", group: "quality", formula: "SQ / PQ1", scopes: ["workCentre", "order", "product"], ...less, ...share },
  {
    id: "machineCapability",
    group: "capability",
    formula: "(USL - LSL) / (6 * sdm)",
    scopes: EQUIPMENT,
    ...more,
    unit: "index",
    isShare: false,
  },
  {
    id: "criticalMachineCapability",
    group: "capability",
    formula: "min((USL - Xm) / (3 * sdm), (Xm - LSL) / (3 * sdm))",
    scopes: EQUIPMENT,
    ...more,
    unit: "index",
    isShare: false,
  },
  {
    id: "processCapability",
    group: "capability",
    formula: "(USL - LSL) / (6 * sd)",
    scopes: ["workUnit", "product"],
    ...more,
    unit: "index",
    isShare: false,
  },
  {
    id: "criticalProcessCapability",
    group: "capability",
    formula: "min((USL - Xm) / (3 * sd), (Xm - LSL) / (3 * sd))",
    scopes: ["workUnit", "product"],
    ...more,
    unit: "index",
    isShare: false,
  },
  {
    id: "comprehensiveEnergyConsumption",
    group: "energy",
    formula: "E / PQ",
    scopes: ["workUnit", "workCentre", "area", "product"],
    ...less,
    unit: "perUnit",
    isShare: false,
  },
  { id: "inventoryTurns", group: "material", formula: "TH / AI", scopes: ["area", "product"], ...more, unit: "turns", isShare: false },
  { id: "finishedGoodsRatio", group: "material", formula: "GQ / CM", scopes: SUBSTANCE, ...more, ...share },
  { id: "integratedGoodsRatio", group: "material", formula: "IGQ / CM", scopes: SUBSTANCE, ...more, ...share },
  { id: "productionLossRatio", group: "material", formula: "PL / CM", scopes: SUBSTANCE, ...less, ...share },
  { id: "storageAndTransportationLossRatio", group: "material", formula: "STL / CM", scopes: SUBSTANCE, ...less, ...share },
  { id: "otherLossRatio", group: "material", formula: "OL / CM", scopes: SUBSTANCE, ...less, ...share },
  { id: "equipmentLoadRatio", group: "production", formula: "PQ / EPC", scopes: ["workUnit", "workCentre"], ...more, ...share },
  {
    id: "meanOperatingTimeBetweenFailures",
    group: "maintenance",
    formula: "TBF / (FE + 1)",
    scopes: EQUIPMENT,
    ...more,
    unit: "duration",
    isShare: false,
  },
  {
    id: "meanTimeToFailure",
    group: "maintenance",
    formula: "TTF / (FE + 1)",
    scopes: EQUIPMENT,
    ...more,
    unit: "duration",
    isShare: false,
  },
  {
    id: "meanTimeToRestoration",
    group: "maintenance",
    formula: "TTR / (FE + 1)",
    scopes: EQUIPMENT,
    ...less,
    unit: "duration",
    isShare: false,
  },
  { id: "correctiveMaintenanceRatio", group: "maintenance", formula: "CMT / (CMT + PMT)", scopes: EQUIPMENT, ...less, ...share },
].map((indicator, at) => ({ ...indicator, number: at + 1 }) as Indicator);

/** The formulas of the standard, parsed. */
export const INDICATOR_FORMULAS: ReadonlyMap<string, Expression> = new Map(
  INDICATORS.map(({ id, formula }) => {
    const parsed = parseExpression(formula);
    if (parsed.fault) throw new Error(`${id}: ${parsed.fault.kind} at ${parsed.fault.at}`);
    return [id, parsed.expression];
  }),
);
