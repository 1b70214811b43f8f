import { feature } from "@doppelwerk/kit";
import { knownPeople, listTables, notices, spareParts } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { MOVEMENT_EVENT, storesEvents } from "./model/movement.ts";
import { stockNotice } from "./model/notice-kind.ts";
import { sparePart } from "./model/part-kind.ts";
import { storesSource } from "./model/source-kind.ts";

export const stores = feature({
  id: "stores",
  perWorld: true,
  needs: { ports: [], may: [knownPeople, notices], slots: [listTables] },
  offers: { ports: [spareParts], slots: [] },
  contract: [
    contract.list,
    contract.history,
    contract.store,
    contract.move,
    contract.notice,
    contract.storeNotice,
    contract.sources,
    contract.addSource,
    contract.changeSource,
    contract.removeSource,
  ],
  topics: [contract.changed],
  kinds: [sparePart, stockNotice, storesSource],
  events: storesEvents,
  folds: [],
  jobs: [],
  personal: [
    {
      id: "stores.movements",
      what: "stores.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [
        { kind: "events", type: MOVEMENT_EVENT },
        { kind: "documents", record: stockNotice.record },
      ],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
