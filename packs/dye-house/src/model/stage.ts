import type { PlacedPart, Solid, Stage } from "@doppelwerk/kit";
import type { MachineDocument, RangeDocument, TankDocument } from "./documents.ts";

/** Between equipment whose place the engineering file does not tell, m. */
const PITCH_M = 8;
const MARGIN_M = 2;

interface Equipment {
  readonly name: string;
  readonly shell: string;
  readonly solids: readonly Solid[];
  readonly place?: { readonly x: number; readonly y: number };
}

/** The dye house in 3D: each machine, tank and range built of solids, where its layout says; what has no layout stands in a row before it. */
export function dyeHouseStage(
  machines: readonly MachineDocument[],
  ranges: readonly RangeDocument[],
  tanks: readonly TankDocument[],
): Stage {
  const all: readonly Equipment[] = [
    ...machines.map((machine) => ({ ...machine, solids: jetSolids(machine.nominalKg) })),
    ...tanks.map((tank) => ({ ...tank, solids: tankSolids(tank.capacityL) })),
    ...ranges.map((range) => ({ ...range, solids: range.rangeKind === "stenter" ? stenterSolids(zonesOf(range)) : washerSolids() })),
  ];
  // a plan has y to the north, the stage z to the south
  const placed = all.map((one, at) => ({ ...one, x: one.place?.x ?? at * PITCH_M, z: one.place === undefined ? PITCH_M : -one.place.y }));
  const extent = (values: readonly number[]): readonly [number, number] => [Math.min(...values) - MARGIN_M, Math.max(...values) + MARGIN_M];
  const [west, east] = extent(placed.map(({ x }) => x));
  const [north, south] = extent(placed.map(({ z }) => z));
  return {
    parts: placed.map(({ name, shell, solids, x, z }): PlacedPart => ({
      id: `dye-house ${name}`,
      kind: "solids",
      parameters: { solids },
      position: [x, 0, z],
      turn: 0,
      label: name,
      stationId: name,
      subject: shell,
    })),
    stations: placed.map(({ name, shell, solids, x, z }) => {
      const top = Math.max(...solids.map(({ at, size }) => at[1] + size[1]));
      return {
        id: name,
        label: name,
        name,
        subject: shell,
        labelAt: [x, top + 0.3, z],
        beaconAt: [x, top + 0.2, z],
        places: [],
        buffer: [],
        footprint: { centre: [x, z], lengthM: 4, depthM: 3, turn: 0 },
      };
    }),
    paths: [],
    tracks: [],
    bounds: { min: [west, 0, north], max: [east, 6, south] },
  };
}

/** A lying kier with its pump, addition tank, ladder and control cabinet; longer for more goods. */
export function jetSolids(nominalKg: number): readonly Solid[] {
  const length = 2.4 + nominalKg / 160;
  const thick = 1.5 + nominalKg / 1_000;
  return [
    { shape: "cylinder", slot: "steel", at: [0, 0.7, 0], size: [length, thick, thick], axis: "x" },
    { shape: "cylinder", slot: "light", at: [length / 2 + 0.02, 0.8 + thick / 4, 0], size: [0.25, thick / 2, thick / 2], axis: "x" },
    { shape: "block", slot: "dark", at: [-length / 3, 0, 0], size: [0.3, 0.75, thick * 0.8] },
    { shape: "block", slot: "dark", at: [length / 3, 0, 0], size: [0.3, 0.75, thick * 0.8] },
    { shape: "cylinder", slot: "accent", at: [0, 0.1, thick / 2 + 0.3], size: [1, 0.5, 0.5], axis: "x" },
    { shape: "cylinder", slot: "steel", at: [-length / 2 - 0.6, 0.4, 0.4], size: [0.7, 1.1, 0.7] },
    { shape: "block", slot: "body", at: [length / 2 + 0.8, 0, 0], size: [0.5, 1.9, 0.9] },
    { shape: "block", slot: "screen", at: [length / 2 + 0.8, 1.2, 0.46], size: [0.3, 0.3, 0.02] },
    { shape: "cylinder", slot: "light", at: [0, 0.7 + thick, 0], size: [0.35, 0.4, 0.35] },
  ];
}

