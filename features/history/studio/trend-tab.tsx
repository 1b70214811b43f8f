import { Button, SegmentedControl, Select } from "@mantine/core";
import { IconChartLine, IconDownload } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { StationInfo, Trend } from "@doppelwerk/client";
import { DAY, HOUR, MINUTE } from "@doppelwerk/world";
import {
  Failure,
  TrendChart,
  byRelevance,
  downloadPng,
  saveFile,
  signalName,
  fileName,
  trendCsv,
  unitText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useSubject,
  useWords,
} from "@doppelwerk/kit/studio";
import type { Studio } from "@doppelwerk/kit/studio";
import { DisplayButton } from "./display-editor.tsx";
import { formatChoice, parseChoice } from "./trend-choice.ts";
import { useLimits } from "./use-limits.ts";

const spans = { "10m": 10 * MINUTE, "1h": HOUR, "8h": 8 * HOUR, "1d": DAY, "7d": 7 * DAY, "14d": 14 * DAY } as const;
type Span = keyof typeof spans;
/** About one a pixel of the panel. */
const POINTS = 300;

/** Any signal of the subject over minutes to weeks, up to the instant shown. */
export default function TrendTab(): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const station = useSubject()?.station;
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [span, setSpan] = useState<Span>("1h");
  const [range, setRange] = useState<{ from: number; to: number } | undefined>(undefined);
  const choices = station === undefined ? [] : trendSignals(studio, station);
  const id = chosen !== undefined && choices.includes(chosen) ? chosen : choices[0];
  const entry = id === undefined ? undefined : studio.signals.entry(id);
  useEffect(() => setRange(undefined), [id, span]);
  const trend = useTrend(id, span, range);
  const limits = useLimits(id === undefined ? [] : [id]);
  if (station === undefined) return null;
  const name = entry === undefined ? "" : signalName(entry, language);
  return (
    <section className="dw-block">
      <Select
        size="sm"
        aria-label={t("history.trend.signal")}
        value={id ?? null}
        onChange={(value) => setChosen(value ?? undefined)}
        data={choices.map((choice) => ({
          value: choice,
          label: withUnitWord(signalName(studio.signals.entry(choice), language, choice), studio.signals.entry(choice)?.unit),
        }))}
        allowDeselect={false}
        searchable
      />
      <SegmentedControl
        size="xs"
        fullWidth
        my={8}
        value={span}
        onChange={(value) => setSpan(value as Span)}
        data={Object.keys(spans).map((key) => ({ value: key, label: t.or(`history.trend.span.${key}`, key) }))}
      />
      {trend.kind === "failed" && <Failure message={trend.message} code={trend.code} onRetry={trend.reload} />}
      {trend.value !== undefined && (
        <TrendChart
          trend={trend.value}
          entry={entry}
          title={name}
          limits={limits.get(id!)}
          onZoom={(from, to) => setRange(from === undefined ? undefined : { from, to: to! })}
        />
      )}
      <TrendButtons id={id} name={`${station.id} ${name}`} unit={entry?.unit} trend={trend.value} />
      <p className="dw-fine">{t("history.trend.hint")}</p>
    </section>
  );
}

/** Process values first, the most relevant of them on top; texts have no trend. */
function trendSignals(studio: Studio, station: StationInfo): readonly string[] {
  return [
    ...byRelevance(station.processValues, (id) => studio.signals.entry(id)),
    ...Object.values(station.signals).filter((id) => !station.processValues.includes(id)),
  ].filter((id) => studio.signals.entry(id)?.valueType !== "string");
}

function useTrend(id: string | undefined, span: Span, range: { readonly from: number; readonly to: number } | undefined) {
  const studio = useStudio();
  const { time } = useScope();
  const shown = useStore(time.shown);
  const live = shown === undefined && range === undefined;
  return useLoad(
    id === undefined
      ? undefined
      : (signal) => {
          const to = range?.to ?? time.instant();
          return studio.client.trend(id, range?.from ?? to - spans[span], to, POINTS, { signal });
        },
    [id, span, range, shown === undefined ? "live" : Math.round(shown / 2_000_000)],
    live ? Math.max(2000, spans[span] / 1000 / POINTS) : undefined,
  );
}

/** Files of what is shown, and the way to more signals at once. */
function TrendButtons({
  id,
  name,
  unit,
  trend,
}: {
  readonly id: string | undefined;
  /** With its station. */
  readonly name: string;
  readonly unit: string | undefined;
  readonly trend: Trend | undefined;
}): ReactNode {
  const studio = useStudio();
  const { t, zone } = useWords();
  const detail = id === undefined ? undefined : formatChoice({ ...parseChoice(undefined), signals: [id] });
  return (
    <div className="dw-buttons">
      <DisplayButton id={id} />
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconDownload size={14} />}
        onClick={() => {
          if (trend !== undefined)
            saveFile(fileName([name], "csv"), new Blob([trendCsv(trend, { name, unit, zone })], { type: "text/csv" }));
        }}
      >
        CSV
      </Button>
      <Button size="compact-sm" variant="default" leftSection={<IconDownload size={14} />} onClick={() => downloadPng(name)}>
        PNG
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconChartLine size={14} />}
        onClick={() => studio.address.go({ view: "trends", detail })}
      >
        {t("history.view.trends")}
      </Button>
    </div>
  );
}

function withUnitWord(name: string, unit: string | undefined): string {
  return unitText(unit) === "" ? name : `${name}, ${unitText(unit)}`;
}
