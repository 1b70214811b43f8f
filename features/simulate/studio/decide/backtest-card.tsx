import type { ReactNode } from "react";
import type { Backtest } from "@doppelwerk/client";
import {
  Card,
  DataTable,
  Failure,
  answerOf,
  dateText,
  fixedText,
  inLanguage,
  momentText,
  percentText,
  signedText,
  type Column,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import * as simulate from "../../calls.ts";
import { ForecastChart } from "../charts/forecast-chart.tsx";

/** How wrong the model was on past shifts (P4): rolling origin, fitted only on what was known before. */
export function BacktestCard(): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { line } = useScope();
  const shown = useStore(studio.line);
  const hasSeveral = (useStore(studio.world)?.lines?.length ?? 0) > 1;
  const loaded = useLoad(answerOf(simulate.readBacktest, { query: { line } }), { everyMs: 15_000 });
  const backtest = loaded.value;
  const running = backtest?.state === "running";
  return (
    <Card
      title={
        hasSeveral && shown !== undefined
          ? t("simulate.backtest.titleOf", { line: inLanguage(shown.name, language) })
          : t("simulate.backtest.title")
      }
      note={
        running && backtest.total > 0
          ? t("simulate.backtest.running", { done: backtest.done, total: backtest.total })
          : t("simulate.backtest.note")
      }
    >
      {loaded.kind === "failed" && backtest === undefined && (
        <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
      )}
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
  const columns: readonly Column<Backtest["horizons"][number]>[] = [
    { title: t("simulate.backtest.horizon"), cell: ({ horizon }) => t(`simulate.backtest.horizons.${horizon}`) },
    { title: t("simulate.backtest.count"), isNumber: true, cell: ({ n }) => n },
    { title: t("simulate.backtest.error"), isNumber: true, cell: ({ meanAbsoluteError }) => fixedText(meanAbsoluteError, 1) },
    { title: t("simulate.backtest.bias"), isNumber: true, cell: ({ bias }) => signedText(bias, 1) },
    { title: t("simulate.backtest.crps"), isNumber: true, cell: ({ crps }) => fixedText(crps, 1) },
    { title: t("simulate.backtest.inside"), isNumber: true, cell: ({ coverage90 }) => percentText(coverage90, 0) },
    {
      title: t("simulate.backtest.skill"),
      headHint: t("simulate.backtest.skillHint"),
      isNumber: true,
      cell: ({ skill }) => signedText(skill, 2),
    },
  ];
  const worse = backtest.horizons.filter(({ skill }) => skill !== null && skill < 0);
  return (
    <div className="dw-decide-row dw-backtest">
      {worse.length > 0 && (
        <p className="dw-note">
          {t("simulate.backtest.worse", {
            horizons: worse.map(({ horizon }) => t(`simulate.backtest.horizons.${horizon}`)).join(", "),
          })}
        </p>
      )}
      <DataTable
        caption={t("simulate.backtest.title")}
        columns={columns}
        rows={backtest.horizons}
        keyOf={({ horizon }) => horizon}
        isDense
      />
      <BacktestPlot points={backtest.points.filter((point) => point.horizon === "this shift").slice(-30)} />
    </div>
  );
}

/** Each past shift with its forecast and what came. */
function BacktestPlot({ points }: { readonly points: Backtest["points"] }): ReactNode {
  const { t, language, zone } = useWords();
  if (points.length === 0) return null;
  return (
    <ForecastChart
      label={t("simulate.backtest.plot")}
      tone="muted"
      height={150}
      points={points.map((point) => ({
        ...point,
        label: dateText(point.origin, zone, language),
        title: momentText(point.origin, zone, language, false),
      }))}
    />
  );
}
