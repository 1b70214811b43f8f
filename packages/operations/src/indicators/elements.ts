import type { Dimension } from "../expressions/unit-of.ts";

export type ElementGroup = "plannedTime" | "actualTime" | "maintenance" | "quantity" | "quality" | "energy";

/** An element of ISO 22400-2 (clause 6) that KPIs are made of. Times are seconds, energy is kWh, quantities are units of the product. */
export interface KpiElement {
  readonly symbol: string;
  readonly group: ElementGroup;
  readonly dimension: Dimension;
}

const S: Dimension = { s: 1 };
const UNIT: Dimension = { unit: 1 };

const of = (group: ElementGroup, dimension: Dimension, symbols: readonly string[]): readonly KpiElement[] =>
  symbols.map((symbol) => ({ symbol, group, dimension }));

/** By the symbols of the standard; `Xm` and `sd` stand for the mean and the standard deviation of a characteristic, `LSL` and `USL` for its limits. */
export const KPI_ELEMENTS: readonly KpiElement[] = [
  ...of("plannedTime", S, ["PBT"]),
  { symbol: "PRI", group: "plannedTime", dimension: { s: 1, unit: -1 } },
  ...of("actualTime", S, ["APWT", "APAT", "APT", "AUPT", "AUBT", "AOET", "AUST", "ADET"]),
  ...of("maintenance", S, ["TBF", "TTF", "TTR", "CMT", "PMT"]),
  { symbol: "FE", group: "maintenance", dimension: {} },
  ...of("quantity", UNIT, ["PQ", "PQ1", "GQ", "SQ", "PSQ", "RQ", "GP", "IP", "CM", "IGQ", "PL", "STL", "OL", "TH", "AI", "EPC"]),
  ...of("quality", { characteristic: 1 }, ["USL", "LSL", "Xm", "sd", "sdm"]),
  { symbol: "E", group: "energy", dimension: { kWh: 1 } },
];

const BY_SYMBOL: ReadonlyMap<string, KpiElement> = new Map(KPI_ELEMENTS.map((element) => [element.symbol, element]));

export function elementOf(symbol: string): KpiElement | undefined {
  return BY_SYMBOL.get(symbol);
}
