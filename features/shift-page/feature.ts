import { feature } from "@doppelwerk/kit";
import { alarmFold, boardTiles, lineFlow, lineModels, mails, shiftFigures, shiftFold } from "@doppelwerk/ports";
import { addNote, closeItem, mail, page, setMail, sign } from "./contract.ts";
import type {} from "./message-codes.ts";
import { handoverMail, handoverNote, handoverSignature } from "./model/handover-kinds.ts";

export const shiftPage = feature({
  id: "shift-page",
  perWorld: true,
  needs: { ports: [lineFlow, shiftFigures], may: [alarmFold, lineModels, mails, shiftFold], slots: [boardTiles] },
  offers: { ports: [], slots: [] },
  contract: [page, addNote, closeItem, sign, mail, setMail],
  topics: [],
  kinds: [handoverNote, handoverSignature, handoverMail],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "shift-page.notes",
      what: "shiftPage.personalNotes",
      purpose: "privacy.purpose.together",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: handoverNote.record, person: "author", written: "written" }],
      kept: { timer: "texts" },
      erasure: "choice",
      exported: true,
    },
    {
      id: "shift-page.signatures",
      what: "shiftPage.personalSignatures",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: handoverSignature.record, person: "by", written: "at" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
    {
      id: "shift-page.mail",
      what: "shiftPage.personalMail",
      purpose: "privacy.purpose.together",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: handoverMail.record, person: "person", written: "since" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
