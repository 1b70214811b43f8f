import type { ReactNode } from "react";
import type { ExperimentKpi, ExperimentResult } from "@doppelwerk/client";
import { DotInterval, fixedText, signedText, useWords } from "@doppelwerk/kit/studio";
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
  const sign = result.request.goal === "maximise" ? -1 : 1;
  const order = result.points
    .map((_, index) => index)
    .toSorted((a, b) => sign * ((result.points[a]!.kpis[kpi]?.mean ?? 0) - (result.points[b]!.kpis[kpi]?.mean ?? 0)));
  const reach = Math.max(
    ...result.points.map(({ kpis }) => Math.abs(kpis[kpi]?.difference?.mean ?? 0) + (kpis[kpi]?.difference?.halfWidth ?? 0)),
  );
  return (
    <div className="dw-scroll dw-point-table" style={{ maxHeight: 420 }}>
      <table className="dw-table">
        <thead>
          <tr>
            {result.factors.map((factor) => (
              <th key={factor.element} className="is-number">
                {nameOfFactor(factor, language)}
              </th>
            ))}
            <th className="is-number">n</th>
            <th className="is-number">
              {t(`kpi.${kpi}`)} <small>{unitOfKpi(kpi, t)}</small>
            </th>
            <th>{t("simulate.experiments.differenceFromAsIs")}</th>
            <th>{t("decide.verdict")}</th>
          </tr>
        </thead>
        <tbody>
          {order.map((index) => (
            <PointRow
              key={index}
              result={result}
              index={index}
              kpi={kpi}
              reach={reach}
              isChosen={index === chosen}
              onChoose={() => onChoose(index)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PointRow({
  result,
  index,
  kpi,
  reach,
  isChosen,
  onChoose,
}: {
  readonly result: ExperimentResult;
  readonly index: number;
  readonly kpi: ExperimentKpi;
  /** The greatest difference with its interval over all points: the scale of the picture. */
  readonly reach: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}): ReactNode {
  const { t } = useWords();
  const digits = digitsOfKpi(kpi);
  const point = result.points[index]!;
  const own = point.kpis[kpi];
  const difference = own?.difference;
  return (
    <tr className={`${isChosen ? "is-on" : ""} ${index === result.reference ? "is-asis" : ""}`} onClick={onChoose}>
      {point.values.map((value, factor) => (
        <td key={result.factors[factor]!.element} className="is-number">
          {valueText(value)}
        </td>
      ))}
      <td className="is-number">{point.replications}</td>
      <td className="is-number">
        {fixedText(own?.mean, digits)} <small>± {fixedText(own?.halfWidth, digits)}</small>
      </td>
      <td>
        {difference === undefined ? (
          <small>{t("simulate.experiments.asIs")}</small>
        ) : (
          <span className="dw-point-difference">
            <DotInterval
              mean={difference.mean}
              halfWidth={difference.halfWidth}
              verdict={difference.verdict}
              title={`${signedText(difference.mean, digits)} ± ${fixedText(difference.halfWidth, digits)}`}
              reach={reach}
            />
            {signedText(difference.mean, digits)} <small>± {fixedText(difference.halfWidth, digits)}</small>
          </span>
        )}
      </td>
      <td className={difference === undefined ? "" : `is-${difference.verdict.replace(" ", "-")}`}>
        {difference === undefined ? "" : t(`verdict.${difference.verdict}`)}
        {index === result.best?.point && <small> {t("simulate.experiments.best")}</small>}
      </td>
    </tr>
  );
}
