import { feature } from "@doppelwerk/kit";
import { energyUses, listTables } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { carbonFactor, gridSource, gridDay } from "./model/carbon-kinds.ts";

export const footprint = feature({
  id: "footprint",
  perWorld: true,
  needs: { ports: [], may: [energyUses], slots: [listTables] },
  offers: { ports: [], slots: [] },
  contract: [
    contract.ofProducts,
    contract.grid,
    contract.storeGrid,
    contract.factors,
    contract.storeFactor,
    contract.removeFactor,
    contract.writeSubmodel,
  ],
  topics: [],
  kinds: [gridDay, gridSource, carbonFactor],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
