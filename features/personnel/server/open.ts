import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext, HandlersOf, Open, PlantView } from "@doppelwerk/kit/server";
import { lineFlow, listTables } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant, type Principal } from "@doppelwerk/world";
import type { personnel } from "../feature.ts";
import type {} from "../message-codes.ts";
import { requirementsOf } from "./documents.ts";
import { eraseWorker } from "./erase-worker.ts";
import { dayOf, isKeeper } from "./keeper.ts";
import { ownData, rosterOf, storeShift } from "./rosters.ts";
import { proposeRotation } from "./rotations.ts";
import { RosterIntake } from "./roster-intake.ts";
import { RosterSources } from "./roster-sources.ts";
import { removeQualification, removeRequirement, skillMatrix, storeQualification, storeRequirement, storeSkill } from "./skill-matrix.ts";
import { Staff } from "./staff.ts";
import { qualificationTable, requirementTable, rosterTable, skillTable, taskTable } from "./tables.ts";
import { removeTask, storeTask, workloadOf } from "./workload.ts";

type Ctx = FeatureContext<typeof personnel>;
type Handlers = HandlersOf<(typeof personnel)["contract"]>;

/** Who works where and with which skills. */
export const open: Open<typeof personnel> = async (ctx) => {
  const staff = new Staff(ctx.folder("personnel"));
  const sources = new RosterSources(ctx, new RosterIntake(ctx, staff));
  const viewOf = (principal: Principal) => ctx.view(principal);
  ctx.personal({
    exported(person) {
      const worker = staff.ofAccount(person);
      return worker === undefined ? undefined : { feature: "personnel", ...ownData(staff, ctx.own.documents.reader(LIVE), worker) };
    },
    async erase(person) {
      const worker = staff.ofAccount(person);
      if (worker !== undefined) await eraseWorker(staff, ctx.own, worker);
    },
  });
  return {
    handlers: { ...skillHandlers(ctx, staff), ...rosterHandlers(ctx, staff), ...loadHandlers(ctx, staff), ...sourceHandlers(ctx, sources) },
    ports: {},
    contributed: [
      { key: listTables.key, value: skillTable(viewOf) },
      { key: listTables.key, value: qualificationTable(staff, viewOf) },
      { key: listTables.key, value: requirementTable(viewOf) },
      { key: listTables.key, value: rosterTable(staff, viewOf) },
      { key: listTables.key, value: taskTable(viewOf) },
    ],
    close: () => sources.close(),
  };
};

/** As it was known at an instant, or now. */
const readerAt = (view: PlantView, branch: BranchId, t: Instant | undefined) =>
  view.documents.reader(branch, t === undefined ? undefined : { time: t });

function skillHandlers(ctx: Ctx, staff: Staff) {
  return {
    "personnel.skills": async ({ view, branch, query: { date, t } }) =>
      skillMatrix(staff, view, readerAt(view, branch, t), date ?? (await dayOf(ctx, branch, t ?? ctx.now()))),
    "personnel.storeSkill": ({ view, branch, params: { skill }, body }) => storeSkill(view, branch, { ...body, skill }),
    "personnel.storeQualification": ({ view, branch, body }) => storeQualification(staff, view, branch, body),
    "personnel.removeQualification": ({ view, branch, params: { worker }, query: { skill } }) =>
      removeQualification(view, branch, worker, skill),
    "personnel.requirements": async ({ view, branch }) => requirementsOf(view.documents.reader(branch)),
    "personnel.storeRequirement": ({ view, branch, body }) => storeRequirement(view, branch, body),
    "personnel.removeRequirement": ({ view, branch, params: { station }, query: { skill } }) =>
      removeRequirement(view, branch, station, skill),
  } satisfies Partial<Handlers>;
}

function rosterHandlers(ctx: Ctx, staff: Staff) {
  return {
    "personnel.workers": async ({ view }) => {
      const keeper = isKeeper(view);
      const shown = staff.all().filter(([, { account }]) => keeper || account === view.principal.id);
      return { isKeeper: keeper, workers: shown.map(([worker, fields]) => ({ worker, ...fields })) };
    },
    "personnel.storeWorker": async ({ params: { worker }, body }) => {
      if (!/^[\w.-]{1,40}$/.test(worker)) throw new DoppelwerkError("DW_INVALID", message("personnel.fault.worker"));
      const other = body.account === undefined ? undefined : staff.ofAccount(body.account);
      if (other !== undefined && other !== worker)
        throw new DoppelwerkError("DW_INVALID", message("personnel.fault.accountTaken", { worker: other }));
      staff.store({ [worker]: body });
    },
    "personnel.eraseWorker": async ({ view, params: { worker } }) => {
      if (staff.get(worker) === undefined)
        throw new DoppelwerkError("DW_NOT_FOUND", message("personnel.fault.unknownWorker", { worker: worker.slice(0, 60) }));
      return { documents: await eraseWorker(staff, view, worker) };
    },
    "personnel.roster": async ({ view, branch, query: { date, days, t } }) =>
      rosterOf({
        staff,
        view,
        reader: readerAt(view, branch, t),
        date: date ?? (await dayOf(ctx, branch, t ?? ctx.now())),
        days,
        stations: await stationsOf(ctx, branch),
      }),
    "personnel.storeShift": ({ view, branch, params, body }) => storeShift(view, branch, params, body),
    "personnel.own": async ({ view }) => ownData(staff, ctx.own.documents.reader(LIVE), staff.ofAccount(view.principal.id)),
  } satisfies Partial<Handlers>;
}

function loadHandlers(ctx: Ctx, staff: Staff) {
  return {
    "personnel.workload": async ({ view, branch, query: { date, t } }) =>
      workloadOf(ctx, {
        staff,
        view,
        reader: readerAt(view, branch, t),
        date: date ?? (await dayOf(ctx, branch, t ?? ctx.now())),
        now: t ?? ctx.now(),
      }),
    "personnel.proposeRotation": async ({ view, body: { branch, date, shift, line } }) =>
      proposeRotation(ctx, { staff, view, reader: view.documents.reader(branch), date, shift, line, now: ctx.now() }),
    "personnel.storeTask": ({ view, branch, body }) => storeTask(view, branch, body),
    "personnel.removeTask": ({ view, branch, params: { station }, query: { task } }) => removeTask(view, branch, station, task),
  } satisfies Partial<Handlers>;
}

function sourceHandlers(ctx: Ctx, sources: RosterSources) {
  return {
    "personnel.sources": async () => sources.states(),
    "personnel.addSource": ({ view, body }) => sources.store(view, ctx.ids.next("staffFolder"), body.fields),
    "personnel.changeSource": ({ view, params, body }) => {
      sources.require(params.source);
      return sources.store(view, params.source, body.fields);
    },
    "personnel.removeSource": ({ view, params }) => sources.remove(view, params.source),
  } satisfies Partial<Handlers>;
}

/** Stations and lines by which rosters name them: a line also by its name without spaces. */
async function stationsOf(ctx: Ctx, branch: BranchId): Promise<ReadonlySet<string> | undefined> {
  const lines = (await ctx.find(lineFlow)?.lines(branch))?.lines;
  if (lines === undefined || lines.length === 0) return undefined;
  return new Set(
    lines.flatMap(({ id, title, path, stations }) => [
      id,
      ...[title, ...path].flatMap(({ en }) => [en, en.replaceAll(" ", "")]),
      ...stations.map((station) => station.id),
    ]),
  );
}
