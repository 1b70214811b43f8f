import { HOUR, MINUTE, SECOND, type Instant } from "@doppelwerk/world";
import type { CalendarSegment, ShiftCalendar } from "../shifts/shift-calendar.ts";
import { isActive, type StateInterval } from "../definition/station-state.ts";
import type { PartEvent } from "../tracking/tracked-part.ts";
import { producedBy, type CountRole, type KpiDefinition } from "./kpi-definition.ts";
import type { OeeResult, ShiftResult } from "./kpi-result.ts";
import { oeeOf, shiftResultOf } from "./shift-result.ts";
import { freshTally, type ShiftTally, type StationTally } from "./shift-tally.ts";

export interface KpiEngine {
  interval(interval: StateInterval): void;
  count(station: string, role: CountRole, delta: number, product: string | undefined, acrossGap: boolean, at: Instant): void;
  part(event: PartEvent): void;
  due(): Instant;
  fire(at: Instant): void;
  /** Shift ids in order of time. */
  shiftIds(): readonly string[];
  /** The shift as known at `at`; `open` are the intervals still open then. */
  shift(id: string, at: Instant, open: readonly StateInterval[]): ShiftResult | undefined;
  /** OEE of one station in a shift. */
  oee(id: string, station: string, at: Instant, open: readonly StateInterval[]): OeeResult | undefined;
  snapshot(): KpiEngineState;
  restore(state: KpiEngineState): void;
}

export interface KpiEngineState {
  readonly shifts: Record<string, ShiftTally>;
}

/** A shift is closed this long after its end; what changes it later is a revision. */
const CLOSE_AFTER: Instant = MINUTE;

/** ISO 22400-2 tallies per shift, hour and product; `keepShifts` bounds what is held. */
export function createKpiEngine(definition: KpiDefinition, calendar: ShiftCalendar, keepShifts = 400): KpiEngine {
  return new ShiftTallies(definition, calendar, keepShifts);
}

class ShiftTallies implements KpiEngine {
  readonly #definition: KpiDefinition;
  readonly #calendar: ShiftCalendar;
  readonly #keepShifts: number;
  #shifts: Record<string, ShiftTally> = {};
  /** Of shifts that are over, until something is added to them: every look at the Rail asks for all of them. */
  readonly #results = new Map<string, ShiftResult>();
  #due: Instant = Infinity;
  /** The tally that was last added to, and the segment of the calendar that it is of. */
  #segment: CalendarSegment | undefined;
  #held: ShiftTally | undefined;

  constructor(definition: KpiDefinition, calendar: ShiftCalendar, keepShifts: number) {
    this.#definition = definition;
    this.#calendar = calendar;
    this.#keepShifts = keepShifts;
  }

