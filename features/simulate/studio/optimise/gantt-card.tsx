import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import type { Instant } from "@doppelwerk/world";
import { scheduleFindings, type EditRefusal, type ScheduleEdit, type ScheduleGoal } from "@doppelwerk/sim/optimise";
import { Card, useStudio, useWords } from "@doppelwerk/kit/studio";
import { Gantt } from "./gantt.tsx";
import type { GanttLayout } from "./gantt-layout.ts";
import { GanttTools } from "./gantt-tools.tsx";
import { PlanChange } from "./plan-change.tsx";
import { ScheduleFigures } from "./schedule-figures.tsx";
import { useGanttZoom } from "./use-gantt-zoom.ts";
import type { PlanState } from "./use-plan.ts";

/** The plan as bars: its figures, its tools, and what a drag would change. */
export function GanttCard({
  title,
  state,
  goal,
  bound,
  start,
}: {
  readonly title: string;
  readonly state: PlanState;
  readonly goal: ScheduleGoal;
  readonly bound: number;
  readonly start: Instant;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [by, setBy] = useState<GanttLayout["by"]>("machine");
  const [selected, setSelected] = useState<number | undefined>(undefined);
  const [preview, setPreview] = useState<ScheduleEdit | EditRefusal | undefined>(undefined);
  const [announced, setAnnounced] = useState("");
  const zoom = useGanttZoom(state);
  const { index, plan, planned } = state;
  const broken = useMemo(
    () => (Object.keys(plan.locked).length === 0 ? [] : scheduleFindings(index.problem, planned, plan.locked)),
    [index.problem, planned, plan.locked],
  );
  const refused = (why: EditRefusal): void => {
    setAnnounced(t(`simulate.optimise.gantt.refused.${why}`));
    studio.notify("trouble", t(`simulate.optimise.gantt.refused.${why}`));
  };
  return (
    <Card title={title} note={t("simulate.optimise.gantt.help")}>
      <ScheduleFigures state={state} goal={goal} bound={bound} />
      <div className="dw-gantt-bar-row">
        <GanttTools state={state} by={by} onBy={setBy} selected={selected} zoom={zoom} />
        <PlanChange state={state} preview={preview} />
        <span className="dw-visually-hidden" role="status">
          {announced}
        </span>
      </div>
      {broken.length > 0 && <p className="dw-note is-trouble">{t("simulate.optimise.gantt.lockBroken", { what: broken[0]! })}</p>}
      <Gantt
        state={state}
        by={by}
        scale={zoom.scale}
        scroll={zoom.scroll}
        start={start}
        selected={selected}
        onSelect={setSelected}
        onPreview={setPreview}
        onRefused={refused}
      />
    </Card>
  );
}
