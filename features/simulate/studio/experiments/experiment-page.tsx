import type { ReactNode } from "react";
import type { ExperimentSummary } from "@doppelwerk/client";
import { Failure, Waiting, answerOf, useLoad } from "@doppelwerk/kit/studio";
import { ExperimentProgress } from "./experiment-progress.tsx";
import { ExperimentReport } from "./experiment-report.tsx";
import * as simulate from "../../calls.ts";

/** One experiment: how far it is, then what it found. */
export function ExperimentPage({
  id,
  branch,
  onOther,
}: {
  readonly id: string;
  readonly branch: string;
  readonly onOther: (summary: ExperimentSummary) => void;
}): ReactNode {
  const loaded = useLoad(answerOf(simulate.readExperiment, { params: { id } }), {
    everyMs: (result) => (result === undefined || result.experiment.state === "running" ? 1_000 : undefined),
  });
  if (loaded.value === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const result = loaded.value;
  return result.points.length === 0 ? (
    <ExperimentProgress result={result} reload={loaded.reload} />
  ) : (
    <ExperimentReport result={result} branch={branch} onOther={onOther} />
  );
}
