import { feature } from "@doppelwerk/kit";
import { connections } from "@doppelwerk/ports";
import { confirm, list, request, requestCall, targets, waiting, withdraw } from "./contract.ts";

export const commands = feature({
  id: "commands",
  perWorld: true,
  needs: { ports: [connections], may: [] },
  offers: { ports: [], slots: [] },
  contract: [list, waiting, targets, request, requestCall, confirm, withdraw],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "commands.journal",
      what: "commands.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "journal", journal: "commands" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
