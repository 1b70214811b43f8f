import { feature } from "@doppelwerk/kit";
import { kpiInputs, lineFlow } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { energyMeter } from "./model/meter-kind.ts";

export const energy = feature({
  id: "energy",
  perWorld: true,
  needs: { ports: [lineFlow], may: [], slots: [kpiInputs] },
  offers: { ports: [], slots: [] },
  contract: [contract.ofPeriod, contract.meters, contract.storeMeter, contract.removeMeter],
  topics: [],
  kinds: [energyMeter],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
