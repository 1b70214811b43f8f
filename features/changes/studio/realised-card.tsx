import type { ReactNode } from "react";
import type { ForecastRealised } from "@doppelwerk/client";
import { Card, fixedText, momentText, useWords } from "@doppelwerk/kit/studio";

/** What the merge was expected to bring against what came since: shift by shift, and in words how far that goes. */
export function RealisedCard({ realised }: { readonly realised: ForecastRealised }): ReactNode {
  const { t, language, zone } = useWords();
  const { inEffectSince, shifts } = realised;
  const moment = (instant: number): string => momentText(instant, zone, language, false);
  return (
    <Card title={t("changes.realised.title")} note={t("changes.realised.note")}>
      <p className="dw-quiet">
        {inEffectSince === undefined
          ? t("changes.realised.onlyPlanned")
          : t("changes.realised.inEffect", { moment: moment(inEffectSince) })}
      </p>
      {(["asItWas", "changed"] as const)
        .filter((side) => realised[side].judged > 0 || (side === "changed") === (inEffectSince !== undefined))
        .map((side) => (
          <p key={side}>
            <b>{t(`changes.realised.${side}`)}</b>: {t("changes.realised.expected", bounds(realised[side]))}.{" "}
            {t(`changes.realised.held.${realised[side].verdict}`, { inside: realised[side].inside, judged: realised[side].judged })}
          </p>
        ))}
      {shifts.length > 0 && (
        <table className="dw-table">
          <thead>
            <tr>
              <th>{t("changes.realised.shift")}</th>
              <th className="is-number">{t("changes.realised.came")}</th>
              <th className="is-number">{t("changes.realised.interval")}</th>
              <th aria-label={t("decide.verdict")} />
            </tr>
          </thead>
          <tbody>
            {shifts.map((shift) => (
              <tr key={shift.from}>
                <td>
                  {moment(shift.from)} <small>{shift.name}</small>
                </td>
                <td className="is-number">{shift.good}</td>
                <td className="is-number">
                  {shift.against === undefined ? "–" : t("changes.realised.range", bounds(realised[shift.against]))}
                </td>
                <td className={shift.inside === false ? "is-worse" : ""}>
                  {t(`changes.realised.${shift.inside === undefined ? "notJudged" : shift.inside ? "inside" : "outside"}`)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

const bounds = ({ predictionLow, predictionHigh, mean }: ForecastRealised["asItWas"]) => ({
  low: fixedText(predictionLow, 0),
  high: fixedText(predictionHigh, 0),
  mean: fixedText(mean, 0),
});
