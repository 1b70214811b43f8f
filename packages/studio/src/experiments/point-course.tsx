import { useMemo } from "react";
import type { ReactNode } from "react";
import type { ExperimentResult } from "@doppelwerk/client";
import type { ExperimentModel, ReplicationOptions } from "@doppelwerk/sim";
import { SECOND } from "@doppelwerk/world";
import { useStudio, useWords } from "../session/context.tsx";
import { useLoad } from "../session/use-load.ts";
import { Card, Failure } from "../values/card.tsx";
import { CourseCharts } from "./course-charts.tsx";
import { courseOf } from "./run-course.ts";

/** The first replication of a point, simulated again here: what every station did when, and how many parts were inside. */
export function PointCourse({ result, point }: { readonly result: ExperimentResult; readonly point: number }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const loaded = useLoad((signal) => studio.client.experimentPoint(result.experiment.id, point, { signal }), [result.experiment.id, point]);
  const course = useMemo(() => {
    if (loaded.value === undefined) return undefined;
    const options: ReplicationOptions = {
      ...(loaded.value.options as Omit<ReplicationOptions, "replication" | "drawParameters">),
      replication: 0,
      drawParameters: true,
    };
    return {
      of: courseOf(loaded.value.model as ExperimentModel, options),
      measuredFrom: options.start + Math.round(options.warmUpS * SECOND),
    };
  }, [loaded.value]);
  if (loaded.kind === "failed") return <Failure message={loaded.message} onRetry={loaded.reload} />;
  if (course === undefined) return <p className="dw-quiet">{t("frame.loading")}</p>;
  const same = course.of.traceHash === result.points[point]!.traceHashes[0];
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
