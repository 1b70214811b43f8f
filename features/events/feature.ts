import { feature } from "@doppelwerk/kit";
import { count, expire, list } from "./contract.ts";

export const events = feature({
  id: "events",
  perWorld: true,
  needs: { ports: [], may: [] },
  offers: { ports: [], slots: [] },
  contract: [list, count, expire],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  words: "./words",
});
