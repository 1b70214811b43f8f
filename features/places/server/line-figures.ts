import { createShiftCalendar, zoneOffsetOf, type LineDefinition, type Shift, type ShiftCalendar } from "@doppelwerk/operations";
import type { Message } from "@doppelwerk/messages";
import type { LineFlow, RunResults, ShiftFigures, ShiftFiguresValue, ShiftForecastMade, StateChange } from "@doppelwerk/ports";
import { MINUTE, type Instant, type RecordId } from "@doppelwerk/world";
import type { LineFigures } from "../contract.ts";
import { STOP_STATES } from "../model/causes.ts";
import { budgetRows, lostTime, secondsLostTo } from "../model/lost-time.ts";
import type { LossCausesKept } from "./loss-causes-kept.ts";
import { lastWaitOf, stoppedIn, waitsOf } from "./waits-of-line.ts";

/** What of a shift may be unknown before its counts are lower bounds: a share of its planned time so far, and seconds. */
const UNKNOWN = { share: 0.02, seconds: 60 };

export interface LinePorts {
  readonly line: LineFlow | undefined;
  readonly shifts: ShiftFigures | undefined;
  readonly runs: RunResults | undefined;
  readonly lossCauses: LossCausesKept;
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
      }),
    })),
  );
}

async function figuresOfLine(
  ports: LinePorts,
  definition: LineDefinition,
  { at, past, reading }: AskedOfLines,
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
    breaks: breaksOf(calendar, planned),
    due: dueBy(at),
    plan: dueBy(shift.to),
    good: figures && goodOf(figures),
    scrap: figures && scrapOf(figures),
    oee: figures?.oee,
    unknownS: figures && unknownS,
    ...lostTime(figures, constraint),
    budget:
      figures && constraint !== undefined
        ? budgetRows(figures, constraint, await ports.lossCauses.of(ports.line, { line: id, constraint, from, at, past }))
        : undefined,
    ...(figures && !past && (await forecastOf(ports, { line: id, shift, at }))),
    stop: stopOf(calendar, { now, shift, at, taktS, figures, constraint }),
    waits: now && (await waitsOf(ports.line, { line: id, constraint, since: now.from, from: shift.from, at, state: now.state })),
    ...(!isUnread && {
      stopped: await stoppedIn(ports.line, { line: id, constraint, from: shift.from, at }),
      lastWait: await lastWaitOf(ports.line, { line: id, constraint, from: shift.from, states }),
    }),
  });
}

function breaksOf(calendar: ShiftCalendar, { start, end }: Shift): NonNullable<LineFigures["breaks"]> {
  const breaks: { readonly from: Instant; readonly to: Instant }[] = [];
  for (let at = start; at < end;) {
    const { kind, from, to } = calendar.segmentAt(at);
    if (kind === "break") breaks.push({ from, to });
    at = to;
  }
  return breaks;
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

async function forecastOf(ports: ForecastPorts, asked: AskedForecast): Promise<Pick<LineFigures, "forecast" | "noForecast">> {
  const { runs } = ports;
  if (runs === undefined) return {};
  const { isComing, why, parts } = await forecastParts(ports, asked);
  if (parts === undefined) return { noForecast: { isComing, ...(why && { why }) } };
  const { made, forecast } = parts;
  const whole = (more: number): number => Math.round(made + more);
  return { forecast: { at: forecast.at, median: whole(forecast.median), low: whole(forecast.low), high: whole(forecast.high) } };
}

type ForecastPorts = Pick<LinePorts, "line" | "shifts" | "runs">;

interface AskedForecast {
  readonly line: RecordId;
  readonly shift: { readonly from: Instant; readonly to: Instant };
  readonly at: Instant;
}

/** Shorter stops change no forecast of a shift. */
const STANDS_FROM = MINUTE;

/** What a forecast of the end of a shift is made of. */
export interface ForecastParts {
  readonly forecast: ShiftForecastMade;
  /** Good units of the shift when it began. */
  readonly made: number;
}

/** The forecast of a shift that runs, and what was made when it began. */
export async function forecastParts(
  { line: flow, shifts, runs }: ForecastPorts,
  { line, shift, at }: AskedForecast,
): Promise<{ readonly isComing: boolean; readonly why?: Message | undefined; readonly parts: ForecastParts | undefined }> {
  const standing = (await flow?.standing(line)) ?? [];
  const stops = standing.flatMap(({ station, since }) => (at - since >= STANDS_FROM ? [station] : []));
  const { made: forecast, isComing, why } = runs?.ofShift(line, shift, stops.join(" ")) ?? { isComing: false };
  if (forecast === undefined) return { isComing, why, parts: undefined };
  const then = await figuresOfShift(shifts, { line, from: shift.from, at: forecast.at, past: true });
  // in the first moments of a shift nothing is concluded of it
  const made = then === undefined ? 0 : goodOf(then);
  return { isComing, why, parts: made === undefined ? undefined : { forecast, made } };
}

interface Stopped {
  readonly now: StateChange | undefined;
  readonly shift: { readonly from: Instant };
  readonly at: Instant;
  readonly taktS: number | undefined;
  readonly figures: ShiftFiguresValue | undefined;
  readonly constraint: string | undefined;
}

/** What a stop that lasts has cost: its planned time in the shift, at most what the loss budget has for that state, in units by takt. */
function stopOf(
  calendar: ReturnType<typeof createShiftCalendar>,
  { now, shift, at, taktS, figures, constraint }: Stopped,
): LineFigures["stop"] {
  if (now === undefined || !STOP_STATES.has(now.state) || taktS === undefined || taktS <= 0) return undefined;
  const from = Math.max(now.from, shift.from);
  const planned = calendar.plannedBetween(from, at);
  const seconds = figures === undefined ? planned : Math.min(planned, secondsLostTo(now.state, figures, constraint) ?? planned);
  return { from, seconds, taktS, units: seconds / taktS };
}

/** Neighbours in one state are one span. */
function merged(states: readonly StateChange[]): LineFigures["states"] {
  return states.filter(({ state }, at) => at === 0 || states[at - 1]!.state !== state);
}

/** Without fields that are not known; a number that is none (0 ÷ 0) is not known either. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined && (typeof field !== "number" || Number.isFinite(field))),
  ) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
