import { HOUR, SECOND, type Instant } from "@doppelwerk/world";
import type { OperatingTime } from "../estimate/line-estimate.ts";
import type { LineDefinition, SetUpAttribute, StationDefinition } from "../definition/line-definition.ts";
import type { ShiftCalendar } from "../shifts/shift-calendar.ts";
import { MICRO_STOP_LIMIT_S, type StateInterval } from "../definition/station-state.ts";
import type { PartEvent } from "../tracking/tracked-part.ts";

/** Values with the instant at which each was known, so that a fit can be limited to the data before an instant (P4). */
export interface Series {
  times: Instant[];
  valuesS: number[];
}

export type StopClass = "failure" | "microStop";

/** What one station has shown, cleaned (P8). */
export interface StationObservations {
  readonly station: string;
  /** Seconds one part occupied one place, free of waiting, set-up, stops and unknown time. */
  readonly cycles: readonly { readonly product: string; readonly n: number; readonly valuesS: readonly number[] }[];
  readonly stops: readonly {
    readonly stop: StopClass;
    /** Operating seconds from the end of one stop to the next of its class. */
    readonly betweenS: readonly number[];
    /** Operating seconds watched without a stop: at the end of shifts, before unknown time, at the end of the data. */
    readonly censoredS: readonly number[];
    /** Seconds from the stop to its end, breaks and nights out. */
    readonly durationsS: readonly number[];
    /** Of those, seconds until maintenance began, where the station tells. */
    readonly responsesS: readonly number[];
    /** The same stops without the wait for maintenance, where that is told: what a model that has technicians of its own takes. */
    readonly repairsS: readonly number[];
    /** And with the breaks and nights inside them: how long they took if repair goes on in those. */
    readonly wholeRepairsS: readonly number[];
  }[];
  /** Stops that a break or the end of a shift came into: those that still stood after it, and those that were gone. */
  readonly rests: { readonly stood: number; readonly ended: number };
  readonly setUps: readonly { readonly attribute: SetUpAttribute; readonly n: number; readonly valuesS: readonly number[] }[];
  /** Entry i: parts tried for the (i + 1)-th time and how many of them were rejected. */
  readonly tries: readonly { readonly n: number; readonly rejected: number }[];
  readonly scrapped: { readonly n: number; readonly scrapped: number };
  /** Where parts of the program begin: how many came of each product, one after the other. The last run may still go on. */
  readonly runs: readonly { readonly product: string; readonly n: number }[];
  /** Seconds from leaving another station to the nearest moment this one took a part from it: the least of each hour. */
  readonly travel: readonly { readonly from: string; readonly leastS: readonly number[] }[];
  /** Most parts of the second kind that ever waited at an assembly station. */
  readonly mostComponents?: number;
}

export interface HistoryExtract {
  interval(interval: StateInterval): void;
  /** The cycle time a station tells at the end of a part. */
  cycle(station: string, seconds: number, product: string | undefined, at: Instant, openFrom: Instant | undefined): void;
  part(event: PartEvent): void;
  /** Operating seconds since the last stop, one entry a unit that has its own clock. */
  operatingTimes(): readonly OperatingTime[];
  /**
   * Everything known before `before`; without what is older than `since`. `open` are the intervals that last: what is worked in them counts
   * as far as `before`, so that an instant has the same operating time whenever it is asked for.
   */
  observations(before?: Instant, since?: Instant, open?: readonly StateInterval[]): readonly StationObservations[];
  snapshot(): HistoryExtractState;
  restore(state: HistoryExtractState): void;
}

export interface HistoryExtractState {
  readonly units: Record<string, UnitExtract>;
  readonly stations: Record<string, StationExtract>;
}

