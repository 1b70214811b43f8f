import type { Distribution } from "../random/distribution.ts";
import type { LineModel, SetUpModel, StationModel, StopModel } from "./line-model.ts";

const minutes = (value: number): number => value * 60;

/** What the table leaves open, chosen once: see SPEC.md. */
const cycle = (mean: number, cv: number): Distribution => ({ kind: "lognormal", mean, cv });
const failure = (mtbf: number, mttr: number): StopModel => ({
  id: "failure",
  class: "failure",
  clock: "operating",
  between: { kind: "exponential", mean: minutes(mtbf) },
  duration: { kind: "lognormal", mean: minutes(mttr), cv: 0.8 },
  scope: "station",
});
const eachFailure = (mtbf: number, mttr: number): StopModel => ({ ...failure(mtbf, mttr), scope: "place" });
const microStop = (every: number, seconds: number): StopModel => ({
  id: "microStop",
  class: "microStop",
  clock: "operating",
  between: { kind: "exponential", mean: minutes(every) },
  duration: { kind: "lognormal", mean: seconds, cv: 0.5 },
});
const setUp = (attribute: "family" | "packaging", seconds: number): SetUpModel => ({
  attribute,
  time: { kind: "constant", value: seconds },
});
/** The additions are read as those of P4: with them on P3 too the line makes 570 a shift instead of 591. */
const longer = (mean: number, cv: number, added: number): StationModel["cycle"] => ({
  time: cycle(mean, cv),
  byProduct: { P4: cycle(mean + added, cv) },
});

const stations: readonly StationModel[] = [
  {
    id: "T10",
    places: 1,
    cycle: { time: cycle(32, 0.03) },
    source: { program: false },
    stops: [failure(600, 15)],
    next: { station: "T20" },
  },
  { id: "T20", places: 2, cycle: { time: cycle(68, 0.03) }, buffer: { capacity: 4 }, stops: [failure(300, 18)], next: { station: "T30" } },
  {
    id: "T30",
    places: 1,
    cycle: { time: cycle(30, 0.03) },
    buffer: { capacity: 4 },
    stops: [failure(900, 10), microStop(45, 30)],
    next: { station: "S030", input: "assembly" },
  },
  {
    id: "S010",
    places: 1,
    cycle: { time: cycle(34, 0.01) },
    source: { program: true },
    stops: [failure(540, 14), microStop(60, 25)],
    setUps: [setUp("family", 180)],
    next: { station: "S030" },
  },
  {
    id: "S030",
    places: 1,
    cycle: { time: cycle(36, 0.12) },
    buffer: { capacity: 4 },
    assembly: { buffer: { capacity: 8 } },
    operators: { pools: ["line"], count: 2 },
    next: { station: "S040" },
  },
  {
    id: "S040",
    places: 1,
    cycle: { time: cycle(35, 0.12) },
    buffer: { capacity: 3 },
    operators: { pools: ["line"], count: 1 },
    next: { station: "S050" },
  },
  {
    id: "S050",
    places: 2,
    cycle: longer(70, 0.14, 30),
    buffer: { capacity: 3 },
    operators: { pools: ["line"], count: 1 },
    next: { station: "S060" },
  },
  {
    id: "S060",
    places: 2,
    cycle: longer(72, 0.14, 14),
    buffer: { capacity: 4 },
    operators: { pools: ["line"], count: 1 },
    next: { station: "S070" },
  },
  {
    id: "S070",
    places: 1,
    cycle: { time: cycle(35.5, 0.11) },
    buffer: { capacity: 4 },
    operators: { pools: ["line"], count: 2 },
    setUps: [setUp("family", 60)],
    next: { station: "S080" },
  },
  {
    id: "S080",
    places: 1,
    cycle: { time: cycle(33, 0.02) },
    buffer: { capacity: 6 },
    stops: [failure(660, 22), microStop(22, 50)],
    setUps: [setUp("family", 150)],
    next: { station: "S090" },
  },
  {
    id: "S090",
    places: 6,
    cycle: { time: cycle(208, 0.03) },
    buffer: { capacity: 8 },
    stops: [eachFailure(1800, 45)],
    inspection: { rejectByTry: [0.035, 0.12], maxTries: 3, tries: "rework", reject: { station: "R10" } },
    next: { station: "S100" },
  },
  {
    id: "S100",
    places: 4,
    cycle: longer(140, 0.03, 60),
    buffer: { capacity: 4 },
    stops: [failure(840, 12)],
    inspection: { rejectByTry: [0.018], maxTries: 3, tries: "rework", reject: { station: "R10" } },
    next: { station: "S110" },
  },
  {
    id: "S110",
    places: 1,
    cycle: { time: cycle(20, 0.02) },
    buffer: { capacity: 3 },
    stops: [failure(1500, 10), microStop(90, 20)],
    next: { station: "S120" },
  },
  {
    id: "R10",
    places: 2,
    cycle: { time: cycle(540, 0.5) },
    buffer: { capacity: 8 },
    operators: { pools: ["line"], count: 1 },
    next: { station: "S090" },
  },
  {
    id: "S120",
    places: 1,
    cycle: { time: cycle(33, 0.02) },
    buffer: { capacity: 6 },
    stops: [failure(420, 16), microStop(18, 60)],
    setUps: [setUp("packaging", 120)],
    next: { station: "S130" },
  },
  { id: "S130", places: 1, cycle: { time: cycle(30, 0.02) }, buffer: { capacity: 5 }, stops: [failure(720, 20)], next: undefined },
];

