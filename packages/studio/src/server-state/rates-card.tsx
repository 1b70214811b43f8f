import type { ReactNode } from "react";
import type { ServerState } from "@doppelwerk/client";
import { Card, DataTable, numberText, sizeText, SparkPath, useWords, type Column } from "@doppelwerk/ui";

const perSecond = (value: number): string => `${numberText(value)}\u202f1/s`;
const ROWS = [
  { name: "samplesPerSecond", text: perSecond },
  { name: "droppedPerSecond", text: perSecond },
  { name: "requestsPerSecond", text: perSecond },
  { name: "cores", text: (value: number): string => numberText(value, 0.01) },
  { name: "heapBytes", text: sizeText },
] as const;
type Row = (typeof ROWS)[number];

/** What comes in, and what that costs, over the last hour. */
export function RatesCard({ state: { rates } }: { readonly state: ServerState }): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<Row>[] = [
    { title: t("server.state.rate"), cell: ({ name }) => t(`server.state.rate.${name}`) },
    { title: t("server.state.now"), cell: ({ name, text }) => text(rates[name].now), isNumber: true },
    {
      title: t("server.state.lastHour"),
      className: "dw-server-spark",
      cell({ name, text }) {
        const { points } = rates[name];
        if (points.length < 2) return "–";
        const label = t("server.state.range", { low: text(Math.min(...points)), high: text(Math.max(...points)) });
        return <SparkPath trend={{ mean: [...points] }} height={26} width={200} label={label} />;
      },
    },
  ];
  return (
    <Card title={t("server.state.rates")}>
      <DataTable caption={t("server.state.rates")} columns={columns} rows={ROWS} keyOf={({ name }) => name} />
    </Card>
  );
}
