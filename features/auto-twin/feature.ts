import { feature } from "@doppelwerk/kit";
import { connections, importer } from "@doppelwerk/ports";
import { dismiss, lookIntoFile, proposal, proposals, propose } from "./contract.ts";
import type {} from "./message-codes.ts";

export const autoTwin = feature({
  id: "auto-twin",
  perWorld: true,
  needs: { ports: [connections], may: [importer], features: ["connect"] },
  offers: { ports: [], slots: [] },
  contract: [lookIntoFile, proposals, propose, proposal, dismiss],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "auto-twin.dismissed",
      what: "autoTwin.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: "proposal" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
