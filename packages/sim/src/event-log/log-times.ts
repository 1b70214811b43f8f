import { SECOND } from "@doppelwerk/world";
import { quantileOfSorted } from "../statistics/summary.ts";
import type { EventLog, Visit } from "./event-log.ts";
import { placesOf } from "./log-line.ts";

/** How long one resource took for an activity. */
export interface ResourceTime {
  readonly resource: string;
  readonly n: number;
  /** Seconds; of fewer than ten visits those of the activity count as ten more. */
  readonly meanS: number;
  readonly pooled: boolean;
}

/** How long an activity takes, as its log states it. */
export interface LogTime {
  readonly activity: string;
  /** Visits of which start and end are known; the same activity again in a row is one visit in pieces. */
  readonly n: number;
  /** Seconds of work. */
  readonly meanS: number;
  /** All times of at most 101 visits, 101 quantiles of more; ascending. */
  readonly valuesS: readonly number[];
  /** Most visits at one time, but for the busiest hundredth of its working time. */
  readonly places: number;
  /** The log has one time a row: waiting before it is in the time. */
  readonly isBound: boolean;
  /** Seconds from the end of one visit to the next, median; absent for fewer than six visits. */
  readonly intervalS?: number;
  /** Of visits that one resource did alone, most visits first. */
  readonly resources: readonly ResourceTime[];
}

const POINTS = 101;
/** A resource with fewer visits is pooled with the activity. */
const VISITS_MIN = 10;
/** Readings that state one time a row. */
const ONE_TIME = new Set(["sim.eventLogEndsOnly", "sim.eventLogStartsOnly"]);
const LONE_ENDS = "sim.eventLogEndsWithoutStart";

/** The work times of each activity that takes time, by name. An activity of which only instants are known is left out. */
export function timesOfLog({ visits, assumptions }: Pick<EventLog, "visits" | "assumptions">): readonly LogTime[] {
  const isBound = assumptions.some(({ code }) => ONE_TIME.has(code));
  // there a visit without length is one of which only an instant is known
  const hasInstants = isBound || assumptions.some(({ code }) => code === LONE_ENDS);
  const whole = wholeVisits(visits).filter(({ workS }) => !hasInstants || workS > 0);
  const activities = grouped(visits, ({ activity }) => activity);
  const worked = grouped(whole, ({ activity }) => activity);
  return [...activities.keys()].toSorted().flatMap((activity): LogTime[] => {
    const own = worked.get(activity) ?? [];
    const sorted = own.map(({ workS }) => workS).toSorted((a, b) => a - b);
    const meanS = mean(sorted);
    if (!(meanS > 0)) return [];
    return [
      {
        activity,
        n: own.length,
        meanS,
        valuesS: sorted.length <= POINTS ? sorted : Array.from({ length: POINTS }, (_, i) => quantileOfSorted(sorted, i / (POINTS - 1))),
        places: placesOf(activities.get(activity)!),
        isBound,
        ...intervalOf(activities.get(activity)!),
        resources: resourcesOf(own, meanS),
      },
    ];
  });
}

const INTERVALS_MIN = 5;

function intervalOf(visits: readonly Visit[]): { readonly intervalS?: number } {
  const ends = visits.map(({ end }) => end).toSorted((a, b) => a - b);
  const gaps = ends.slice(1).map((end, index) => (end - ends[index]!) / SECOND);
  return gaps.length < INTERVALS_MIN
    ? {}
    : {
        intervalS: quantileOfSorted(
          gaps.toSorted((a, b) => a - b),
          0.5,
        ),
      };
}

interface WholeVisit {
  readonly activity: string;
  readonly workS: number;
  /** Undefined where several did it, or none is named. */
  readonly resource: string | undefined;
}

/** The pieces of one visit put together; what lies between them is no work. */
function wholeVisits(visits: readonly Visit[]): readonly WholeVisit[] {
  return [...grouped(visits, (visit) => visit.case).values()].flatMap((list) => {
    const pieces: Visit[][] = [];
    for (const visit of list) {
      const last = pieces.at(-1);
      if (last?.[0]?.activity === visit.activity) last.push(visit);
      else pieces.push([visit]);
    }
    return pieces.map((parts): WholeVisit => {
      const [first] = parts;
      return {
        activity: first!.activity,
        workS: parts.reduce((sum, { start, end }) => sum + (end - start) / SECOND, 0),
        resource: parts.every(({ resource }) => resource === first!.resource) ? first!.resource : undefined,
      };
    });
  });
}

function resourcesOf(visits: readonly WholeVisit[], activityMeanS: number): readonly ResourceTime[] {
  const named = grouped(
    visits.filter(({ resource }) => resource !== undefined),
    ({ resource }) => resource!,
  );
  return [...named]
    .map(([resource, own]): ResourceTime => {
      const n = own.length;
      const meanS = mean(own.map(({ workS }) => workS));
      const pooled = n < VISITS_MIN;
      return { resource, n, meanS: pooled ? (n * meanS + VISITS_MIN * activityMeanS) / (n + VISITS_MIN) : meanS, pooled };
    })
    .toSorted((a, b) => b.n - a.n || (a.resource < b.resource ? -1 : 1));
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
