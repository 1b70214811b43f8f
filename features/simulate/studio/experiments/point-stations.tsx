import type { ReactNode } from "react";
import type { ExperimentPoint } from "@doppelwerk/client";
import { BottleneckShift, Card, TimeShares, useWords } from "@doppelwerk/kit/studio";

/** Station by station: where the time went and how often it held the line up, as it stands and at the chosen point. */
export function PointStations({ asIs, chosen }: { readonly asIs: ExperimentPoint; readonly chosen: ExperimentPoint }): ReactNode {
  const { t } = useWords();
  const holding = [...new Set([...Object.keys(asIs.bottlenecks), ...Object.keys(chosen.bottlenecks)])];
  return (
    <div className="dw-decide-row">
      <Card title={t("simulate.decide.whereTime")} note={t("simulate.experiments.whereTimeNote")}>
        <TimeShares
          rows={Object.keys(asIs.shares).map((station) => ({
            station,
            live: asIs.shares[station]!,
            branch: chosen.shares[station] ?? {},
          }))}
        />
      </Card>
      <Card title={t("simulate.decide.bottleneck")} note={t("simulate.experiments.activePeriod")}>
        <BottleneckShift
          words={[t("simulate.experiments.asIs"), t("simulate.experiments.thisPoint")]}
          rows={holding
            .map((station) => ({ station, live: asIs.bottlenecks[station] ?? 0, branch: chosen.bottlenecks[station] ?? 0 }))
            .toSorted((a, b) => b.live + b.branch - a.live - a.branch)}
        />
      </Card>
    </div>
  );
}
