import { SECOND } from "@doppelwerk/world/instant";
import type { FlowComponent, FlowModel, FlowTime } from "../components/flow-model.ts";
import { quantileOfSorted } from "../statistics/summary.ts";
import type { EventLog, Visit } from "./event-log.ts";

/** An activity as the log shows it. */
export interface LogStation {
  /** As a component id: the activity, its other signs replaced. */
  readonly id: string;
  readonly activity: string;
  readonly visits: number;
  /** Most visits at one time, but for the busiest hundredth of its working time. */
  readonly places: number;
  readonly serviceMeanS: number;
  /** Between the end of the visit before and the start, and of that what no busy place explains. */
  readonly waitMeanS: number;
  readonly delayMeanS: number;
  /** Share of the time of its places that is work. */
  readonly utilisation: number;
  /** Share of the time in which it is the one that has been at work longest without a rest (active period, Roser 2002). */
  readonly bottleneckShare: number;
  readonly resources: number;
}

/** What a log says of the line behind it. */
export interface LogLine {
  readonly from: number;
  readonly to: number;
  readonly cases: number;
  readonly stations: readonly LogStation[];
  readonly bottleneck: string;
  /** A flow model that can be run, changed and experimented with. */
  readonly model: FlowModel;
}

/** What a line is made from; kept so that a forecast can start in the middle of a log. */
export interface LogFacts {
  readonly stations: readonly LogStation[];
  readonly serviceS: ReadonlyMap<string, readonly number[]>;
  readonly delayS: ReadonlyMap<string, readonly number[]>;
  /** From activity ("" = arrival) to next activity ("" = end) → times. */
  readonly next: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly arrivalsS: readonly number[];
  /** A case that has rested longer than this has ended. */
  readonly restMostS: number;
}

const POINTS = 101;
/** Of a delay that nothing holds up. */
const DELAY_PLACES = 400;

/** The line, its bottleneck and a model of it. Undefined where the log is too small: fewer than ten visits or two cases. */
export function lineOfLog(log: EventLog, name: string): LogLine | undefined {
  const facts = factsOf(log.visits, Number.POSITIVE_INFINITY);
  if (facts === undefined) return undefined;
  const { stations } = facts;
  const [from, to] = [log.visits[0]!.start, log.visits.reduce((last, { end }) => Math.max(last, end), 0)];
  const bottleneck = stations.toSorted((a, b) => b.bottleneckShare - a.bottleneckShare)[0]!.activity;
  return {
    from,
    to,
    cases: new Set(log.visits.map((visit) => visit.case)).size,
    stations,
    bottleneck,
    model: modelOfFacts(facts, name, (to - from) / SECOND),
  };
}

/** What visits that began before `until` tell; of those that still lasted then only the start is known. */
export function factsOf(all: readonly Visit[], until: number): LogFacts | undefined {
  const visits = all.filter(({ start }) => start < until).map((visit) => (visit.end <= until ? visit : { ...visit, end: until }));
  const ended = visits.filter((_, i) => all[i]!.end <= until);
  const cases = visitsByCase(visits);
  if (visits.length < 10 || cases.size < 2) return undefined;
  const activities = [...new Set(visits.map(({ activity }) => activity))].toSorted();
  const ids = idsOf(activities);
  const busy = new Map(activities.map((activity) => [activity, new Busy(visits.filter((visit) => visit.activity === activity))]));
  const serviceS = new Map<string, number[]>(activities.map((activity) => [activity, []]));
  for (const { activity, start, end } of ended) serviceS.get(activity)!.push((end - start) / SECOND);
  const waitS = new Map<string, number[]>(activities.map((activity) => [activity, []]));
  const delayS = new Map<string, number[]>(activities.map((activity) => [activity, []]));
  const next = new Map<string, Map<string, number>>();
  const count = (from: string, to: string): void => {
    const row = next.get(from) ?? new Map<string, number>();
    next.set(from, row.set(to, (row.get(to) ?? 0) + 1));
  };
  const gaps: number[] = [];
  for (const list of cases.values()) {
    list.sort((a, b) => a.start - b.start || a.end - b.end);
    count("", list[0]!.activity);
    for (let i = 1; i < list.length; i++) {
      const [before, visit] = [list[i - 1]!, list[i]!];
      const gap = Math.max(0, visit.start - before.end);
      gaps.push(gap / SECOND);
      waitS.get(visit.activity)!.push(gap / SECOND);
      delayS.get(visit.activity)!.push((gap - busy.get(visit.activity)!.fullBetween(before.end, visit.start)) / SECOND);
      count(before.activity, visit.activity);
    }
  }
  const [first, last] = [
    visits[0]!.start,
    Math.min(
      until,
      visits.reduce((latest, { end }) => Math.max(latest, end), 0),
    ),
  ];
  gaps.sort((a, b) => a - b);
  const restMostS = gaps.length === 0 ? 0 : quantileOfSorted(gaps, 0.98);
  for (const list of cases.values()) {
    const end = list.at(-1)!;
    if ((last - end.end) / SECOND >= restMostS && end.end < last) count(end.activity, "");
  }
  const shares = bottleneckShares(activities, busy, first, last);
  const stations = activities.map((activity): LogStation => {
    const own = busy.get(activity)!;
    const mine = visits.filter((visit) => visit.activity === activity);
    return {
      id: ids.get(activity)!,
      activity,
      visits: mine.length,
      places: own.places,
      serviceMeanS: mean(serviceS.get(activity)!),
      waitMeanS: mean(waitS.get(activity)!),
      delayMeanS: mean(delayS.get(activity)!),
      utilisation: Math.min(1, own.workS / Math.max(1e-9, (own.places * (last - first)) / SECOND)),
      bottleneckShare: shares.get(activity)!,
      resources: new Set(mine.map(({ resource }) => resource ?? "")).size,
    };
  });
  return { stations, serviceS, delayS, next, arrivalsS: arrivalsOf(cases, first, last, restMostS), restMostS };
}

