import type { LocalText } from "@doppelwerk/operations";
import type { BranchId, Instant, Principal } from "@doppelwerk/world";
import { z } from "zod";
import type { KnownLine } from "./line-flow.ts";
import { slot } from "./token.ts";

const localText = z.object({ en: z.string(), zh: z.string() });

/** What is set of a tile: by the keys of the fields of its kind. */
export const tileSettingsShape = z.record(
  z.string().max(60),
  z.union([z.string().max(20_000), z.number(), z.boolean(), z.array(z.string().max(500)).max(50)]),
);
export type TileSettings = z.output<typeof tileSettingsShape>;

/** What a person is asked for: `line`, `signals` (ids, `most` of them), `choice` of `choices`, `hours` before the instant, `text` of several lines. */
export const tileFieldShape = z.object({
  key: z.string(),
  title: localText,
  kind: z.enum(["line", "signals", "choice", "hours", "text", "places"]),
  choices: z.array(z.object({ key: z.string(), title: localText })).optional(),
  most: z.int().optional(),
  isRequired: z.boolean().optional(),
});
export type TileField = z.output<typeof tileFieldShape>;

/** `instant`: microseconds since 1970; `seconds`; `ratio`: 1 = 100 %. */
export const tileColumnShape = z.object({
  key: z.string(),
  title: localText,
  kind: z.enum(["text", "number", "instant", "seconds", "ratio"]),
  unit: z.string().optional(),
  digits: z.int().min(0).max(6).optional(),
});
export type TileColumn = z.output<typeof tileColumnShape>;

/** Null: not known. */
const cell = z.union([z.string(), z.number(), localText, z.null()]);

/**
 * How rows are drawn, and which columns they have then. `value`: name, value and unit, target and `better` where there is one. `trend`: at, and a column a
 * series. `states`: name, from, to, state. `bars`: name, value. `text`: text. `table`: whatever the columns say.
 */
export const TILE_SHAPES = ["value", "trend", "states", "bars", "text", "table"] as const;

/** The data behind a tile. */
export const tileTableShape = z.object({
  columns: z.array(tileColumnShape),
  rows: z.array(z.record(z.string(), cell)),
  /** The instant that it is of. */
  at: z.int(),
  /** Of what a span is: its beginning. */
  from: z.int().optional(),
  /** A model gave it: it was not measured. */
  isSimulated: z.boolean(),
  /** Why there is nothing, or what else to know. */
  note: localText.optional(),
});
export type TileTable = z.output<typeof tileTableShape>;

export interface TileQuestion {
  /** Who looks: it is of what they may read. */
  readonly principal: Principal;
  readonly branch: BranchId;
  /** Absent: now. Of a branch without a simulation: its fork. */
  readonly at?: Instant;
  readonly settings: TileSettings;
}

/** A kind of tile that a feature brings. */
export interface TileKind {
  /** `kpis.value`: for good, boards name it. */
  readonly id: string;
  readonly title: LocalText;
  readonly about: LocalText;
  readonly shape: (typeof TILE_SHAPES)[number];
  readonly fields: readonly TileField[];
  /** Pixels below which it cannot be read. */
  readonly least: { readonly width: number; readonly height: number };
  /** Errors: DW_INVALID, DW_NOT_FOUND: this tile alone shows them. */
  read(question: TileQuestion): Promise<TileTable>;
}

export const boardTiles = slot<TileKind>("boards.tile", 1);

/** The line that a tile is of, the first where none is set, of those whose shell may be read; undefined: there is none. */
export function lineOfTile(
  lines: readonly KnownLine[],
  { line }: TileSettings,
  mayReadShell: (shell: string) => boolean,
): KnownLine | undefined {
  const readable = lines.filter(({ shell }) => mayReadShell(shell));
  return typeof line === "string" && line !== "" ? readable.find(({ id }) => id === line) : readable[0];
}

/** Microseconds before the instant that a tile shows; eight hours where none are set. */
export function spanOfTile({ hours }: TileSettings, usual = 8): number {
  const set = Number(hours ?? usual);
  return Math.min(31 * 24, Math.max(0.05, Number.isFinite(set) && set > 0 ? set : usual)) * 3_600_000_000;
}
