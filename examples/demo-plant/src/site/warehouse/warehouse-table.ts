/** What the store keeps for the lines. */
export interface Material {
  readonly id: string;
  readonly en: string;
  readonly zh: string;
  /** Asset whose parts use one each, and signal that tells it: a part that came in. */
  readonly usedAt: string;
  /** Products that use it; absent: all. */
  readonly products?: readonly string[];
  /** Pieces of a container; picks and receipts are whole containers. */
  readonly container: number;
  /** Pieces that a full store holds. */
  readonly target: number;
  /** Storage locations, filled in turn. */
  readonly locations: readonly string[];
}

export const materials: readonly Material[] = [
  material("MOTOR", "Drive motor", "驱动电机", "S040", 24, 720, ["WH-A01", "WH-A02"]),
  material("PUMP", "Drain pump", "排水泵", "S050", 60, 960, ["WH-A03"]),
  material("HARNESS", "Wiring harness", "线束", "S060", 24, 720, ["WH-A04", "WH-B01"]),
  material("DOOR", "Door", "机门", "S070", 16, 512, ["WH-B02", "WH-B03"]),
  {
    ...material("HEATPUMP", "Heat pump module", "热泵模块", "L4-010", 8, 440, ["WH-C01", "WH-C02", "WH-C03"]),
    products: ["TD7", "TD8", "TD9"],
  },
  { ...material("CONDENSER", "Condenser", "冷凝器", "L4-010", 16, 96, ["WH-B04"]), products: ["TC7"] },
  material("DRUM", "Dryer drum", "干衣机滚筒", "L4-040", 6, 420, ["WH-C04", "WH-D01"]),
  material("CARTON", "Carton blank", "纸箱坯", "S120", 100, 1200, ["WH-D02"]),
  material("CARTON-D", "Carton blank for dryers", "干衣机纸箱坯", "L4-070", 100, 1000, ["WH-D03"]),
];

export const storageLocations: readonly string[] = [...new Set(materials.flatMap(({ locations }) => locations))].toSorted();

/** Trucks by local time, hour and minute. */
export const deliveries: readonly number[] = [6.5, 9.75, 12.5, 15.5, 18.25, 20.5];

function material(
  id: string,
  en: string,
  zh: string,
  usedAt: string,
  container: number,
  target: number,
  locations: readonly string[],
): Material {
  return { id, en, zh, usedAt, container, target, locations };
}
