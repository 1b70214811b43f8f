import type { Kpis, Snapshot } from "@doppelwerk/client";

/** In the past the figures may be those of the whole shift; then the screen says up to when. */
export function reachesPast(kpis: Kpis | undefined, snapshot: Snapshot): boolean {
  return kpis !== undefined && kpis.to > snapshot.instant + 60_000_000;
}
