import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { EventLogReport } from "@doppelwerk/client";
import { Card, dateOfLog, fixedText, messageText, percentText, periodOf, saveFile, useWords } from "@doppelwerk/kit/studio";
import { ForecastChart } from "./forecast-chart.tsx";

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
      <table className="dw-table dw-log-columns">
        <thead>
          <tr>
            <th>{t("simulate.eventLog.takenAs")}</th>
            <th>{t("simulate.eventLog.columnInFile")}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(columns).map(([what, column]) => (
            <tr key={what}>
              <td>{t.or(`eventLog.column.${what}`, what)}</td>
              <td>
                <b>{column}</b>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
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

function ActivitiesCard({ report }: { readonly report: EventLogReport }): ReactNode {
  const { t } = useWords();
  const stations = report.stations.toSorted((a, b) => b.bottleneckShare - a.bottleneckShare);
  const share = stations[0]?.bottleneckShare ?? 0;
  return (
    <Card
      title={t("simulate.eventLog.bottleneck", { activity: report.bottleneck, share: percentText(share, 0) })}
      note={t("simulate.eventLog.bottleneckNote")}
    >
      <div className="dw-scroll dw-log-table">
        <table className="dw-table">
          <thead>
            <tr>
              <th>{t("simulate.eventLog.activity")}</th>
              <th className="is-number">{t("simulate.eventLog.bottleneckShare")}</th>
              <th className="is-number">{t("simulate.eventLog.visits")}</th>
              <th className="is-number" title={t("simulate.eventLog.placesHint")}>
                {t("simulate.eventLog.places")}
              </th>
              <th className="is-number">{t("simulate.eventLog.work")}</th>
              <th className="is-number">{t("simulate.eventLog.wait")}</th>
              <th className="is-number" title={t("simulate.eventLog.unexplainedHint")}>
                {t("simulate.eventLog.unexplained")}
              </th>
              <th className="is-number">{t("simulate.eventLog.utilisation")}</th>
            </tr>
          </thead>
          <tbody>
            {stations.map((station) => (
              <tr key={station.id}>
                <td>
                  <b>{station.activity}</b>
                </td>
                <td className="is-number">
                  <i className="dw-log-bar" style={{ width: `${Math.round(60 * station.bottleneckShare)}px` }} />{" "}
                  {percentText(station.bottleneckShare, 0)}
                </td>
                <td className="is-number">{station.visits}</td>
                <td className="is-number">{station.places}</td>
                <td className="is-number">{hours(station.serviceMeanS)}</td>
                <td className="is-number">{hours(station.waitMeanS)}</td>
                <td className="is-number">{hours(station.delayMeanS)}</td>
                <td className="is-number">{percentText(station.utilisation, 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
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
      {(points.length > 0 || ahead !== undefined) && <ForecastChart points={points} ahead={ahead} utcOffset={utcOffset} />}
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
