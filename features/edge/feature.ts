import { feature } from "@doppelwerk/kit";
import type {} from "./message-codes.ts";

/** Only a subcommand (`server/command.ts`): it runs beside the plant, not in a server. */
export const edge = feature({
  id: "edge",
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
