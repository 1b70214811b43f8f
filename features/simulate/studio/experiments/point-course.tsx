import type { ReactNode } from "react";
import type { ExperimentResult } from "@doppelwerk/client";
import type { ExperimentModel, ReplicationOptions } from "@doppelwerk/sim";
import { Failure, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import { CourseCard } from "./course-card.tsx";
import * as simulate from "../../calls.ts";

/** The first replication of a point, simulated again here: what every station did when, and how many parts were inside. */
export function PointCourse({ result, point }: { readonly result: ExperimentResult; readonly point: number }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const loaded = useLoad(
    (signal) => simulate.readExperimentPoint(studio.client, { params: { id: result.experiment.id, point: String(point) } }, { signal }),
    [result.experiment.id, point],
  );
  if (loaded.kind === "failed") return <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />;
  if (loaded.value === undefined) return <p className="dw-quiet">{t("frame.loading")}</p>;
  return (
    <CourseCard
      model={loaded.value.model as ExperimentModel}
      options={loaded.value.options as Omit<ReplicationOptions, "replication" | "drawParameters">}
      replication={0}
      traceHash={result.points[point]!.traceHashes[0]!}
    />
  );
}
