import type { ExplorerPlace } from "@doppelwerk/kit/studio";

/** How the explorer moves: `go` leaves a step for Back, `amend` does not. */
export interface ExplorerMoves {
  go(place: ExplorerPlace): void;
  amend(place: ExplorerPlace): void;
}
