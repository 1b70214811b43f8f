import type { ReactNode } from "react";
import type { Optimisation } from "@doppelwerk/client";
import { Chart, fixedText, useWords, type ChartMark, type ChartPoint } from "@doppelwerk/kit/studio";
import { digitsFor, goalText, unitOf } from "./goal-words.ts";

/** Of the points, in pixels: without a third goal, and with one from its least to its greatest value. */
const [RADIUS, LEAST_RADIUS, GREATEST_RADIUS] = [5, 4, 11];

/** A front in its first two goals; the third, where there is one, is the size of a point. */
export function FrontChart({
  answer,
  shown,
  onShow,
}: {
  readonly answer: Optimisation;
  readonly shown: number;
  readonly onShow: (index: number) => void;
}): ReactNode {
  const { t } = useWords();
  const axis = (goal: number) => ({
    kind: "number" as const,
    name: t(`simulate.optimise.measure.${answer.goals[goal]!}`),
    unit: unitOf(answer, goal, t),
    ...(answer.better[goal] === undefined ? {} : { better: answer.better[goal] }),
    text: (value: number) => fixedText(value, digitsFor(value)),
  });
  const third = answer.goals.length > 2 ? answer.points.map(({ goals }) => goals[2]!).filter(Number.isFinite) : [];
  const radiusOf = (value: number | undefined): number => {
    const [low, high] = [Math.min(...third), Math.max(...third)];
    if (third.length === 0 || value === undefined || high === low) return RADIUS;
    return LEAST_RADIUS + ((value - low) / (high - low)) * (GREATEST_RADIUS - LEAST_RADIUS);
  };
  const points = answer.points.map(({ goals }, index): ChartPoint => ({
    x: goals[0]!,
    y: goals[1]!,
    radius: radiusOf(goals[2]),
    title: t("simulate.optimise.point", { n: index + 1 }),
    choice: index,
    more: answer.goals.slice(2).map((_, beyond) => ({
      name: goalText(answer, beyond + 2, t),
      text: fixedText(goals[beyond + 2], digitsFor(goals[beyond + 2] ?? 0)),
    })),
  }));
  const { chosen, present } = answer;
  const marks: readonly ChartMark[] = [
    {
      kind: "point",
      name: t("simulate.optimise.foundPoint"),
      tone: "hue",
      shape: "ring",
      points: points.filter(({ choice }) => choice !== chosen),
    },
    { kind: "point", name: t("simulate.optimise.onBranch"), tone: "hue", points: points.filter(({ choice }) => choice === chosen) },
    {
      kind: "point",
      name: t("simulate.optimise.now"),
      tone: "muted",
      shape: "cross",
      points: present === undefined ? [] : [{ x: present.goals[0]!, y: present.goals[1]! }],
    },
  ];
  return (
    <>
      <Chart
        label={t("simulate.optimise.front")}
        height={260}
        readsPoints
        chosen={shown}
        onChoose={onShow}
        x={axis(0)}
        y={axis(1)}
        marks={marks.filter((mark) => mark.kind !== "point" || mark.points.length > 0)}
      />
      {answer.goals.length > 2 && <p className="dw-fine">{t("simulate.optimise.sizeIs", { goal: goalText(answer, 2, t) })}</p>}
    </>
  );
}
