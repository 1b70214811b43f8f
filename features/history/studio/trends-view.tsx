import type { ReactNode } from "react";
import {
  Card,
  Empty,
  Failure,
  OverlayChart,
  TrendChart,
  byRelevance,
  ViewOutlet,
  periodText,
  signalName,
  trendNotes,
  unitText,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { TrendNotesProps } from "@doppelwerk/kit/studio";
import { ComparedNote } from "./compared-note.tsx";
import { OriginLegend, OriginMarks, originsOf, type OriginName } from "./origin-marks.tsx";
import { StateColumns } from "./state-columns.tsx";
import { earlierPeriod, formatChoice, parseChoice, spans } from "./trend-choice.ts";
import type { TrendChoice } from "./trend-choice.ts";
import { TrendTable } from "./trend-table.tsx";
import { TrendTools } from "./trend-tools.tsx";
import { useLimits } from "./use-limits.ts";
import { versusText } from "./versus-text.ts";
import { useSpans } from "./use-spans.ts";
import { useSeries } from "./use-series.ts";
import type { Period, Series } from "./use-series.ts";
import "./trends.css";

/** Any signals over any period, one under another on one time: values with their band, states with their time, two periods compared, and files of them. */
export default function TrendsView(): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t } = useWords();
  const { detail } = useStore(studio.address.store);
  useStore(time.shown);
  const nameOf = useNames();
  const choice = parseChoice(detail);
  const choose = (change: Partial<TrendChoice>): void => {
    const text = formatChoice({ ...choice, range: undefined, ...change } as TrendChoice);
    studio.address.amend({ detail: text === "" ? undefined : text });
  };
  const signals = useChosen(choice);
  const loaded = useSeries(choice, signals);
  const period = loaded.value?.period ?? choice.range ?? { from: time.instant() - spans[choice.span], to: time.instant() };
  const withUnit = (id: string): string => {
    const unit = unitText(studio.signals.entry(id)?.unit);
    return `${nameOf(id)}${unit === "" ? "" : `, ${unit}`}`;
  };
  // The steps of an alarm are no values; they stand on the Rail and under Alarms.
  const entries = studio.signals.entries().filter(({ role }) => role !== "Alarm");
  const offered = entries.map(({ id }) => ({ value: id, label: withUnit(id) }));
  return (
    <div className="dw-page dw-trends">
      <TrendTools choice={choice} signals={signals} offered={offered} period={period} onChoose={choose} />
      {signals.length === 0 && <Empty title={t("history.trend.chooseTitle")} text={t("history.trend.chooseText")} />}
      {loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {loaded.value !== undefined && signals.length > 0 && (
        <TrendCharts choice={choice} period={period} series={loaded.value.series} nameOf={nameOf} onChoose={choose} />
      )}
      {choice.table && loaded.value !== undefined && (
        <Card title={t("history.trend.table")} note={t("history.trend.tableNote")}>
          <TrendTable series={loaded.value.series} nameOf={nameOf} entryOf={(id) => studio.signals.entry(id)} />
        </Card>
      )}
      {signals.length > 0 && <NotesOf shown={{ ...period, signals }} />}
    </div>
  );
}

/** What stands below the trends about the stretch that they show. */
function NotesOf({ shown }: { readonly shown: TrendNotesProps }): ReactNode {
  return useStudio()
    .views.of(trendNotes)
    .map((notes) => <ViewOutlet key={notes.id} view={notes} props={shown} />);
}

/** Those of the link; without any, what tells most of the constraint. */
function useChosen(choice: TrendChoice): readonly string[] {
  const studio = useStudio();
  const line = useStore(studio.line);
  if (choice.signals.length > 0) return choice.signals;
  const constraint = line?.stations.find(({ id }) => id === line.constraint);
  return byRelevance(constraint?.processValues ?? [], (id) => studio.signals.entry(id)).slice(0, 3);
}

/** The name of a signal, with its station. */
function useNames(): (id: string) => string {
  const studio = useStudio();
  const line = useStore(studio.line);
  const { language } = useWords();
  return (id) => {
    const station = line?.stations.find(({ signals, processValues }) => processValues.includes(id) || Object.values(signals).includes(id));
    return `${station === undefined ? "" : `${station.id} `}${signalName(studio.signals.entry(id), language, id)}`;
  };
}

/** Of states, whose bands say no origin: that of the last value. */
function shownOrigin(origin: OriginName | undefined): readonly OriginName[] {
  return origin === undefined ? [] : [origin];
}

const OVERLAID_HEIGHT = 360;

interface ChartsProps {
  readonly choice: TrendChoice;
  readonly period: Period;
  readonly series: readonly Series[];
  readonly nameOf: (id: string) => string;
  readonly onChoose: (change: Partial<TrendChoice>) => void;
}

function TrendCharts({ choice, period, series, nameOf, onChoose }: ChartsProps): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const signals = series.map(({ id }) => id);
  const limits = useLimits(signals);
  const spans = useSpans({ ...period, signals });
  const numbers = series.flatMap(({ id, trend }) =>
    trend === undefined ? [] : [{ trend, entry: studio.signals.entry(id), title: nameOf(id) }],
  );
  const isOverlaid = choice.overlaid === true && numbers.length > 1;
  const zoom = (from: number | undefined, to: number | undefined): void => onChoose(from === undefined ? {} : { range: { from, to: to! } });
  const isThinned = series.some(({ trend }) => trend?.thinnedBefore !== undefined && trend.thinnedBefore > period.from);
  const note = [
    isThinned ? t("history.trend.thinned") : t(isOverlaid ? "history.trend.overlaidMeans" : `history.trend.means.${choice.band}`),
    ...(choice.versus === "none" || isOverlaid ? [] : [t("history.trend.dashed", { what: versusText(choice.versus, t) })]),
  ].join(" · ");
  return (
    <Card title={periodText(period.from, period.to, zone, language)} note={note}>
      <OriginLegend />
      <ComparedNote
        period={period}
        earlier={earlierPeriod(period, choice.versus)}
        compared={series.flatMap(({ before }) => (before === undefined ? [] : [before]))}
        isOverlaid={isOverlaid}
        onDays={(days) => onChoose({ versus: `${days}d`, ...(choice.range !== undefined && { range: choice.range }) })}
      />
      {isOverlaid && (
        <OverlayChart
          trends={numbers}
          title={t("history.trend.overlaidTitle", { count: numbers.length })}
          height={OVERLAID_HEIGHT}
          onZoom={zoom}
        />
      )}
      {series.map(({ id, trend, before, durations, failed }) => (
        <div key={id} className="dw-trends-one">
          <OriginMarks origins={trend === undefined ? shownOrigin(studio.signals.get(id)?.origin) : originsOf(trend)} />
          {trend !== undefined && !isOverlaid && (
            <TrendChart
              trend={trend}
              before={before}
              entry={studio.signals.entry(id)}
              title={nameOf(id)}
              height={series.length > 3 ? 130 : 180}
              syncKey="trends"
              limits={limits.get(id)}
              spans={spans.get(id)}
              onZoom={zoom}
            />
          )}
          {failed !== undefined && (
            <p className="dw-quiet" role="alert">
              {nameOf(id)}: {failed}
            </p>
          )}
          {durations !== undefined && <StateColumns durations={durations} title={nameOf(id)} entry={studio.signals.entry(id)} />}
        </div>
      ))}
    </Card>
  );
}
