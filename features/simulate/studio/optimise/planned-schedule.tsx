import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import type { LineSchedule } from "@doppelwerk/client";
import { bestDispatch, scheduleBound, type ScheduleGoal, type ScheduleProblem } from "@doppelwerk/sim/optimise";
import { useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { GanttCard } from "./gantt-card.tsx";
import { OptimiseHead } from "./optimise-head.tsx";
import { sameOperations } from "./same-operations.ts";
import { ScheduleSearchCard } from "./schedule-search-card.tsx";
import { ScheduleTrialCard } from "./schedule-trial-card.tsx";
import { useFoundPlan } from "./use-found-plan.ts";
import { usePlan, type PlanState } from "./use-plan.ts";
import { KeepAndPropose } from "./keep-and-propose.tsx";
import { useKeep, type useSearch } from "./use-search.ts";
import { useUndoKeys } from "./use-undo-keys.ts";
import * as simulate from "../../calls.ts";

interface PlannedScheduleProps {
  readonly branch: string;
  readonly given: ScheduleProblem;
  /** Of the line; undefined for a file on trial. */
  readonly source: LineSchedule | undefined;
  readonly orders: ReactNode;
  readonly search: ReturnType<typeof useSearch>;
}

/** A plan of the orders: searched on the left, seen and moved on the right. */
export function PlannedSchedule({ branch, given, source, orders, search }: PlannedScheduleProps): ReactNode {
  const { language } = useWords();
  const [dues, setDues] = useState<Readonly<Record<string, number>>>({});
  const problem = useMemo((): ScheduleProblem => withDues(given, dues), [given, dues]);
  const state = usePlan(
    problem,
    useMemo(() => bestDispatch(given, "makespan"), [given]),
  );
  const [goal, setGoal] = useState<ScheduleGoal>("makespan");
  const line = useStore(useStudio().line);
  const title = source === undefined || line === undefined ? problem.title : line.name[language];
  const start = source?.start ?? 0;
  const request = search.request?.kind === "schedule" ? (search.request.problem as ScheduleProblem) : undefined;
  const searched = request !== undefined && sameOperations(request, given) ? search.state : undefined;
  useFoundPlan(searched, state);
  useUndoKeys(state);
  const first = useMemo(() => scheduleBound(problem, goal), [problem, goal]);
  const isProven =
    goal === "makespan" &&
    searched !== undefined &&
    sameOperations(request!, given, "times") &&
    Object.keys(state.plan.locked).length === 0;
  return (
    <div className="dw-page dw-decide dw-optimise">
      <div className="dw-decide-left">
        <OptimiseHead kind="schedule" />
        {orders}
        <ScheduleSearchCard state={state} goal={goal} onGoal={setGoal} dues={dues} onDues={setDues} search={search} searched={searched} />
        <ScheduleTrialCard branch={branch} state={state} source={source} start={start} />
        <KeepButtons branch={branch} title={title} state={state} source={source} start={start} />
      </div>
      <div className="dw-decide-right">
        <GanttCard
          title={title}
          state={state}
          goal={goal}
          bound={Math.max(first, isProven ? (searched.lowerBound ?? 0) : 0)}
          start={start}
        />
      </div>
    </div>
  );
}

function withDues(given: ScheduleProblem, dues: Readonly<Record<string, number>>): ScheduleProblem {
  return { ...given, jobs: given.jobs.map((job) => (dues[job.id] === undefined ? job : { ...job, due: dues[job.id]! })) };
}

function KeepButtons({
  branch,
  title,
  state: { index, plan },
  source,
  start,
}: {
  readonly branch: string;
  readonly title: string;
  readonly state: PlanState;
  readonly source: LineSchedule | undefined;
  readonly start: number;
}): ReactNode {
  const studio = useStudio();
  const { line } = useScope();
  const keep = useKeep("schedule");
  const put = (): void =>
    void keep(title, branch, (on) =>
      simulate.keepSchedule(studio.client, {
        params: { branch: on },
        body: {
          line,
          problem: index.problem,
          plan,
          start,
          ...(source !== undefined && source.orders.length > 0 ? { orders: source.orders } : {}),
        },
      }),
    );
  return <KeepAndPropose branch={branch} onKeep={put} />;
}
