import { feature } from "@doppelwerk/kit";
import { alarmRecord, knownPeople, lineFlow, listTables, planEffects, spareParts, stationStates, workOrders } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { maintenanceEvents, WORK_EVENT } from "./model/acts.ts";
import { planJudgement } from "./model/judgement-kind.ts";
import { jobPlan } from "./model/job-kind.ts";
import { maintenancePlan } from "./model/plan-kind.ts";

export const maintenance = feature({
  id: "maintenance",
  perWorld: true,
  needs: { ports: [lineFlow, knownPeople], may: [alarmRecord, planEffects, spareParts, stationStates], slots: [listTables] },
  offers: { ports: [workOrders], slots: [] },
  contract: [
    contract.orders,
    contract.order,
    contract.open,
    contract.work,
    contract.direct,
    contract.sign,
    contract.addPhoto,
    contract.photo,
    contract.parts,
    contract.ofAlarm,
    contract.openOfAlarm,
    contract.jobs,
    contract.storeJob,
    contract.removeJob,
    contract.plans,
    contract.storePlan,
    contract.removePlan,
    contract.reliability,
    contract.rules,
    contract.judge,
    contract.readInstructions,
    contract.writeInstructions,
    contract.takeInstructions,
  ],
  topics: [contract.changed],
  kinds: [jobPlan, maintenancePlan, planJudgement],
  events: maintenanceEvents,
  folds: [],
  jobs: [],
  personal: [
    {
      id: "maintenance.judgements",
      what: "maintenance.personalJudgements",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: planJudgement.record, person: "by", written: "at" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
    {
      id: "maintenance.work",
      what: "maintenance.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "events", type: WORK_EVENT }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