interface UnitExtract {
  station: string;
  /** Operating seconds since the last stop of each class, or since watching began. */
  operatingS: Record<StopClass, number>;
  /** A stop of it has been seen. */
  stopped: boolean;
  /** Spans of work, as pairs: what was worked up to an instant is read from them. */
  worked?: Instant[];
  /** Operating seconds that came at an instant, as pairs: a cycle where places share a clock; less than nothing where a stop was told as work. */
  added?: number[];
  /** Where the count of a class began anew, as pairs: when, and from when on work counts again. */
  anew?: Record<StopClass, Instant[]>;
  /** Counted before spans were kept: of states of older releases. */
  earlierS?: Record<StopClass, number>;
  open?: {
    kind: "stop" | "setUp";
    from: Instant;
    to: Instant;
    seconds: number;
    operatingS: Record<StopClass, number>;
    failed: boolean;
    responseS?: number;
    product?: string;
    /** A break or the end of the shift came while it lasted: nobody sees whether it is being repaired. */
    rest?: { from: Instant; to: Instant; night: boolean };
    /** It still stood after a rest. */
    stood?: boolean;
    /** Microseconds of nights and weekends that it stood over: nobody worked on it then. */
    asleep?: number;
  };
}

interface StationExtract {
  cycles: Record<string, Series>;
  between: Record<StopClass, Series>;
  censored: Record<StopClass, Series>;
  durations: Record<StopClass, Series>;
  responses: Record<StopClass, Series>;
  repairs: Record<StopClass, Series>;
  wholeRepairs: Record<StopClass, Series>;
  endedAtRest: Instant[];
  stoodAfterRest: Instant[];
  /** Parts in the station whose cycle has not been told: serial → since when, and when they left if the cycle is told after that. */
  inWork: Record<string, { since: Instant; left?: Instant }>;
  /** When the last part left: from then on a place was free. */
  freeSince?: Instant;
  runs: { product: string; n: number; from: Instant }[];
  travel: Record<string, Series>;
  /** How many wait now, and each new greatest number with its instant. */
  components?: { now: number; most: Series };
  setUps: Record<string, Series>;
  /** Try number − 1 → instants of parts that left, of parts rejected. */
  tried: Instant[][];
  rejectedTries: Instant[][];
  left: Instant[];
  scrapped: Instant[];
  /** Last spans in which a part may have waited: flat pairs. */
  disturbed: number[];
  lastProduct?: string;
  /** Its places tell their own state. */
  byPlace: boolean;
}

const KEEP_DISTURBED = 64;
/** Values kept of one series; beyond it the oldest tenth is forgotten: a plant of last year says little about this one. */
const MAX_VALUES = 20_000;
const MAX_RUNS = 2_000;
const MAX_IN_WORK = 64;
/** Scans of a controller and rounding of its cycle time, seconds. */
const CYCLE_TOLERANCE_S = 2;
/** Shorter rests may be waits that nobody tells. */
const SILENT_STOP_S = 20;

