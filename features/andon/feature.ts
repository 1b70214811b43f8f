import { feature } from "@doppelwerk/kit";
import { boardTiles, helpCalls, kpiValues, lineFlow, notices, shiftFigures } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { andonCall, andonRule } from "./model/andon-kinds.ts";

export const andon = feature({
  id: "andon",
  perWorld: true,
  needs: { ports: [lineFlow], may: [kpiValues, notices, shiftFigures], slots: [boardTiles] },
  offers: { ports: [helpCalls], slots: [] },
  contract: [
    contract.list,
    contract.raise,
    contract.take,
    contract.close,
    contract.rules,
    contract.recipients,
    contract.storeRule,
    contract.removeRule,
  ],
  topics: [contract.changed],
  kinds: [andonCall, andonRule],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "andon.calls",
      what: "andon.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [
        { kind: "documents", record: andonCall.record, person: "by", written: "raisedAt" },
        { kind: "documents", record: andonCall.record, person: "owner", written: "takenAt" },
        { kind: "documents", record: andonRule.record },
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
