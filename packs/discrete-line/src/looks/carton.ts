import type { Solid } from "@doppelwerk/kit";

const flat = { shape: "block", chamfer: 0, lines: false } as const;

/** Carton 0.66 m wide and deep, 0.9 m high: tape along the top seam, a label in the corner. */
export const CARTON: readonly Solid[] = [
  { shape: "block", slot: "product", at: [0, 0, 0], size: [0.652, 0.897, 0.652], chamfer: 0.008 },
  { ...flat, slot: "body", at: [0, 0.896, 0], size: [0.64, 0.004, 0.06] },
  ...[-0.326, 0.326].map((x): Solid => ({ ...flat, slot: "body", at: [x, 0.74, 0], size: [0.008, 0.15, 0.06] })),
  { ...flat, slot: "light", at: [0.132, 0.54, 0.326], size: [0.18, 0.12, 0.008] },
];
