import type { BlendRequest } from "@doppelwerk/client";

export const EMPTY_BLEND: BlendRequest = { productKg: 1_000, materials: [{ name: "A", costPerKg: 0, content: {} }], limits: [] };
/** An electric-arc furnace charge; prices and analyses are invented. */
export const EXAMPLE_BLEND: BlendRequest = {
  productKg: 100_000,
  materials: [
    { name: "HMS 1", costPerKg: 0.29, availableKg: 60_000, yield: 0.92, content: { C: 0.003, Cu: 0.0035, Cr: 0.0015, P: 0.0003 } },
    { name: "Shredded", costPerKg: 0.33, availableKg: 40_000, yield: 0.94, content: { C: 0.0025, Cu: 0.002, Cr: 0.001, P: 0.0002 } },
    {
      name: "Plate and structural",
      costPerKg: 0.36,
      availableKg: 30_000,
      yield: 0.95,
      content: { C: 0.002, Cu: 0.0012, Cr: 0.0008, P: 0.0002 },
    },
    { name: "Pig iron", costPerKg: 0.41, availableKg: 50_000, yield: 0.97, content: { C: 0.042, Cu: 0.0002, P: 0.0008 } },
    { name: "DRI", costPerKg: 0.38, availableKg: 40_000, yield: 0.88, content: { C: 0.02, Cu: 0.0001, P: 0.0005 } },
  ],
  limits: [
    { element: "Cu", high: 0.0018 },
    { element: "C", low: 0.008, high: 0.02 },
    { element: "Cr", high: 0.0012 },
    { element: "P", high: 0.00045 },
  ],
};
