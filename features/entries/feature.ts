import { feature } from "@doppelwerk/kit";
import { connections } from "@doppelwerk/ports";
import { enter, list, signals } from "./contract.ts";

export const entries = feature({
  id: "entries",
  perWorld: true,
  needs: { ports: [connections], may: [] },
  offers: { ports: [], slots: [] },
  contract: [list, signals, enter],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "entries.journal",
      what: "entries.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "journal", journal: "entries" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
