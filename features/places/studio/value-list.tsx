import type { ReactNode } from "react";
import { Card, DataTable, numberText, SignalValue, Spark, useWords, withUnit } from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import type { LimitedValue } from "../contract.ts";

/** Values of a place without places in it, against their limits. */
export function ValueList({ values }: { readonly values: readonly LimitedValue[] }): ReactNode {
  const { t, language } = useWords();
  const bound = (value: number | undefined, unit: string | undefined): string =>
    value === undefined ? "–" : withUnit(numberText(value), unit);
  const columns: readonly Column<LimitedValue>[] = [
    { title: t("places.values.signal"), cell: (value) => signalTitle(value, language) },
    { title: t("places.values.value"), isNumber: true, cell: ({ signal }) => <SignalValue id={signal} /> },
    {
      title: t("places.values.trend"),
      cell: ({ signal, low, high }) => (
        <Spark id={signal} minutes={60} height={26} width={190} {...(low !== undefined && { low })} {...(high !== undefined && { high })} />
      ),
    },
    { title: t("places.values.low"), isNumber: true, cell: ({ low, unit }) => bound(low, unit) },
    { title: t("places.values.high"), isNumber: true, cell: ({ high, unit }) => bound(high, unit) },
    { title: t("places.values.watched"), cell: ({ isAlarmed }) => (isAlarmed ? t("places.values.byAlarm") : t("places.values.byBand")) },
  ];
  return (
    <Card title={t("places.values.title")}>
      <DataTable
        caption={t("places.values.title")}
        columns={columns}
        rows={values}
        keyOf={({ signal }) => signal}
        rowClass={({ state }) => (state === "low" || state === "high" ? "is-outside" : undefined)}
      />
    </Card>
  );
}

/** The name of a signal in a language, where the plant gives it in more than one. */
export function signalTitle({ name, names }: Pick<LimitedValue, "name" | "names">, language: "en" | "zh"): string {
  return names?.[language] ?? Object.entries(names ?? {}).find(([tag]) => tag.startsWith(language))?.[1] ?? name;
}
