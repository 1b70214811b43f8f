import { feature } from "@doppelwerk/kit";
import { listTables } from "@doppelwerk/ports";
import { file, lists as all, preview, store } from "./contract.ts";
import type {} from "./message-codes.ts";

export const lists = feature({
  id: "lists",
  perWorld: true,
  needs: { ports: [], may: [] },
  offers: { ports: [], slots: [listTables] },
  contract: [all, file, preview, store],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
