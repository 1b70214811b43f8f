import { expect, test } from "vitest";
import type { MachineDocument, RangeDocument, TankDocument } from "./documents.ts";
import { dyeHouseStage } from "./stage.ts";

const common = { title: { en: "One", zh: "一" }, shell: "urn:s" };
const machine = (name: string, nominalKg: number, place?: { x: number; y: number }) =>
  ({ ...common, name, nominalKg, ...(place && { place }) }) as MachineDocument;

test("[DH13] each machine, tank and range stands where its layout says, built of solids that stand on the floor, with its label above", () => {
  const range = {
    ...common,
    name: "S1",
    rangeKind: "stenter",
    zone1Signal: "a",
    zone2Signal: "b",
    place: { x: 30, y: 20 },
  } as RangeDocument;
  const washer = { ...common, name: "W1", rangeKind: "washer" } as RangeDocument;
  const tank = { ...common, name: "SALT", capacityL: 6_000 } as TankDocument;
  const { parts, stations, bounds } = dyeHouseStage([machine("J1", 500, { x: 8, y: 6 }), machine("J2", 100)], [range, washer], [tank]);
  expect(parts.map(({ id }) => id)).toEqual(["J1", "J2", "SALT", "S1", "W1"].map((name) => `dye-house ${name}`));
  expect(parts[0]!.position).toEqual([8, 0, -6]);
  for (const [at, part] of parts.entries()) {
    const { solids } = part.parameters as {
      readonly solids: readonly { readonly at: readonly number[]; readonly size: readonly number[] }[];
    };
    expect(Math.min(...solids.map((solid) => solid.at[1]!))).toBeLessThanOrEqual(0.6);
    expect(solids.every(({ size }) => size.every((length) => length > 0))).toBe(true);
    expect(stations[at]!.labelAt[1]).toBeGreaterThan(Math.max(...solids.map((solid) => solid.at[1]! + solid.size[1]!)));
    for (const axis of [0, 2]) {
      expect(part.position[axis]).toBeGreaterThan(bounds.min[axis]!);
      expect(part.position[axis]).toBeLessThan(bounds.max[axis]!);
    }
  }
  expect(dyeHouseStage([], [], []).parts).toEqual([]);
});
