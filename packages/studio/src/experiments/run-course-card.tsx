import { useMemo } from "react";
import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import type { ExperimentModel, ReplicationOptions } from "@doppelwerk/sim";
import { SECOND } from "@doppelwerk/world";
import { useStudio, useWords } from "../session/context.tsx";
import { useLoad } from "../session/use-load.ts";
import { Card } from "../values/card.tsx";
import { CourseCharts } from "./course-charts.tsx";
import { courseOf } from "./run-course.ts";

/** The replication of a run that is nearest to its mean, simulated again here: what every station of the branch did when. */
export function RunCourseCard({ result }: { readonly result: RunResult }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { id } = result.run;
  const loaded = useLoad((signal) => studio.client.runModel(id, { signal }), [id]);
  const typical = useMemo(() => {
    const mean = result.replications.reduce((sum, { branch }) => sum + branch, 0) / Math.max(1, result.replications.length);
    return result.replications.toSorted((a, b) => Math.abs(a.branch - mean) - Math.abs(b.branch - mean))[0];
  }, [result]);
  const course = useMemo(() => {
    if (loaded.value === undefined || typical === undefined) return undefined;
    const fixed = loaded.value.options as Omit<ReplicationOptions, "replication" | "drawParameters">;
    const of = courseOf(loaded.value.branch as ExperimentModel, { ...fixed, replication: typical.replication, drawParameters: true });
    return { of, measuredFrom: fixed.start + Math.round(fixed.warmUpS * SECOND) };
  }, [loaded.value, typical]);
  // runs of an earlier version kept no model
  if (course === undefined || typical === undefined) return null;
  const same = course.of.traceHash === typical.traceHash;
  return (
    <Card
      title={t("experiments.course")}
      note={
        <span className={same ? "is-better" : "is-worse"} title={t(same ? "watch.sameHint" : "watch.otherHint")}>
          {t(same ? "watch.same" : "watch.other", { hash: course.of.traceHash.slice(0, 8) })}
        </span>
      }
    >
      <CourseCharts course={course.of} measuredFrom={course.measuredFrom} />
    </Card>
  );
}
