import { materials } from "../../site/warehouse/warehouse-table.ts";

/** What planning believes: it is not the truth of the plant, and nothing of it is measured. */
export interface Operation {
  /** 10, 20 … */
  readonly operation: number;
  readonly station: string;
  readonly text: string;
  readonly setupS: number;
  /** Planned time of one piece, all places of the station together. */
  readonly pieceS: number;
}

export interface Product {
  readonly product: string;
  readonly name: string;
  readonly line: "Line3" | "Line4";
  readonly takt: number;
}

export const products: readonly Product[] = [
  { product: "WM7", name: "Washing machine 7 kg", line: "Line3", takt: 38 },
  { product: "WM8", name: "Washing machine 8 kg", line: "Line3", takt: 38 },
  { product: "WM9", name: "Washing machine 9 kg", line: "Line3", takt: 40 },
  { product: "WD8", name: "Washer-dryer 8 kg", line: "Line3", takt: 44 },
  { product: "TD7", name: "Heat pump dryer 7 kg", line: "Line4", takt: 52 },
  { product: "TD8", name: "Heat pump dryer 8 kg", line: "Line4", takt: 52 },
  { product: "TD9", name: "Heat pump dryer 9 kg", line: "Line4", takt: 54 },
  { product: "TC7", name: "Condenser dryer 7 kg", line: "Line4", takt: 53 },
];

/** A product that is ordered and that nobody here makes any more. */
export const discontinued = "WM6";

const line3: readonly Operation[] = [
  step(10, "T10", "Press bearings", 0, 34),
  step(20, "T20", "Weld tub", 0, 36),
  step(30, "S030", "Marry tub and cabinet", 0, 37),
  step(40, "S040", "Motor and belt", 0, 36),
  step(50, "S050", "Pump and hoses", 0, 37),
  step(60, "S060", "Harness", 0, 38),
  step(70, "S070", "Door and front", 60, 37),
  step(80, "S080", "Screw front", 150, 35),
  step(90, "S090", "Leak test", 0, 36),
  step(100, "S100", "Electrical and function test", 0, 37),
  step(110, "S120", "Pack", 120, 35),
];
const line4: readonly Operation[] = [
  step(10, "L4-010", "Base and heat pump", 0, 46),
  step(20, "L4-020", "Refrigerant charge", 150, 44),
  step(30, "L4-030", "Weld drum", 0, 45),
  step(40, "L4-040", "Drum and belt", 0, 46),
  step(50, "L4-050", "Press and rivet", 240, 44),
  step(60, "L4-060", "Function test", 0, 50),
  step(70, "L4-070", "Pack", 90, 43),
];
/** Family B and product TD9 take longer at some operations. */
const more: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  WM9: { S050: 14, S060: 7, S100: 14 },
  WD8: { S050: 15, S060: 7, S100: 15 },
  TD8: { "L4-020": 4 },
  TD9: { "L4-020": 6, "L4-060": 3 },
  TC7: { "L4-040": 8 },
};

export function routingOf(product: string): readonly Operation[] {
  const known = products.find((each) => each.product === product);
  if (known === undefined) return [];
  const steps = (known.line === "Line3" ? line3 : line4).filter(({ station }) => product !== "TC7" || station !== "L4-020");
  return steps.map((each) => ({ ...each, pieceS: each.pieceS + (more[product]?.[each.station] ?? 0) }));
}

export interface BillLine {
  readonly material: string;
  readonly perPiece: number;
  readonly unit: "PCE";
  readonly station: string;
}

export function billOf(product: string): readonly BillLine[] {
  const line = products.find((each) => each.product === product)?.line;
  if (line === undefined) return [];
  return materials
    .filter(({ usedAt, products: users }) => usedAt.startsWith("L4-") === (line === "Line4") && (users?.includes(product) ?? true))
    .map(({ id, usedAt }) => ({ material: id, perPiece: 1, unit: "PCE", station: usedAt }));
}

/** Euro; work centres by line, materials by piece. */
export const costRates = {
  currency: "EUR",
  validFrom: "2026-01-01",
  workCentres: [
    { workCentre: "Line3", machineHour: 310, labourHour: 34.5, operators: 14 },
    { workCentre: "Line4", machineHour: 205, labourHour: 34.5, operators: 7 },
  ],
  materials: [
    ["MOTOR", 31.4],
    ["PUMP", 7.85],
    ["HARNESS", 12.3],
    ["DOOR", 14.9],
    ["HEATPUMP", 92.5],
    ["CONDENSER", 38.2],
    ["DRUM", 27.1],
    ["CARTON", 1.95],
    ["CARTON-D", 1.8],
  ].map(([material, price]) => ({ material, price })),
} as const;

function step(operation: number, station: string, text: string, setupS: number, pieceS: number): Operation {
  return { operation, station, text, setupS, pieceS };
}