/**
 * The assembly line of the demo plant as its design table states it: hidden effects, AGVs and the repair queue off.
 * Only for tests and benches; the plant itself lives in examples/demo-plant.
 */
export const assemblyLine: LineModel = {
  format: "doppelwerk-line/1",
  id: "assembly-line",
  taktS: 36,
  constraint: "S030",
  products: [
    { id: "P1", attributes: { family: "A", packaging: "60" } },
    { id: "P2", attributes: { family: "A", packaging: "60" } },
    { id: "P3", attributes: { family: "B", packaging: "60" } },
    { id: "P4", attributes: { family: "B", packaging: "65" } },
  ],
  program: {
    kind: "batches",
    mix: [
      { product: "P1", share: 0.45, batchMin: 60, batchMax: 180 },
      { product: "P2", share: 0.3, batchMin: 60, batchMax: 180 },
      { product: "P3", share: 0.15, batchMin: 60, batchMax: 180 },
      { product: "P4", share: 0.1, batchMin: 30, batchMax: 60 },
    ],
  },
  stations,
  carriers: [{ id: "carrier", count: 80, from: "S010", to: "S120" }],
  personnel: [{ id: "line", count: 14 }],
  calendar: {
    kind: "weekly",
    shifts: [
      { id: "early", days: [1, 2, 3, 4, 5], startS: 6 * 3600, endS: 14 * 3600, breaks: breaks(6) },
      { id: "late", days: [1, 2, 3, 4, 5], startS: 14 * 3600, endS: 22 * 3600, breaks: breaks(14) },
    ],
  },
};

/** 10, 30 and 10 minutes: net 430. */
function breaks(hour: number): { startS: number; durationS: number }[] {
  return [
    { startS: (hour + 2) * 3600, durationS: minutes(10) },
    { startS: (hour + 4) * 3600, durationS: minutes(30) },
    { startS: (hour + 6) * 3600, durationS: minutes(10) },
  ];
}

/** A Monday, 06:00. */
export const MONDAY = Date.UTC(2026, 10, 2, 6) * 1000;

/** The line with one station changed. */
export function withStation(model: LineModel, id: string, change: Partial<StationModel>): LineModel {
  return { ...model, stations: model.stations.map((station) => (station.id === id ? { ...station, ...change } : station)) };
}