/** P8, P9: from intervals, cycle times and parts to the plain arrays that a fit takes. */
export function createHistoryExtract(definition: LineDefinition, calendar: ShiftCalendar): HistoryExtract {
  const stationOf = new Map(definition.stations.map((station) => [station.id, station]));
  const products = new Map(definition.products.map((product) => [product.id, product]));
  const joinedAt = new Map(definition.flows.filter((flow) => flow.kind === "assembly").map((flow) => [flow.from, flow.to]));
  const assemblies = new Set(joinedAt.values());
  let units: Record<string, UnitExtract> = {};
  let stations: Record<string, StationExtract> = Object.fromEntries(
    definition.stations.map((station) => [station.id, freshStation(station, assemblies.has(station.id))]),
  );

  function interval(span: StateInterval): void {
    const station = stations[span.station];
    if (!station) return;
    // A place that waits is no news for a cycle on another place; one that has stopped may be the one the cycle was on.
    const stopped = span.state === "failed" || span.state === "microStop" || span.state === "maintenance";
    if (span.place === undefined ? span.state !== "working" : stopped) disturb(station, span.from, span.to);
    const key = span.place === undefined ? span.station : `${span.station}/${span.place}`;
    const unit = (units[key] ??= freshUnit(span.station));
    // Where places tell their own state, the station as a whole adds nothing but its set-ups.
    const counted = span.place !== undefined || !station.byPlace;
    const seconds = counts(unit.open?.from ?? span.from, span) ? (span.to - span.from) / SECOND : 0;
    if (unit.open && rests(unit.open, span)) {
      unit.open.rest = {
        from: unit.open.rest?.from ?? unit.open.to,
        to: span.to,
        night: span.state === "off" || unit.open.rest?.night === true,
      };
      return;
    }
    if (unit.open && !belongs(unit.open, span)) end(unit, station, span, counted);
    if (span.state === "working") {
      // Where several places share one clock, it counts the work of all of them: the cycles tell (see `cycle`).
      if (!counted || sharesClock(stationOf.get(span.station)!)) return;
      unit.operatingS.failure += (span.to - span.from) / SECOND;
      unit.operatingS.microStop += (span.to - span.from) / SECOND;
      workedIn(unit, span);
    } else if (span.state === "failed" || span.state === "microStop" || (span.state === "maintenance" && unit.open?.kind === "stop")) {
      extend(unit, "stop", span, seconds);
      if (span.mode === "maintenance") unit.open!.responseS ??= unit.open!.seconds - seconds;
    } else if (span.state === "setUp" && span.place === undefined) extend(unit, "setUp", span, seconds);
    else if ((span.state === "off" || span.state === "unknown") && counted) censor(unit, station, span.from);
  }

  /** Nobody repairs in a break; outside of shifts only what began there counts, in overtime. */
  function counts(from: Instant, span: StateInterval): boolean {
    const segment = calendar.segmentAt(span.from);
    return calendar.empty || segment.kind === "planned" || (segment.kind === "off" && from >= segment.from);
  }

  /** A stop is held over breaks and nights, in which a controller says nothing of it. */
  function rests(open: NonNullable<UnitExtract["open"]>, span: StateInterval): boolean {
    return open.kind === "stop" && (span.state === "break" || span.state === "off") && span.from === (open.rest?.to ?? open.to);
  }

  function belongs(open: NonNullable<UnitExtract["open"]>, span: StateInterval): boolean {
    if (span.from !== (open.rest?.to ?? open.to)) return false;
    return open.kind === "setUp"
      ? span.state === "setUp"
      : span.state === "failed" || span.state === "microStop" || span.state === "maintenance";
  }

  function extend(unit: UnitExtract, kind: "stop" | "setUp", span: StateInterval, seconds: number): void {
    unit.open ??= {
      kind,
      from: span.from,
      to: span.to,
      seconds: 0,
      operatingS: { ...unit.operatingS },
      failed: false,
      ...(stations[span.station]!.lastProduct === undefined ? {} : { product: stations[span.station]!.lastProduct }),
    };
    if (unit.open.rest) {
      unit.open.stood = true;
      if (unit.open.rest.night) unit.open.asleep = (unit.open.asleep ?? 0) + unit.open.rest.to - unit.open.rest.from;
      delete unit.open.rest;
    }
    unit.open.to = span.to;
    unit.open.seconds += seconds;
    if (span.state !== "microStop") unit.open.failed = true;
  }

  function end(unit: UnitExtract, station: StationExtract, next: StateInterval, counted: boolean): void {
    const open = unit.open!;
    delete unit.open;
    // A span that ends in unknown time has no known length.
    if (next.from !== (open.rest?.to ?? open.to) || next.state === "unknown") return;
    if (open.kind === "setUp") return setUpEnded(unit.station, station, open, next);
    if (!counted) return;
    const kind: StopClass = open.failed ? "failure" : "microStop";
    push(station.between[kind], open.to, open.operatingS[kind]);
    push(station.durations[kind], open.to, open.seconds);
    if (open.responseS !== undefined) push(station.responses[kind], open.to, open.responseS);
    push(station.repairs[kind], open.to, open.seconds - (open.responseS ?? 0));
    // One that was gone after a rest ended somewhere in it: in the middle of what a repair of this length would still have taken.
    const restS = open.rest ? Math.min((open.rest.to - open.rest.from) / 2 / SECOND, Math.max(open.seconds, MICRO_STOP_LIMIT_S)) : 0;
    push(station.wholeRepairs[kind], open.to, (open.to - open.from - (open.asleep ?? 0)) / SECOND + restS - (open.responseS ?? 0));
    if (open.rest) keep(station.endedAtRest, open.to);
    else if (open.stood) keep(station.stoodAfterRest, open.to);
    unit.operatingS[kind] = 0;
    countAnew(unit, kind, open.to, open.to);
    unit.stopped = true;
  }

  function setUpEnded(id: string, station: StationExtract, open: NonNullable<UnitExtract["open"]>, next: StateInterval): void {
    const before = open.product === undefined ? undefined : products.get(open.product);
    const after = next.product === undefined ? undefined : products.get(next.product);
    if (!before || !after || next.state === "off") return;
    const attribute = attributesOf(stationOf.get(id)!).find((name) => before.attributes[name] !== after.attributes[name]);
    if (attribute) push((station.setUps[attribute] ??= freshSeries()), open.to, open.seconds);
  }

  function censor(unit: UnitExtract, station: StationExtract, at: Instant): void {
    for (const kind of ["failure", "microStop"] as const) {
      if (unit.operatingS[kind] > 0) {
        push(station.censored[kind], at, unit.operatingS[kind]);
        countAnew(unit, kind, at, at);
      }
      unit.operatingS[kind] = 0;
    }
  }

  /**
   * P8: a stop that nobody logs. A part was in its place for longer than its cycle and every told stop, set-up, wait and break together:
   * the rest is a stop, whatever the controller said. This is also how a single place of a station that only tells its own state is seen to fail.
   */
  function silentStop(id: string, station: StationExtract, seconds: number, at: Instant, openFrom: Instant | undefined): void {
    let finished: string | undefined;
    let stoppedS = -Infinity;
    for (const [serial, { since, left }] of Object.entries(station.inWork)) {
      if (left !== undefined && at - left > CYCLE_TOLERANCE_S * SECOND) {
        delete station.inWork[serial];
        continue;
      }
      // What is told and still lasts is told as well: a night that ends with this part is no stop of six hours.
      const open = openFrom === undefined ? 0 : at - Math.max(openFrom, since);
      const restS = (at - since - open - disturbedBetween(station, since, at)) / SECOND - seconds;
      if (restS < -CYCLE_TOLERANCE_S) continue;
      // The one whose time fits; else the one that is longest overdue.
      const fits = restS <= CYCLE_TOLERANCE_S;
      if (fits || restS > stoppedS) {
        finished = serial;
        stoppedS = restS;
      }
      if (fits) break;
    }
    if (finished === undefined) return;
    delete station.inWork[finished];
    if (stoppedS < SILENT_STOP_S) return;
    const kind: StopClass = stoppedS >= MICRO_STOP_LIMIT_S ? "failure" : "microStop";
    const unit = (units[id] ??= freshUnit(id));
    push(station.between[kind], at, Math.max(0, unit.operatingS[kind]));
    push(station.durations[kind], at, stoppedS);
    push(station.repairs[kind], at, stoppedS);
    push(station.wholeRepairs[kind], at, stoppedS);
    unit.operatingS[kind] = 0;
    unit.stopped = true;
    // The span of work that lasts counts whole when it ends.
    countAnew(unit, kind, at, Math.min(at, unit.worked?.at(-1) ?? -Infinity));
    // What it stood for was told as work.
    if (sharesClock(stationOf.get(id)!)) return;
    for (const other of STOPS) unit.operatingS[other] -= stoppedS;
    added(unit, at + 1, -stoppedS);
  }

  function disturbedBetween(station: StationExtract, from: Instant, to: Instant): number {
    let sum = 0;
    for (let index = 0; index < station.disturbed.length; index += 2)
      sum += Math.max(0, Math.min(to, station.disturbed[index + 1]!) - Math.max(from, station.disturbed[index]!));
    return sum;
  }

  /** Where a part of the program begins, and how its product goes on. */
  function entered(station: StationExtract, product: string, at: Instant): void {
    const last = station.runs.at(-1);
    if (last?.product === product) last.n += 1;
    else station.runs.push({ product, n: 1, from: at });
    if (station.runs.length > MAX_RUNS) station.runs.shift();
  }

  /** Keeps the least of each hour: a conveyor is as long as its fastest part, and an hour may pass in which everything queues. */
  function travelled(station: StationExtract, from: string, seconds: number, at: Instant): void {
    const series = (station.travel[from] ??= freshSeries());
    const last = series.times.length - 1;
    if (last >= 0 && at - series.times[last]! < HOUR) series.valuesS[last] = Math.min(series.valuesS[last]!, seconds);
    else push(series, at, seconds);
  }

  function disturb(station: StationExtract, from: Instant, to: Instant): void {
    station.disturbed.push(from, to);
    if (station.disturbed.length > KEEP_DISTURBED) station.disturbed.splice(0, 2);
  }

  return {
    interval,
    cycle: (id, seconds, product, at, openFrom) => {
      const station = stations[id];
      if (!station) return;
      if (product !== undefined) station.lastProduct = product;
      if (sharesClock(stationOf.get(id)!) && seconds > 0) {
        const unit = (units[id] ??= freshUnit(id));
        unit.operatingS.failure += seconds;
        unit.operatingS.microStop += seconds;
        added(unit, at, seconds);
      }
      const from = at - seconds * SECOND;
      if (seconds > 0 && !station.byPlace) silentStop(id, station, seconds, at, openFrom);
      if (!(seconds > 0) || (openFrom !== undefined && openFrom < at)) return;
      for (let index = 0; index < station.disturbed.length; index += 2) {
        if (station.disturbed[index]! < at - SECOND / 2 && station.disturbed[index + 1]! > from + SECOND / 2) return;
      }
      push((station.cycles[product ?? ""] ??= freshSeries()), at, seconds);
    },
    part: (event) => {
      const station = "station" in event ? stations[event.station] : undefined;
      if (!station) return;
      if (event.kind === "entered") {
        if (!event.component && event.product !== undefined) entered(station, event.product, event.at);
      } else if (event.kind === "placed") {
        station.inWork[event.serial] = { since: event.at };
        // Parts taken away by hand never leave.
        const [oldest, ...more] = Object.keys(station.inWork);
        if (more.length > MAX_IN_WORK) delete station.inWork[oldest!];
        // Only a part that was awaited has done nothing but travel.
        const awaited = station.freeSince !== undefined && event.at - station.freeSince > SECOND;
        if (event.from !== undefined && !event.inferred && awaited) travelled(station, event.from, event.waitedS, event.at);
      } else if (event.kind === "joined") {
        if (station.components) station.components.now = Math.max(0, station.components.now - 1);
      } else if (event.kind === "left") {
        const inWork = station.inWork[event.serial];
        if (inWork) inWork.left = event.at;
        station.freeSince = event.at;
        const joins = stations[joinedAt.get(event.station) ?? ""]?.components;
        if (joins && ++joins.now > (joins.most.valuesS.at(-1) ?? 0)) push(joins.most, event.at, joins.now);
        keep(station.left, event.at);
        keep((station.tried[event.tries - 1] ??= []), event.at);
      } else if (event.kind === "rejected") keep((station.rejectedTries[event.tries - 1] ??= []), event.at);
      else if (event.kind === "scrapped") keep(station.scrapped, event.at);
    },
    operatingTimes: () =>
      Object.entries(units)
        .filter(([key, unit]) => key !== unit.station || !stations[unit.station]!.byPlace)
        .map(([key, unit]) => ({
          station: unit.station,
          ...(key === unit.station ? {} : { place: Number(key.slice(unit.station.length + 1)) }),
          failureS: unit.operatingS.failure,
          microStopS: unit.operatingS.microStop,
          seen: unit.stopped,
        })),
    observations: (before = Infinity, since = -Infinity, open = []) =>
      definition.stations.map((station) => {
        const own = stations[station.id]!;
        const watched = Object.entries(units).filter(([, unit]) => unit.station === station.id);
        const lasting = (key: string): readonly StateInterval[] =>
          sharesClock(station)
            ? []
            : open.filter(({ station: id, place, state }) => {
                const counted = place !== undefined || !own.byPlace;
                return state === "working" && counted && key === (place === undefined ? id : `${id}/${place}`);
              });
        const watching = (stop: StopClass) => watched.map(([key, unit]) => operatingSince(unit, stop, { since, before }, lasting(key)));
        return observed(station, own, { since, before }, watching);
      }),
    snapshot: () => JSON.parse(JSON.stringify({ units, stations })) as HistoryExtractState,
    restore: (state) => {
      const copy = JSON.parse(JSON.stringify(state)) as HistoryExtractState;
      units = Object.fromEntries(
        Object.entries(copy.units).map(([key, unit]) => {
          const isOlder = unit.worked === undefined && unit.added === undefined && unit.anew === undefined;
          return [key, isOlder && unit.earlierS === undefined ? { ...unit, earlierS: { ...unit.operatingS } } : unit];
        }),
      );
      stations = copy.stations;
    },
  };
}

