import { Button, Menu, MultiSelect, SegmentedControl, Select, Switch } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { StateDurations, Trend } from "@doppelwerk/client";
import {
  Card,
  Empty,
  Failure,
  TrendChart,
  byRelevance,
  downloadPng,
  errorText,
  periodText,
  saveFile,
  signalName,
  unitText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { StateColumns } from "./state-columns.tsx";
import { earlier, earlierPeriod, formatChoice, MOST_SIGNALS, parseChoice, spans } from "./trend-choice.ts";
import type { Band, Span, TrendChoice, Versus } from "./trend-choice.ts";
import { TrendTable } from "./trend-table.tsx";

/** About one a pixel of a wide screen. */
const POINTS = 600;
/** Buckets of time in states. */
const COLUMNS = 48;
/** 5 % to 95 % of the time, and the median. */
const PERCENTILES = [5, 50, 95];
/** Rows of a table file: what a spreadsheet opens without a sigh. */
const FILE_ROWS = 2_000;

export interface Series {
  readonly id: string;
  readonly trend: Trend | undefined;
  readonly before: Trend | undefined;
  readonly durations: StateDurations | undefined;
  /** Why this one could not be read; the others are shown. */
  readonly failed: string | undefined;
}

/** Any signals over any period, one under another on one time: values with their band, states with their time, two periods compared, and files of them. */
export default function TrendsView(): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const { detail } = useStore(studio.address.store);
  const line = useStore(studio.line);
  const shown = useStore(time.shown);
  const choice = parseChoice(detail);
  // The steps of an alarm are no values; they stand on the Rail and under Alarms.
  const entries = studio.signals.entries().filter(({ role }) => role !== "Alarm");
  const choose = (change: Partial<TrendChoice>): void => {
    const text = formatChoice({ ...choice, range: undefined, ...change } as TrendChoice);
    studio.address.amend({ detail: text === "" ? undefined : text });
  };
  const constraint = line?.stations.find(({ id }) => id === line.constraint);
  const chosen =
    choice.signals.length > 0 ? choice.signals : byRelevance(constraint?.processValues ?? [], (id) => studio.signals.entry(id)).slice(0, 3);
  const isState = (id: string): boolean => ["string", "boolean", "enumeration"].includes(studio.signals.entry(id)?.valueType ?? "");
  const period = choice.range ?? { from: time.instant() - spans[choice.span], to: time.instant() };
  const live = shown === undefined && choice.range === undefined;
  const loaded = useLoad(
    chosen.length === 0
      ? undefined
      : async (signal): Promise<{ readonly period: typeof period; readonly series: readonly Series[] }> => {
          const asked = choice.range ?? { from: time.instant() - spans[choice.span], to: time.instant() };
          const other = earlierPeriod(asked, choice.versus);
          const call = { signal, ...(choice.band === "percentiles" ? { percentiles: PERCENTILES } : {}) };
          const series = await Promise.all(
            chosen.map(async (id): Promise<Series> => {
              const nothing = { id, trend: undefined, before: undefined, durations: undefined, failed: undefined };
              try {
                if (isState(id)) {
                  const durations = await studio.client.durations(id, asked.from, asked.to, COLUMNS, { signal });
                  return { ...nothing, durations };
                }
                const [trend, before] = await Promise.all([
                  studio.client.trend(id, asked.from, asked.to, POINTS, call),
                  other === undefined ? undefined : studio.client.trend(id, other.from, other.to, POINTS, call),
                ]);
                return { ...nothing, trend, before };
              } catch (error) {
                if (signal.aborted) throw error;
                return { ...nothing, failed: errorText(error) };
              }
            }),
          );
          return { period: asked, series };
        },
    [chosen, choice.span, choice.band, choice.versus, choice.range, live ? "live" : Math.round((shown ?? 0) / 2_000_000)],
    live ? Math.max(2_000, spans[choice.span] / 1_000 / POINTS) : undefined,
  );
  const shownPeriod = loaded.value?.period ?? period;
  const save = async (format: "csv" | "parquet", aligned: boolean): Promise<void> => {
    const { from, to } = shownPeriod;
    const stepS = aligned ? { stepS: Math.max(0.001, Math.round((to - from) / FILE_ROWS / 1_000) / 1_000) } : {};
    try {
      const bytes = await studio.client.exportSamples({ signals: chosen, from, to, format, ...stepS });
      saveFile(
        `${aligned ? "table" : "samples"} ${new Date(from / 1_000).toISOString().slice(0, 16).replaceAll(":", "")}.${format}`,
        bytes,
      );
    } catch (error) {
      studio.notify("trouble", t("trend.exportFailed"), errorText(error));
    }
  };
  const savePackage = async (): Promise<void> => {
    const { from, to } = shownPeriod;
    try {
      const bytes = await studio.client.exportSeries({ signals: chosen, from, to });
      saveFile(`series ${new Date(from / 1_000).toISOString().slice(0, 16).replaceAll(":", "")}.aasx`, bytes);
    } catch (error) {
      studio.notify("trouble", t("trend.exportFailed"), errorText(error));
    }
  };
  const nameOf = (id: string): string => {
    const entry = studio.signals.entry(id);
    const station = line?.stations.find(({ signals, processValues }) => processValues.includes(id) || Object.values(signals).includes(id));
    return `${station === undefined ? "" : `${station.id} `}${signalName(entry, language, id)}`;
  };
  const withUnit = (id: string): string => {
    const unit = unitText(studio.signals.entry(id)?.unit);
    return `${nameOf(id)}${unit === "" ? "" : `, ${unit}`}`;
  };
  const note = [
    loaded.value?.series.some(({ trend }) => trend?.thinnedBefore !== undefined && trend.thinnedBefore > shownPeriod.from)
      ? t("trend.thinned")
      : t(`trend.means.${choice.band}`),
    ...(choice.versus === "none" ? [] : [t("trend.dashed", { what: t(`trend.versus.${choice.versus}`) })]),
  ].join(" · ");
  return (
    <div className="dw-page dw-trends">
      <div className="dw-trends-bar">
        <MultiSelect
          className="dw-trends-signals"
          size="sm"
          aria-label={t("trend.signals")}
          placeholder={chosen.length < MOST_SIGNALS ? t("trend.addSignal") : ""}
          value={[...chosen]}
          maxValues={MOST_SIGNALS}
          onChange={(signals) => choose({ signals, ...(choice.range === undefined ? {} : { range: choice.range }) })}
          data={entries.map(({ id }) => ({ value: id, label: withUnit(id) }))}
          searchable
          hidePickedOptions
          limit={100}
        />
        <SegmentedControl
          size="xs"
          value={choice.range === undefined ? choice.span : ""}
          onChange={(span) => choose({ span: span as Span })}
          data={Object.keys(spans).map((key) => ({ value: key, label: t(`trend.span.${key}`) }))}
        />
        <Select
          size="xs"
          aria-label={t("trend.band.name")}
          value={choice.band}
          allowDeselect={false}
          onChange={(band) => choose({ band: band as Band, ...(choice.range === undefined ? {} : { range: choice.range }) })}
          data={["range", "percentiles"].map((value) => ({ value, label: t(`trend.band.${value}`) }))}
        />
        <Select
          size="xs"
          aria-label={t("trend.versus.name")}
          value={choice.versus}
          allowDeselect={false}
          onChange={(versus) => choose({ versus: versus as Versus, ...(choice.range === undefined ? {} : { range: choice.range }) })}
          data={Object.keys(earlier).map((value) => ({ value, label: t(`trend.versus.${value}`) }))}
        />
        <Switch
          size="xs"
          label={t("trend.table")}
          checked={choice.table}
          onChange={(event) =>
            choose({ table: event.currentTarget.checked, ...(choice.range === undefined ? {} : { range: choice.range }) })
          }
        />
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} disabled={chosen.length === 0}>
              {t("trend.export")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void save("csv", false)}>{t("trend.file.samplesCsv")}</Menu.Item>
            <Menu.Item onClick={() => void save("parquet", false)}>{t("trend.file.samplesParquet")}</Menu.Item>
            <Menu.Item onClick={() => void save("csv", true)}>{t("trend.file.tableCsv")}</Menu.Item>
            <Menu.Item onClick={() => void save("parquet", true)}>{t("trend.file.tableParquet")}</Menu.Item>
            <Menu.Item onClick={() => void savePackage()}>{t("trend.file.package")}</Menu.Item>
            <Menu.Item onClick={() => downloadPng("trends")}>{t("trend.file.png")}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {chosen.length === 0 && <Empty title={t("trend.chooseTitle")} text={t("trend.chooseText")} />}
      {loaded.kind === "failed" && <Failure message={loaded.message} onRetry={loaded.reload} />}
      {loaded.value !== undefined && chosen.length > 0 && (
        <Card title={periodText(shownPeriod.from, shownPeriod.to, zone, language)} note={note}>
          {loaded.value.series.map(({ id, trend, before, durations, failed }) => (
            <div key={id} className="dw-trends-one">
              {trend !== undefined && (
                <TrendChart
                  trend={trend}
                  before={before}
                  entry={studio.signals.entry(id)}
                  title={nameOf(id)}
                  height={loaded.value!.series.length > 3 ? 130 : 180}
                  syncKey="trends"
                  onZoom={(from, to) => choose(from === undefined ? {} : { range: { from, to: to! } })}
                />
              )}
              {failed !== undefined && (
                <p className="dw-quiet" role="alert">
                  {nameOf(id)}: {failed}
                </p>
              )}
              {durations !== undefined && <StateColumns durations={durations} title={nameOf(id)} />}
            </div>
          ))}
        </Card>
      )}
      {choice.table && loaded.value !== undefined && (
        <Card title={t("trend.table")} note={t("trend.tableNote")}>
          <TrendTable series={loaded.value.series} nameOf={nameOf} entryOf={(id) => studio.signals.entry(id)} />
        </Card>
      )}
    </div>
  );
}
