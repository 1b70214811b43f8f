/** Key figures that have a value a shift, with the unit that they are shown in; `ratio`: 1 is 100 %. */
export const KPI_UNITS = {
  oee: "ratio",
  availability: "ratio",
  effectiveness: "ratio",
  qualityRatio: "ratio",
  firstPassYield: "ratio",
  throughputPerHour: "perHour",
  good: "count",
  scrap: "count",
} as const;
export type KpiName = keyof typeof KPI_UNITS;
export const KPI_NAMES = Object.keys(KPI_UNITS) as [KpiName, ...KpiName[]];
