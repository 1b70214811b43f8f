import { feature } from "@doppelwerk/kit";
import {
  boardTiles,
  kpiInputs,
  kpiSources,
  kpiValues,
  lineFlow,
  listTables,
  livePlaces,
  runResults,
  shiftFigures,
  shiftFold,
  shippedShiftCalendars,
} from "@doppelwerk/ports";
import {
  assignedInputs,
  declaredKpis,
  indicatorCuts,
  indicators,
  knownTargets,
  ofPeriod,
  removeInput,
  removeOwnKpi,
  storeInput,
  storeOwnKpi,
  storeTargets,
} from "./contract.ts";
import type {} from "./message-codes.ts";
import { kpiInput } from "./model/kpi-input-kind.ts";
import { ownKpi } from "./model/own-kpi-kind.ts";
import { kpiTargets } from "./model/target-kind.ts";

export const kpis = feature({
  id: "kpis",
  perWorld: true,
  needs: {
    ports: [lineFlow, shiftFigures, shiftFold],
    may: [livePlaces, runResults, shippedShiftCalendars],
    slots: [boardTiles, listTables],
  },
  offers: { ports: [kpiValues], slots: [kpiInputs, kpiSources] },
  contract: [
    ofPeriod,
    declaredKpis,
    knownTargets,
    storeTargets,
    indicators,
    storeOwnKpi,
    removeOwnKpi,
    assignedInputs,
    storeInput,
    removeInput,
    indicatorCuts,
  ],
  topics: [],
  kinds: [kpiTargets, ownKpi, kpiInput],
  folds: ["./folds/kpis.ts"],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
