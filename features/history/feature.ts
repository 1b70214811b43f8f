import { feature } from "@doppelwerk/kit";
import { lineFlow } from "@doppelwerk/ports";
import { at, damage, durations, exportSamples, trend, window } from "./contract.ts";
import type {} from "./message-codes.ts";

export const history = feature({
  id: "history",
  perWorld: true,
  needs: { ports: [], may: [lineFlow] },
  offers: { ports: [], slots: [] },
  contract: [window, at, damage, trend, durations, exportSamples],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
