import type { PlacedPart, Solid, Stage } from "@doppelwerk/kit";
import type { Batch } from "./calls.ts";

// #region stage
const PITCH_M = 4;

/** A standing tank on a foot, as large as what it holds. Metres. */
function tankSolids(litres: number): readonly Solid[] {
  const height = Math.max(1, Math.cbrt(litres / 1_000) * 1.5);
  const thick = Math.max(0.6, Math.sqrt((litres / 1_000 / height) * (4 / Math.PI)));
  return [
    { shape: "block", slot: "dark", at: [0, 0, 0], size: [thick * 0.7, 0.4, thick * 0.7] },
    { shape: "cylinder", slot: "steel", at: [0, 0.4, 0], size: [thick, height, thick] },
    { shape: "cylinder", slot: "accent", at: [0, 0.4 + height, 0], size: [0.3, 0.15, 0.3] },
  ];
}

/** The tanks of batches in a row. */
export function tankStage(batches: readonly Batch[]): Stage {
  const parts = batches.map(({ id, name, litres }, at): PlacedPart => ({
    id,
    kind: "solids",
    parameters: { solids: tankSolids(litres) },
    position: [at * PITCH_M, 0, 0],
    turn: 0,
    label: name,
  }));
  const bounds = { min: [-PITCH_M, 0, -PITCH_M], max: [batches.length * PITCH_M, 5, PITCH_M] } as const;
  return { parts, stations: [], paths: [], tracks: [], bounds };
}
// #endregion
