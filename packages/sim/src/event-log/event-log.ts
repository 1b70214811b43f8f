import { said, type Said } from "@doppelwerk/world";

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
  readonly left: { readonly rows: number; readonly first?: Said };
  readonly notes: readonly string[];
}

export type Column = "case" | "activity" | "resource" | "start" | "end" | "time" | "lifecycle";

/** Names that logs have for the same thing: XES extensions, process mining tools, MES exports. The first that is there counts. */
const NAMES: Readonly<Record<Column, readonly RegExp[]>> = {
  case: [
    /^case[ _:-]?(concept:name|id|identifier|name|key|no|number)?$/i,
    /^(case concept:name|trace[ _-]?id|work ?order([ _-]?(id|no))?|(production[ _-]?)?order([ _-]?(id|no|nr|number))?|serial([ _-]?(no|number))?|job([ _-]?(id|no))?|lot([ _-]?(id|no))?|batch([ _-]?(id|no))?|part[ _-]?id|piece[ _-]?id|fall(nummer|id)?|auftrag(snummer)?|工单号?|案例(编号)?|批次号?|订单号?)$/i,
  ],
  activity: [
    /^(activity|concept:name|activity[ _-]?(name|id)|task([ _-]?name)?|operation([ _-]?(name|id|description))?|step([ _-]?name)?|event|event[ _-]?name|(process|production)[ _-]?step|arbeitsschritt|prozessschritt|aktivität|arbeitsgang|vorgang|工序(名称)?|活动|操作)$/i,
    /^(station|workcenter|work ?cent(er|re))$/i,
  ],
  resource: [
    /^(org:resource|resource|resource[ _-]?(id|name)|machine([ _-]?id)?|workstation|equipment|station|user|worker([ _-]?id)?|ressource|maschine|设备(编号)?|资源|机台)$/i,
  ],
  start: [
    /^(start[ _-]?(time|timestamp|date|datetime)?|begin([ _-]?(time|timestamp))?|started([ _-]?at)?|startzeit|beginn|开始时间)$/i,
    /^(start_?timestamp|timestamp[ _-]?start|time[ _-]?start|start[ _-]?zeit)$/i,
  ],
  end: [
    /^(end[ _-]?(time|timestamp|date|datetime)?|complete[ _-]?(time|timestamp)?|completed([ _-]?at)?|finish(ed)?([ _-]?(time|timestamp|at))?|completion[ _-]?time|stop[ _-]?time|(timestamp|time)[ _-]?(end|complete)|endzeit|ende|结束时间|完成时间)$/i,
  ],
  time: [/^(time:timestamp|timestamp|time|date|datetime|event[ _-]?time|zeit(stempel)?|时间(戳)?)$/i],
  lifecycle: [/^(lifecycle:transition|lifecycle|transition|event[ _-]?type|status|lifecycle[ _-]?transition)$/i],
};

const MOST_VISITS = 2_000_000;
const MOST_PREAMBLE = 20;

/**
 * Rows of a table, the first one its header, as visits. `utcOffsetMinutes` is the zone of times that name none. Understood are logs with start
 * and end in a row, logs with a row at the start and one at the end (lifecycle), and logs with one time a row: the end, unless their column says
 * start; the beginning is then taken from what came before it. Returns what to say where a column is missing or no row can be read.
 */
