import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  DAY,
  DataTable,
  durationText,
  Empty,
  Failure,
  inLanguage,
  percentText,
  SECOND,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  Waiting,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { StationReliability } from "../contract.ts";
import type {} from "../message-codes.ts";

const SPANS = [1, 7, 30, 90] as const;
const STEP = 60_000_000;

/** Failures, MTBF, MTTF, MTTR and availability of each station up to the instant shown, with their intervals. */
export function ReliabilityView(): ReactNode {
  const studio = useStudio();
  const { branch, line, time } = useScope();
  const { t, language } = useWords();
  const shown = useStore(time.shown);
  const [days, setDays] = useState(30);
  const to = Math.floor((shown ?? studio.now()) / STEP) * STEP;
  const isLive = shown === undefined;
  const loaded = useLoad(
    {
      key: ["GET /reliability", branch, line, days, isLive ? "now" : to],
      run: ({ client }, signal) => calls.reliability(client, { query: { branch, line, from: to - days * DAY, to } }, { signal }),
      changedBy: { topics: { "maintenance.changed": () => true } },
    },
    { everyMs: () => (isLive ? 60_000 : undefined) },
  );
  return (
    <>
      <header className="dw-maintenance-head">
        <SegmentedControl
          aria-label={t("maintenance.reliability.over")}
          value={String(days)}
          data={SPANS.map((value) => ({ value: String(value), label: t("maintenance.reliability.days", { days: value }) }))}
          onChange={(value) => setDays(Number(value))}
        />
      </header>
      {loaded.value === undefined ? (
        loaded.kind === "failed" ? (
          <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
        ) : (
          <Waiting />
        )
      ) : loaded.value.length === 0 ? (
        <Empty title={t("maintenance.reliability.none")} />
      ) : (
        <Card title={t("maintenance.reliability.title")}>
          <Stations rows={loaded.value} language={language} />
          <p className="dw-quiet-text">{t("maintenance.reliability.note")}</p>
        </Card>
      )}
    </>
  );
}

function Stations({ rows, language }: { readonly rows: readonly StationReliability[]; readonly language: "en" | "zh" }): ReactNode {
  const { t } = useWords();
  const figure = (name: "mtbf" | "mttf" | "mttr"): Column<StationReliability> => ({
    title: t(`maintenance.reliability.${name}`),
    isNumber: true,
    cell: (row) => <Estimated estimate={row[name]} />,
    sortBy: (row) => row[name].value,
  });
  const columns: readonly Column<StationReliability>[] = [
    {
      title: t("maintenance.station"),
      cell: ({ title }) => inLanguage(title, language),
      sortBy: ({ title }) => inLanguage(title, language),
    },
    { title: t("maintenance.reliability.failures"), isNumber: true, cell: ({ failures }) => failures, sortBy: ({ failures }) => failures },
    figure("mtbf"),
    figure("mttf"),
    figure("mttr"),
    {
      title: t("maintenance.reliability.availability"),
      isNumber: true,
      cell: ({ availability, operational }) => (
        <span className="dw-plan-name">
          <b>{availability === undefined ? "–" : percentText(availability)}</b>
          {operational !== undefined && (
            <small>
              {percentText(operational)} {t("maintenance.reliability.operational")}
            </small>
          )}
        </span>
      ),
      sortBy: ({ availability }) => availability,
    },
    {
      title: t("maintenance.reliability.unknown"),
      isNumber: true,
      cell: ({ unknownS }) => durationText(unknownS * SECOND, language),
      sortBy: ({ unknownS }) => unknownS,
    },
    {
      title: t("maintenance.reliability.orders"),
      cell: ({ orders: { corrective, preventive } }) => t("maintenance.reliability.ordersOf", { corrective, preventive }),
    },
  ];
  return <DataTable caption={t("maintenance.reliability.title")} columns={columns} rows={rows} keyOf={({ station }) => station} />;
}

function Estimated({ estimate: { value, low, high, n } }: { readonly estimate: StationReliability["mtbf"] }): ReactNode {
  const { t, language } = useWords();
  const text = (seconds: number): string => durationText(seconds * SECOND, language);
  return (
    <span className="dw-plan-name" title={t("maintenance.reliability.ofN", { n })}>
      <b>{value === undefined ? "–" : text(value)}</b>
      {low !== undefined && (
        <small>
          {high === undefined
            ? t("maintenance.reliability.atLeast", { low: text(low) })
            : t("maintenance.reliability.interval", { low: text(low), high: text(high) })}
        </small>
      )}
    </span>
  );
}
