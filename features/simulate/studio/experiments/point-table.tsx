import type { ReactNode } from "react";
import type { ExperimentKpi, ExperimentResult } from "@doppelwerk/client";
import { DataTable, DotInterval, fixedText, signedText, useWords, type Column } from "@doppelwerk/kit/studio";
import { digitsOfKpi, nameOfFactor, unitOfKpi, valueText } from "./experiment-words.ts";

interface PointTableProps {
  readonly result: ExperimentResult;
  readonly kpi: ExperimentKpi;
  readonly chosen: number;
  readonly onChoose: (point: number) => void;
}

/** A row a point, in the direction of the goal: values, mean with its interval, paired difference from the line as it stands, verdict. */
export function PointTable({ result, kpi, chosen, onChoose }: PointTableProps): ReactNode {
  const { t, language } = useWords();
  const { points, factors, reference, best, request } = result;
  const meanOf = (index: number): number | undefined => points[index]!.kpis[kpi]?.mean;
  const differenceOf = (index: number) => points[index]!.kpis[kpi]?.difference;
  const digits = digitsOfKpi(kpi);
  const sign = request.goal === "maximise" ? -1 : 1;
  const order = points.map((_, index) => index).toSorted((a, b) => sign * ((meanOf(a) ?? 0) - (meanOf(b) ?? 0)));
  const columns: readonly Column<number>[] = [
    ...factors.map((factor, at): Column<number> => ({
      title: nameOfFactor(factor, language),
      isNumber: true,
      sortBy: (index) => points[index]!.values[at],
      cell: (index) => valueText(points[index]!.values[at]!),
    })),
    { title: "n", isNumber: true, sortBy: (index) => points[index]!.replications, cell: (index) => points[index]!.replications },
    {
      title: t(`kpi.${kpi}`),
      head: (
        <>
          {t(`kpi.${kpi}`)} <small>{unitOfKpi(kpi, t, result)}</small>
        </>
      ),
      isNumber: true,
      sortBy: meanOf,
      cell: (index) => (
        <>
          {fixedText(meanOf(index), digits)} <small>± {fixedText(points[index]!.kpis[kpi]?.halfWidth, digits)}</small>
        </>
      ),
    },
    {
      title: t("simulate.experiments.differenceFromAsIs"),
      sortBy: (index) => differenceOf(index)?.mean,
      cell: (index) => <Difference result={result} index={index} kpi={kpi} />,
    },
    {
      title: t("decide.verdict"),
      className: (index) => differenceOf(index)?.verdict.replace(/^/, "is-").replace(" ", "-"),
      cell: (index) => (
        <>
          {differenceOf(index) !== undefined && t(`verdict.${differenceOf(index)!.verdict}`)}
          {index === best?.point && <small> {t("simulate.experiments.best")}</small>}
        </>
      ),
    },
  ];
  return (
    <DataTable
      caption={t("simulate.experiments.points", { count: points.length })}
      className="dw-point-table"
      columns={columns}
      rows={order}
      keyOf={String}
      rowClass={(index) => (index === reference ? "is-asis" : undefined)}
      isChosen={(index) => index === chosen}
      onChoose={onChoose}
      isDense
      maxHeight={420}
    />
  );
}

/** The difference from the line as it stands, all rows on one scale: the greatest difference with its interval. */
function Difference({ result, index, kpi }: Pick<PointTableProps, "result" | "kpi"> & { readonly index: number }): ReactNode {
  const { t } = useWords();
  const digits = digitsOfKpi(kpi);
  const difference = result.points[index]!.kpis[kpi]?.difference;
  if (difference === undefined) return <small>{t("simulate.experiments.asIs")}</small>;
  const { mean, halfWidth, verdict } = difference;
  const reach = Math.max(
    ...result.points.map(({ kpis }) => Math.abs(kpis[kpi]?.difference?.mean ?? 0) + (kpis[kpi]?.difference?.halfWidth ?? 0)),
  );
  const text = `${signedText(mean, digits)} ± ${fixedText(halfWidth, digits)}`;
  return (
    <span className="dw-point-difference">
      <DotInterval mean={mean} halfWidth={halfWidth} verdict={verdict} title={text} reach={reach} />
      {signedText(mean, digits)} <small>± {fixedText(halfWidth, digits)}</small>
    </span>
  );
}
