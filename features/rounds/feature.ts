import { feature } from "@doppelwerk/kit";
import { identifications, listTables, shiftFold, workOrders } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { ENTRY_EVENT, roundsEvents } from "./model/entry.ts";
import { inspectionRound } from "./model/round-kind.ts";

export const rounds = feature({
  id: "rounds",
  perWorld: true,
  needs: { ports: [], may: [identifications, shiftFold, workOrders], slots: [listTables] },
  offers: { ports: [], slots: [] },
  contract: [
    contract.list,
    contract.store,
    contract.walks,
    contract.record,
    contract.addPhoto,
    contract.photo,
    contract.trend,
    contract.openWorkOrder,
  ],
  topics: [contract.changed],
  kinds: [inspectionRound],
  events: roundsEvents,
  folds: [],
  jobs: [],
  personal: [
    {
      id: "rounds.entries",
      what: "rounds.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "events", type: ENTRY_EVENT }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
