import type { TableRow } from "../../truth/plant-table.ts";

/** Order of the main flow; the rework benches stand beside the test. */
export const line4Ids = ["L4-010", "L4-020", "L4-030", "L4-040", "L4-050", "L4-060", "L4-R10", "L4-070"] as const;
export type Line4Id = (typeof line4Ids)[number];

export const line4Name = "Line4";

/** What Line 4 is really like: final assembly of tumble dryers. Units as in the table of Line 3. */
export const line4Table: readonly TableRow<Line4Id>[] = [
  { id: "L4-010", places: 2, cycleS: 88, cycleCv: 0.12, buffer: 4, operators: 1, manual: true },
  {
    id: "L4-020",
    places: 3,
    cycleS: 124,
    cycleCv: 0.05,
    buffer: 4,
    operators: 0,
    added: { TD8: 12, TD9: 18 },
    failure: [1000, 28],
    placesFailAlone: true,
    setUp: { attribute: "Family", durationS: 150 },
  },
  { id: "L4-030", places: 1, cycleS: 43, cycleCv: 0.02, buffer: 5, operators: 0, failure: [380, 17], microStop: [40, 35] },
  { id: "L4-040", places: 1, cycleS: 44, cycleCv: 0.11, buffer: 4, operators: 2, manual: true, added: { TC7: 8 } },
  {
    id: "L4-050",
    places: 1,
    cycleS: 42,
    cycleCv: 0.02,
    buffer: 5,
    operators: 0,
    failure: [480, 20],
    microStop: [18, 40],
    setUp: { attribute: "Family", durationS: 240 },
  },
  {
    id: "L4-060",
    places: 5,
    cycleS: 238,
    cycleCv: 0.03,
    buffer: 8,
    operators: 0,
    added: { TD9: 15 },
    failure: [1200, 45],
    placesFailAlone: true,
    inspection: { reject: 0.028, retestReject: 0.1, maxTries: 3 },
  },
  { id: "L4-R10", places: 2, cycleS: 600, cycleCv: 0.5, buffer: 8, operators: 1, manual: true },
  {
    id: "L4-070",
    places: 1,
    cycleS: 41,
    cycleCv: 0.02,
    buffer: 6,
    operators: 0,
    failure: [420, 18],
    microStop: [22, 55],
    setUp: { attribute: "CartonFamily", durationS: 90 },
  },
];

/** TD are heat pump dryers, TC7 is a condenser dryer without refrigerant. Shares are of batches. */
export const line4Products = [
  { id: "TD7", family: "H", cartonFamily: "C60", share: 0.35, batchMin: 50, batchMax: 120 },
  { id: "TD8", family: "H", cartonFamily: "C60", share: 0.3, batchMin: 50, batchMax: 120 },
  { id: "TD9", family: "H", cartonFamily: "C65", share: 0.2, batchMin: 40, batchMax: 90 },
  { id: "TC7", family: "C", cartonFamily: "C60", share: 0.15, batchMin: 24, batchMax: 48 },
] as const;

export const line4Flows: readonly {
  readonly from: Line4Id;
  readonly to: Line4Id;
  readonly kind: "main" | "reject" | "return";
  readonly lengthM: number;
}[] = [
  { from: "L4-010", to: "L4-020", kind: "main", lengthM: 6 },
  { from: "L4-020", to: "L4-030", kind: "main", lengthM: 6 },
  { from: "L4-030", to: "L4-040", kind: "main", lengthM: 5 },
  { from: "L4-040", to: "L4-050", kind: "main", lengthM: 5 },
  { from: "L4-050", to: "L4-060", kind: "main", lengthM: 8 },
  { from: "L4-060", to: "L4-070", kind: "main", lengthM: 9 },
  { from: "L4-060", to: "L4-R10", kind: "reject", lengthM: 6 },
  { from: "L4-R10", to: "L4-060", kind: "return", lengthM: 6 },
];

export const line4Plan = {
  taktS: 50,
  constraint: "L4-060" as Line4Id,
  directOperators: 7,
  technicians: 1,
} as const;

/** Stations whose pressure switch stops them, with what they take while they run, m³/h of free air. */
export const line4Air: Readonly<Partial<Record<Line4Id, number>>> = { "L4-030": 18, "L4-050": 84, "L4-060": 22, "L4-070": 46 };

/** Kilowatts: running, waiting, off. */
export const line4Power: Readonly<Record<Line4Id, readonly [running: number, waiting: number, off: number]>> = {
  "L4-010": [2.4, 0.8, 0.05],
  "L4-020": [9.6, 3.2, 0.4],
  "L4-030": [21.5, 4.8, 0.5],
  "L4-040": [1.2, 0.5, 0.05],
  "L4-050": [11.8, 2.6, 0.2],
  "L4-060": [19.4, 3.6, 0.3],
  "L4-R10": [0.9, 0.4, 0.05],
  "L4-070": [10.2, 3.8, 0.3],
};