const STOPS = ["failure", "microStop"] as const;

function observed(
  definition: StationDefinition,
  station: StationExtract,
  { since, before }: { readonly since: Instant; readonly before: Instant },
  watching: (stop: StopClass) => readonly number[],
): StationObservations {
  const until = (series: Series | undefined) =>
    series?.valuesS.filter((_, index) => series.times[index]! >= since && series.times[index]! < before) ?? [];
  const count = (times: readonly Instant[] | undefined) => times?.filter((time) => time >= since && time < before).length ?? 0;
  const tries = Array.from({ length: Math.max(station.tried.length, station.rejectedTries.length) }, (_, index) => {
    // Rejects from before what is still known of the tries would raise the rate.
    const first = Math.max(since, station.tried[index]?.[0] ?? 0);
    const rejected = station.rejectedTries[index]?.filter((time) => time >= first && time < before).length ?? 0;
    return { n: Math.max(count(station.tried[index]), rejected), rejected };
  });
  return {
    station: definition.id,
    cycles: Object.entries(station.cycles)
      .map(([product, series]) => ({ product, valuesS: until(series) }))
      .filter((entry) => entry.valuesS.length > 0)
      .map((entry) => ({ ...entry, n: entry.valuesS.length })),
    stops: STOPS.map((stop) => ({
      stop,
      betweenS: until(station.between[stop]),
      censoredS: [...until(station.censored[stop]), ...watching(stop).filter((seconds) => seconds > 0)],
      durationsS: until(station.durations[stop]),
      responsesS: until(station.responses[stop]),
      repairsS: until(station.repairs[stop]),
      wholeRepairsS: until(station.wholeRepairs[stop]),
    })),
    rests: { stood: count(station.stoodAfterRest), ended: count(station.endedAtRest) },
    setUps: attributesOf(definition).map((attribute) => ({
      attribute,
      valuesS: until(station.setUps[attribute]),
      n: until(station.setUps[attribute]).length,
    })),
    tries,
    scrapped: { n: count(station.left), scrapped: count(station.scrapped) },
    runs: runsBefore(
      station.runs.filter(({ from }) => from >= since),
      before,
    ),
    travel: Object.entries(station.travel).map(([from, series]) => ({ from, leastS: until(series) })),
    ...(station.components ? { mostComponents: until(station.components.most).at(-1) ?? 0 } : {}),
  };
}

