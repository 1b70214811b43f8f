import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { EventLogReport } from "@doppelwerk/client";
import {
  Card,
  DataTable,
  dateOfLog,
  fixedText,
  messageText,
  percentText,
  periodOf,
  saveFile,
  useWords,
  type Column,
} from "@doppelwerk/kit/studio";
import { ForecastChart } from "../charts/forecast-chart.tsx";

/** What an event log gave: what was read, the activities with the bottleneck, the forecast with its error, and the line to take away. */
export function LogReport({
  name,
  report,
  utcOffset,
  onWatch,
}: {
  readonly name: string;
  readonly report: EventLogReport;
  readonly utcOffset: number;
  readonly onWatch: () => void;
}): ReactNode {
  return (
    <>
      <ReadCard name={name} report={report} utcOffset={utcOffset} />
      <ActivitiesCard report={report} />
      <ForecastCard report={report} utcOffset={utcOffset} />
      <LineCard name={name} report={report} onWatch={onWatch} />
    </>
  );
}

function ReadCard({
  name,
  report,
  utcOffset,
}: {
  readonly name: string;
  readonly report: EventLogReport;
  readonly utcOffset: number;
}): ReactNode {
  const { t } = useWords();
  const { visits, cases, from, to, columns, assumptions, notes, left } = report;
  return (
    <Card title={t("simulate.eventLog.read")} note={name}>
      <p className="dw-log-line">
        {t("simulate.eventLog.readText", { visits, cases, from: dateOfLog(from, utcOffset), to: dateOfLog(to, utcOffset) })}
      </p>
      <DataTable
        caption={t("simulate.eventLog.takenAs")}
        className="dw-log-columns"
        columns={[
          { title: t("simulate.eventLog.takenAs"), cell: ([what]) => t.or(`eventLog.column.${what}`, what) },
          { title: t("simulate.eventLog.columnInFile"), cell: ([, column]) => <b>{column}</b> },
        ]}
        rows={Object.entries(columns)}
        keyOf={([what]) => what}
        isDense
      />
      {notes.map((note, at) => (
        <p key={note} className="dw-note">
          {messageText(note, assumptions[at])}
        </p>
      ))}
      {left.rows > 0 && (
        <p className="dw-note is-trouble">
          {t("simulate.eventLog.left", { count: left.rows })}{" "}
          {left.first !== undefined && t("eventLog.leftFirst", { why: messageText(left.first, left.firstTold) })}
        </p>
      )}
    </Card>
  );
}

type Station = EventLogReport["stations"][number];

function ActivitiesCard({ report }: { readonly report: EventLogReport }): ReactNode {
  const { t } = useWords();
  const stations = report.stations.toSorted((a, b) => b.bottleneckShare - a.bottleneckShare);
  const share = stations[0]?.bottleneckShare ?? 0;
  const hoursOf = (title: string, seconds: (station: Station) => number, headHint?: string): Column<Station> => ({
    title,
    ...(headHint === undefined ? {} : { headHint }),
    isNumber: true,
    sortBy: seconds,
    cell: (station) => hours(seconds(station)),
  });
  const columns: readonly Column<Station>[] = [
    { title: t("simulate.eventLog.activity"), sortBy: ({ activity }) => activity, cell: ({ activity }) => <b>{activity}</b> },
    {
      title: t("simulate.eventLog.bottleneckShare"),
      isNumber: true,
      sortBy: ({ bottleneckShare }) => bottleneckShare,
      cell: ({ bottleneckShare }) => (
        <>
          <i className="dw-log-bar" style={{ width: `${Math.round(60 * bottleneckShare)}px` }} /> {percentText(bottleneckShare, 0)}
        </>
      ),
    },
    { title: t("simulate.eventLog.visits"), isNumber: true, sortBy: ({ visits }) => visits, cell: ({ visits }) => visits },
    {
      title: t("simulate.eventLog.places"),
      headHint: t("simulate.eventLog.placesHint"),
      isNumber: true,
      sortBy: ({ places }) => places,
      cell: ({ places }) => places,
    },
    hoursOf(t("simulate.eventLog.work"), ({ serviceMeanS }) => serviceMeanS),
    hoursOf(t("simulate.eventLog.wait"), ({ waitMeanS }) => waitMeanS),
    hoursOf(t("simulate.eventLog.unexplained"), ({ delayMeanS }) => delayMeanS, t("simulate.eventLog.unexplainedHint")),
    {
      title: t("simulate.eventLog.utilisation"),
      isNumber: true,
      sortBy: ({ utilisation }) => utilisation,
      cell: ({ utilisation }) => percentText(utilisation, 0),
    },
  ];
  return (
    <Card
      title={t("simulate.eventLog.bottleneck", { activity: report.bottleneck, share: percentText(share, 0) })}
      note={t("simulate.eventLog.bottleneckNote")}
    >
      <div className="dw-log-table">
        <DataTable caption={t("simulate.eventLog.bottleneckNote")} columns={columns} rows={stations} keyOf={({ id }) => id} isDense />
      </div>
    </Card>
  );
}

