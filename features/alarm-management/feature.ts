import { feature } from "@doppelwerk/kit";
import { alarmRecord, knownPeople, listTables, livePlaces } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { entryKind } from "./model/entry-kind.ts";
import { philosophyKind } from "./model/philosophy-kind.ts";

export const alarmManagement = feature({
  id: "alarm-management",
  perWorld: true,
  needs: { ports: [alarmRecord, knownPeople], may: [livePlaces], slots: [listTables] },
  offers: { ports: [], slots: [] },
  contract: [
    contract.database,
    contract.procedure,
    contract.store,
    contract.remove,
    contract.approve,
    contract.enforce,
    contract.philosophy,
    contract.storePhilosophy,
    contract.performance,
    contract.advice,
  ],
  topics: [],
  kinds: [entryKind, philosophyKind],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "alarm-management.entries",
      what: "alarmManagement.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: entryKind.record, person: "by", written: "at" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
