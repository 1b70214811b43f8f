import { feature } from "@doppelwerk/kit";
import { boardTiles, lineFlow, listTables, lossAudits, shiftFigures, stopEffects, stopReasons } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { stopCoding } from "./model/coding-kind.ts";
import { stopEffect } from "./model/effect-kind.ts";
import { lossReason } from "./model/reason-kind.ts";

export const losses = feature({
  id: "losses",
  perWorld: true,
  needs: { ports: [lineFlow], may: [shiftFigures, stopEffects], slots: [boardTiles, listTables] },
  offers: { ports: [lossAudits, stopReasons], slots: [] },
  contract: [
    contract.reasons,
    contract.storeReason,
    contract.removeReason,
    contract.stops,
    contract.code,
    contract.history,
    contract.lossesOfPeriod,
    contract.usualLosses,
    contract.pareto,
    contract.effects,
    contract.whatIf,
  ],
  topics: [],
  kinds: [lossReason, stopCoding, stopEffect],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "losses.codings",
      what: "losses.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: stopCoding.record, person: "by", written: "at" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
