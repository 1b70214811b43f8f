import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError, quality, type BrowseResult, type Instant, type SignalRecord, type ValueType } from "@doppelwerk/world";
import type { RecordedColumns } from "../replay/index.ts";
import { DraftCollector, exampleOf, typeOfScalar } from "../discovery/draft-collector.ts";
import { descendants, parseDocument, type XmlNode } from "../mtconnect/xml-node.ts";
import { acceptValue } from "../samples/accept-value.ts";
import { rawOfText, scalarOfText } from "../samples/raw-of-text.ts";
import { instantOf } from "../samples/source-time.ts";
import { LineSplitter, parseShdrLine } from "../shdr/shdr-line.ts";
import { delimiterOf, parseCsv } from "./csv.ts";
import type { ReplaySettings } from "./settings.ts";
import { TableLayout } from "./table-layout.ts";
import { SkipCounter } from "../discovery/skip-counter.ts";

/** One value of a recording: what it is of, its time and its text (undefined = there was none). */
export interface RecordedValue {
  readonly key: string;
  readonly time: Instant;
  readonly text: string | undefined;
}

export interface Recording {
  readonly format: NonNullable<ReplaySettings["format"]>;
  readonly values: readonly RecordedValue[];
  /** What could not be read, by reason. */
  readonly skipped: BrowseResult["skipped"];
}

/** After an event ended nothing is known of its resource but that. */
export const NO_ACTIVITY = "-";

/** Reads a whole recording. Throws one clear line when it is none of the formats. */
export function readRecording(text: string, settings: ReplaySettings): Recording {
  const format = settings.format ?? formatOf(text);
  const counter = new SkipCounter();
  const skip = (reason: Message): void => counter.skip(reason);
  const values = READERS[format](text, settings, skip);
  const skipped = counter.list();
  if (values.length === 0)
    throw new DoppelwerkError(
      "DW_INVALID",
      message("connectors.recordingWithoutValues", { format, count: skipped.length, skipped: skipped.map(({ reason }) => reason) }),
    );
  return { format, values: values.toSorted((a, b) => a.time - b.time), skipped };
}

function formatOf(text: string): Recording["format"] {
  const begin = text.slice(0, 5_000);
  if (/<log[\s>]/.test(begin)) return "xes";
  if (/^(?:\*|\d{4}-\d{2}-\d{2}T[^|,;]*\||\d+(?:\.\d+)?\|)/m.test(begin) && begin.includes("|") && !/^[^\n|]*[,;]/.test(begin))
    return "shdr";
  const header = parseCsv(begin.slice(0, begin.search(/[\r\n]|$/)), delimiterOf(begin))[0] ?? [];
  return eventColumns(header) === undefined ? "table" : "events";
}

type Reader = (text: string, settings: ReplaySettings, skip: (reason: Message) => void) => RecordedValue[];

const READERS: Readonly<Record<Recording["format"], Reader>> = { table: readTable, events: readEvents, shdr: readShdr, xes: readXes };

function readTable(text: string, settings: ReplaySettings, skip: (reason: Message) => void): RecordedValue[] {
  const [header = [], ...rows] = parseCsv(text.replace(/^\uFEFF/, ""), delimiterOf(text));
  const layout = new TableLayout(header, settings);
  if (layout.fault !== undefined) throw new DoppelwerkError("DW_INVALID", layout.fault);
  const values: RecordedValue[] = [];
  for (const row of rows) {
    for (const value of layout.values(row)) {
      if (typeof value.time === "number") values.push({ key: value.key, time: value.time, text: value.text });
      else skip(message("connectors.rowsWithoutTime"));
    }
  }
  return values;
}

interface EventColumns {
  readonly caseId: number;
  readonly activity: number;
  readonly resource: number;
  readonly start: number;
  readonly end: number;
}

/** Columns of an event log by their usual names; undefined when it is none. */
function eventColumns(header: readonly string[]): EventColumns | undefined {
  const find = (pattern: RegExp): number => header.findIndex((name) => pattern.test(name.replace(/^\uFEFF/, "").trim()));
  const columns: EventColumns = {
    caseId: find(/^(?:case(?:[ _:]?(?:id|concept:name))?|trace|order|auftrag|案例)$/i),
    activity: find(/^(?:activity|concept:name|event|operation|task|活动)$/i),
    resource: find(/^(?:resource|org:resource|machine|station|设备)$/i),
    start: find(/^(?:start(?:[ _]?time(?:stamp)?)?|timestamp|time:timestamp|complete[ _]?timestamp)$/i),
    end: find(/^(?:end(?:[ _]?time(?:stamp)?)?|complete[ _]?(?:time|timestamp))$/i),
  };
  return columns.caseId >= 0 && columns.activity >= 0 && (columns.start >= 0 || columns.end >= 0) ? columns : undefined;
}

function readEvents(text: string, settings: ReplaySettings, skip: (reason: Message) => void): RecordedValue[] {
  const [header = [], ...rows] = parseCsv(text, delimiterOf(text));
  const columns = eventColumns(header);
  if (columns === undefined)
    throw new Error(`an event log has columns for case, activity and time (there are ${header.join(", ").slice(0, 200)})`);
  const values: RecordedValue[] = [];
  for (const row of rows) {
    const time = (at: number): Instant | undefined => (at < 0 ? undefined : instantOf(row[at] ?? "", settings.timeZone));
    const activity = row[columns.activity]?.trim() ?? "";
    const resource = (columns.resource < 0 ? "" : row[columns.resource]?.trim()) || activity;
    pushEvent(
      values,
      { resource, activity, caseId: row[columns.caseId]?.trim() ?? "", start: time(columns.start), end: time(columns.end) },
      skip,
    );
  }
  return values;
}