function ForecastCard({ report, utcOffset }: { readonly report: EventLogReport; readonly utcOffset: number }): ReactNode {
  const { t } = useWords();
  const { score, points, ahead, periodS } = report.forecast;
  const { unit, count } = periodOf(periodS);
  const period = t(`simulate.eventLog.period.${unit}`, { count });
  const came = points.reduce((sum, { realised = 0 }) => sum + realised, 0) / Math.max(1, points.length);
  const { bias, skill, meanAbsoluteError: error, coverage90 } = score;
  return (
    <Card title={t("simulate.eventLog.forecast", { period })} note={t("simulate.eventLog.simulated")}>
      {score.n === 0 || error === null ? (
        <p className="dw-note">{t("simulate.eventLog.noForecast")}</p>
      ) : (
        <>
          <p className="dw-log-line">
            {t("simulate.eventLog.error", {
              count: score.n,
              error: fixedText(error, 1),
              share: percentText(came > 0 ? error / came : undefined, 0),
              came: fixedText(came, 0),
            })}
          </p>
          <p className="dw-log-line">
            {bias !== null &&
              t(bias >= 0 ? "simulate.eventLog.tooMany" : "simulate.eventLog.tooFew", { bias: fixedText(Math.abs(bias), 1) })}{" "}
            {t("simulate.eventLog.held", { held: Math.round((coverage90 ?? 0) * score.n), count: score.n })}{" "}
            {skill === null
              ? t("simulate.eventLog.noSkill")
              : t(skill > 0 ? "simulate.eventLog.better" : "simulate.eventLog.notBetter", { skill: fixedText(skill, 2).replace("-", "−") })}
          </p>
        </>
      )}
      {(points.length > 0 || ahead !== undefined) && (
        <ForecastChart
          label={t("simulate.eventLog.chart")}
          tone="violet"
          height={200}
          hasZero
          points={(ahead === undefined ? points : [...points, ahead]).map((point) => ({
            ...point,
            label: dateOfLog(point.origin, utcOffset).slice(0, 10),
            title: dateOfLog(point.origin, utcOffset),
          }))}
        />
      )}
      {ahead !== undefined && (
        <p className="dw-log-line">
          {t("simulate.eventLog.ahead", {
            period,
            from: dateOfLog(ahead.origin, utcOffset),
            mid: Math.round(ahead.mid),
            low: Math.round(ahead.low),
            high: Math.round(ahead.high),
          })}
        </p>
      )}
    </Card>
  );
}

function LineCard({
  name,
  report,
  onWatch,
}: {
  readonly name: string;
  readonly report: EventLogReport;
  readonly onWatch: () => void;
}): ReactNode {
  const { t } = useWords();
  const file = `${name.replace(/\.[^.]+$/, "").replace(/[^\p{L}\p{N}._-]+/gu, "_") || "line"}.line.json`;
  return (
    <Card title={t("simulate.eventLog.line")}>
      <p className="dw-quiet">{t("simulate.eventLog.lineText")}</p>
      <pre className="dw-log-command">doppelwerk simulate {file}</pre>
      <div className="dw-buttons">
        <Button
          size="sm"
          leftSection={<IconDownload size={16} />}
          onClick={() => saveFile(file, new TextEncoder().encode(`${JSON.stringify(report.model, undefined, 1)}\n`))}
        >
          {t("simulate.eventLog.download")}
        </Button>
        <Button size="sm" variant="default" onClick={onWatch}>
          {t("simulate.eventLog.watch")}
        </Button>
      </div>
    </Card>
  );
}

function hours(seconds: number): string {
  return fixedText(seconds / 3600, 2);
}
