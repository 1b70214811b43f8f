import { feature } from "@doppelwerk/kit";
import { lineFlow, shiftFigures, shippedShiftCalendars } from "@doppelwerk/ports";
import { knownTargets, ofPeriod, storeTargets } from "./contract.ts";
import type {} from "./message-codes.ts";
import { kpiTargets } from "./model/target-kind.ts";

export const kpis = feature({
  id: "kpis",
  perWorld: true,
  needs: { ports: [lineFlow, shiftFigures], may: [shippedShiftCalendars] },
  offers: { ports: [], slots: [] },
  contract: [ofPeriod, knownTargets, storeTargets],
  topics: [],
  kinds: [kpiTargets],
  folds: ["./folds/kpis.ts"],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
