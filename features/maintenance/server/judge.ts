import { DAY, documentChange, DoppelwerkError, hashedId, message, readDocument, SECOND, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { LineFlow, PlanEffects } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { planJudgement, type Judgement } from "../model/judgement-kind.ts";
import { maintenancePlan, type PlanFields } from "../model/plan-kind.ts";
import type { NextDue } from "./next-due.ts";
import { planId, planOf } from "./plans.ts";

export interface JudgeSources {
  readonly flow: LineFlow;
  readonly effects: PlanEffects | undefined;
  now(): Instant;
  next(plan: PlanFields): Promise<NextDue>;
}

export interface JudgeRequest {
  readonly minutes: number;
  readonly prevented: number;
  readonly name: string;
}

type Judged = { readonly branch: BranchId; readonly judgement: Judgement } | { readonly why: Message };

/**
 * Simulates the line with the plan and without it, on a fork of live or on the branch that is open; what cannot be simulated leaves no branch behind.
 * Errors: DW_NOT_FOUND, DW_UNAVAILABLE, DW_QUEUE_FULL, DW_FORBIDDEN.
 */
export async function judgePlan(
  view: PlantView,
  on: BranchId,
  code: string,
  { minutes, prevented, name }: JudgeRequest,
  { flow, effects, now, next }: JudgeSources,
): Promise<Judged> {
  const plan = planOf(view, on, code);
  const { lines } = await flow.lines(on);
  const line = lines.find(({ stations }) => stations.some(({ id }) => id === plan.station));
  if (line === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.noStation", { station: plan.station }));
  if (effects === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("maintenance.judge.off"));
  const everyS = await intervalS(plan, () => next(plan));
  if (everyS === undefined) return { why: message("maintenance.judge.noInterval") };
  const asked = { line: line.id, station: plan.station, everyS, durationS: minutes * 60, prevented };
  const effect = await effects.of(view.principal, on, asked);
  if ("why" in effect) return { why: effect.why };
  const branch = on === LIVE ? await forked(view, name, now()) : on;
  const { line: _line, ...said } = asked;
  const judgement: Judgement = { plan: code, ...said, by: view.principal.id, at: now(), effect };
  const reader = view.documents.reader(branch);
  const changes = [
    documentChange(maintenancePlan, planId(code), reader.get(planId(code)), plan),
    documentChange(planJudgement, judgementId(code), reader.get(judgementId(code)), judgement),
  ].filter((change) => change !== undefined);
  await view.documents.apply({ branch, reason: message("maintenance.log.judged", { code }), changes });
  return { branch, judgement };
}

const judgementId = (code: string) => hashedId("maintenanceJudgement", "plan", code);

/** Seconds of the calendar between two maintenances; of a plan by alarms none is known. */
async function intervalS({ trigger }: PlanFields, next: () => Promise<NextDue>): Promise<number | undefined> {
  if (trigger.kind === "time") return (trigger.every * { day: DAY, week: 7 * DAY, month: 30.4 * DAY }[trigger.unit]) / SECOND;
  if (trigger.kind === "condition") return undefined;
  const { rate } = await next();
  return rate === undefined ? undefined : (trigger.every / rate.perDay) * (DAY / SECOND);
}

async function forked(view: PlantView, name: string, instant: Instant): Promise<BranchId> {
  const branch = await view.documents.fork({ name, parent: LIVE, instant, reason: message("maintenance.log.judgeFork", { name }) });
  return branch.id;
}

/** Of the branch, and on live of branches that are open and that the view may see: the newest of each plan. */
export function judgementsOf(
  view: PlantView,
  on: BranchId,
): ReadonlyMap<string, { readonly branch: BranchId; readonly judgement: Judgement }> {
  const branches = on === LIVE ? view.documents.branches().filter(({ closed }) => closed === undefined) : [{ id: on }];
  const found = new Map<string, { readonly branch: BranchId; readonly judgement: Judgement }>();
  for (const { id: branch } of branches)
    for (const record of view.documents.reader(branch).query({ kind: planJudgement.record })) {
      const judgement = readDocument(planJudgement, record);
      if (judgement !== undefined && judgement.at > (found.get(judgement.plan)?.judgement.at ?? 0))
        found.set(judgement.plan, { branch, judgement });
    }
  return found;
}
