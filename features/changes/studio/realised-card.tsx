import type { ReactNode } from "react";
import type { ForecastRealised } from "@doppelwerk/client";
import { Card, DataTable, fixedText, momentText, useWords, type Column } from "@doppelwerk/kit/studio";

/** What the merge was expected to bring against what came since: shift by shift, and in words how far that goes. */
export function RealisedCard({ realised }: { readonly realised: ForecastRealised }): ReactNode {
  const { t, language, zone } = useWords();
  const { inEffectSince, shifts } = realised;
  const moment = (instant: number): string => momentText(instant, zone, language, false);
  const columns: readonly Column<ForecastRealised["shifts"][number]>[] = [
    {
      title: t("changes.realised.shift"),
      cell: ({ from, name }) => (
        <>
          {moment(from)} <small>{name}</small>
        </>
      ),
    },
    { title: t("changes.realised.came"), isNumber: true, cell: ({ good }) => good },
    {
      title: t("changes.realised.interval"),
      isNumber: true,
      cell: ({ against }) => (against === undefined ? "–" : t("changes.realised.range", bounds(realised[against]))),
    },
    {
      title: t("decide.verdict"),
      className: ({ inside }) => (inside === false ? "is-worse" : undefined),
      cell: ({ inside }) => t(`changes.realised.${inside === undefined ? "notJudged" : inside ? "inside" : "outside"}`),
    },
  ];
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
        <DataTable caption={t("changes.realised.title")} columns={columns} rows={shifts} keyOf={({ from }) => String(from)} isDense />
      )}
    </Card>
  );
}

const bounds = ({ predictionLow, predictionHigh, mean }: ForecastRealised["asItWas"]) => ({
  low: fixedText(predictionLow, 0),
  high: fixedText(predictionHigh, 0),
  mean: fixedText(mean, 0),
});
