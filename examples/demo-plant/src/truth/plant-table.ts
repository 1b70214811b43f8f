import type { UnitId } from "../signals/unit.ts";

/** What the plant is really like. Seconds unless said; nothing outside this folder and the nominal values may look here. */
export interface TableRow<Id extends string = UnitId> {
  readonly id: Id;
  readonly places: number;
  /** Seconds one part occupies one place, and the coefficient of variation. */
  readonly cycleS: number;
  readonly cycleCv: number;
  /** Places before the station; of a source it is the store it draws from. */
  readonly buffer: number;
  readonly operators: number;
  /** Added seconds by product. */
  readonly added?: Readonly<Record<string, number>>;
  /**
   * Mean operating minutes between failures and mean minutes to repair; of one place where places fail alone. (The welder as a whole fails
   * every 300 minutes of work, the function test every 840.)
   */
  readonly failure?: readonly [betweenMin: number, repairMin: number];
  /** Mean operating minutes between micro-stops and mean seconds of one. */
  readonly microStop?: readonly [betweenMin: number, durationS: number];
  readonly setUp?: { readonly attribute: "Family" | "CartonFamily"; readonly durationS: number };
  readonly inspection?: { readonly reject: number; readonly retestReject: number; readonly maxTries: number };
  readonly placesFailAlone?: boolean;
  /** People's work: slower in the last hour of a shift. */
  readonly manual?: boolean;
}

const familyB = (seconds: number) => ({ WM9: seconds, WD8: seconds });

export const plantTable: readonly TableRow[] = [
  { id: "T10", places: 1, cycleS: 32, cycleCv: 0.02, buffer: 3, operators: 0, failure: [600, 15] },
  { id: "T20", places: 2, cycleS: 68, cycleCv: 0.03, buffer: 4, operators: 0, failure: [600, 18], placesFailAlone: true },
  { id: "T30", places: 1, cycleS: 30, cycleCv: 0.04, buffer: 4, operators: 0, failure: [900, 10], microStop: [45, 30] },
  {
    id: "S010",
    places: 1,
    cycleS: 34,
    cycleCv: 0.01,
    buffer: 4,
    operators: 0,
    failure: [540, 14],
    microStop: [60, 25],
    setUp: { attribute: "Family", durationS: 180 },
  },
  { id: "S030", places: 1, cycleS: 36, cycleCv: 0.12, buffer: 4, operators: 2, manual: true },
  { id: "S040", places: 1, cycleS: 35, cycleCv: 0.12, buffer: 3, operators: 1, manual: true },
  { id: "S050", places: 2, cycleS: 70, cycleCv: 0.12, buffer: 3, operators: 1, manual: true, added: familyB(30) },
  { id: "S060", places: 2, cycleS: 72, cycleCv: 0.12, buffer: 4, operators: 1, manual: true, added: familyB(14) },
  {
    id: "S070",
    places: 1,
    cycleS: 35.5,
    cycleCv: 0.11,
    buffer: 4,
    operators: 2,
    manual: true,
    setUp: { attribute: "Family", durationS: 60 },
  },
  {
    id: "S080",
    places: 1,
    cycleS: 33,
    cycleCv: 0.02,
    buffer: 6,
    operators: 0,
    failure: [660, 22],
    microStop: [22, 50],
    setUp: { attribute: "Family", durationS: 150 },
  },
  {
    id: "S090",
    places: 6,
    cycleS: 208,
    cycleCv: 0.03,
    buffer: 8,
    operators: 0,
    failure: [1800, 45],
    placesFailAlone: true,
    inspection: { reject: 0.035, retestReject: 0.12, maxTries: 3 },
  },
  {
    id: "S100",
    places: 4,
    cycleS: 140,
    cycleCv: 0.03,
    buffer: 4,
    operators: 0,
    added: familyB(60),
    failure: [3360, 12],
    placesFailAlone: true,
    inspection: { reject: 0.018, retestReject: 0.018, maxTries: 3 },
  },
  { id: "S110", places: 1, cycleS: 20, cycleCv: 0.03, buffer: 3, operators: 0, failure: [1500, 10], microStop: [90, 20] },
  { id: "R10", places: 2, cycleS: 540, cycleCv: 0.5, buffer: 8, operators: 1, manual: true },
  {
    id: "S120",
    places: 1,
    cycleS: 33,
    cycleCv: 0.02,
    buffer: 6,
    operators: 0,
    failure: [420, 16],
    microStop: [18, 60],
    setUp: { attribute: "CartonFamily", durationS: 120 },
  },
  { id: "S130", places: 1, cycleS: 30, cycleCv: 0.02, buffer: 5, operators: 0, failure: [720, 20] },
];

export interface TableProduct {
  readonly id: string;
  readonly family: string;
  readonly cartonFamily: string;
  /** Of batches: planning counts orders. Since batches of WD8 are small, it is about 4 % of the machines. */
  readonly share: number;
  readonly batchMin: number;
  readonly batchMax: number;
}

export const productTable: readonly TableProduct[] = [
  { id: "WM7", family: "A", cartonFamily: "C60", share: 0.45, batchMin: 60, batchMax: 180 },
  { id: "WM8", family: "A", cartonFamily: "C60", share: 0.3, batchMin: 60, batchMax: 180 },
  { id: "WM9", family: "B", cartonFamily: "C65", share: 0.15, batchMin: 60, batchMax: 180 },
  { id: "WD8", family: "B", cartonFamily: "C65", share: 0.1, batchMin: 30, batchMax: 60 },
];

export const flowTable: readonly {
  readonly from: UnitId;
  readonly to: UnitId;
  readonly kind: "main" | "assembly" | "reject" | "return";
  readonly lengthM: number;
}[] = [
  { from: "T10", to: "T20", kind: "main", lengthM: 4 },
  { from: "T20", to: "T30", kind: "main", lengthM: 4 },
  { from: "T30", to: "S030", kind: "assembly", lengthM: 7 },
  { from: "S010", to: "S030", kind: "main", lengthM: 6 },
  { from: "S030", to: "S040", kind: "main", lengthM: 4.5 },
  { from: "S040", to: "S050", kind: "main", lengthM: 4.5 },
  { from: "S050", to: "S060", kind: "main", lengthM: 5 },
  { from: "S060", to: "S070", kind: "main", lengthM: 5 },
  { from: "S070", to: "S080", kind: "main", lengthM: 6 },
  { from: "S080", to: "S090", kind: "main", lengthM: 8 },
  { from: "S090", to: "S100", kind: "main", lengthM: 11 },
  { from: "S100", to: "S110", kind: "main", lengthM: 6 },
  { from: "S110", to: "S120", kind: "main", lengthM: 8 },
  { from: "S120", to: "S130", kind: "main", lengthM: 9 },
  { from: "S090", to: "R10", kind: "reject", lengthM: 7 },
  { from: "S100", to: "R10", kind: "reject", lengthM: 6 },
  { from: "R10", to: "S090", kind: "return", lengthM: 7 },
];

export const logisticsTable = {
  vehicles: 3,
  speedMps: 1.2,
  kitsPerTrip: 24,
  batteryHours: 6,
  station: "S060" as UnitId,
  distanceM: 62,
  carriers: 80,
  carrierFrom: "S010" as UnitId,
  carrierTo: "S120" as UnitId,
  directOperators: 14,
  technicians: 2,
  taktS: 36,
  constraint: "S090" as UnitId,
} as const;

export function rowOf(id: string): TableRow {
  const row = plantTable.find((candidate) => candidate.id === id);
  if (!row) throw new Error(`no row ${id} in the plant table`);
  return row;
}
