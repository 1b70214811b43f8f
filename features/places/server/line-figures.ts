import { createShiftCalendar, zoneOffsetOf, type LineDefinition } from "@doppelwerk/operations";
import type { LineFlow, RunResults, RunResultValue, ShiftFigures, ShiftFiguresValue, StateChange } from "@doppelwerk/ports";
import { LIVE, MINUTE, type Instant, type RecordId } from "@doppelwerk/world";
import type { LineFigures } from "../contract.ts";
import { lostTime } from "../model/lost-time.ts";

/** What of a shift may be unknown before its counts are lower bounds: a share of its planned time so far, and seconds. */
const UNKNOWN = { share: 0.02, seconds: 60 };

export interface LinePorts {
  readonly line: LineFlow | undefined;
  readonly shifts: ShiftFigures | undefined;
  readonly runs: RunResults | undefined;
}

export interface FiguresOfLine {
  /** AAS id of its shell; undefined where the line does not say it. */
  readonly shell: string | undefined;
  readonly timeZone: string;
  readonly figures: Omit<LineFigures, "id" | "title" | "alarms">;
}

/** Spans of state that one strip shows. */
const MAX_STATES = 400;

export interface AskedOfLines {
  readonly at: Instant;
  /** As it stood then. */
  readonly past: boolean;
  /** The past is still read: a shift that is not known whole is not known. */
  readonly reading: boolean;
}

/** What is known of the lines of the world at an instant. */
export async function figuresOfLines(ports: LinePorts, { at, past, reading }: AskedOfLines): Promise<readonly FiguresOfLine[]> {
  const folded = (await ports.line?.folded()) ?? [];
  const shells = new Map((await ports.line?.lines())?.lines.map(({ id, shell }) => [id, shell]));
  return Promise.all(
    folded.map(async ({ definition }) => ({
      shell: definition.shell ?? shells.get(definition.id),
      timeZone: definition.timeZone,
      figures: await figuresOfLine(ports, definition, {
        at,
        past,
        reading,
        forecast: past ? undefined : await newestForecast(ports, definition.id),
      }),
    })),
  );
}

/** The newest finished run of live that a line was in, where it is a forecast. */
export async function newestForecast({ runs }: Pick<LinePorts, "runs">, line: RecordId): Promise<RunResultValue | undefined> {
  const result = await runs?.newestOfLine(LIVE, line);
  return result?.run.kind === "forecast" ? result : undefined;
}

interface Asked extends AskedOfLines {
  readonly forecast: RunResultValue | undefined;
}

async function figuresOfLine(
  ports: LinePorts,
  definition: LineDefinition,
  { at, past, reading, forecast }: Asked,
): Promise<FiguresOfLine["figures"]> {
  const { id, timeZone, taktS, constraint } = definition;
  const calendar = createShiftCalendar(definition.shifts, zoneOffsetOf(timeZone));
  const planned = calendar.shiftAt(at);
  const from = planned?.start ?? at - 8 * 60 * MINUTE;
  const states = merged((await ports.line?.constraintStates(from, at, id))?.states ?? []);
  const now = states.at(-1);
  const shown = { station: constraint, state: now?.state ?? "unknown", ...(now && { since: now.from }), states: states.slice(-MAX_STATES) };
  if (planned === undefined) return { ...withoutUndefined(shown), losses: [] };
  const shift = { name: planned.name, from: planned.start, to: planned.end };
  const found = await figuresOfShift(ports.shifts, { line: id, from: shift.from, at, past });
  const unknownS = found && unknownTime(found, reading);
  const isUnread = reading && (found === undefined || unknownS !== undefined);
  const figures = isUnread ? undefined : found;
  const dueBy = (until: Instant): number | undefined =>
    taktS === undefined || taktS <= 0 ? undefined : Math.floor(calendar.plannedBetween(shift.from, until) / taktS);
  return withoutUndefined({
    ...shown,
    // the state that was read last is not that of all the time since
    ...(isUnread && { states: [{ from, state: "unknown" }] }),
    shift,
    due: dueBy(at),
    plan: dueBy(shift.to),
    good: figures && goodOf(figures),
    scrap: figures && scrapOf(figures),
    oee: figures?.oee,
    unknownS: figures && unknownS,
    ...lostTime(figures, constraint),
    forecast: figures && forecast && (await forecastOf(ports, id, forecast, shift)),
  });
}

