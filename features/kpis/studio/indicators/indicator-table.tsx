import type { ReactNode } from "react";
import { Card, DataTable, useWords } from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import type { KnownIndicator } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { formulaText, inputText, useNames, valueOfIndicator, whyText } from "./formula-text.ts";

/** KPIs of one kind, each with its formula and what it was computed of. */
export function IndicatorTable({
  group,
  rows,
  constraint,
}: {
  readonly group: KnownIndicator["group"];
  readonly rows: readonly KnownIndicator[];
  readonly constraint: string | undefined;
}): ReactNode {
  const { t, language } = useWords();
  const names = useNames();
  if (rows.length === 0) return null;
  const title = t(`kpis.indicators.group.${group}`);
  const columns: readonly Column<KnownIndicator>[] = [
    { title: t("kpis.indicators.name"), className: "dw-indicator-name", cell: ({ id }) => t(`kpis.indicator.${id}` as never) },
    {
      title: t("kpis.indicators.value"),
      isNumber: true,
      className: "dw-indicator-value",
      cell: (row) => (
        <>
          <b>{valueOfIndicator(row, t, language)}</b>
          {row.at !== undefined && (
            <small className="dw-indicator-at" title={t("kpis.indicators.atHint")}>
              {t(row.at === constraint ? "kpis.indicators.atConstraint" : "kpis.indicators.at", { station: row.at })}
            </small>
          )}
        </>
      ),
      sortBy: ({ value }) => value,
    },
    {
      title: t("kpis.indicators.formula"),
      className: "dw-indicator-formula",
      cell: (row) => (
        <>
          <code>{formulaText(row.formula)}</code>
          {row.isOver === true && <small className="dw-indicators-warn">{t("kpis.indicators.over")}</small>}
          {row.value === undefined ? (
            <small className="dw-quiet-text">{whyText(row.unknown, names, t)}</small>
          ) : (
            <small className="dw-quiet-text">
              {t("kpis.indicators.with", { inputs: row.inputs.map((input) => inputText(input, names, language)).join(", ") })}
            </small>
          )}
          <Units row={row} />
        </>
      ),
      hint: (row) => row.inputs.map(({ name }) => names(name)).join(", "),
    },
  ];
  return (
    <Card title={title} className="dw-indicators-group">
      <DataTable
        caption={title}
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
        rowClass={({ value }) => (value === undefined ? "is-unknown" : undefined)}
      />
    </Card>
  );
}

/** A KPI of work units for each station of the line that has a value. */
function Units({ row: { units = [], unit } }: { readonly row: KnownIndicator }): ReactNode {
  const { t, language } = useWords();
  if (units.length < 2) return null;
  return (
    <details className="dw-indicator-units">
      <summary>{t("kpis.indicators.units", { count: units.length })}</summary>
      <ul>
        {units.map(({ station, value }) => (
          <li key={station}>
            {station} <b>{valueOfIndicator({ value, unit }, t, language)}</b>
          </li>
        ))}
      </ul>
    </details>
  );
}