/** Operating seconds of a unit from where its count of a class last began anew before an instant up to that instant. */
function operatingSince(
  { worked = [], added = [], anew, earlierS }: UnitExtract,
  stop: StopClass,
  { since, before }: { readonly since: Instant; readonly before: Instant },
  lasting: readonly StateInterval[],
): number {
  const begins = anew?.[stop] ?? [];
  let index = begins.length - 2;
  while (index >= 0 && begins[index]! >= before) index -= 2;
  const last = begins[index] ?? -Infinity;
  const from = Math.max(begins[index + 1] ?? -Infinity, since);
  let seconds = index < 0 && since === -Infinity ? (earlierS?.[stop] ?? 0) : 0;
  const count = (start: Instant, end: Instant): void => {
    seconds += Math.max(0, Math.min(end, before) - Math.max(start, from)) / SECOND;
  };
  for (let span = worked.length - 2; span >= 0 && worked[span + 1]! > from; span -= 2) count(worked[span]!, worked[span + 1]!);
  for (const span of lasting) count(span.from, span.to);
  for (let entry = added.length - 2; entry >= 0 && added[entry]! > last; entry -= 2)
    if (added[entry]! < before && added[entry]! >= since) seconds += added[entry + 1]!;
  return Math.round(seconds * 1000) / 1000;
}