export function readEventLog(table: readonly (readonly string[])[], utcOffsetMinutes = 0): EventLog | Said {
  const first20 = table.slice(0, MOST_PREAMBLE).map((row) => columnsOf(namesOf(row)));
  // tools write a title above the header
  const headerAt = Math.max(
    0,
    first20.findIndex((columns) => columns.case !== undefined && columns.activity !== undefined),
  );
  const rows = headerAt === 0 ? table : table.slice(headerAt);
  const header = namesOf(rows[0] ?? []);
  const at = columnsOf(header);
  const listed = header.slice(0, 20).join(", ").slice(0, 300);
  if (at.case === undefined) return said`an event log has a column for the case; there is none among ${listed}`;
  if (at.activity === undefined) return said`an event log has a column for the activity; there is none among ${listed}`;
  if (at.start === undefined && at.end === undefined && at.time === undefined)
    return said`an event log has a column of times; there is none among ${listed}`;
  const clock = clockBeside(rows, header, at.time);
  const events: RawEvent[] = [];
  let left = 0;
  let first: Said | undefined;
  const dayFirst = isDayFirst(rows, [at.start, at.end, at.time]);
  for (let row = 1; row < rows.length; row++) {
    const fields = rows[row]!;
    if (fields.length === 1 && fields[0] === "") continue;
    const text = (column: number | undefined): string => (column === undefined ? "" : (fields[column] ?? "").trim());
    const instant = (column: number | undefined): number | undefined => {
      const written = column === at.time && clock !== undefined ? `${text(column)} ${text(clock)}` : text(column);
      return text(column) === "" ? undefined : instantOf(written, utcOffsetMinutes, dayFirst);
    };
    const event: RawEvent = {
      case: text(at.case),
      activity: text(at.activity),
      resource: text(at.resource),
      start: instant(at.start),
      // beside a start the one time of a row is its end
      end: instant(at.end ?? (at.start === undefined ? undefined : at.time)),
      time: instant(at.time),
      lifecycle: text(at.lifecycle).toLowerCase(),
      row,
    };
    const fault =
      event.case === ""
        ? said`row ${headerAt + row + 1} has no case`
        : event.activity === ""
          ? said`row ${headerAt + row + 1} has no activity`
          : event.start === undefined && event.end === undefined && event.time === undefined
            ? said`row ${headerAt + row + 1} has no time that can be read ("${text(at.end ?? at.time ?? at.start).slice(0, 40)}")`
            : undefined;
    if (fault === undefined) events.push(event);
    else {
      left++;
      first ??= fault;
    }
  }
  if (events.length === 0) return said`the event log has no row that can be read: ${first?.text ?? "there is none"}`;
  if (events.length > MOST_VISITS) return said`the event log has ${events.length} rows, more than ${MOST_VISITS}`;
  const notes: string[] = [];
  const visits = visitsOf(events, at.lifecycle !== undefined, notes);
  if (visits.length === 0) return said`the event log tells no visit that has ended`;
  visits.sort((a, b) => a.start - b.start || a.end - b.end || (a.case < b.case ? -1 : a.case > b.case ? 1 : 0));
  const columns = Object.fromEntries(Object.entries(at).map(([column, index]) => [column, header[index]!]));
  return { visits, columns, left: { rows: left, ...(first === undefined ? {} : { first }) }, notes };
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

/** Where the day stands in one column and the time of day in another. */
function clockBeside(rows: readonly (readonly string[])[], header: readonly string[], day: number | undefined): number | undefined {
  const said = (column: number): string => (rows[1]?.[column] ?? "").trim();
  if (day === undefined || /\d:\d/.test(said(day))) return undefined;
  const found = header.findIndex((name, column) => column !== day && CLOCK.test(name) && /^\d{1,2}:\d{2}/.test(said(column)));
  return found < 0 ? undefined : found;
}

const CLOCK = /^(time|time[ _-]?of[ _-]?day|clock|uhrzeit|zeit|时间|时刻)$/i;

function columnsOf(header: readonly string[]): Partial<Record<Column, number>> {
  const at: Partial<Record<Column, number>> = {};
  const taken = new Set<number>();
  for (const column of ["case", "activity", "start", "end", "time", "lifecycle", "resource"] as const)
    for (const pattern of NAMES[column]) {
      const index = header.findIndex((name, i) => !taken.has(i) && pattern.test(name));
      if (index < 0) continue;
      at[column] = index;
      taken.add(index);
      break;
    }
  return at;
}

function visitsOf(events: readonly RawEvent[], hasLifecycle: boolean, notes: string[]): Visit[] {
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
    if (turned > 0) notes.push(`${turned} rows end before they start: taken as of no length`);
    if (both.length < events.length) notes.push(`${events.length - both.length} rows without start or end are left out`);
    return both.map((event) => visit(event, event.start!, Math.max(event.start!, event.end!)));
  }
  // words that XES does not have ("Closed", "OK") tell neither a start nor an end: then each row is one time
  const steps = hasLifecycle && events.some(({ lifecycle }) => /^(start|complete)/.test(lifecycle));
  if (hasLifecycle && !steps && events.some(({ lifecycle }) => lifecycle !== ""))
    notes.push("no row says start or complete: each is taken as an end");
  const transitions = steps ? events.filter(({ lifecycle }) => /^(start|complete)/.test(lifecycle)) : [];
  const other = steps ? events.filter(({ lifecycle }) => lifecycle !== "").length - transitions.length : 0;
  if (other > 0) notes.push(`${other} rows of another step than start or complete are left out`);
  if (
    transitions.some(({ lifecycle }) => lifecycle.startsWith("start")) &&
    transitions.some(({ lifecycle }) => lifecycle.startsWith("complete"))
  )
    return paired(transitions, visit, notes);
  const singles = steps ? events.filter(({ lifecycle }) => lifecycle === "" || /^(start|complete)/.test(lifecycle)) : events;
  const ends = singles.map((event) => ({ event, at: event.end ?? event.time ?? event.start! }));
  const startsOnly = singles.every(
    ({ start, end, time, lifecycle }) =>
      end === undefined && ((start !== undefined && time === undefined) || lifecycle.startsWith("start")),
  );
  return startsOnly ? untilNext(ends, visit, notes) : sinceBefore(ends, visit, notes);
}

/** A start and the next end of the same case and activity are one visit. */
function paired(events: readonly RawEvent[], visit: (event: RawEvent, start: number, end: number) => Visit, notes: string[]): Visit[] {
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
  if (alone > 0) notes.push(`${alone} ends have no start: taken as of no length`);
  const unended = [...open.values()].reduce((sum, list) => sum + list.length, 0);
  if (unended > 0) notes.push(`${unended} starts have no end and are left out`);
  return visits;
}

