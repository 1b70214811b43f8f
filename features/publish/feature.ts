import { feature } from "@doppelwerk/kit";
import { aasEvents, derivedSignals, outlets } from "@doppelwerk/ports";
import { putReader, removeReader, server } from "./contract.ts";
import type {} from "./message-codes.ts";

export const publish = feature({
  id: "publish",
  perWorld: true,
  needs: { ports: [aasEvents], may: [derivedSignals] },
  offers: { ports: [outlets], slots: [] },
  contract: [server, putReader, removeReader],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  words: "./words",
});
