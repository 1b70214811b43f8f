import type { Open } from "@doppelwerk/kit/server";
import { boardTiles, spanNotes } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type { notes } from "../feature.ts";
import { notesTile } from "./board-tile.ts";
import { Notes } from "./notes.ts";

/** Notes that people write on spans of time. */
export const open: Open<typeof notes> = async (ctx) => {
  const own = new Notes({
    now: () => ctx.now(),
    newId: () => ctx.ids.next("spanNote"),
    nameOf: (actor) => ctx.nameOf(actor),
    texts: ctx.texts,
  });
  return {
    handlers: {
      "notes.list": async ({ view, branch, query: { from, to } }) => own.within(view, branch, from, to),
      "notes.add": ({ view, branch, body }) => own.add(view, branch, body),
      "notes.edit": ({ view, branch, params, body }) => own.edit(view, branch, params.id, body),
      "notes.remove": ({ view, branch, params }) => own.remove(view, branch, params.id),
    },
    contributed: [
      {
        key: boardTiles.key,
        value: notesTile({
          now: () => ctx.now(),
          within: (principal, branch, from, to) => own.within(ctx.view(principal), branch, from, to),
        }),
      },
    ],
    ports: {
      [spanNotes.key]: {
        between: async (principal, from, to) =>
          own
            .within(ctx.view(principal), LIVE, from, to)
            .map((note) => ({ id: note.id, at: note.from, until: note.to, text: note.text, author: note.author })),
      },
    },
    close: async () => {},
  };
};
