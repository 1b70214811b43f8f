import { useElementSize } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { Backtest } from "@doppelwerk/client";
import { Card, Failure, fixedText, momentText, percentText, signedText, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as simulate from "../../calls.ts";

/** How wrong the model was on past shifts (P4): rolling origin, fitted only on what was known before. */
export function BacktestCard(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const loaded = useLoad((signal) => simulate.readBacktest(studio.client, {}, { signal }), [], 15_000);
  const backtest = loaded.value;
  const running = backtest?.state === "running";
  return (
    <Card
      title={t("simulate.backtest.title")}
      note={
        running && backtest.total > 0
          ? t("simulate.backtest.running", { done: backtest.done, total: backtest.total })
          : t("simulate.backtest.note")
      }
    >
      {loaded.kind === "failed" && backtest === undefined && <Failure message={loaded.message} onRetry={loaded.reload} />}
      {backtest !== undefined && (backtest.horizons?.length ?? 0) > 0 ? (
        <BacktestBody backtest={backtest} />
      ) : (
        running && <p className="dw-quiet">{t("simulate.backtest.wait")}</p>
      )}
    </Card>
  );
}

function BacktestBody({ backtest }: { readonly backtest: Backtest }): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-decide-row">
      <table className="dw-table">
        <thead>
          <tr>
            <th>{t("simulate.backtest.horizon")}</th>
            <th className="is-number">n</th>
            <th className="is-number">{t("simulate.backtest.error")}</th>
            <th className="is-number">{t("simulate.backtest.bias")}</th>
            <th className="is-number">CRPS</th>
            <th className="is-number">{t("simulate.backtest.inside")}</th>
            <th className="is-number" title={t("simulate.backtest.skillHint")}>
              {t("simulate.backtest.skill")}
            </th>
          </tr>
        </thead>
        <tbody>
          {backtest.horizons.map((horizon) => (
            <tr key={horizon.horizon}>
              <td>{t(`simulate.backtest.horizons.${horizon.horizon}`)}</td>
              <td className="is-number">{horizon.n}</td>
              <td className="is-number">{fixedText(horizon.meanAbsoluteError, 1)}</td>
              <td className="is-number">{signedText(horizon.bias, 1)}</td>
              <td className="is-number">{fixedText(horizon.crps, 1)}</td>
              <td className="is-number">{percentText(horizon.coverage90, 0)}</td>
              <td className="is-number">{signedText(horizon.skill, 2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <BacktestPlot points={backtest.points.filter((point) => point.horizon === "this shift").slice(-30)} />
    </div>
  );
}

/** Each past shift: 90 % interval as a line, forecast as a tick, what came as a dot; outside is marked. */
function BacktestPlot({ points }: { readonly points: Backtest["points"] }): ReactNode {
  const { t, language, zone } = useWords();
  const { ref, width: measured } = useElementSize();
  const width = Math.max(220, measured);
  if (points.length === 0) return null;
  const least = Math.min(...points.flatMap((point) => [point.low, point.realised]));
  const most = Math.max(...points.flatMap((point) => [point.high, point.realised]));
  const y = (value: number): number => 108 - ((value - least) / Math.max(1, most - least)) * 96;
  const step = (width - 46) / points.length;
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} 126`} height={126} className="dw-chart" role="img" aria-label={t("simulate.backtest.plot")}>
        <text x="34" y={y(most) + 4} textAnchor="end">
          {Math.round(most)}
        </text>
        <text x="34" y={y(least) + 4} textAnchor="end">
          {Math.round(least)}
        </text>
        {points.map((point, index) => {
          const x = 42 + (index + 0.5) * step;
          const outside = point.realised < point.low || point.realised > point.high;
          return (
            <g key={point.origin}>
              <title>{`${momentText(point.origin, zone, language, false)}: ${Math.round(point.low)}–${Math.round(point.high)}, ${t("simulate.backtest.realised")} ${point.realised}`}</title>
              <line
                x1={x}
                x2={x}
                y1={y(point.low)}
                y2={y(point.high)}
                stroke="var(--dw-line-strong)"
                strokeWidth={Math.min(5, step * 0.5)}
              />
              <line x1={x - 4} x2={x + 4} y1={y(point.mid)} y2={y(point.mid)} stroke="var(--dw-muted)" />
              <circle cx={x} cy={y(point.realised)} r="3" fill={outside ? "var(--dw-worse)" : "var(--dw-text)"} />
            </g>
          );
        })}
        <text x="42" y="123">
          {momentText(points[0]!.origin, zone, language, false)}
        </text>
        <text x={width} y="123" textAnchor="end">
          {t("simulate.backtest.legend")}
        </text>
      </svg>
    </div>
  );
}