interface LoggedEvent {
  readonly resource: string;
  readonly activity: string;
  readonly caseId: string;
  readonly start: Instant | undefined;
  readonly end: Instant | undefined;
}

/** What an event says of its resource: which activity on which case, and when that ended. */
function pushEvent(
  values: RecordedValue[],
  { resource, activity, caseId, start, end }: LoggedEvent,
  skip: (reason: Message) => void,
): void {
  const begin = start ?? end;
  if (begin === undefined) return skip(message("connectors.eventsWithoutTime"));
  if (end !== undefined && end < begin) return skip(message("connectors.eventsEndBefore"));
  values.push({ key: `${resource}/activity`, time: begin, text: activity }, { key: `${resource}/case`, time: begin, text: caseId });
  if (end !== undefined && end > begin)
    values.push({ key: `${resource}/activity`, time: end, text: NO_ACTIVITY }, { key: `${resource}/case`, time: end, text: NO_ACTIVITY });
}

function readShdr(text: string, settings: ReplaySettings, skip: (reason: Message) => void): RecordedValue[] {
  const splitter = new LineSplitter();
  const values: RecordedValue[] = [];
  // scripts for simulated adapters have waits instead of times: they begin in 2000
  let clock: Instant = Date.UTC(2000, 0, 1) * 1000;
  for (const line of [...splitter.push(text), ...splitter.end()]) {
    const parsed = parseShdrLine(line, settings.timeZone);
    if (parsed === undefined) {
      skip(
        line.startsWith("*")
          ? message("connectors.shdrCommands")
          : /\|@\w+@/.test(line)
            ? message("connectors.shdrAssets")
            : message("connectors.shdrOtherLines"),
      );
      continue;
    }
    clock = parsed.time ?? clock + (parsed.waitS ?? 0) * 1_000_000;
    for (const { key, text: value } of parsed.values) values.push({ key, time: clock, text: value });
  }
  return values;
}

/** IEEE 1849: events of traces; `lifecycle:transition` start and complete make an interval. */
function readXes(text: string, settings: ReplaySettings, skip: (reason: Message) => void): RecordedValue[] {
  const log = parseDocument(text);
  if (log.name !== "log") throw new Error(`an event log in XES begins with log, not ${log.name}`);
  const values: RecordedValue[] = [];
  for (const trace of descendants(log, "trace")) {
    const caseId = attributeOf(trace, "concept:name") ?? "";
    const open = new Map<string, Instant>();
    for (const event of trace.children.filter(({ name }) => name === "event")) {
      const activity = attributeOf(event, "concept:name") ?? "";
      const resource = attributeOf(event, "org:resource") ?? activity;
      const at = instantOf(attributeOf(event, "time:timestamp") ?? "", settings.timeZone);
      const key = `${resource}\n${activity}`;
      const transition = attributeOf(event, "lifecycle:transition")?.toLowerCase();
      if (transition === "start" && at !== undefined) open.set(key, at);
      else if (transition !== undefined && transition !== "complete" && transition !== "start")
        skip(message("connectors.eventsOfTransition", { transition }));
      else pushEvent(values, { resource, activity, caseId, start: open.get(key) ?? at, end: at }, skip);
      if (transition === "complete") open.delete(key);
    }
    // what began and never completed is known to have begun
    for (const [key, start] of open) {
      const [resource = "", activity = ""] = key.split("\n");
      pushEvent(values, { resource, activity, caseId, start, end: undefined }, skip);
    }
  }
  return values;
}

function attributeOf(node: XmlNode, key: string): string | undefined {
  return node.children.find(({ attributes }) => attributes["key"] === key)?.attributes["value"];
}

/** The recording as columns of the signals, and what was wrong with values by address. */
export function columnsOf(
  recording: Recording,
  signals: readonly SignalRecord[],
  shift: Instant,
): { readonly columns: readonly RecordedColumns[]; readonly faults: ReadonlyMap<string, Message> } {
  const byKey = Map.groupBy(recording.values, ({ key }) => key);
  const faults = new Map<string, Message>();
  const columns = signals.map((signal): RecordedColumns => {
    const own = byKey.get(signal.address ?? "") ?? [];
    if (own.length === 0) faults.set(signal.address ?? "", message("connectors.recordingAddressMissing"));
    const texts = new Map<number, string>();
    const values = new Float64Array(own.length).fill(Number.NaN);
    const qualities = new Uint8Array(own.length);
    for (const [row, { text }] of own.entries()) {
      const accepted = acceptValue(signal, text === undefined ? undefined : rawOfText(text, signal.valueType));
      if (accepted.fault !== undefined) faults.set(signal.address ?? "", accepted.fault);
      values[row] = accepted.value;
      if (accepted.text !== undefined) texts.set(row, accepted.text);
      qualities[row] = Number.isNaN(accepted.value) && accepted.text === undefined ? quality.bad : quality.good;
    }
    return { times: Float64Array.from(own, ({ time }) => time + shift), values, texts, qualities };
  });
  return { columns, faults };
}

export function proposeRecording(recording: Recording, collector: DraftCollector): void {
  for (const { key, text } of recording.values) {
    if (text === undefined) continue;
    const value = recording.format === "events" || recording.format === "xes" ? text : scalarOfText(text);
    const valueType: ValueType = typeOfScalar(value);
    collector.add({ name: key, path: key.split("/"), address: key, valueType, example: exampleOf(value) });
  }
  for (const { reason, count } of recording.skipped) collector.skip(reason, count);
}
