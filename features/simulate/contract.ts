import { endpoint, topic, z } from "@doppelwerk/kit";
import { runProgressShape } from "@doppelwerk/ports";
import { eventLogQuery, eventLogReport } from "./model/event-log-shapes.ts";
import { csvQuery, experimentBody, experimentPointModel, experimentResult, experimentSummary } from "./model/experiment-shapes.ts";
import {
  announceQuery,
  modelCard,
  modelDetail,
  modelQuery,
  modelRunBody,
  modelRunResult,
  modelRunSummary,
  modelsQuery,
} from "./model/model-shapes.ts";
import { chooseBody, optimisation, optimisationBody, optimisationSummary } from "./model/optimisation-shapes.ts";
import {
  blendAnswer,
  blendBody,
  changesMade,
  checkBody,
  keepBlendBody,
  keepLayoutBody,
  keepScheduleBody,
  keepWorkBody,
  lineBalanceWork,
  lineLayout,
  lineSchedule,
  scheduleQuery,
  formerSearchBody,
  searchBody,
  searchState,
  sequenceCheck,
} from "./model/planning-shapes.ts";
import { backtest, driftNotice, factor, fittedParameter, lineQuery, runBody, runModel, runResult, runSummary } from "./model/run-shapes.ts";

const OCTETS = { octets: "application/octet-stream" } as const;
const readBranch = { action: "read", branch: "params.branch", errors: ["DW_NOT_FOUND"] } as const;
const runOnBranch = { action: "run", branch: "params.branch", errors: ["DW_NOT_FOUND", "DW_QUEUE_FULL"] } as const;
const editBranch = { action: "edit", branch: "params.branch", errors: ["DW_NOT_FOUND", "DW_CONFLICT"] } as const;
/** What is known by its id alone is answered only to who may see its branch. */
const record = <const Kind extends string>(kind: Kind) => {
  const of = { branch: `record.${kind}` as const, errors: ["DW_NOT_FOUND"] } as const;
  return { read: { action: "read", ...of }, run: { action: "run", branch: of.branch, errors: ["DW_NOT_FOUND", "DW_QUEUE_FULL"] } } as const;
};
const [run, experiment, optimisationRecord, modelRun] = [record("run"), record("experiment"), record("optimisation"), record("modelRun")];
/** What belongs to no branch costs the server's processor: who may run nothing on live may not start it. */
const runOnLive = { action: "run", errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE", "DW_QUEUE_FULL"] } as const;

export const listFactors = endpoint({
  id: "simulate.listFactors",
  route: "GET /branches/:branch/factors",
  summary: "What can be changed on a line, with live value and range",
  ...readBranch,
  query: lineQuery,
  answer: z.array(factor).readonly(),
});

export const listParameters = endpoint({
  id: "simulate.listParameters",
  route: "GET /branches/:branch/parameters",
  summary: "What was fitted from history, with its uncertainty",
  ...readBranch,
  query: lineQuery,
  answer: z.array(fittedParameter).readonly(),
});

export const readDrift = endpoint({
  id: "simulate.readDrift",
  route: "GET /branches/:branch/drift",
  summary: "Whether the plant is still the one a fit was made from",
  ...readBranch,
  query: lineQuery,
  answer: driftNotice,
});

export const readBacktest = endpoint({
  id: "simulate.readBacktest",
  route: "GET /backtest",
  summary: "Forecasts of past shifts against what came",
  action: "read",
  query: lineQuery,
  answer: backtest,
  errors: ["DW_NOT_FOUND"],
});

export const listRuns = endpoint({
  id: "simulate.listRuns",
  route: "GET /branches/:branch/runs",
  people: { as: "author" },
  summary: "Runs of a branch",
  ...readBranch,
  answer: z.array(runSummary).readonly(),
});

export const startRun = endpoint({
  id: "simulate.startRun",
  route: "POST /branches/:branch/runs",
  summary: "Simulate branch and live on the same random numbers",
  ...runOnBranch,
  body: runBody,
  answer: runSummary,
  status: 202,
});

export const readRun = endpoint({
  id: "simulate.readRun",
  route: "GET /runs/:id",
  people: { as: "author" },
  summary: "A run and its result as far as it is",
  ...run.read,
  answer: runResult,
});

export const readRunModel = endpoint({
  id: "simulate.readRunModel",
  route: "GET /runs/:id/model",
  summary: "What a run simulated, to watch a replication of it",
  ...run.read,
  answer: runModel,
});

export const rerun = endpoint({
  id: "simulate.rerun",
  route: "POST /runs/:id/rerun",
  summary: "Carry the same run out again, to the same hash",
  ...run.run,
  answer: runSummary,
  status: 202,
});

export const cancelRun = endpoint({
  id: "simulate.cancelRun",
  route: "DELETE /runs/:id",
  summary: "Cancel a run",
  ...run.run,
  answer: undefined,
});

export const listExperiments = endpoint({
  id: "simulate.listExperiments",
  route: "GET /branches/:branch/experiments",
  people: { as: "author" },
  summary: "Designed experiments of a branch",
  ...readBranch,
  answer: z.array(experimentSummary).readonly(),
});

export const startExperiment = endpoint({
  id: "simulate.startExperiment",
  route: "POST /branches/:branch/experiments",
  summary: "Vary properties of documents by a design and compare the points on the same random numbers; nothing is written",
  ...runOnBranch,
  body: experimentBody,
  answer: experimentSummary,
  status: 202,
});

export const readExperiment = endpoint({
  id: "simulate.readExperiment",
  route: "GET /experiments/:id",
  people: { as: "author" },
  summary: "An experiment and its result as far as it is",
  ...experiment.read,
  answer: experimentResult,
});

export const readExperimentPoint = endpoint({
  id: "simulate.readExperimentPoint",
  route: "GET /experiments/:id/points/:point",
  summary: "What a point simulated, to watch a replication of it",
  ...experiment.read,
  answer: experimentPointModel,
});

export const exportExperiment = endpoint({
  id: "simulate.exportExperiment",
  route: "GET /experiments/:id/csv",
  summary: "A row a point, or a row a replication",
  ...experiment.read,
  query: csvQuery,
  answer: { octets: "text/csv; charset=utf-8; header=present" },
});

export const rerunExperiment = endpoint({
  id: "simulate.rerunExperiment",
  route: "POST /experiments/:id/rerun",
  summary: "Carry the same plan out again, to the same hash",
  ...experiment.run,
  answer: experimentSummary,
  status: 202,
});

export const resumeExperiment = endpoint({
  id: "simulate.resumeExperiment",
  route: "POST /experiments/:id/resume",
  summary: "Resume one that was stopped",
  ...experiment.run,
  answer: experimentSummary,
  status: 202,
});

export const cancelExperiment = endpoint({
  id: "simulate.cancelExperiment",
  route: "DELETE /experiments/:id",
  summary: "Stop an experiment; what it has reached is kept",
  ...experiment.run,
  answer: undefined,
});

export const listOptimisations = endpoint({
  id: "simulate.listOptimisations",
  route: "GET /branches/:branch/optimisations",
  people: { as: "author" },
  summary: "Optimisations of a branch",
  ...readBranch,
  answer: z.array(optimisationSummary).readonly(),
});

export const startOptimisation = endpoint({
  id: "simulate.startOptimisation",
  route: "POST /branches/:branch/optimisations",
  summary: "Search for the best factors of a branch, judged on the simulator; never of live",
  ...runOnBranch,
  body: optimisationBody,
  answer: optimisation,
  status: 202,
});

export const readOptimisation = endpoint({
  id: "simulate.readOptimisation",
  route: "GET /optimisations/:id",
  people: { as: "author" },
  summary: "An optimisation and what it has found so far",
  ...optimisationRecord.read,
  answer: optimisation,
});

export const cancelOptimisation = endpoint({
  id: "simulate.cancelOptimisation",
  route: "DELETE /optimisations/:id",
  summary: "End a search; the best so far can still be chosen",
  ...optimisationRecord.run,
  answer: undefined,
});

export const chooseOptimum = endpoint({
  id: "simulate.chooseOptimum",
  route: "POST /optimisations/:id/choose",
  summary: "Write a point that was found onto the branch, and judge it on fresh seeds",
  ...optimisationRecord.run,
  body: chooseBody,
  answer: optimisation,
  status: 202,
});

export const startSearch = endpoint({
  id: "simulate.startSearch",
  route: "POST /searches",
  summary: "Search a schedule, a layout, a line balance, a flow shop or an assignment, in a thread of its own",
  ...runOnLive,
  body: searchBody,
  answer: searchState,
  status: 202,
});

export const readSearch = endpoint({
  id: "simulate.readSearch",
  route: "GET /searches/:id",
  summary: "How far a search is, and its best so far",
  ...runOnLive,
  answer: searchState,
});

export const readSearchRequest = endpoint({
  id: "simulate.readSearchRequest",
  route: "GET /searches/:id/request",
  summary: "What was requested of a search",
  ...runOnLive,
  answer: searchBody,
});

export const readFormerSearchRequest = endpoint({
  id: "simulate.readFormerSearchRequest",
  route: "GET /searches/:id/wish",
  summary: "What was requested of a search, with its kind in `what`",
  ...runOnLive,
  answer: formerSearchBody,
  deprecated: { since: "2026-11-28", removedIn: "1.0", use: "GET /searches/{id}/request" },
});

export const cancelSearch = endpoint({
  id: "simulate.cancelSearch",
  route: "DELETE /searches/:id",
  summary: "End a search; its best so far is its answer",
  ...runOnLive,
  answer: undefined,
});

export const readSchedule = endpoint({
  id: "simulate.readSchedule",
  route: "GET /branches/:branch/schedule",
  summary: "The orders of a branch as a schedule problem",
  ...readBranch,
  query: scheduleQuery,
  answer: lineSchedule,
});

export const checkSequence = endpoint({
  id: "simulate.checkSequence",
  route: "POST /branches/:branch/schedule/check",
  summary: "Simulate orders in a sequence: when each is done, with intervals",
  ...runOnBranch,
  body: checkBody,
  answer: sequenceCheck,
});

export const keepSchedule = endpoint({
  id: "simulate.keepSchedule",
  route: "POST /branches/:branch/schedule",
  summary: "Write a plan onto a branch",
  ...editBranch,
  body: keepScheduleBody,
  answer: undefined,
});

export const solveBlend = endpoint({
  id: "simulate.solveBlend",
  route: "POST /blends",
  summary: "The cheapest charge, what its limits cost, or which limits conflict",
  ...runOnLive,
  body: blendBody,
  answer: blendAnswer,
});

export const readCharge = endpoint({
  id: "simulate.readCharge",
  route: "GET /branches/:branch/charge",
  summary: "The charge that the shells of a branch hold; 204 when they hold none",
  ...readBranch,
  answer: blendBody.optional(),
});

export const keepCharge = endpoint({
  id: "simulate.keepCharge",
  route: "POST /branches/:branch/charge",
  summary: "Solve a charge and write it onto a branch",
  ...editBranch,
  body: keepBlendBody,
  answer: blendAnswer,
});

export const readWork = endpoint({
  id: "simulate.readWork",
  route: "GET /branches/:branch/work",
  summary: "The work of the line in elements that may be done elsewhere",
  ...readBranch,
  query: lineQuery,
  answer: lineBalanceWork,
});

export const keepWork = endpoint({
  id: "simulate.keepWork",
  route: "POST /branches/:branch/work",
  summary: "Write onto a branch at which stations elements are done, and the cycles that follow",
  ...editBranch,
  body: keepWorkBody,
  answer: changesMade,
});

export const readLayout = endpoint({
  id: "simulate.readLayout",
  route: "GET /branches/:branch/layout",
  summary: "Stations as rectangles and what flows between them",
  ...readBranch,
  query: lineQuery,
  answer: lineLayout,
});

export const keepLayout = endpoint({
  id: "simulate.keepLayout",
  route: "POST /branches/:branch/layout",
  summary: "Write the moves of a layout onto a branch",
  ...editBranch,
  body: keepLayoutBody,
  answer: changesMade,
});

export const reportEventLog = endpoint({
  id: "simulate.reportEventLog",
  route: "POST /event-log/report",
  summary: "An event log (CSV, XES) as a line that can be run, its bottleneck, and a forecast with its error; nothing is kept",
  ...runOnLive,
  query: eventLogQuery,
  body: OCTETS,
  answer: eventLogReport,
});

export const listModels = endpoint({
  id: "simulate.listModels",
  route: "GET /models",
  summary: "Simulation models that shells of a branch announce, the newest version of each first",
  action: "read",
  branch: "query.branch",
  query: modelsQuery,
  answer: z.array(modelCard).readonly(),
});

export const announceModel = endpoint({
  id: "simulate.announceModel",
  route: "POST /models",
  summary: "Announce an FMU (FMI 2.0 or 3.0) on a shell, as a model or a new version of one",
  action: "edit",
  branch: "query.branch",
  query: announceQuery,
  body: OCTETS,
  answer: modelCard,
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const readModel = endpoint({
  id: "simulate.readModel",
  route: "GET /models/:hash",
  summary: "A model with its ports, and how it would run",
  action: "read",
  branch: "query.branch",
  query: modelQuery,
  answer: modelDetail,
  errors: ["DW_NOT_FOUND"],
});

export const listModelRuns = endpoint({
  id: "simulate.listModelRuns",
  route: "GET /branches/:branch/model-runs",
  summary: "Runs of models on a branch, newest first",
  ...readBranch,
  answer: z.array(modelRunSummary).readonly(),
});

export const startModelRun = endpoint({
  id: "simulate.startModelRun",
  route: "POST /branches/:branch/models/:hash/runs",
  summary: "Run a model on a branch, its inputs bound to signals, properties or values",
  ...runOnBranch,
  body: modelRunBody,
  answer: modelRunSummary,
  status: 202,
});

export const readModelRun = endpoint({
  id: "simulate.readModelRun",
  route: "GET /model-runs/:id",
  summary: "A run of a model and its series as far as it is",
  ...modelRun.read,
  answer: modelRunResult,
});

export const cancelModelRun = endpoint({
  id: "simulate.cancelModelRun",
  route: "DELETE /model-runs/:id",
  summary: "Cancel a run of a model",
  ...modelRun.run,
  answer: undefined,
});

export const progress = topic({
  id: "simulate.progress",
  summary: "How far a run of a branch is",
  action: "read",
  branch: "payload.branch",
  payload: runProgressShape,
  deprecated: { since: "2026-11-28", removedIn: "0.2.0", use: "the topic jobs.progress" },
});
