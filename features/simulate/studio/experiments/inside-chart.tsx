import type { ReactNode } from "react";
import type { Instant } from "@doppelwerk/world";
import { Chart, useWords } from "@doppelwerk/kit/studio";
import type { RunCourse } from "./run-course.ts";

/** Parts inside over time, as steps. */
export function InsideChart({ course, from, to }: { readonly course: RunCourse; readonly from: Instant; readonly to: Instant }): ReactNode {
  const { t } = useWords();
  const before = course.inside.findLast(({ at }) => at <= from)?.count ?? course.inside[0]?.count ?? 0;
  const steps = [{ at: from, count: before }, ...course.inside.filter(({ at }) => at > from && at < to)];
  const points = [...steps, { at: to, count: steps.at(-1)!.count }].map(({ at, count }) => ({ x: at, y: count }));
  return (
    <Chart
      label={t("simulate.experiments.inside")}
      height={130}
      x={{ kind: "time", from, to }}
      y={{ kind: "number", name: t("simulate.experiments.insideNote"), include: [0], isWhole: true }}
      marks={[{ kind: "line", name: t("simulate.experiments.insideNote"), tone: "hue", isStepped: true, points }]}
    />
  );
}
