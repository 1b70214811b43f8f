import { feature } from "@doppelwerk/kit";
import { lineFlow, listTables } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { rosterKind, rosterSourceKind } from "./model/roster-kind.ts";
import { qualificationKind, requirementKind, skillKind } from "./model/skill-kinds.ts";
import { taskKind } from "./model/task-kind.ts";

export const personnel = feature({
  id: "personnel",
  perWorld: true,
  needs: { ports: [], may: [lineFlow], slots: [listTables] },
  offers: { ports: [], slots: [] },
  contract: [
    contract.skills,
    contract.storeSkill,
    contract.storeQualification,
    contract.removeQualification,
    contract.requirements,
    contract.storeRequirement,
    contract.removeRequirement,
    contract.workers,
    contract.storeWorker,
    contract.eraseWorker,
    contract.roster,
    contract.storeShift,
    contract.sources,
    contract.addSource,
    contract.changeSource,
    contract.removeSource,
    contract.workload,
    contract.storeTask,
    contract.removeTask,
    contract.proposeRotation,
    contract.own,
  ],
  topics: [],
  kinds: [skillKind, qualificationKind, requirementKind, rosterKind, rosterSourceKind, taskKind],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "personnel.names",
      what: "personnel.personal.names",
      purpose: "privacy.purpose.record",
      basis: "contract",
      places: [{ kind: "file", path: "personnel/workers.json" }],
      kept: "untilErased",
      erasure: "erased",
      exported: true,
    },
    {
      id: "personnel.work",
      what: "personnel.personal.work",
      purpose: "privacy.purpose.record",
      basis: "contract",
      places: [
        { kind: "documents", record: qualificationKind.record },
        { kind: "documents", record: rosterKind.record },
      ],
      kept: "untilErased",
      erasure: "erased",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