function visitsByCase(visits: readonly Visit[]): Map<string, Visit[]> {
  const cases = new Map<string, Visit[]>();
  for (const visit of visits) {
    const list = cases.get(visit.case);
    if (list === undefined) cases.set(visit.case, [visit]);
    else list.push(visit);
  }
  return cases;
}

/** Seconds between the first visits of cases. Cases that were under way when the log began look like arrivals: those of its first rest time do not count. */
function arrivalsOf(cases: ReadonlyMap<string, readonly Visit[]>, first: number, last: number, restMostS: number): number[] {
  const firsts = [...cases.values()].map((list) => list[0]!.start).toSorted((a, b) => a - b);
  const settled = firsts.filter((start) => (start - first) / SECOND > Math.min(restMostS, ((last - first) / SECOND) * 0.3));
  const counted = settled.length >= 5 ? settled : firsts;
  return counted.slice(1).map((start, i) => (start - counted[i]!) / SECOND);
}

/** The model of a line in steady operation: arrivals as they came, ways by how often they were taken, times as they were observed. */
export function modelOfFacts(facts: LogFacts, name: string, durationS: number): FlowModel {
  return {
    format: "doppelwerk-flow/1",
    name,
    comment: "made from an event log: delays are what passed between two visits while a place was free; they hold nothing up",
    run: { durationS: Math.max(1, Math.round(durationS)), warmUpS: Math.round(durationS / 4), replications: 10, seed: 1 },
    components: [
      {
        id: "arrivals",
        type: "source",
        interarrival: { kind: "exponential", mean: Math.max(1, mean(facts.arrivalsS)) },
        to: wayFrom(facts, "", "before"),
      },
      ...stationsOf(facts),
    ],
  } as FlowModel;
}

export function stationsOf(facts: LogFacts): readonly FlowComponent[] {
  return [
    ...facts.stations.flatMap(({ id, activity, places }): FlowComponent[] => [
      {
        id: `${id}-before`,
        type: "station",
        places: DELAY_PLACES,
        buffer: "unlimited",
        time: observed(facts.delayS.get(activity)!),
        to: id,
      } as FlowComponent,
      {
        id,
        type: "station",
        name: activity,
        places,
        buffer: "unlimited",
        time: observed(facts.serviceS.get(activity)!),
        to: wayFrom(facts, activity, "before"),
      } as FlowComponent,
    ]),
    { id: "done", type: "sink" } as FlowComponent,
  ];
}

/** Where cases go next, with their shares; an activity after which nothing was ever seen is the last one. */
export function wayFrom(
  facts: LogFacts,
  activity: string,
  into: "before" | "place",
): { readonly to: string; readonly probability?: number }[] | string {
  const row = [...(facts.next.get(activity) ?? new Map<string, number>())].filter(([to]) => to === "" || facts.serviceS.has(to));
  const sum = row.reduce((all, [, count]) => all + count, 0);
  const idOf = (to: string): string => {
    if (to === "") return "done";
    const { id } = facts.stations.find((station) => station.activity === to)!;
    return into === "before" ? `${id}-before` : id;
  };
  const last = row.at(-1);
  if (last === undefined) return "done";
  if (row.length === 1) return idOf(last[0]);
  // without an end among the ways a case would go round for ever
  return row.map(([to, count], i) => (i === row.length - 1 ? { to: idOf(to) } : { to: idOf(to), probability: count / sum }));
}

