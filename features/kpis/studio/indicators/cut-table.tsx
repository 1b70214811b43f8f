import type { ReactNode } from "react";
import {
  answerOf,
  Card,
  clockText,
  Empty,
  Failure,
  inLanguage,
  momentText,
  plannedDateText,
  messageText,
  useLoad,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { IndicatorCutRow, IndicatorCutsAnswer, IndicatorsAnswer, KnownIndicator } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import type { Cut } from "../../model/cuts.ts";
import { useNames, valueOfIndicator, whyText } from "./formula-text.ts";

const EVERY_MS = 5_000;

interface Asked {
  readonly by: Cut;
  readonly answer: IndicatorsAnswer;
  readonly line: string | undefined;
  readonly station: string | undefined;
  readonly branch: string;
  readonly onlyKnown: boolean;
}

/** The KPIs as rows, hours, shifts, days, orders or products as columns; each cell without a value has its reason as a hint. */
export function CutTable({ by, answer: { from, to, indicators }, line, station, branch, onlyKnown }: Asked): ReactNode {
  const { t } = useWords();
  const query = { by, from, to, branch, ...(line !== undefined && { line }), ...(station !== undefined && { station }) };
  const loaded = useLoad(answerOf(calls.indicatorCuts, { query }), { everyMs: EVERY_MS });
  const cuts = loaded.value;
  if (cuts === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const note = cuts.note === undefined ? undefined : messageText("", cuts.note);
  if (cuts.rows.length === 0) return <Empty title={t("kpis.cut.none")} text={note ?? t("kpis.cut.noneText")} />;
  return (
    <Card title={t(`kpis.cut.by.${by}`)} {...(note !== undefined && { note })}>
      <Matrix cuts={cuts} indicators={indicators} onlyKnown={onlyKnown} />
    </Card>
  );
}

function Matrix({
  cuts: { by, rows },
  indicators,
  onlyKnown,
}: {
  readonly cuts: IndicatorCutsAnswer;
  readonly indicators: readonly KnownIndicator[];
  readonly onlyKnown: boolean;
}): ReactNode {
  const { t, language } = useWords();
  const names = useNames();
  const title = useColumnTitle(by);
  const valuesOf = ({ indicators: of }: IndicatorCutRow, id: string) => of.find((each) => each.id === id);
  const shown = indicators.filter(({ id }) => !onlyKnown || rows.some((row) => valuesOf(row, id)?.value !== undefined));
  return (
    <div className="dw-cut-scroll" tabIndex={0} role="region" aria-label={t(`kpis.cut.by.${by}`)}>
      <table className="dw-cut-table">
        <thead>
          <tr>
            <th scope="col">{t("kpis.indicators.name")}</th>
            {rows.map((row) => (
              <th key={row.key} scope="col">
                {title(row)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((indicator) => (
            <tr key={indicator.id}>
              <th scope="row">{t(`kpis.indicator.${indicator.id}` as never)}</th>
              {rows.map((row) => {
                const value = valuesOf(row, indicator.id);
                const hint = value === undefined || value.value !== undefined ? undefined : whyText(value.unknown, names, t);
                return (
                  <td key={row.key} title={hint}>
                    {valueOfIndicator({ value: value?.value, unit: indicator.unit }, t, language)}
                  </td>
                );
              })}
            </tr>
          ))}
          <tr className="dw-cut-unknown">
            <th scope="row">{t("kpis.cut.unknownTime")}</th>
            {rows.map(({ key, unknownS }) => (
              <td key={key}>{unknownS < 1 ? "–" : `${Math.round(unknownS / 60)} min`}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function useColumnTitle(by: Cut): (row: IndicatorCutRow) => string {
  const { language, zone } = useWords();
  return ({ key, title, product, from }) => {
    if (by === "hour") return clockText(from, zone, false);
    if (by === "shift") return momentText(from, zone, language, false);
    if (by === "day") return plannedDateText(key, zone, language);
    return [title === undefined ? key : inLanguage(title, language), by === "order" ? product : undefined].filter(Boolean).join(" · ");
  };
}