function workedIn(unit: UnitExtract, { from, to }: StateInterval): void {
  const worked = (unit.worked ??= []);
  if (worked.at(-1) === from) worked[worked.length - 1] = to;
  else worked.push(from, to);
  if (worked.length > 2 * MAX_VALUES) worked.splice(0, MAX_VALUES / 5);
}

function added(unit: UnitExtract, at: Instant, seconds: number): void {
  (unit.added ??= []).push(at, Math.round(seconds * 1000) / 1000);
  if (unit.added.length > 2 * MAX_VALUES) unit.added.splice(0, MAX_VALUES / 5);
}

function countAnew(unit: UnitExtract, stop: StopClass, at: Instant, from: Instant): void {
  (unit.anew ??= { failure: [], microStop: [] })[stop].push(at, from);
  if (unit.anew[stop].length > 2 * MAX_VALUES) unit.anew[stop].splice(0, MAX_VALUES / 5);
}

/** Without the one that went on beyond the instant: how long it became was not known then. */
function runsBefore(runs: StationExtract["runs"], before: Instant): StationObservations["runs"] {
  const known = runs.filter((run) => run.from < before);
  if (before < Infinity) known.pop();
  return known.map(({ product, n }) => ({ product, n }));
}

function attributesOf(station: StationDefinition): readonly SetUpAttribute[] {
  return [...new Set(station.setUps.map((setUp) => setUp.attribute))];
}

