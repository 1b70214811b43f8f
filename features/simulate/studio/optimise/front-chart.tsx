import type { KeyboardEvent, ReactNode } from "react";
import type { Optimisation } from "@doppelwerk/client";
import { fixedText, useWords } from "@doppelwerk/kit/studio";
import { Chart } from "../charts/chart.tsx";
import { linearScale, rangeOf, valuesAt, widened, type Range } from "../charts/scale.ts";
import { ValueLines } from "../charts/value-lines.tsx";
import { digitsFor, goalText } from "./goal-words.ts";

const HEIGHT = 260;
const [LEFT, RIGHT, TOP, BOTTOM] = [58, 16, 10, 40];
const TICKS = [0.15, 0.5, 0.85];
/** Of the points, in pixels: without a third goal, and with one from its least to its greatest value. */
const [RADIUS, RADII] = [5, [4, 11]] as const;

/** A front in its first two goals; the third, where there is one, is the size of a point. Arrow keys go along it. */
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
  const [across, upwards] = [reach(answer, 0), reach(answer, 1)];
  const y = linearScale(upwards, [HEIGHT - BOTTOM, TOP]);
  const radius = answer.goals.length > 2 ? linearScale(reach(answer, 2), RADII) : () => RADIUS;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = stepOf(event.key);
    if (step === 0) return;
    event.preventDefault();
    onShow(Math.min(answer.points.length - 1, Math.max(0, shown + step)));
  };
  return (
    <Chart height={HEIGHT} minWidth={260} role="listbox" aria-label={t("simulate.optimise.front")} tabIndex={0} onKeyDown={onKeyDown}>
      {(width) => {
        const x = linearScale(across, [LEFT, width - RIGHT]);
        return (
          <>
            <ValueLines
              values={valuesAt(upwards, TICKS)}
              y={y}
              left={LEFT}
              right={width - RIGHT}
              text={(value) => fixedText(value, digitsFor(value))}
            />
            {valuesAt(across, TICKS).map((value) => (
              <text key={value} x={x(value)} y={HEIGHT - 20} textAnchor="middle">
                {fixedText(value, digitsFor(value))}
              </text>
            ))}
            <AxisNames answer={answer} />
            {answer.present !== undefined && <PresentMark x={x(answer.present.goals[0]!)} y={y(answer.present.goals[1]!)} />}
            {answer.points.map(({ goals }, index) => (
              <circle
                key={index}
                cx={x(goals[0]!)}
                cy={y(goals[1]!)}
                r={radius(goals[2]!)}
                role="option"
                aria-selected={index === shown}
                aria-label={t("simulate.optimise.point", { n: index + 1 })}
                className={`dw-front-point ${index === shown ? "is-on" : ""} ${index === answer.chosen ? "is-chosen" : ""}`}
                onClick={() => onShow(index)}
              >
                <title>
                  {goals
                    .slice(0, answer.goals.length)
                    .map((value, goal) => `${goalText(answer, goal, t)}: ${fixedText(value, digitsFor(value))}`)
                    .join("\n")}
                </title>
              </circle>
            ))}
          </>
        );
      }}
    </Chart>
  );
}

/** Which goal an axis shows, and in which direction it is better. */
function AxisNames({ answer }: { readonly answer: Optimisation }): ReactNode {
  const { t } = useWords();
  const better = (goal: number): string =>
    t(answer.better[goal] === "lower" ? "simulate.optimise.lowerBetter" : "simulate.optimise.higherBetter");
  return (
    <text x={LEFT} y={HEIGHT - 4}>
      → {goalText(answer, 0, t)} ({better(0)}) · ↑ {goalText(answer, 1, t)} ({better(1)})
      {answer.goals.length > 2 ? ` · ◯ ${goalText(answer, 2, t)}` : ""}
    </text>
  );
}

function PresentMark({ x, y }: { readonly x: number; readonly y: number }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <path d={`M${x - 5} ${y}h10m-5 -5v10`} className="dw-front-present" role="img" aria-label={t("simulate.optimise.now")}>
        <title>{t("simulate.optimise.now")}</title>
      </path>
      <text x={x} y={y + 20} textAnchor="middle">
        {t("simulate.optimise.now")}
      </text>
    </>
  );
}

/** What a goal reaches over all points and the present state, with a margin; a flat one has some extent too. */
function reach({ points, present }: Optimisation, goal: number): Range {
  const all = present === undefined ? points : [...points, present];
  const range = rangeOf(all.map(({ goals }) => goals[goal]!).filter(Number.isFinite));
  const [low, high] = range;
  return widened(range, Math.max(high - low, Math.abs(high) * 1e-3, 1e-9) * 0.08);
}

function stepOf(key: string): -1 | 0 | 1 {
  if (key === "ArrowRight" || key === "ArrowUp") return 1;
  return key === "ArrowLeft" || key === "ArrowDown" ? -1 : 0;
}
