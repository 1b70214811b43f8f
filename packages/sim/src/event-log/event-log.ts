import { message, type Message } from "@doppelwerk/messages";
import { columnsOf, timePlace, type Column, type TimePlace } from "./log-columns.ts";
import { dayOrder, instantOf } from "./log-time.ts";

/** One visit of a case to an activity; microseconds since the epoch. */
export interface Visit {
  readonly case: string;
  readonly activity: string;
  readonly resource?: string;
  readonly start: number;
  readonly end: number;
}

/** An event log as visits, in the order of their starts, and what had to be assumed to read it so. */
export interface EventLog {
  readonly visits: readonly Visit[];
  readonly columns: Readonly<Partial<Record<Column, string>>>;
  /** Rows that could not be read, and why the first of them could not. */
  readonly left: { readonly rows: number; readonly first?: Message };
  readonly assumptions: readonly Message[];
}

const MAX_VISITS = 2_000_000;
const MAX_PREAMBLE = 20;

/**
 * Rows of a table, the first one its header, as visits. `utcOffsetMinutes` is the zone of times that name none; `chosen` are columns that someone
 * told, by name, where "" says that there is none. Understood are logs with start and end in a row, logs with a row at the start and one at the end
 * (lifecycle), and logs with one time a row: the end, unless their column says start; the beginning is then taken from what came before it. Returns
 * what to say where a column is missing or no row can be read.
 */
export function readEventLog(
  table: readonly (readonly string[])[],
  utcOffsetMinutes = 0,
  chosen: Readonly<Partial<Record<Column, string>>> = {},
): EventLog | Message {
  const headerAt = headerRow(table, chosen);
  const rows = headerAt === 0 ? table : table.slice(headerAt);
  const header = namesOf(rows[0] ?? []);
  const at = columnsOf(header, chosen);
  const listed = header.slice(0, 20).join(", ").slice(0, 300);
  if (at.case === undefined) return message("sim.eventLogColumnCase", { listed });
  if (at.activity === undefined) return message("sim.eventLogColumnActivity", { listed });
  if (at.start === undefined && at.end === undefined && at.time === undefined) return message("sim.eventLogColumnTimes", { listed });
  const [start, end, time] = [at.start, at.end, at.time].map((column) => timePlace(rows, header, column));
  const events: RawEvent[] = [];
  let left = 0;
  let first: Message | undefined;
  const order = dayOrder(
    rows,
    [start, end, time].map((place) => place?.day),
  );
  for (let row = 1; row < rows.length; row++) {
    const fields = rows[row]!;
    if (fields.length === 1 && fields[0] === "") continue;
    const text = (column: number | undefined): string => (column === undefined ? "" : (fields[column] ?? "").trim());
    const written = (place: TimePlace | undefined): string => `${text(place?.day)} ${text(place?.clock)}`.trim();
    const instant = (place: TimePlace | undefined): number | undefined =>
      text(place?.day) === "" ? undefined : instantOf(written(place), utcOffsetMinutes, order.dayFirst);
    const event: RawEvent = {
      case: text(at.case),
      activity: text(at.activity),
      resource: text(at.resource),
      start: instant(start),
      // beside a start the one time of a row is its end
      end: instant(end ?? (start === undefined ? undefined : time)),
      time: instant(time),
      lifecycle: text(at.lifecycle).toLowerCase(),
      row,
    };
    const fault =
      event.case === ""
        ? message("sim.rowNoCase", { row: headerAt + row + 1 })
        : event.activity === ""
          ? message("sim.rowNoActivity", { row: headerAt + row + 1 })
          : event.start === undefined && event.end === undefined && event.time === undefined
            ? message("sim.rowNoTimeCanRead", { row: headerAt + row + 1, end: written(end ?? time ?? start).slice(0, 40) })
            : undefined;
    if (fault === undefined) events.push(event);
    else {
      left++;
      first ??= fault;
    }
  }
  if (events.length === 0) return message("sim.eventLogNoRowCanRead", { first: first ?? "there is none" });
  if (events.length > MAX_VISITS) return message("sim.eventLogRows", { count: events.length, max: MAX_VISITS });
  const assumptions: Message[] = [];
  if (order.guessed) assumptions.push(message("sim.eventLogMonthFirst"));
  const visits = visitsOf(events, at.lifecycle !== undefined, assumptions);
  if (visits.length === 0) return message("sim.eventLogTellsNoVisitEnded");
  visits.sort((a, b) => a.start - b.start || a.end - b.end || (a.case < b.case ? -1 : a.case > b.case ? 1 : 0));
  const columns = Object.fromEntries(Object.entries(at).map(([column, index]) => [column, header[index]!]));
  return { visits, columns, left: { rows: left, ...(first === undefined ? {} : { first }) }, assumptions };
}

/** The names of the columns: tools write a title above them. */
export function headerOf(table: readonly (readonly string[])[]): readonly string[] {
  return namesOf(table[headerRow(table, {})] ?? []);
}

/** The first row that names a case and an activity; where none does, the first of the widest. */
function headerRow(table: readonly (readonly string[])[], chosen: Readonly<Partial<Record<Column, string>>>): number {
  const top = table.slice(0, MAX_PREAMBLE);
  const found = top.findIndex((row) => {
    const columns = columnsOf(namesOf(row), chosen);
    return columns.case !== undefined && columns.activity !== undefined;
  });
  if (found >= 0) return found;
  const widest = Math.max(0, ...top.map(({ length }) => length));
  return Math.max(
    0,
    top.findIndex(({ length }) => length === widest),
  );
}

