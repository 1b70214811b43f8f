import type { LineBalance } from "./line-balancing.ts";

/** A section of a line whose work is known in elements that may move from station to station. */
export interface LineWork {
  /** In the order of the flow. */
  readonly stations: readonly WorkStation[];
  readonly elements: readonly WorkElement[];
  readonly taktS?: number;
}

export interface WorkStation {
  readonly id: string;
  readonly label: WorkLabel;
  readonly places: number;
}

export interface WorkElement {
  readonly id: string;
  readonly label: WorkLabel;
  /** Index of the station where it is done now. */
  readonly station: number;
  /** A part's, as measured: planned times stretched to what their station takes on average over the mix of products. */
  readonly seconds: number;
  /** Indices of the elements that must have been done before. */
  readonly after: readonly number[];
  /** Needs what only its station has. */
  readonly fixed: boolean;
}

/** In each language of the studio. */
export type WorkLabel = Readonly<Record<"en" | "zh", string>>;

/** What balances count in: whole tenths of a second. */
export const PER_SECOND = 10;

/** Whether a station can gain or lose work: not where every element needs what only it has. */
export function openStations({ stations, elements }: LineWork): boolean[] {
  return stations.map((_, station) => elements.some((element) => element.station === station && !element.fixed));
}

/** The section as a problem: the shortest cycle of the stations whose work can change. The others keep the order, and neither take work nor count. */
export function balanceOfWork(work: LineWork): LineBalance {
  const { stations, elements } = work;
  const open = openStations(work);
  return {
    time: elements.map(({ seconds, station }) => (open[station] ? Math.round(seconds * PER_SECOND) : 0)),
    precedences: elements.flatMap(({ after }, element) => after.map((before) => [before, element] as const)),
    goal: { stations: stations.length },
    places: stations.map(({ places }, station) => (open[station] ? places : 0)),
    bound: elements.map(({ fixed, station }) => (fixed ? station : null)),
  };
}

/** Elements that are done before what they need: pairs [needed, element]. */
export function brokenPrecedences({ elements }: LineWork, stationOf: ArrayLike<number>): (readonly [number, number])[] {
  return elements.flatMap(({ after }, element) =>
    after.flatMap((before) => (stationOf[before]! > stationOf[element]! ? [[before, element] as const] : [])),
  );
}

/** Seconds of each station for a part, by its places: the station that takes longest sets the cycle. */
export function stationSeconds({ stations, elements }: LineWork, stationOf: ArrayLike<number>): number[] {
  const load = stations.map(() => 0);
  for (const [element, { seconds }] of elements.entries()) load[stationOf[element]!]! += seconds;
  return stations.map(({ places }, station) => load[station]! / places);
}
