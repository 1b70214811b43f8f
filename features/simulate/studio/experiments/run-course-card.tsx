import { useMemo } from "react";
import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import type { ExperimentModel, ReplicationOptions } from "@doppelwerk/sim";
import { answerOf, useLoad } from "@doppelwerk/kit/studio";
import { CourseCard } from "./course-card.tsx";
import * as simulate from "../../calls.ts";

/** The replication of a run that is nearest to its mean, simulated again here: what every station of the branch did when. */
export default function RunCourseCard({ result }: { readonly result: RunResult }): ReactNode {
  const { id } = result.run;
  const loaded = useLoad(answerOf(simulate.readRunModel, { params: { id } }));
  const typical = useMemo(() => {
    const mean = result.replications.reduce((sum, { branch }) => sum + branch, 0) / Math.max(1, result.replications.length);
    return result.replications.toSorted((a, b) => Math.abs(a.branch - mean) - Math.abs(b.branch - mean))[0];
  }, [result]);
  // runs of an earlier version kept no model
  if (loaded.value === undefined || typical === undefined) return null;
  return (
    <CourseCard
      model={loaded.value.branch as ExperimentModel}
      options={loaded.value.options as Omit<ReplicationOptions, "replication" | "drawParameters">}
      replication={typical.replication}
      traceHash={typical.traceHash}
    />
  );
}
