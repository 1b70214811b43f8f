import { feature } from "@doppelwerk/kit";
import { alarmTicks, boardTiles, changeDots, lineFlow, livePlaces, runResults, shiftFigures, spanNotes } from "@doppelwerk/ports";
import { at, damage, displays, durations, exportSamples, rail, storeDisplay, trend, window } from "./contract.ts";
import type {} from "./message-codes.ts";
import { signalDisplay } from "./model/display-kind.ts";

export const history = feature({
  id: "history",
  perWorld: true,
  needs: { ports: [], may: [alarmTicks, changeDots, lineFlow, livePlaces, runResults, shiftFigures, spanNotes], slots: [boardTiles] },
  offers: { ports: [], slots: [] },
  contract: [window, at, damage, trend, durations, exportSamples, rail, displays, storeDisplay],
  topics: [],
  kinds: [signalDisplay],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