interface RawEvent {
  readonly case: string;
  readonly activity: string;
  readonly resource: string;
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly time: number | undefined;
  readonly lifecycle: string;
  readonly row: number;
}

function namesOf(row: readonly string[]): readonly string[] {
  return row.map((name) => name.replace(/^\uFEFF/, "").trim());
}

function visitsOf(events: readonly RawEvent[], hasLifecycle: boolean, assumptions: Message[]): Visit[] {
  const visit = ({ case: id, activity, resource }: RawEvent, start: number, end: number): Visit => ({
    case: id,
    activity,
    ...(resource === "" ? {} : { resource }),
    start,
    end,
  });
  const both = events.filter(({ start, end }) => start !== undefined && end !== undefined);
  if (both.length > events.length / 2) {
    const turned = both.filter(({ start, end }) => end! < start!).length;
    if (turned > 0) assumptions.push(message("sim.eventLogRowsEndBeforeStart", { count: turned }));
    if (both.length < events.length) assumptions.push(message("sim.eventLogRowsWithoutTimes", { count: events.length - both.length }));
    return both.map((event) => visit(event, event.start!, Math.max(event.start!, event.end!)));
  }
  // words that XES does not have ("Closed", "OK") tell neither a start nor an end: then each row is one time
  const steps = hasLifecycle && events.some(({ lifecycle }) => /^(start|complete)/.test(lifecycle));
  if (hasLifecycle && !steps && events.some(({ lifecycle }) => lifecycle !== "")) assumptions.push(message("sim.eventLogNoLifecycle"));
  const transitions = steps ? events.filter(({ lifecycle }) => /^(start|complete)/.test(lifecycle)) : [];
  const other = steps ? events.filter(({ lifecycle }) => lifecycle !== "").length - transitions.length : 0;
  if (other > 0) assumptions.push(message("sim.eventLogRowsOfOtherSteps", { count: other }));
  if (
    transitions.some(({ lifecycle }) => lifecycle.startsWith("start")) &&
    transitions.some(({ lifecycle }) => lifecycle.startsWith("complete"))
  )
    return paired(transitions, visit, assumptions);
  const singles = steps ? events.filter(({ lifecycle }) => lifecycle === "" || /^(start|complete)/.test(lifecycle)) : events;
  const ends = singles.map((event) => ({ event, at: event.end ?? event.time ?? event.start! }));
  const startsOnly = singles.every(
    ({ start, end, time, lifecycle }) =>
      end === undefined && ((start !== undefined && time === undefined) || lifecycle.startsWith("start")),
  );
  return startsOnly ? untilNext(ends, visit, assumptions) : sinceBefore(ends, visit, assumptions);
}

/** A start and the next end of the same case and activity are one visit. */
function paired(
  events: readonly RawEvent[],
  visit: (event: RawEvent, start: number, end: number) => Visit,
  assumptions: Message[],
): Visit[] {
  const open = new Map<string, RawEvent[]>();
  const visits: Visit[] = [];
  let alone = 0;
  const timeOf = (event: RawEvent): number => event.time ?? event.end ?? event.start!;
  for (const event of events.toSorted((a, b) => timeOf(a) - timeOf(b) || a.row - b.row)) {
    const key = JSON.stringify([event.case, event.activity]);
    if (event.lifecycle.startsWith("start")) {
      open.set(key, [...(open.get(key) ?? []), event]);
      continue;
    }
    const begun = open.get(key)?.shift();
    if (begun === undefined) alone++;
    visits.push(visit(event, timeOf(begun ?? event), timeOf(event)));
  }
  if (alone > 0) assumptions.push(message("sim.eventLogEndsWithoutStart", { count: alone }));
  const unended = [...open.values()].reduce((sum, list) => sum + list.length, 0);
  if (unended > 0) assumptions.push(message("sim.eventLogStartsWithoutEnd", { count: unended }));
  return visits;
}

/** One time a row, an end: work began when the case had finished what came before, and its resource too. */
function sinceBefore(
  ends: readonly { readonly event: RawEvent; readonly at: number }[],
  visit: (event: RawEvent, start: number, end: number) => Visit,
  assumptions: Message[],
): Visit[] {
  assumptions.push(message("sim.eventLogEndsOnly"));
  const ofCase = new Map<string, number>();
  const ofResource = new Map<string, number>();
  return ends
    .toSorted((a, b) => a.at - b.at || a.event.row - b.event.row)
    .map(({ event, at }) => {
      const start = Math.min(at, Math.max(ofCase.get(event.case) ?? at, ofResource.get(event.resource) ?? Number.NEGATIVE_INFINITY));
      ofCase.set(event.case, at);
      if (event.resource !== "") ofResource.set(event.resource, at);
      return visit(event, start, at);
    });
}

/** One time a row, a start: work ends at the latest when the case or the resource goes on. */
function untilNext(
  starts: readonly { readonly event: RawEvent; readonly at: number }[],
  visit: (event: RawEvent, start: number, end: number) => Visit,
  assumptions: Message[],
): Visit[] {
  assumptions.push(message("sim.eventLogStartsOnly"));
  const nextOfCase = new Map<string, number>();
  const nextOfResource = new Map<string, number>();
  return starts
    .toSorted((a, b) => b.at - a.at || b.event.row - a.event.row)
    .map(({ event, at }) => {
      const end = Math.min(nextOfCase.get(event.case) ?? at, nextOfResource.get(event.resource) ?? Number.POSITIVE_INFINITY);
      nextOfCase.set(event.case, at);
      if (event.resource !== "") nextOfResource.set(event.resource, at);
      return visit(event, at, Math.max(at, end));
    });
}
