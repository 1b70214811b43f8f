import { meanOf } from "../random/sampler.ts";
import type { LineModel, StationModel } from "./line-model.ts";

/** From the source that follows the program along `next` to the end. */
export function mainFlow({ stations }: LineModel): StationModel[] {
  const flow: StationModel[] = [];
  let current = stations.find(({ source }) => source?.program) ?? stations[0];
  while (current && !flow.includes(current)) {
    flow.push(current);
    const next: string | undefined = current.next?.input === "assembly" ? undefined : current.next?.station;
    current = stations.find(({ id }) => id === next);
  }
  return flow;
}

/** Seconds that one part of a product occupies a place, on average. */
export function pieceS({ cycle }: StationModel, product: string): number {
  return meanOf(cycle.byProduct?.[product] ?? cycle.time);
}

/** The same over the products of the line's program, each by its share. */
export function mixPieceS({ program }: LineModel, station: StationModel): number {
  const shares =
    program?.kind === "batches"
      ? program.mix.map(({ product, share }) => [product, share] as const)
      : (program?.orders ?? []).map(({ product, quantity }) => [product, quantity] as const);
  const total = shares.reduce((sum, [, share]) => sum + share, 0);
  return total > 0 ? shares.reduce((sum, [product, share]) => sum + share * pieceS(station, product), 0) / total : pieceS(station, "");
}
