import { useElementSize } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { Optimisation } from "@doppelwerk/client";
import { fixedText, useWords } from "@doppelwerk/kit/studio";
import { digitsFor, unitOf } from "./line-answer.tsx";

const HEIGHT = 260;
const LEFT = 58;
const RIGHT = 16;
const BOTTOM = 36;

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
  const { ref, width: measured } = useElementSize();
  const width = Math.max(260, measured);
  const all = [...answer.points, ...(answer.present === undefined ? [] : [answer.present])];
  const range = (goal: number): readonly [number, number] => {
    const values = all.map(({ goals }) => goals[goal]!).filter(Number.isFinite);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = Math.max(high - low, Math.abs(high) * 1e-3, 1e-9) * 0.08;
    return [low - room, high + room];
  };
  const [xs, ys, zs] = [range(0), range(1), answer.goals.length > 2 ? range(2) : undefined];
  const x = (value: number): number => LEFT + ((value - xs[0]) / (xs[1] - xs[0])) * (width - LEFT - RIGHT);
  const y = (value: number): number => 10 + (1 - (value - ys[0]) / (ys[1] - ys[0])) * (HEIGHT - BOTTOM - 14);
  const radius = (goals: readonly number[]): number => (zs === undefined ? 5 : 4 + 7 * ((goals[2]! - zs[0]) / (zs[1] - zs[0])));
  const better = (goal: number): string =>
    t(answer.better[goal] === "lower" ? "simulate.optimise.lowerBetter" : "simulate.optimise.higherBetter");
  const axis = (goal: number): string => `${t(`simulate.optimise.measure.${answer.goals[goal]!}`)} ${unitOf(answer, goal, t)}`.trim();
  const move = (event: { key: string; preventDefault: () => void }): void => {
    const step =
      event.key === "ArrowRight" || event.key === "ArrowUp" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowDown" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    onShow(Math.min(answer.points.length - 1, Math.max(0, shown + step)));
  };
  return (
    <div ref={ref} data-chart-keys>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        height={HEIGHT}
        className="dw-chart"
        role="listbox"
        aria-label={t("simulate.optimise.front")}
        tabIndex={0}
        onKeyDown={move}
      >
        {[0.15, 0.5, 0.85].map((share) => {
          const [vx, vy] = [xs[0] + share * (xs[1] - xs[0]), ys[0] + share * (ys[1] - ys[0])];
          return (
            <g key={share}>
              <line x1={LEFT} x2={width - RIGHT} y1={y(vy)} y2={y(vy)} className="dw-grid-line" />
              <text x={LEFT - 6} y={y(vy) + 4} textAnchor="end">
                {fixedText(vy, digitsFor(vy))}
              </text>
              <text x={x(vx)} y={HEIGHT - 20} textAnchor="middle">
                {fixedText(vx, digitsFor(vx))}
              </text>
            </g>
          );
        })}
        <text x={LEFT} y={HEIGHT - 4}>
          → {axis(0)} ({better(0)}) · ↑ {axis(1)} ({better(1)}){zs === undefined ? "" : ` · ◯ ${axis(2)}`}
        </text>
        {answer.present !== undefined && (
          <path
            d={`M${x(answer.present.goals[0]!) - 5} ${y(answer.present.goals[1]!)}h10m-5 -5v10`}
            className="dw-front-present"
            role="img"
            aria-label={t("simulate.optimise.now")}
          >
            <title>{t("simulate.optimise.now")}</title>
          </path>
        )}
        {answer.present !== undefined && (
          <text x={x(answer.present.goals[0]!)} y={y(answer.present.goals[1]!) + 20} textAnchor="middle">
            {t("simulate.optimise.now")}
          </text>
        )}
        {answer.points.map(({ goals }, i) => (
          <circle
            key={i}
            cx={x(goals[0]!)}
            cy={y(goals[1]!)}
            r={radius(goals)}
            role="option"
            aria-selected={i === shown}
            aria-label={t("simulate.optimise.point", { n: i + 1 })}
            className={`dw-front-point ${i === shown ? "is-on" : ""} ${i === answer.chosen ? "is-chosen" : ""}`}
            onClick={() => onShow(i)}
          >
            <title>{answer.goals.map((_, goal) => `${axis(goal)}: ${fixedText(goals[goal], digitsFor(goals[goal]!))}`).join("\n")}</title>
          </circle>
        ))}
      </svg>
    </div>
  );
}
