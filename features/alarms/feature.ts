import { feature } from "@doppelwerk/kit";
import {
  alarmAudits,
  alarmFold,
  alarmRecord,
  alarmTicks,
  boardTiles,
  lineFlow,
  listTables,
  pastReading,
  runResults,
  shippedAlarmRules,
  stationStates,
} from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { alarmEvents } from "./model/event-kinds.ts";

export const alarms = feature({
  id: "alarms",
  perWorld: true,
  needs: { ports: [lineFlow, shippedAlarmRules], may: [pastReading, runResults, stationStates], slots: [boardTiles, listTables] },
  offers: { ports: [alarmAudits, alarmFold, alarmRecord, alarmTicks], slots: [] },
  contract: [
    contract.list,
    contract.history,
    contract.transitions,
    contract.occurrences,
    contract.acknowledge,
    contract.reset,
    contract.shelve,
    contract.unshelve,
    contract.takeOutOfService,
    contract.returnToService,
    contract.atPlant,
    contract.rules,
    contract.ruleCounts,
    contract.addRule,
    contract.storeRule,
    contract.removeRule,
    contract.tryRules,
    contract.trialProgress,
    contract.startWhatIf,
    contract.whatIf,
    contract.ahead,
  ],
  topics: [contract.changed],
  events: alarmEvents,
  kinds: [],
  folds: ["./folds/alarms.ts"],
  jobs: [
    { kind: "alarms.whatIf", title: "alarms.whatIf.job", module: "./jobs/judge-columns.ts", maxRunning: 1, maxQueued: 20, memoryMb: 512 },
  ],
  personal: [
    {
      id: "alarms.acts",
      what: "alarms.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [
        { kind: "events", type: "alarm.transition" },
        // derived signals of the alarms
        { kind: "file", path: "history" },
        { kind: "jobs", job: "alarms.whatIf" },
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
