import { useMemo } from "react";
import type { ReactNode } from "react";
import type { ExperimentModel, ReplicationOptions } from "@doppelwerk/sim";
import { SECOND } from "@doppelwerk/world";
import { Card, useWords } from "@doppelwerk/kit/studio";
import { CourseCharts } from "./course-charts.tsx";
import { courseOf } from "./run-course.ts";

interface CourseCardProps {
  readonly model: ExperimentModel;
  /** As they were stored beside the result; the replication is chosen here. */
  readonly options: Omit<ReplicationOptions, "replication" | "drawParameters">;
  readonly replication: number;
  /** Of that replication when the result was computed: told apart from what is simulated here. */
  readonly traceHash: string;
}

/** One replication, simulated again here: what every station did when, how many parts were inside, and whether it is what the server had. */
export function CourseCard({ model, options, replication, traceHash }: CourseCardProps): ReactNode {
  const { t } = useWords();
  const course = useMemo(() => courseOf(model, { ...options, replication, drawParameters: true }), [model, options, replication]);
  const same = course.traceHash === traceHash;
  return (
    <Card
      title={t("simulate.experiments.course")}
      note={
        <span className={same ? "is-better" : "is-worse"} title={t(same ? "simulate.watch.sameHint" : "simulate.watch.otherHint")}>
          {t(same ? "simulate.watch.same" : "simulate.watch.other", { hash: course.traceHash.slice(0, 8) })}
        </span>
      }
    >
      <CourseCharts course={course} measuredFrom={options.start + Math.round(options.warmUpS * SECOND)} />
    </Card>
  );
}
