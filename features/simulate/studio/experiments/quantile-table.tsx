import type { ReactNode } from "react";
import type { ExperimentResult } from "@doppelwerk/client";
import { fixedText, signedText, useWords } from "@doppelwerk/kit/studio";
import { digitsOfKpi, experimentKpis, unitOfKpi } from "./experiment-words.ts";

/** Every KPI of a point: mean, quantiles over replications with their intervals, and the difference from the line as it stands. */
export function QuantileTable({ result, point }: { readonly result: ExperimentResult; readonly point: number }): ReactNode {
  const { t } = useWords();
  const { kpis } = result.points[point]!;
  return (
    <div className="dw-scroll">
      <table className="dw-table">
        <thead>
          <tr>
            <th>{t("decide.kpi")}</th>
            <th className="is-number">{t("simulate.decide.estimate")}</th>
            <th className="is-number">5 %</th>
            <th className="is-number">{t("simulate.experiments.median")}</th>
            <th className="is-number">95 %</th>
            <th className="is-number">{t("simulate.experiments.differenceFromAsIs")}</th>
          </tr>
        </thead>
        <tbody>
          {experimentKpis.flatMap((kpi) => {
            const own = kpis[kpi];
            if (own === undefined) return [];
            const digits = digitsOfKpi(kpi);
            return [
              <tr key={kpi}>
                <td>
                  {t(`kpi.${kpi}`)} <small>{unitOfKpi(kpi, t)}</small>
                </td>
                <td className="is-number">
                  {fixedText(own.mean, digits)} <small>± {fixedText(own.halfWidth, digits)}</small>
                </td>
                {[0.05, 0.5, 0.95].map((p) => {
                  const quantile = own.quantiles.find((each) => each.p === p);
                  return (
                    <td key={p} className="is-number">
                      {fixedText(quantile?.value, digits)}
                      {quantile?.low !== undefined && (
                        <small>
                          {" "}
                          [{fixedText(quantile.low, digits)}–{fixedText(quantile.high, digits)}]
                        </small>
                      )}
                    </td>
                  );
                })}
                <td className={`is-number ${own.difference === undefined ? "" : `is-${own.difference.verdict.replace(" ", "-")}`}`}>
                  {own.difference === undefined
                    ? "–"
                    : `${signedText(own.difference.mean, digits)} ± ${fixedText(own.difference.halfWidth, digits)}`}
                </td>
              </tr>,
            ];
          })}
        </tbody>
      </table>
    </div>
  );
}