interface AskedShift {
  readonly line: RecordId;
  /** Its beginning. */
  readonly from: Instant;
  readonly at: Instant;
  readonly past: boolean;
}

async function figuresOfShift(
  shifts: ShiftFigures | undefined,
  { line, from, at, past }: AskedShift,
): Promise<ShiftFiguresValue | undefined> {
  const found = await shifts?.within(from, at + 1, past ? at : undefined, line);
  return found?.shifts.find((shift) => shift.from === from);
}

/**
 * Planned time of which nothing is known, in seconds; undefined where it is too short to matter. That of the constraint; while the past is read that of the
 * observed station of which least is known, as what counts parts may come later than states.
 */
function unknownTime({ plannedBusyS, unknownS, timeShares }: ShiftFiguresValue, reading: boolean): number | undefined {
  const ofStations = timeShares.map(({ seconds }) => {
    const { unknown = 0, break: _, off: __, ...known } = seconds;
    const observed = Object.values(known).reduce((sum, each) => sum + each, 0);
    // one that sends nothing, ever, has no past to wait for
    return observed === 0 ? 0 : unknown + Math.max(0, plannedBusyS - observed - unknown);
  });
  const most = reading ? Math.max(unknownS, ...ofStations) : unknownS;
  return most > UNKNOWN.seconds && most > UNKNOWN.share * plannedBusyS ? most : undefined;
}

/** Nothing counted while nothing was known is no zero (P14). */
function goodOf({ good, produced, unknownS, plannedBusyS }: ShiftFiguresValue): number | undefined {
  return good === 0 && produced === 0 && unknownS >= plannedBusyS ? undefined : good;
}

function scrapOf(figures: ShiftFiguresValue): number | undefined {
  return goodOf(figures) === undefined ? undefined : figures.scrap;
}

async function forecastOf(
  ports: LinePorts,
  line: RecordId,
  result: RunResultValue,
  shift: { readonly from: Instant; readonly to: Instant },
): Promise<LineFigures["forecast"]> {
  const parts = await forecastParts(ports, line, result, shift);
  if (parts === undefined) return undefined;
  const { run, made, first, last } = parts;
  const whole = (more: number): number => Math.round(made + more - first.p50);
  return { run: run.id, at: run.startedAt, median: whole(last.p50), low: whole(last.p025), high: whole(last.p975) };
}

/** What a forecast of the end of a shift is made of. */
export interface ForecastParts {
  readonly run: RunResultValue["run"];
  readonly model: RunResultValue["model"];
  /** Good units of the shift when the first step of the forecast ended. */
  readonly made: number;
  /** Good units that it simulated up to the end of its first step, and up to the end of the shift: quantiles over its replications. */
  readonly first: RunResultValue["fan"]["live"][number];
  readonly last: RunResultValue["fan"]["live"][number];
}

/** The newest forecast of live, where it began in the shift and reaches its end: what was made when it began, and what it adds. */
export async function forecastParts(
  { shifts }: Pick<LinePorts, "shifts">,
  line: RecordId,
  { run, model, fan }: RunResultValue,
  shift: { readonly from: Instant; readonly to: Instant },
): Promise<ForecastParts | undefined> {
  const [first, last] = [fan.live[0], fan.live.at(-1)];
  if (first === undefined || last === undefined || run.startedAt < shift.from || run.startedAt >= shift.to) return undefined;
  if (Math.abs(last.at - shift.to) > MINUTE) return undefined;
  const made = await figuresOfShift(shifts, { line, from: shift.from, at: first.at, past: true });
  return made && { run, model, made: made.good, first, last };
}

/** Neighbours in one state are one span. */
function merged(states: readonly StateChange[]): LineFigures["states"] {
  return states.filter(({ state }, at) => at === 0 || states[at - 1]!.state !== state);
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
