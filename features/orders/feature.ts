import { feature } from "@doppelwerk/kit";
import { connections, coverageSources, kpiInputs, lineFlow, listTables, orderExecutions, orderPlans, shiftFold } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { productionOrder } from "./model/order-kind.ts";
import { costRates, materialDefinition, materialLot } from "./model/resource-kinds.ts";
import { orderSource } from "./model/source-kind.ts";

export const orders = feature({
  id: "orders",
  perWorld: true,
  needs: { ports: [lineFlow], may: [connections, shiftFold], slots: [listTables, kpiInputs] },
  offers: { ports: [orderPlans, orderExecutions], slots: [coverageSources] },
  contract: [
    contract.list,
    contract.history,
    contract.store,
    contract.split,
    contract.sequence,
    contract.confirm,
    contract.flow,
    contract.coverage,
    contract.exportB2mml,
    contract.importB2mml,
    contract.sources,
    contract.addSource,
    contract.changeSource,
    contract.removeSource,
  ],
  topics: [],
  kinds: [productionOrder, orderSource, materialDefinition, materialLot, costRates],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "orders.authors",
      what: "orders.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: productionOrder.record, person: "by", written: "at" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
