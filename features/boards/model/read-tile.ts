import type { LanguageTexts } from "@doppelwerk/kit";
import type { TileKind, TileTable } from "@doppelwerk/ports";
import type { BranchId, Instant } from "@doppelwerk/world";

/** A tile as a file shows it: its table, or why there is none. */
export interface ReadTile {
  readonly id: string;
  readonly title: LanguageTexts;
  readonly shape: TileKind["shape"];
  readonly branch: BranchId;
  readonly table?: TileTable;
  readonly failure?: LanguageTexts;
}

export interface ReadBoard {
  readonly title: string;
  readonly at: Instant;
  /** In the order that they are read in. */
  readonly tiles: readonly ReadTile[];
}
