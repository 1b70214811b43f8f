import { message, textsOf } from "@doppelwerk/kit";
import { spanOfTile, type TileKind } from "@doppelwerk/ports";
import type { BranchId, Instant, Principal } from "@doppelwerk/world";
import type { Note } from "../contract.ts";
import type {} from "../message-codes.ts";

const MAX_ROWS = 50;

const titleOf = (key: string) => textsOf(message(`notes.tile.${key}` as "notes.tile.list"));

/** Notes on spans of time, the newest first. */
export function notesTile(sources: {
  now(): Instant;
  within(principal: Principal, branch: BranchId, from: Instant, to: Instant): readonly Note[];
}): TileKind {
  return {
    id: "notes.list",
    title: titleOf("list"),
    about: titleOf("listAbout"),
    shape: "table",
    fields: [{ key: "hours", title: titleOf("hours"), kind: "hours" }],
    least: { width: 220, height: 120 },
    async read({ principal, branch, at, settings }) {
      const to = at ?? sources.now();
      const from = to - spanOfTile(settings, 24);
      const notes = sources.within(principal, branch, from, to).toReversed();
      return {
        columns: [
          { key: "at", title: titleOf("at"), kind: "instant" },
          { key: "text", title: titleOf("note"), kind: "text" },
          { key: "author", title: titleOf("author"), kind: "text" },
        ],
        rows: notes.slice(0, MAX_ROWS).map((note) => ({ at: note.from, text: note.text, author: note.author })),
        at: to,
        from,
        isSimulated: false,
        ...(notes.length === 0 && { note: titleOf("none") }),
      };
    },
  };
}
