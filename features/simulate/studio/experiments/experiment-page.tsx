import { useState } from "react";
import type { ReactNode } from "react";
import type { ExperimentSummary } from "@doppelwerk/client";
import { Failure, Waiting, useLoad, useStudio } from "@doppelwerk/kit/studio";
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
  const studio = useStudio();
  const [busy, setBusy] = useState(true);
  const loaded = useLoad(
    async (signal) => {
      const result = await simulate.readExperiment(studio.client, { params: { id } }, { signal });
      setBusy(result.experiment.state === "running");
      return result;
    },
    [id],
    busy ? 1_000 : undefined,
  );
  if (loaded.value === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} onRetry={loaded.reload} /> : <Waiting />;
  const result = loaded.value;
  return result.points.length === 0 ? (
    <ExperimentProgress result={result} reload={loaded.reload} />
  ) : (
    <ExperimentReport result={result} branch={branch} onOther={onOther} />
  );
}
