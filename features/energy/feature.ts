import { feature } from "@doppelwerk/kit";
import {
  coverageSources,
  energyUses,
  kpiInputs,
  lineFlow,
  listTables,
  livePlaces,
  orderExecutions,
  stationStates,
} from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { energyBaseline } from "./model/baseline-kind.ts";
import { energyMeter } from "./model/meter-kind.ts";
import { energyScenario } from "./model/scenario.ts";
import { energyTariff } from "./model/tariff-kind.ts";

export const energy = feature({
  id: "energy",
  perWorld: true,
  needs: { ports: [lineFlow], may: [livePlaces, orderExecutions, stationStates], slots: [coverageSources, kpiInputs, listTables] },
  offers: { ports: [energyUses], slots: [] },
  contract: [
    contract.ofPeriod,
    contract.use,
    contract.load,
    contract.meters,
    contract.storeMeter,
    contract.removeMeter,
    contract.tariffs,
    contract.storeTariff,
    contract.removeTariff,
    contract.baselines,
    contract.storeBaseline,
    contract.removeBaseline,
    contract.performance,
    contract.scenario,
    contract.storeScenario,
    contract.compare,
  ],
  topics: [],
  kinds: [energyMeter, energyTariff, energyBaseline, energyScenario],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
