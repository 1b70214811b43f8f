import { feature } from "@doppelwerk/kit";
import { alarmTicks, changeDots, lineFlow, runResults, shiftFigures } from "@doppelwerk/ports";
import { at, damage, durations, exportSamples, rail, trend, window } from "./contract.ts";
import type {} from "./message-codes.ts";

export const history = feature({
  id: "history",
  perWorld: true,
  needs: { ports: [], may: [alarmTicks, changeDots, lineFlow, runResults, shiftFigures] },
  offers: { ports: [], slots: [] },
  contract: [window, at, damage, trend, durations, exportSamples, rail],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
