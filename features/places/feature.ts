import { feature } from "@doppelwerk/kit";
import {
  alarmFold,
  boardTiles,
  connections,
  derivedSignals,
  lineFlow,
  livePlaces,
  pastReading,
  placeAudits,
  runResults,
  shiftFigures,
} from "@doppelwerk/ports";
import { changed, kpis, list, summary } from "./contract.ts";
import type {} from "./message-codes.ts";

export const places = feature({
  id: "places",
  perWorld: true,
  needs: { ports: [], may: [alarmFold, connections, derivedSignals, lineFlow, pastReading, runResults, shiftFigures], slots: [boardTiles] },
  offers: { ports: [livePlaces, placeAudits], slots: [] },
  contract: [list, summary, kpis],
  topics: [changed],
  kinds: [],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
