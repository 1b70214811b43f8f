import { feature } from "@doppelwerk/kit";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { pinnedDocument } from "./model/pin-kind.ts";

export const pins = feature({
  id: "pins",
  perWorld: true,
  needs: { ports: [], may: [] },
  offers: { ports: [], slots: [] },
  contract: [contract.list, contract.add, contract.remove, contract.addFile, contract.file],
  topics: [],
  kinds: [pinnedDocument],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "pins.authors",
      what: "pins.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: pinnedDocument.record, person: "by", written: "at" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
