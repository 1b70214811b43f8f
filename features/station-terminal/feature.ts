import { feature } from "@doppelwerk/kit";
import {
  helpCalls,
  lineFlow,
  listTables,
  orderPlans,
  shiftFigures,
  signOnRules,
  signOns,
  stationStates,
  stopReasons,
} from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { workBadge } from "./model/badge-kind.ts";
import { defectCode } from "./model/defect-kind.ts";
import { workInstruction } from "./model/instruction-kind.ts";
import { lifeItem } from "./model/life-kind.ts";
import { terminalEvents } from "./model/event-kinds.ts";

export const stationTerminal = feature({
  id: "station-terminal",
  perWorld: true,
  needs: { ports: [lineFlow], may: [helpCalls, orderPlans, shiftFigures, signOnRules, stationStates, stopReasons], slots: [listTables] },
  offers: { ports: [signOns], slots: [] },
  contract: [
    contract.stations,
    contract.picture,
    contract.enter,
    contract.badges,
    contract.storeBadge,
    contract.withdrawBadge,
    contract.defectCodes,
    contract.storeDefectCode,
    contract.removeDefectCode,
    contract.instructions,
    contract.storeInstruction,
    contract.removeInstruction,
    contract.setPicture,
    contract.stepPicture,
    contract.judgeFirstPiece,
    contract.lives,
    contract.storeLife,
    contract.removeLife,
    contract.label,
  ],
  topics: [],
  events: terminalEvents,
  kinds: [workBadge, defectCode, workInstruction, lifeItem],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "station-terminal.badges",
      what: "stationTerminal.personalBadges",
      purpose: "privacy.purpose.access",
      basis: "contract",
      places: [{ kind: "documents", record: workBadge.record, person: "person" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
    {
      id: "station-terminal.entries",
      what: "stationTerminal.personalEntries",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: terminalEvents.map(({ type }) => ({ kind: "events" as const, type })),
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
