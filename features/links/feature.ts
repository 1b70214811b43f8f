import { feature } from "@doppelwerk/kit";
import { livePlaces } from "@doppelwerk/ports";
import { add, file, grant, grants, list, offers, own, remove, revoke, shells } from "./contract.ts";
import type {} from "./message-codes.ts";

export const links = feature({
  id: "links",
  perWorld: true,
  needs: { ports: [], may: [livePlaces] },
  offers: { ports: [], slots: [] },
  contract: [grants, offers, grant, revoke, own, file, list, shells, add, remove],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "links.grants",
      what: "links.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "file", path: "features/links.json" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: false,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
