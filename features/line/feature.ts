import { feature } from "@doppelwerk/kit";
import {
  alarmFold,
  boardTiles,
  derivedSignals,
  lineFlow,
  lineModels,
  lineSources,
  runResults,
  shiftFold,
  shippedAlarmRules,
  shippedShiftCalendars,
  simComponents,
  stationStates,
} from "@doppelwerk/ports";
import { derived, info, infos, list, snapshot } from "./contract.ts";
import type {} from "./message-codes.ts";
import { lineEvents } from "./model/event-kinds.ts";

export const line = feature({
  id: "line",
  perWorld: true,
  needs: { ports: [simComponents], may: [alarmFold, runResults], slots: [boardTiles] },
  offers: {
    ports: [derivedSignals, lineFlow, lineModels, shiftFold, shippedAlarmRules, shippedShiftCalendars, stationStates],
    slots: [lineSources],
  },
  contract: [list, info, infos, snapshot],
  topics: [derived],
  events: lineEvents,
  kinds: [],
  folds: ["./folds/flow.ts"],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