function freshStation(station: StationDefinition, assembles: boolean): StationExtract {
  const perClass = () => ({ failure: freshSeries(), microStop: freshSeries() });
  return {
    cycles: {},
    between: perClass(),
    censored: perClass(),
    durations: perClass(),
    responses: perClass(),
    repairs: perClass(),
    wholeRepairs: perClass(),
    endedAtRest: [],
    stoodAfterRest: [],
    inWork: {},
    runs: [],
    travel: {},
    ...(assembles ? { components: { now: 0, most: freshSeries() } } : {}),
    setUps: {},
    tried: [],
    rejectedTries: [],
    left: [],
    scrapped: [],
    disturbed: [],
    byPlace: (station.placeSignals?.length ?? 0) > 0,
  };
}

const sharesClock = (station: StationDefinition): boolean => station.places > 1 && (station.placeSignals?.length ?? 0) === 0;

const freshUnit = (station: string): UnitExtract => ({ station, operatingS: { failure: 0, microStop: 0 }, stopped: false });

const freshSeries = (): Series => ({ times: [], valuesS: [] });

function push(series: Series, at: Instant, value: number): void {
  series.times.push(at);
  series.valuesS.push(Math.round(value * 1000) / 1000);
  if (series.times.length <= MAX_VALUES) return;
  series.times.splice(0, MAX_VALUES / 10);
  series.valuesS.splice(0, MAX_VALUES / 10);
}

function keep(times: Instant[], at: Instant): void {
  times.push(at);
  if (times.length > MAX_VALUES) times.splice(0, MAX_VALUES / 10);
}
