import { feature } from "@doppelwerk/kit";
import { boardTiles, spanNotes } from "@doppelwerk/ports";
import { add, edit, list, remove } from "./contract.ts";
import type {} from "./message-codes.ts";
import { noteKind } from "./model/note-kind.ts";

export const notes = feature({
  id: "notes",
  perWorld: true,
  needs: { ports: [], may: [], slots: [boardTiles] },
  offers: { ports: [spanNotes], slots: [] },
  contract: [list, add, edit, remove],
  topics: [],
  kinds: [noteKind],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "notes.texts",
      what: "notes.personal",
      purpose: "privacy.purpose.together",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: noteKind.record, person: "author", written: "written" }],
      kept: { timer: "texts" },
      erasure: "choice",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