/** A standing tank with its agitator, on three legs, as large as what it holds. */
export function tankSolids(capacityL: number): readonly Solid[] {
  const height = Math.max(0.9, Math.cbrt(capacityL / 1_000) * 1.3);
  const thick = Math.max(0.5, Math.sqrt((capacityL / 1_000 / height / Math.PI) * 4));
  const legs = [0, 1, 2].map((leg): Solid => {
    const angle = (leg * 2 * Math.PI) / 3;
    return {
      shape: "cylinder",
      slot: "dark",
      at: [Math.cos(angle) * thick * 0.4, 0, Math.sin(angle) * thick * 0.4],
      size: [0.12, 0.5, 0.12],
    };
  });
  return [
    ...legs,
    { shape: "cylinder", slot: "steel", at: [0, 0.5, 0], size: [thick, height, thick] },
    { shape: "cylinder", slot: "accent", at: [0, 0.5 + height, 0], size: [0.25, 0.5, 0.25] },
    { shape: "block", slot: "light", at: [0, 0.5 + height - 0.05, thick / 2], size: [0.4, 0.12, 0.15] },
  ];
}

/** Four boxes with squeezing rollers between them, and a batcher at each end. */
export function washerSolids(): readonly Solid[] {
  return [0, 1, 2, 3].flatMap((box): Solid[] => [
    { shape: "block", slot: "steel", at: [box * 2.2 - 3.3, 0.2, 0], size: [1.8, 1.7, 2.4] },
    { shape: "cylinder", slot: "dark", at: [box * 2.2 - 2.2, 1.1, 0], size: [0.3, 0.3, 2.4], axis: "z" },
    { shape: "cylinder", slot: "light", at: [box * 2.2 - 2.2, 1.4, 0], size: [0.3, 0.3, 2.4], axis: "z" },
  ]);
}

const ZONE_M = 3;

/** Entry with padder, one chamber a zone with its burner and chimney, and the winder behind. */
export function stenterSolids(zones: number): readonly Solid[] {
  const first = (-zones * ZONE_M) / 2;
  const chambers = Array.from({ length: zones }, (_, zone): Solid[] => {
    const x = first + (zone + 0.5) * ZONE_M;
    return [
      { shape: "block", slot: "body", at: [x, 0.4, 0], size: [ZONE_M - 0.06, 2, 3.4] },
      { shape: "block", slot: "accent", at: [x, 0.9, 1.78], size: [0.8, 0.6, 0.16] },
      { shape: "cylinder", slot: "steel", at: [x, 2.4, -0.9], size: [0.4, 1.6, 0.4] },
    ];
  });
  const last = first + zones * ZONE_M;
  return [
    { shape: "cylinder", slot: "dark", at: [first - 2.4, 0.6, 0], size: [0.4, 0.4, 2.8], axis: "z" },
    { shape: "cylinder", slot: "light", at: [first - 2.4, 1, 0], size: [0.4, 0.4, 2.8], axis: "z" },
    { shape: "block", slot: "dark", at: [first - 1, 0.5, 0], size: [2, 0.3, 3] },
    ...chambers.flat(),
    { shape: "block", slot: "dark", at: [last + 0.8, 0.5, 0], size: [1.6, 0.3, 3] },
    { shape: "cylinder", slot: "product", at: [last + 2.2, 0.3, 0], size: [1.1, 1.1, 2.6], axis: "z" },
  ];
}

function zonesOf(range: RangeDocument): number {
  return ([1, 2, 3, 4, 5] as const).filter((zone) => range[`zone${zone}Signal`] !== undefined).length || 3;
}
