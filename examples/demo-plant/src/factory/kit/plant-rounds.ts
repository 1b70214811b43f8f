/** An inspection round of Doppelwerk as an installer would describe it: `fields` of the body of `PUT /inspection-rounds/CODE`. */
export interface PlantRound {
  readonly code: string;
  readonly [field: string]: unknown;
}

const point = (station: string, en: string, zh: string, checks: readonly object[]) => ({
  id: station,
  title: { en, zh },
  shell: `urn:doppelwerk:demo-plant:shell:${station}`,
  station,
  checks,
});
const yesNo = (id: string, en: string, zh: string, good: boolean) => ({ id, title: { en, zh }, kind: "yesNo", good });
const value = (id: string, en: string, zh: string, unit: string, low: number, high: number) => ({
  id,
  title: { en, zh },
  kind: "value",
  unit,
  low,
  high,
});

/** What a fitter looks at on Line 3 in each shift. */
export const plantRounds: readonly PlantRound[] = [
  {
    code: "LINE-3-SHIFT",
    title: { en: "Line 3, each shift", zh: "3 号线每班巡检" },
    schedule: { kind: "shift" },
    points: [
      point("S010", "Tub assembly", "外筒装配", [
        value("air", "Air pressure", "气压", "bar", 5.5, 6.5),
        yesNo("leak", "Air is leaking", "漏气", false),
      ]),
      point("S080", "Screwdriver", "拧紧机", [
        yesNo("guard", "Guard is closed", "防护门已关闭", true),
        value("bit", "Play of the bit", "批头间隙", "mm", 0, 0.4),
        { id: "photo", title: { en: "Picture of the bit", zh: "批头照片" }, kind: "photo", isRequired: false },
      ]),
      point("S090", "Leak test", "检漏", [
        value("water", "Water level", "水位", "mm", 180, 220),
        { id: "hose", title: { en: "Hoses", zh: "软管" }, kind: "choice", choices: ["new", "worn", "cracked"], good: ["new", "worn"] },
      ]),
    ],
  },
];
