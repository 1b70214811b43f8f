import { feature } from "@doppelwerk/kit";
import type {} from "./message-codes.ts";

/** It has no part in a server: it speaks to one over the API, in the place of a person. */
export const assistant = feature({
  id: "assistant",
  perWorld: false,
  needs: { ports: [], may: [] },
  offers: { ports: [], slots: [] },
  contract: [],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  words: "./words",
});
