import type { ReactNode } from "react";
import type { ExperimentKpi, ExperimentResult } from "@doppelwerk/client";
import { DataTable, fixedText, signedText, useWords, type Column } from "@doppelwerk/kit/studio";
import { digitsOfKpi, experimentKpis, unitOfKpi } from "./experiment-words.ts";

type Row = NonNullable<ExperimentResult["points"][number]["kpis"][ExperimentKpi]> & { readonly kpi: ExperimentKpi };

/** Every KPI of a point: mean, quantiles over replications with their intervals, and the difference from the line as it stands. */
export function QuantileTable({ result, point }: { readonly result: ExperimentResult; readonly point: number }): ReactNode {
  const { t } = useWords();
  const { kpis } = result.points[point]!;
  const quantileColumn = (title: string, p: number): Column<Row> => ({
    title,
    isNumber: true,
    cell: ({ kpi, quantiles }) => {
      const quantile = quantiles.find((each) => each.p === p);
      const text = (value: number | undefined): string => fixedText(value, digitsOfKpi(kpi));
      return (
        <>
          {text(quantile?.value)}
          {quantile?.low !== undefined && (
            <small>
              {" "}
              [{text(quantile.low)}–{text(quantile.high)}]
            </small>
          )}
        </>
      );
    },
  });
  const columns: readonly Column<Row>[] = [
    {
      title: t("decide.kpi"),
      cell: ({ kpi }) => (
        <>
          {t(`kpi.${kpi}`)} <small>{unitOfKpi(kpi, t, result)}</small>
        </>
      ),
    },
    {
      title: t("simulate.decide.estimate"),
      isNumber: true,
      cell: ({ kpi, mean, halfWidth }) => (
        <>
          {fixedText(mean, digitsOfKpi(kpi))} <small>± {fixedText(halfWidth, digitsOfKpi(kpi))}</small>
        </>
      ),
    },
    quantileColumn("5 %", 0.05),
    quantileColumn(t("simulate.experiments.median"), 0.5),
    quantileColumn("95 %", 0.95),
    {
      title: t("simulate.experiments.differenceFromAsIs"),
      isNumber: true,
      className: ({ difference }) => (difference === undefined ? undefined : `is-${difference.verdict.replace(" ", "-")}`),
      cell: ({ kpi, difference }) =>
        difference === undefined
          ? "–"
          : `${signedText(difference.mean, digitsOfKpi(kpi))} ± ${fixedText(difference.halfWidth, digitsOfKpi(kpi))}`,
    },
  ];
  const rows = experimentKpis.flatMap((kpi): readonly Row[] => (kpis[kpi] === undefined ? [] : [{ ...kpis[kpi], kpi }]));
  return <DataTable caption={t("simulate.experiments.ofPointNote")} columns={columns} rows={rows} keyOf={({ kpi }) => kpi} isDense />;
}
