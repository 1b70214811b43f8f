import type { FloorHeader } from "../../floor/floor-record.ts";
import { between } from "../kit/dirt.ts";
import { tools } from "../kit/tool-book.ts";

export interface SparePart {
  readonly part: string;
  readonly name: string;
  readonly usedAt: string;
  readonly minimum: number;
  /** What is ordered when the minimum is reached. */
  readonly order: number;
  /** Days from the order to the receipt. */
  readonly leadDays: number;
  readonly priceEur: number;
  readonly opening: number;
}

/** Parts for the tools that wear, and a few that nobody has needed yet. */
export function sparePartsOf({ seed }: FloorHeader): readonly SparePart[] {
  const forTools = tools.map(({ spare, name, station }) => part(seed, spare, name, station));
  return [
    ...forTools,
    part(seed, "SP-2001", "Servo drive 4 kW", "S010"),
    part(seed, "SP-2002", "Leak test valve", "S090"),
    part(seed, "SP-2003", "Camera lamp", "S110"),
    part(seed, "SP-2004", "Vacuum pump", "L4-020"),
    part(seed, "SP-2005", "Pressure switch", "L4-050"),
  ];
}

function part(seed: number, id: string, name: string, usedAt: string): SparePart {
  const minimum = 1 + Math.floor(between(seed, `minimum.${id}`, 0, 3));
  return {
    part: id,
    name,
    usedAt,
    minimum,
    order: minimum + 2,
    leadDays: 2 + Math.floor(between(seed, `lead.${id}`, 0, 6)),
    priceEur: Math.round(between(seed, `price.${id}`, 20, 1_900)),
    opening: minimum + Math.floor(between(seed, `opening.${id}`, 0, 3)),
  };
}
