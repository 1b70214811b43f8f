import type { PlantInput, PlantMeter } from "./plant-connection.ts";

// What whoever installs Doppelwerk in this factory knows and no signal says: limits of drawings, and which book an element is read from.

/** Stations whose operators the roster names. */
const attended = ["S030", "S040", "S050", "S060", "S070", "S120", "L4-020", "L4-040", "L4-060"];

/** Characteristics with the limits of their data sheets: tension of the film 92 N ± 12, of the belt 212 N ± 28. */
const measured = [
  ["S120", "FilmTension", 80, 104],
  ["L4-040", "BeltTension", 184, 240],
] as const;

/** Of each line a part that every machine has one of, so that its pieces are pieces of machines. */
const carried = [
  ["Line3", "DOOR"],
  ["Line4", "DRUM"],
] as const;

export const plantInputs: readonly PlantInput[] = [
  ...measured.flatMap(([place, signal, lower, upper]) => [
    { symbol: "USL", place, formula: String(upper) },
    { symbol: "LSL", place, formula: String(lower) },
    { symbol: "Xm", place, formula: `average("{${place}.${signal}}")` },
    { symbol: "sd", place, formula: `deviation("{${place}.${signal}}")` },
    { symbol: "sdm", place, formula: `recentDeviation("{${place}.${signal}}")` },
  ]),
  ...attended.flatMap((station) => [
    { symbol: "APAT", place: station, formula: `integral("{Present.${station}}")` },
    { symbol: "APWT", place: station, formula: `AUPT * mean("{Present.${station}}")` },
  ]),
  ...carried.flatMap(([place, part]) => [
    { symbol: "CM", place, formula: `rise("{Issued.${part}}")` },
    { symbol: "TH", place, formula: `rise("{Issued.${part}}")` },
    { symbol: "AI", place, formula: `mean("{OnHand.${part}}")` },
    { symbol: "STL", place, formula: `rise("{Lost.${part}}")` },
    { symbol: "PL", place, formula: "SQ" },
    { symbol: "IGQ", place, formula: "GQ + RQ" },
  ]),
];

export const plantMeters: readonly PlantMeter[] = [
  { address: "EM-LINE3/Total", line: "Line3", unit: "kWh" },
  { address: "EM-LINE4/Total", line: "Line4", unit: "kWh" },
];
