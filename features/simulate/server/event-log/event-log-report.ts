import { message, type Message, textOf } from "@doppelwerk/messages";
import { forecastOfLog, lineOfLog, periodOf } from "@doppelwerk/sim/event-log";
import type { LogForecast, LogLine } from "@doppelwerk/sim/event-log";
import { DoppelwerkError } from "@doppelwerk/world";
import { eventLogOf } from "@doppelwerk/connectors/event-log";

/** What an event log gives: a line that can be run, its bottleneck, and a forecast with its error. */
export interface EventLogReport extends LogLine {
  readonly format: "doppelwerk-event-log-result/1";
  readonly visits: number;
  readonly columns: Readonly<Record<string, string>>;
  readonly left: { readonly rows: number; readonly first?: string; readonly firstTold?: Message };
  /** What had to be assumed to read the log; `notes` are the same in English. */
  readonly assumptions: readonly Message[];
  readonly notes: readonly string[];
  readonly forecast: LogForecast;
}

export interface EventLogOptions {
  readonly name: string;
  readonly replications: number;
  readonly seed: number;
  readonly periodS?: number;
  /** Of times that name no zone. */
  readonly utcOffsetMinutes: number;
}

/** A report without its texts, as a worker thread answers it: texts are made in the thread whose language is known. */
export type ReadEventLog = Omit<EventLogReport, "left" | "notes"> & { readonly left: { readonly rows: number; readonly first?: Message } };

/** Reads CSV of any delimiter, or XES. Throws DW_INVALID with one sentence on what is no event log. */
export function eventLogReport(text: string, options: EventLogOptions): EventLogReport {
  return withTexts(readReport(text, options));
}

export function withTexts(read: ReadEventLog): EventLogReport {
  const { rows, first } = read.left;
  return {
    ...read,
    left: { rows, ...(first && { first: textOf(first), firstTold: first }) },
    notes: read.assumptions.map(textOf),
  };
}

export function readReport(text: string, options: EventLogOptions): ReadEventLog {
  const log = eventLogOf(text, options.utcOffsetMinutes);
  const line = lineOfLog(log, options.name);
  if (line === undefined) throw new DoppelwerkError("DW_INVALID", message("simulate.logVisitsGivesNoLine", { count: log.visits.length }));
  const forecast = forecastOfLog(log, {
    periodS: options.periodS ?? periodOf(log),
    replications: options.replications,
    seed: options.seed,
  });
  return {
    format: "doppelwerk-event-log-result/1",
    ...line,
    visits: log.visits.length,
    columns: log.columns as Record<string, string>,
    left: log.left,
    assumptions: log.assumptions,
    forecast,
  };
}

/** The report for people. */
export function eventLogText(report: EventLogReport): string {
  const moment = (micros: number): string => new Date(micros / 1000).toISOString().slice(0, 16).replace("T", " ");
  const hours = (seconds: number): string => (seconds / 3600).toFixed(2).padStart(9);
  const lines = [
    `${report.visits} visits of ${report.cases} cases, ${moment(report.from)} to ${moment(report.to)} UTC; columns ${Object.entries(
      report.columns,
    )
      .map(([what, name]) => `${what} = ${name}`)
      .join(", ")}`,
    ...report.notes.map((note) => `note: ${note}`),
    ...(report.left.rows > 0 ? [`note: ${report.left.rows} rows were left out; ${report.left.first ?? ""}`] : []),
    `bottleneck by active period: ${report.bottleneck}`,
    "",
    `${"activity".padEnd(34)} visits places   work h   wait h  of it unexplained  utilisation  bottleneck`,
    ...report.stations
      .toSorted((a, b) => b.bottleneckShare - a.bottleneckShare)
      .map(
        (station) =>
          `${station.activity.slice(0, 33).padEnd(34)} ${String(station.visits).padStart(6)} ${String(station.places).padStart(6)}${hours(station.serviceMeanS)}${hours(station.waitMeanS)}${hours(station.delayMeanS).padStart(19)} ${(100 * station.utilisation).toFixed(0).padStart(10)} % ${(100 * station.bottleneckShare).toFixed(0).padStart(9)} %`,
      ),
    "",
  ];
  const { score, points, ahead, periodS } = report.forecast;
  const period = periodS % 86_400 === 0 ? `${periodS / 86_400} days` : `${(periodS / 3600).toFixed(2)} h`;
  lines.push(
    score.n === 0
      ? "no forecast: the log is too short for a second period"
      : `visits ended in ${period}, forecast from what came before, ${score.n} times: mean error ${score.bias.toFixed(1)}, mean absolute error ${score.meanAbsoluteError.toFixed(1)}, 90 % interval held ${(100 * score.coverage90).toFixed(0)} %, skill against the mean of the four before ${score.skill.toFixed(2)}`,
    ...points.map(
      (point) =>
        `  ${moment(point.origin)}  ${point.low.toFixed(0).padStart(6)}–${point.high.toFixed(0).padEnd(6)} came ${String(point.realised).padStart(5)}`,
    ),
  );
  if (ahead !== undefined)
    lines.push(
      `next ${period} from ${moment(ahead.origin)}: ${ahead.mid.toFixed(0)} (${ahead.low.toFixed(0)}–${ahead.high.toFixed(0)}, 90 %)`,
    );
  return `${lines.join("\n")}\n`;
}