  interval(span: StateInterval): void {
    if (span.place !== undefined) return;
    const found = this.#calendar.segmentAt(span.from);
    if (found.kind === "break" && found.shift) {
      addActive(this.#tallyAt(span.from), span);
      return;
    }
    if (found.kind !== "planned") return;
    const shift = this.#tallyAt(span.from);
    touched(shift);
    addInterval(shift, span, this.#calendar, this.#definition.constraint);
  }

  // oxlint-disable-next-line max-params -- once a sample, without an object
  count(station: string, role: CountRole, delta: number, product: string | undefined, acrossGap: boolean, at: Instant): void {
    if (delta <= 0) return;
    const shift = this.#tallyAt(at);
    touched(shift);
    const tallies = [(shift.stations[station] ??= freshTally())];
    if (station === this.#definition.constraint) tallies.push(this.#hourOf(shift, at).tally);
    const counted = this.#definition.stations.find(({ id }) => id === station)?.counts ?? [];
    for (const tally of tallies)
      if (!acrossGap) addCount(tally, role, delta, product ?? "");
      else if (producedBy(counted).includes(role)) tally.unknownProduced += delta;
  }

  part(event: PartEvent): void {
    if (event.kind === "entered") {
      if (!event.component) this.#tallyAt(event.at).entered += 1;
    } else if (event.kind === "scrapped") this.#tallyAt(event.at).scrapped += 1;
    else if (event.kind === "left" && event.reworked) addReworked(this.#tallyAt(event.at), event.station, event.product ?? "", 1);
    else if (event.kind === "rejected" && event.reworkedLeftAt !== undefined)
      addReworked(this.#tallyAt(event.reworkedLeftAt), event.station, event.product ?? "", -1);
    else if (event.kind === "completed") this.#completed(event);
  }

  due(): Instant {
    return this.#due;
  }

  fire(at: Instant): void {
    this.#due = Infinity;
    for (const shift of Object.values(this.#shifts)) {
      if (shift.closed) continue;
      if (shift.until + CLOSE_AFTER <= at) shift.closed = true;
      else this.#due = Math.min(this.#due, shift.until + CLOSE_AFTER);
    }
  }

  shiftIds(): readonly string[] {
    return Object.values(this.#shifts)
      .toSorted((a, b) => a.from - b.from)
      .map((shift) => shift.id);
  }

  shift(id: string, at: Instant, open: readonly StateInterval[]): ShiftResult | undefined {
    const tally = this.#shifts[id];
    if (!tally) return undefined;
    const whole = withOpen(tally, open, this.#calendar, this.#definition.constraint);
    const isOver = tally.closed && whole === tally && tally.to <= at;
    const known = isOver ? this.#results.get(id) : undefined;
    if (known !== undefined) return known;
    const result = shiftResultOf(whole, this.#definition, this.#calendar, at);
    if (isOver) this.#results.set(id, result);
    return result;
  }

  oee(id: string, station: string, at: Instant, open: readonly StateInterval[]): OeeResult | undefined {
    const tally = this.#shifts[id];
    const defined = this.#definition.stations.find((each) => each.id === station);
    if (!tally || !defined) return undefined;
    const full = withOpen(tally, open, this.#calendar, this.#definition.constraint);
    const span = { from: full.from, to: Math.min(full.to, Math.max(at, full.from)), planned: full.planned };
    return oeeOf(defined, full.stations[station] ?? freshTally(), span, this.#calendar);
  }

  snapshot(): KpiEngineState {
    return JSON.parse(JSON.stringify({ shifts: this.#shifts })) as KpiEngineState;
  }

  restore(state: KpiEngineState): void {
    this.#shifts = (JSON.parse(JSON.stringify(state)) as KpiEngineState).shifts;
    this.#segment = undefined;
    this.#held = undefined;
    this.#results.clear();
    this.#due = Math.min(
      Infinity,
      ...Object.values(this.#shifts)
        .filter((shift) => !shift.closed)
        .map((shift) => shift.until + CLOSE_AFTER),
    );
  }

  #tallyAt(at: Instant): ShiftTally {
    let segment = this.#segment;
    let held = this.#held;
    if (!segment || !held || at < segment.from || at >= segment.to) {
      this.#segment = segment = this.#calendar.segmentAt(at);
      this.#held = held = this.#open(segment, at);
    }
    this.#results.delete(held.id);
    if (!held.planned) {
      held.from = Math.min(held.from, at);
      held.to = Math.max(held.to, at);
      held.until = Math.max(held.until, segment.to);
    }
    return held;
  }

  #open(found: CalendarSegment, at: Instant): ShiftTally {
    const day = this.#calendar.productionDay(at);
    const known = this.#shifts[found.shift?.id ?? `${day} unplanned`];
    if (known) return known;
    const tally = freshShift(found, day, at);
    this.#shifts[tally.id] = tally;
    this.#due = Math.min(this.#due, tally.until + CLOSE_AFTER);
    this.#forget();
    return tally;
  }

  #forget(): void {
    const shifts = this.#shifts;
    const ids = Object.keys(shifts);
    if (ids.length <= this.#keepShifts) return;
    const [oldest] = ids.toSorted((a, b) => shifts[a]!.from - shifts[b]!.from);
    delete shifts[oldest!];
    this.#results.delete(oldest!);
  }

  #hourOf(shift: ShiftTally, at: Instant): ShiftTally["hours"][string] {
    return (shift.hours[String(this.#calendar.hourOf(at))] ??= { tally: freshTally(), completed: 0 });
  }

  #completed(event: PartEvent & { readonly kind: "completed" }): void {
    const shift = this.#tallyAt(event.at);
    touched(shift);
    shift.completed += 1;
    if (!event.reworked) shift.firstPass += 1;
    const product = event.product ?? "";
    shift.completedByProduct[product] = (shift.completedByProduct[product] ?? 0) + 1;
    this.#hourOf(shift, event.at).completed += 1;
    if (event.enteredAt === undefined) return;
    const overtimeS = shift.planned ? 0 : (event.at - Math.max(event.enteredAt, shift.from)) / SECOND;
    const planned = this.#calendar.empty
      ? (event.at - event.enteredAt) / SECOND
      : this.#calendar.plannedBetween(event.enteredAt, event.at) + overtimeS;
    shift.leadS.push(Math.round(planned * 10) / 10);
  }
}

function freshShift({ shift, to }: CalendarSegment, day: string, at: Instant): ShiftTally {
  return {
    id: shift?.id ?? `${day} unplanned`,
    name: shift?.name ?? "unplanned",
    day,
    // Overtime lasts from the first to the last thing that was made in it.
    from: shift?.start ?? at,
    to: shift?.end ?? at,
    until: shift?.end ?? to,
    planned: shift !== undefined,
    closed: false,
    revision: 0,
    stations: {},
    hours: {},
    entered: 0,
    completed: 0,
    firstPass: 0,
    scrapped: 0,
    completedByProduct: {},
    leadS: [],
    active: {},
  };
}

function touched(shift: ShiftTally): void {
  if (shift.closed) shift.revision += 1;
}

function addCount(tally: StationTally, role: CountRole, delta: number, product: string): void {
  const counts = (tally.products[product] ??= { produced: 0, good: 0, rejected: 0, reworkedGood: 0 });
  if (role === "Total") counts.produced += delta;
  else if (role === "Good") counts.good += delta;
  else counts.rejected += delta;
}

/** A reworked part that leaves a station is counted good there, but is not first-pass good (P6); one that turns out to be rejected again is neither. */
function addReworked(shift: ShiftTally, station: string, product: string, parts: 1 | -1): void {
  const tally = (shift.stations[station] ??= freshTally());
  (tally.products[product] ??= { produced: 0, good: 0, rejected: 0, reworkedGood: 0 }).reworkedGood += parts;
}

function addInterval(shift: ShiftTally, span: StateInterval, calendar: ShiftCalendar, constraint: string | undefined): void {
  addSpan((shift.stations[span.station] ??= freshTally()), span, (span.to - span.from) / SECOND, 1);
  addActive(shift, span);
  if (span.station !== constraint) return;
  for (let at = span.from; at < span.to;) {
    const hour = calendar.hourOf(at);
    const end = Math.min(span.to, hour + HOUR);
    const entry = (shift.hours[String(hour)] ??= { tally: freshTally(), completed: 0 });
    addSpan(entry.tally, span, (end - at) / SECOND, at === span.from ? 1 : 0);
    at = end;
  }
}

function addSpan(tally: StationTally, span: StateInterval, seconds: number, count: number): void {
  tally.states[span.state] = (tally.states[span.state] ?? 0) + seconds;
  if (span.state === "working") return;
  const loss = (tally.losses[`${span.state}|${span.cause}|${span.word ?? ""}`] ??= { seconds: 0, count: 0, inferredS: 0 });
  loss.seconds += seconds;
  loss.count += count;
  if (span.inferred) loss.inferredS += seconds;
}

function addActive(shift: ShiftTally, span: StateInterval): void {
  const periods = (shift.active[span.station] ??= []);
  if (!isActive(span.state)) return;
  if (periods.length > 0 && periods[periods.length - 1] === span.from) periods[periods.length - 1] = span.to;
  else periods.push(span.from, span.to);
}

/** The tally with what is still open, without touching the stored one. */
function withOpen(tally: ShiftTally, open: readonly StateInterval[], calendar: ShiftCalendar, constraint: string | undefined): ShiftTally {
  const mine = open.filter(
    (span) => span.place === undefined && span.to > tally.from && span.from < tally.to && calendar.segmentAt(span.from).kind === "planned",
  );
  if (!tally.planned || mine.length === 0) return tally;
  const copy = JSON.parse(JSON.stringify(tally)) as ShiftTally;
  for (const span of mine) addInterval(copy, span, calendar, constraint);
  return copy;
}
