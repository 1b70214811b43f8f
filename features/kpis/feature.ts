import { feature } from "@doppelwerk/kit";
import { kpiSources, lineFlow, livePlaces, lossAudits, shiftFigures, shippedShiftCalendars } from "@doppelwerk/ports";
import { declaredKpis, knownTargets, lossesOfPeriod, ofPeriod, storeTargets } from "./contract.ts";
import type {} from "./message-codes.ts";
import { kpiTargets } from "./model/target-kind.ts";

export const kpis = feature({
  id: "kpis",
  perWorld: true,
  needs: { ports: [lineFlow, shiftFigures], may: [livePlaces, shippedShiftCalendars] },
  offers: { ports: [lossAudits], slots: [kpiSources] },
  contract: [ofPeriod, lossesOfPeriod, declaredKpis, knownTargets, storeTargets],
  topics: [],
  kinds: [kpiTargets],
  folds: ["./folds/kpis.ts"],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
