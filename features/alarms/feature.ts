import { feature } from "@doppelwerk/kit";
import { alarmAudits, alarmFold, alarmTicks, lineFlow, runResults, shippedAlarmRules, stationStates } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { alarmEvents } from "./model/event-kinds.ts";

export const alarms = feature({
  id: "alarms",
  perWorld: true,
  needs: { ports: [lineFlow, shippedAlarmRules], may: [runResults, stationStates] },
  offers: { ports: [alarmAudits, alarmFold, alarmTicks], slots: [] },
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
    contract.rules,
    contract.addRule,
    contract.storeRule,
    contract.removeRule,
    contract.tryRules,
    contract.ahead,
  ],
  topics: [contract.changed],
  events: alarmEvents,
  kinds: [],
  folds: ["./folds/alarms.ts"],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
