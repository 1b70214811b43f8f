import { useMemo } from "react";
import type { ReactNode } from "react";
import { componentsOf, type ExperimentModel, type ReplicationOptions } from "@doppelwerk/sim";
import { SECOND } from "@doppelwerk/world";
import { Card, Failure, useLoad, useWords } from "@doppelwerk/kit/studio";
import { prepareComponents, type OpenComponents } from "../watch/prepare-components.ts";
import { CourseCharts } from "./course-charts.tsx";
import { courseOf } from "./run-course.ts";

interface CourseCardProps {
  readonly model: ExperimentModel;
  /** As they were stored beside the result; the replication is chosen here. */
  readonly options: Omit<ReplicationOptions, "replication" | "drawParameters">;
  readonly replication: number;
  /** Of that replication when the result was computed: distinguished from what is simulated here. */
  readonly traceHash: string;
}

/** One replication, simulated again here: what every station did when, how many parts were inside, and whether it is what the server had. */
export function CourseCard(props: CourseCardProps): ReactNode {
  const { t } = useWords();
  const codes = componentsOf(props.model);
  const prepared = useLoad(
    () => prepareComponents(props.model),
    codes.map(({ checksum }) => checksum),
  );
  if (codes.length === 0) return <SimulatedCourse {...props} />;
  if (prepared.value !== undefined) return <SimulatedCourse {...props} open={prepared.value} />;
  return (
    <Card title={t("simulate.experiments.course")}>
      {prepared.kind === "failed" ? (
        <Failure message={prepared.message} code={prepared.code} onRetry={prepared.reload} />
      ) : (
        <p className="dw-quiet">{t("simulate.watch.loading")}</p>
      )}
    </Card>
  );
}

function SimulatedCourse({
  model,
  options,
  replication,
  traceHash,
  open,
}: CourseCardProps & { readonly open?: OpenComponents }): ReactNode {
  const { t } = useWords();
  const course = useMemo(() => {
    const components = open?.();
    try {
      return courseOf(model, { ...options, replication, drawParameters: true }, components);
    } finally {
      components?.dispose();
    }
  }, [model, options, replication, open]);
  const same = course.traceHash === traceHash;
  return (
    <Card
      title={t("simulate.experiments.course")}
      note={
        <span className={same ? "is-better" : "is-worse"} title={t(same ? "simulate.watch.sameHint" : "simulate.watch.otherHint")}>
          {t(same ? "simulate.watch.same" : "simulate.watch.other")}
        </span>
      }
    >
      <CourseCharts course={course} measuredFrom={options.start + Math.round(options.warmUpS * SECOND)} />
    </Card>
  );
}
