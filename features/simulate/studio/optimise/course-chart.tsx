import type { ReactNode } from "react";
import { Chart, useWords, type ChartMark } from "@doppelwerk/kit/studio";

/** The best so far as a staircase over the replications spent, above or below what the present state has. */
export function CourseChart({
  trace,
  spent,
  budget,
  present,
  measure,
  unit,
}: {
  readonly trace: readonly { readonly spent: number; readonly best: number }[];
  readonly spent: number;
  readonly budget: number;
  readonly present: number | undefined;
  readonly measure: string;
  readonly unit: string;
}): ReactNode {
  const { t } = useWords();
  const best = trace.map(({ spent: x, best: y }) => ({ x, y }));
  const now: readonly ChartMark[] =
    present === undefined ? [] : [{ kind: "rule", name: t("simulate.optimise.now"), tone: "muted", y: present, isLabelled: true }];
  return (
    <Chart
      label={t("simulate.optimise.courseNote", { measure })}
      height={130}
      x={{ kind: "number", name: t("simulate.optimise.spent"), digits: 0, isWhole: true, include: [0, Math.max(1, spent, budget)] }}
      y={{ kind: "number", name: measure, unit }}
      marks={[
        ...now,
        {
          kind: "line",
          name: t("simulate.optimise.bestSoFar"),
          tone: "hue",
          isStepped: true,
          points: [...best, { x: spent, y: best.at(-1)!.y }],
        },
      ]}
    />
  );
}
