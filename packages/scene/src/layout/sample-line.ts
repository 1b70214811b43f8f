import type { LineSketch } from "./line-sketch.ts";

/** A final assembly with a sub-assembly, tests and rework, as a sample for galleries and tests; a plant's own line comes from its documents. */
export const SAMPLE_LINE: LineSketch = {
  id: "sample",
  vehicles: 3,
  racks: 6,
  stations: [
    { id: "T10", label: "Bearing press", form: "press", places: 1, buffer: 3 },
    { id: "T20", label: "Weld", form: "machine", places: 2, buffer: 4 },
    { id: "T30", label: "Curing", form: "tunnel", places: 1, buffer: 4 },
    { id: "S010", label: "Body load", form: "robot-cell", places: 1, buffer: 4 },
    { id: "S030", label: "Marriage", form: "workplace", places: 1, buffer: 4, operators: 2 },
    { id: "S040", label: "Motor", form: "workplace", places: 1, buffer: 3, operators: 1 },
    { id: "S050", label: "Pump", form: "workplace", places: 2, buffer: 3, operators: 2 },
    { id: "S060", label: "Harness", form: "workplace", places: 2, buffer: 4, operators: 2 },
    { id: "S070", label: "Door and front", form: "workplace", places: 1, buffer: 4, operators: 2 },
    { id: "S080", label: "Screwing", form: "tunnel", places: 1, buffer: 6 },
    { id: "S090", label: "Leak test", form: "leak-test", places: 6, buffer: 8 },
    { id: "S100", label: "Function test", form: "test-cells", places: 4, buffer: 4 },
    { id: "S110", label: "Camera and label", form: "machine", places: 1, buffer: 3 },
    { id: "R10", label: "Rework", form: "rework", places: 2, buffer: 8, operators: 2 },
    { id: "S120", label: "Packing", form: "packing", places: 1, buffer: 6 },
    { id: "S130", label: "Palletiser", form: "palletiser", places: 1, buffer: 5 },
  ],
  flows: [
    ...pairs("T10", "T20", "T30"),
    ...pairs("S010", "S030", "S040", "S050", "S060", "S070", "S080", "S090", "S100", "S110", "S120", "S130"),
    { from: "T30", to: "S030", kind: "assembly" },
    { from: "S100", to: "R10", kind: "rework" },
    { from: "R10", to: "S090", kind: "rework" },
  ],
};

function pairs(...ids: readonly string[]): LineSketch["flows"] {
  return ids.slice(1).map((to, i) => ({ from: ids[i]!, to, kind: "main" as const }));
}