/** One time a row, an end: work began when the case had finished what came before, and its resource too. */
function sinceBefore(
  ends: readonly { readonly event: RawEvent; readonly at: number }[],
  visit: (event: RawEvent, start: number, end: number) => Visit,
  notes: string[],
): Visit[] {
  notes.push("the log has one time a row: work is taken to have begun when its case and its resource had finished what came before");
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
  notes: string[],
): Visit[] {
  notes.push("the log has starts only: work is taken to end when its case or its resource begins the next");
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

const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const LOCAL =
  /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2}(?=[ T,]))(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(AM|PM)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const NUMBER = /^\d{9,19}(?:\.\d+)?$/;
/** 20260113T080000, 20260113080000 */
const COMPACT =
  /^((?:19|20)\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])[T ]?([01]\d|2[0-4])([0-5]\d)([0-5]\d)?(?:[.,](\d{1,9}))?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
/** 13-Jan-2026 08:00, Jan 13, 2026 8:00 AM */
const NAMED =
  /^(?:(\d{1,2})[ .-]+([a-zä]{3,9})\.?|([a-zä]{3,9})\.? (\d{1,2}),?)[ ,-]+(\d{4})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(AM|PM)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const GERMAN: Readonly<Record<string, string>> = { mär: "mar", mrz: "mar", mai: "may", okt: "oct", dez: "dec" };
/** Days of a spreadsheet since 1899-12-30; of 1990 to 2100, or it is another number. */
const SHEET_DAYS = /^\d{5}(?:\.\d+)?$/;
const SHEET_EPOCH_DAYS = 25_569;

/** Microseconds since the epoch; undefined for what is no time. Numbers are seconds, milliseconds, microseconds or nanoseconds by their size. */
function instantOf(text: string, utcOffsetMinutes: number, dayFirst: boolean): number | undefined {
  const iso = ISO.exec(text);
  if (iso !== null) return composed(iso[1]!, iso[2]!, iso[3]!, iso.slice(4, 8), undefined, iso[8], utcOffsetMinutes);
  const local = LOCAL.exec(text);
  if (local !== null) {
    const [day, month] = dayFirst ? [local[1]!, local[2]!] : [local[2]!, local[1]!];
    const year = local[3]!.length === 2 ? `20${local[3]}` : local[3]!;
    return composed(year, month, day, local.slice(4, 8), local[8], local[9], utcOffsetMinutes);
  }
  const compact = COMPACT.exec(text);
  if (compact !== null)
    return composed(compact[1]!, compact[2]!, compact[3]!, compact.slice(4, 8), undefined, compact[8], utcOffsetMinutes);
  const named = NAMED.exec(text);
  if (named !== null) {
    const word = (named[2] ?? named[3])!.slice(0, 3).toLowerCase();
    const month = MONTHS.indexOf(GERMAN[word] ?? word) + 1;
    return composed(named[5]!, String(month), (named[1] ?? named[4])!, named.slice(6, 10), named[10], named[11], utcOffsetMinutes);
  }
  const days = SHEET_DAYS.test(text) ? Number(text) : 0;
  if (days > 32_874 && days < 73_415)
    // to the second: a double of days holds no more than microseconds, and tools round
    return (Math.round((days - SHEET_EPOCH_DAYS) * 86_400) - utcOffsetMinutes * 60) * 1e6;
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  const scale = value < 1e11 ? 1e6 : value < 1e14 ? 1e3 : value < 1e17 ? 1 : 1e-3;
  return Math.round(value * scale);
}

function composed(
  year: string,
  month: string,
  day: string,
  [hour, minute, second, fraction]: readonly (string | undefined)[],
  half: string | undefined,
  zone: string | undefined,
  utcOffsetMinutes: number,
): number | undefined {
  let hours = Number(hour ?? 0);
  if (half !== undefined) hours = (hours % 12) + (half.toUpperCase() === "PM" ? 12 : 0);
  const [m, d] = [Number(month), Number(day)];
  if (m < 1 || m > 12 || d < 1 || d > 31 || hours > 24 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 60) return undefined;
  const offset =
    zone === undefined
      ? utcOffsetMinutes
      : /z/i.test(zone)
        ? 0
        : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
  const micros = Number((fraction ?? "").slice(0, 6).padEnd(6, "0"));
  return (Date.UTC(Number(year), m - 1, d, hours, Number(minute ?? 0), Number(second ?? 0)) - offset * 60_000) * 1000 + micros;
}

/** 13/02 can only be a day first, 02/13 only a month; where nothing tells, a point means a day first. */
function isDayFirst(rows: readonly (readonly string[])[], columns: readonly (number | undefined)[]): boolean {
  let points = false;
  for (const fields of rows.slice(1, 20_000))
    for (const column of columns) {
      const found = column === undefined ? null : LOCAL.exec((fields[column] ?? "").trim());
      if (found === null) continue;
      if (Number(found[1]) > 12) return true;
      if (Number(found[2]) > 12) return false;
      points ||= (fields[column!] ?? "").includes(".");
    }
  return points;
}
