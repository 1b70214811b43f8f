import { NumberInput, SegmentedControl } from "@mantine/core";
import type { ReactNode } from "react";
import type { SearchState } from "@doppelwerk/client";
import type { ScheduleGoal, ScheduleProblem } from "@doppelwerk/sim/optimise";
import { Card, useWords } from "@doppelwerk/kit/studio";
import { SearchBar } from "./search-bar.tsx";
import type { PlanState } from "./use-plan.ts";
import type { useSearch } from "./use-search.ts";

const EFFORT = 60_000;

/** Times from the start, by order. */
type Dues = Readonly<Record<string, number>>;

/** What the search of a schedule is for, when orders are due, and the search. */
export function ScheduleSearchCard({
  state: { index, plan },
  goal,
  onGoal,
  dues,
  onDues,
  search,
  searched,
}: {
  readonly state: PlanState;
  readonly goal: ScheduleGoal;
  readonly onGoal: (goal: ScheduleGoal) => void;
  readonly dues: Dues;
  readonly onDues: (dues: Dues) => void;
  readonly search: ReturnType<typeof useSearch>;
  /** Of the search, where it is one of these orders. */
  readonly searched: SearchState | undefined;
}): ReactNode {
  const { t } = useWords();
  const { problem } = index;
  const hasDues = problem.jobs.some(({ due }) => due !== undefined);
  const isBound = Object.keys(plan.locked).length > 0 || hasDues;
  const start = (): void =>
    search.start({
      kind: "schedule",
      title: problem.title,
      problem,
      goal,
      seed: 1,
      iterations: EFFORT,
      seconds: 120,
      ...(isBound ? { from: plan } : {}),
    });
  return (
    <Card title={t("simulate.optimise.search.goal")}>
      <div className="dw-search-foot">
        <SegmentedControl
          size="xs"
          aria-label={t("simulate.optimise.search.goal")}
          value={goal}
          onChange={(next) => onGoal(next as ScheduleGoal)}
          data={(["makespan", "lateness"] as const).map((which) => ({ value: which, label: t(`simulate.optimise.search.${which}`) }))}
        />
      </div>
      {goal === "lateness" && <DueFields problem={problem} dues={dues} onChange={onDues} />}
      <div className="dw-solve-course">
        <SearchBar
          state={searched}
          isRunning={search.isRunning}
          disabled={goal === "lateness" && !hasDues}
          onStart={start}
          onStop={search.stop}
        />
      </div>
    </Card>
  );
}

/** When each order is due, as time from the start. */
function DueFields({
  problem,
  dues,
  onChange,
}: {
  readonly problem: ScheduleProblem;
  readonly dues: Dues;
  readonly onChange: (dues: Dues) => void;
}): ReactNode {
  const { t } = useWords();
  const scale = problem.unit === "s" ? 3_600 : 1;
  return (
    <div className="dw-dues">
      <p className="dw-fine">{t("simulate.optimise.gantt.dueAfter")}</p>
      {problem.jobs.map(({ id, label, due }) => (
        <div key={id}>
          <span>{label}</span>
          <NumberInput
            size="xs"
            hideControls
            aria-label={t("simulate.optimise.gantt.dueOf", { what: label })}
            placeholder={t("simulate.optimise.gantt.noDue")}
            min={0}
            value={due === undefined ? "" : due / scale}
            onChange={(value) => {
              const { [id]: _gone, ...rest } = dues;
              onChange(value === "" ? rest : { ...rest, [id]: Math.round(Number(value) * scale) });
            }}
          />
        </div>
      ))}
    </div>
  );
}
