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

/** The section as a problem: the shortest cycle that its stations allow. */
export function balanceOfWork({ stations, elements }: LineWork): LineBalance {
  return {
    time: elements.map(({ seconds }) => Math.round(seconds * PER_SECOND)),
    precedences: elements.flatMap(({ after }, element) => after.map((before) => [before, element] as const)),
    goal: { stations: stations.length },
    places: stations.map(({ places }) => places),
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