/** The observed values themselves, thinned to a hundred quantiles. */
function observed(values: readonly number[]): FlowTime {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0 || sorted.at(-1) === 0) return 0;
  const points = sorted.length <= POINTS ? sorted : Array.from({ length: POINTS }, (_, i) => quantileOfSorted(sorted, i / (POINTS - 1)));
  return { kind: "empirical", values: points, interpolate: points.length > 5 } as FlowTime;
}

/** Letters, digits, _ and - only, unique. */
function idsOf(activities: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(["arrivals", "done"]);
  return new Map(
    activities.map((activity) => {
      const base =
        activity
          .replace(/[^\w-]+/g, "_")
          .replace(/^_+|_+$/g, "")
          .slice(0, 60) || "activity";
      let id = base;
      for (let n = 2; taken.has(id) || taken.has(`${id}-before`); n++) id = `${base}_${n}`;
      taken.add(id).add(`${id}-before`);
      return [activity, id];
    }),
  );
}

/** Most visits at one time, but for the busiest hundredth of the time in which there was any; 1 where none took time. */
export function placesOf(visits: readonly Visit[]): number {
  return new Busy(visits).places;
}

/** How many visits of an activity are at work over time. */
class Busy {
  /** Instants at which the number changes, and the number from there on. */
  readonly times: number[] = [];
  readonly counts: number[] = [];
  readonly places: number;
  readonly workS: number;
  /** Time during which every place was taken, up to each of `times`. */
  readonly #full: number[] = [];

  constructor(visits: readonly Visit[]) {
    const edges = visits
      .flatMap(({ start, end }) => (end > start ? [[start, 1] as const, [end, -1] as const] : []))
      .toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
    let count = 0;
    for (const [at, change] of edges) {
      count += change;
      if (this.times.at(-1) === at) this.counts[this.counts.length - 1] = count;
      else {
        this.times.push(at);
        this.counts.push(count);
      }
    }
    const during = new Map<number, number>();
    this.times.forEach((at, i) => {
      const length = (this.times[i + 1] ?? at) - at;
      if (this.counts[i]! > 0) during.set(this.counts[i]!, (during.get(this.counts[i]!) ?? 0) + length);
    });
    const total = [...during.values()].reduce((sum, length) => sum + length, 0);
    let seen = 0;
    let places = 1;
    for (const [level, length] of [...during].toSorted((a, b) => a[0] - b[0])) {
      if (seen >= 0.99 * total) break;
      seen += length;
      places = level;
    }
    this.places = places;
    this.workS = [...during].reduce((sum, [level, length]) => sum + Math.min(level, places) * length, 0) / SECOND;
    let full = 0;
    this.times.forEach((at, i) => {
      this.#full.push(full);
      if (this.counts[i]! >= places) full += (this.times[i + 1] ?? at) - at;
    });
  }

  /** Time between two instants during which every place was taken. */
  fullBetween(from: number, to: number): number {
    return to <= from ? 0 : this.#fullUntil(to) - this.#fullUntil(from);
  }

  #fullUntil(at: number): number {
    let [low, high] = [0, this.times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    return this.#full[low - 1]! + (this.counts[low - 1]! >= this.places ? at - this.times[low - 1]! : 0);
  }
}

/** At every instant the activity whose places have been at work longest without a rest is the bottleneck. */
function bottleneckShares(
  activities: readonly string[],
  busy: ReadonlyMap<string, Busy>,
  from: number,
  to: number,
): ReadonlyMap<string, number> {
  const edges = activities
    .flatMap((activity) => {
      const { times, counts } = busy.get(activity)!;
      return times.flatMap((at, i) => {
        const [before, now] = [counts[i - 1] ?? 0, counts[i]!];
        return before > 0 === now > 0 ? [] : [{ at, activity, on: now > 0 }];
      });
    })
    .toSorted((a, b) => a.at - b.at);
  const since = new Map<string, number>();
  const sums = new Map(activities.map((activity) => [activity, 0]));
  let last = from;
  for (const { at, activity, on } of edges) {
    const longest = [...since].toSorted((a, b) => a[1] - b[1])[0];
    if (longest !== undefined && at > last) sums.set(longest[0], sums.get(longest[0])! + at - last);
    last = Math.max(last, at);
    if (on) since.set(activity, at);
    else since.delete(activity);
  }
  return new Map([...sums].map(([activity, sum]) => [activity, sum / Math.max(1, to - from)]));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
