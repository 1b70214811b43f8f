import { feature } from "@doppelwerk/kit";
import { boardTiles, lineFlow, mails } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { board, boardMail, boardTile } from "./model/board-kind.ts";

export const boards = feature({
  id: "boards",
  perWorld: true,
  needs: { ports: [], may: [lineFlow, mails] },
  offers: { ports: [], slots: [boardTiles] },
  contract: [
    contract.list,
    contract.kinds,
    contract.add,
    contract.read,
    contract.act,
    contract.remove,
    contract.versions,
    contract.restore,
    contract.table,
    contract.file,
    contract.mail,
    contract.setMail,
  ],
  topics: [],
  kinds: [board, boardTile, boardMail],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "boards.owner",
      what: "boards.personalOwner",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: board.record, person: "owner", written: "made" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
    {
      id: "boards.mail",
      what: "boards.personalMail",
      purpose: "privacy.purpose.together",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: boardMail.record, person: "person", written: "since" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
