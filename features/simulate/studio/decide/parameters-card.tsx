import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import { Card, DataTable, fixedText, useWords, type Column } from "@doppelwerk/kit/studio";
import { parameterWords } from "./parameter-words.ts";

type Parameter = RunResult["parameters"][number];

/** What the model was fitted to: each parameter with its range and how many observations it rests on. */
export function ParametersCard({ parameters }: { readonly parameters: RunResult["parameters"] }): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<Parameter>[] = [
    {
      title: t("simulate.decide.parameter"),
      sortBy: ({ station, name }) => `${station ?? ""} ${name}`,
      cell: ({ station, name, distribution }) => (
        <>
          <b>{station}</b> {parameterWords(name, t)}{" "}
          <small className="dw-quiet-text">{t.or(`simulate.distribution.${distribution}`, distribution)}</small>
        </>
      ),
    },
    {
      title: t("simulate.decide.estimate"),
      isNumber: true,
      cell: ({ mean, unit, source }) =>
        source === "unknown" ? (
          t("simulate.decide.unknown")
        ) : (
          <>
            {short(mean)} <small>{unit}</small>
          </>
        ),
    },
    {
      title: t("simulate.decide.range95"),
      isNumber: true,
      cell: ({ low, high, source }) => (source === "unknown" ? "–" : `${short(low)}–${short(high)}`),
    },
    { title: "n", isNumber: true, sortBy: ({ n }) => n, cell: ({ n }) => n },
    {
      title: t("simulate.decide.source"),
      sortBy: ({ source }) => t(`simulate.decide.from.${source}`),
      cell: ({ source, pooled }) =>
        `${t(`simulate.decide.from.${source}`)}${pooled && source !== "unknown" ? ` · ${t("simulate.decide.pooled")}` : ""}`,
    },
  ];
  return (
    <Card title={t("simulate.decide.parameters")} note={t("simulate.decide.parametersNote")}>
      <DataTable
        caption={t("simulate.decide.parameters")}
        columns={columns}
        rows={parameters}
        keyOf={({ station, name }) => `${station} ${name}`}
        rowHint={({ fit }) => fit}
        isDense
        maxHeight={320}
      />
    </Card>
  );
}

function short(value: number | undefined): string {
  if (value === undefined) return "–";
  return value >= 100 ? fixedText(value, 0) : value >= 10 ? fixedText(value, 1) : fixedText(value, 2);
}
