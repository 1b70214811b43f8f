import { Button } from "@mantine/core";
import { IconSum } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  DataTable,
  durationText,
  errorText,
  Failure,
  numberText,
  SECOND,
  useLoad,
  useStudio,
  useWords,
  Waiting,
  withUnit,
  type Column,
  type Language,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Distribution } from "../contract.ts";
import type { Stretch } from "./choice.ts";
import { useNaming } from "./use-names.ts";
import { whole } from "./use-series.ts";

interface Row {
  readonly id: string;
  readonly found?: Distribution;
  readonly failed?: string;
}

/** Below this a period is read at once; a longer one is read when somebody asks for it. */
const AT_ONCE_S = 86_400 * 2;

/** Count, mean, spread, range, quantiles and unknown time of each signal over the stretch shown. */
export function StatisticsTable({ signals, period }: { readonly signals: readonly string[]; readonly period: Stretch }): ReactNode {
  const { t, language } = useWords();
  const studio = useStudio();
  const naming = useNaming();
  const [isAsked, setAsked] = useState(false);
  const numeric = signals.filter((id) => ["double", "integer"].includes(studio.signals.entry(id)?.valueType ?? ""));
  const isShort = (period.to - period.from) / SECOND <= AT_ONCE_S;
  const step = Math.max(1, (period.to - period.from) / 10);
  const loaded = useLoad(
    numeric.length === 0 || !(isShort || isAsked)
      ? undefined
      : (signal) => Promise.all(numeric.map((id) => readRow(studio, id, period, signal))),
    [numeric.join(","), Math.round(period.from / step), Math.round(period.to / step), isShort || isAsked],
  );
  const columns = columnsOf({ t, language, nameOf: naming.nameOf, digitsOf: (id) => studio.signals.entry(id)?.resolution });
  if (numeric.length === 0) return null;
  return (
    <Card title={t("trends.statistics.title")} note={t("trends.statistics.note")}>
      {loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {!isShort && !isAsked ? (
        <Button size="compact-sm" variant="default" leftSection={<IconSum size={14} />} onClick={() => setAsked(true)}>
          {t("trends.statistics.ask")}
        </Button>
      ) : loaded.value === undefined && loaded.kind === "loading" ? (
        <Waiting />
      ) : (
        <DataTable caption={t("trends.statistics.title")} columns={columns} rows={loaded.value ?? []} keyOf={({ id }) => id} />
      )}
    </Card>
  );
}

interface Wording {
  readonly t: ReturnType<typeof useWords>["t"];
  readonly language: Language;
  readonly nameOf: (id: string) => string;
  readonly digitsOf: (id: string) => number | undefined;
}

function columnsOf({ t, language, nameOf, digitsOf }: Wording): readonly Column<Row>[] {
  const number = (title: string, of: (found: Distribution) => number | undefined): Column<Row> => ({
    title,
    isNumber: true,
    cell: ({ id, found }) => {
      const value = found && of(found);
      return value === undefined ? "–" : withUnit(numberText(value, digitsOf(id)), found!.unit);
    },
  });
  return [
    { title: t("trends.statistics.signal"), cell: ({ id, failed }) => (failed === undefined ? nameOf(id) : `${nameOf(id)}: ${failed}`) },
    { title: "n", isNumber: true, cell: ({ found }) => found?.n ?? "–" },
    number(t("trends.statistics.mean"), ({ mean }) => mean),
    number(t("trends.statistics.timeMean"), ({ timeMean }) => timeMean),
    {
      ...number(t("trends.statistics.sd"), ({ sd }) => sd),
      cell: ({ found }) => (found?.sd === undefined ? "–" : withUnit(numberText(found.sd), found.unit)),
    },
    number(t("trends.statistics.min"), ({ min }) => min),
    number("5 %", ({ quantiles }) => quantiles?.p5),
    number(t("trends.statistics.median"), ({ quantiles }) => quantiles?.p50),
    number("95 %", ({ quantiles }) => quantiles?.p95),
    number(t("trends.statistics.max"), ({ max }) => max),
    {
      title: t("trends.statistics.unknown"),
      isNumber: true,
      cell: ({ found }) => (found === undefined ? "–" : durationText(Math.round(found.unknownS) * SECOND, language)),
    },
  ];
}

async function readRow(studio: ReturnType<typeof useStudio>, id: string, period: Stretch, signal: AbortSignal): Promise<Row> {
  try {
    return { id, found: await calls.distribution(studio.client, { query: { signal: id, ...whole(period) } }, { signal }) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { id, failed: errorText(error) };
  }
}
