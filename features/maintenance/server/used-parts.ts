import { createHash } from "node:crypto";
import { DoppelwerkError } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { SparePartStock, SpareParts } from "@doppelwerk/ports";
import type { BranchId } from "@doppelwerk/world";
import type { RecordedAct } from "../model/acts.ts";

/** Takes a part that was used out of its store, once; of a part that no store has nothing is taken. Errors: DW_CONFLICT where there is not so much, DW_FORBIDDEN. */
export async function takeUsed(
  stores: SpareParts | undefined,
  view: PlantView,
  branch: BranchId,
  { order, n, act }: RecordedAct,
): Promise<void> {
  if (stores === undefined || act.act !== "partUsed") return;
  const { part, quantity } = act;
  try {
    await stores.take(view.principal, branch, { id: uuidOf(`${branch} ${order} ${n}`), part, quantity, work: order });
  } catch (error) {
    if (!(error instanceof DoppelwerkError) || error.code !== "DW_NOT_FOUND") throw error;
  }
}

/** The same text has the same one (RFC 9562, version 8). */
export function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Parts that fit an asset, or a station; none where no stores are kept. */
export async function fittingParts(
  stores: SpareParts | undefined,
  view: PlantView,
  branch: BranchId,
  { shell, station }: { readonly shell: string; readonly station?: string | undefined },
): Promise<readonly SparePartStock[]> {
  if (stores === undefined) return [];
  const all = await stores.list(view.principal, branch);
  return all.filter(({ fits }) => fits.length === 0 || fits.includes(shell) || (station !== undefined && fits.includes(station)));
}
