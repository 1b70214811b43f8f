import { z, type KindDeclaration } from "@doppelwerk/kit";
import { tileSettingsShape } from "@doppelwerk/ports";

const id = z.string().min(1).max(200);
const person = z.string().min(1).max(500);

/** Who sees a board: who laid it out, everybody, the roles, or who may read the shell of a place (by its AAS id). */
export const Sharing = z.discriminatedUnion("with", [
  z.object({ with: z.literal("nobody") }),
  z.object({ with: z.literal("everybody") }),
  z.object({ with: z.literal("roles"), roles: z.array(z.string().max(100)).min(1).max(10).readonly() }),
  z.object({ with: z.literal("place"), shell: z.string().min(1).max(2_000) }),
]);
export type Sharing = z.output<typeof Sharing>;

/** Who lays it out beside its owner and those who may edit the plant: nobody, or everybody who sees it and may enter. */
export const EDITORS = ["owner", "readers"] as const;

/** When a tile is: as the page is, live, an instant (microseconds since 1970), or a branch. */
export const TileMoment = z.discriminatedUnion("of", [
  z.object({ of: z.literal("page") }),
  z.object({ of: z.literal("live") }),
  z.object({ of: z.literal("instant"), at: z.int().min(0).max(8_000_000_000_000_000) }),
  z.object({ of: z.literal("branch"), branch: z.string().min(1).max(200) }),
]);
export type TileMoment = z.output<typeof TileMoment>;

const size = z.number().min(0.02).max(50);
/** Where a tile is: a step a level, rows first, then columns in a row, and so on. Tiles of one key at a level share it. */
export const TilePlace = z
  .array(z.object({ key: z.number().min(-1e9).max(1e9), size }))
  .min(1)
  .max(8)
  .readonly();
export type TilePlace = z.output<typeof TilePlace>;

export const BoardFields = z.object({
  title: z.string().trim().min(1).max(120),
  sharing: Sharing,
  editors: z.enum(EDITORS),
  /** Seconds that it is shown on a wall before the next one. */
  wallS: z.int().min(5).max(3_600),
});
export type BoardFields = z.output<typeof BoardFields>;

export const TileFields = z.object({
  kind: z.string().min(3).max(100),
  /** Absent: that of its kind. */
  title: z.string().trim().max(120).optional(),
  settings: tileSettingsShape,
  moment: TileMoment,
});
export type TileFields = z.output<typeof TileFields>;

/**
 * A board. Of one that not everybody sees the title is in `sealed`: the change log and replicas are read by more people than it is shared with.
 */
export const board = {
  id: "boards.board",
  record: "board",
  version: 1,
  schema: BoardFields.partial({ title: true }).extend({ owner: person, made: z.int(), sealed: z.string().max(60_000).optional() }),
  upcast: {},
} satisfies KindDeclaration;

const minute = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
/** Days of the week, 0 = Sunday. */
export const MailFields = z.object({
  /** Of the plant's zone, `06:00`. */
  at: minute,
  days: z.array(z.int().min(0).max(6)).min(1).max(7).readonly(),
});
export type MailFields = z.output<typeof MailFields>;

/** A board that a person gets by mail; whoever may not see it any more gets none. */
export const boardMail = {
  id: "boards.mail",
  record: "boardMail",
  version: 1,
  schema: MailFields.extend({ board: id, person, since: z.int() }),
  upcast: {},
} satisfies KindDeclaration;

/** A document a tile, so that edits of different ones merge. */
export const boardTile = {
  id: "boards.tile",
  record: "boardTile",
  version: 1,
  schema: TileFields.omit({ kind: true })
    .partial()
    .extend({
      /** Kind of the tile: `kind` is that of the record. */
      shows: TileFields.shape.kind.optional(),
      board: id,
      place: TilePlace,
      sealed: z.string().max(60_000).optional(),
      /** Taken off the board; what it was stays among the versions. */
      isGone: z.boolean(),
    }),
  upcast: {},
} satisfies KindDeclaration;
