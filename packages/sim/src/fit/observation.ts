/**
 * What was observed of a line, cleaned (P8): processing times without waiting, set-up and failures inside; times to failure in operating
 * time, censored at shift ends, changeovers and blocking. Seconds.
 */
export interface LineObservations {
  readonly stations: readonly StationObservations[];
}

export interface StationObservations {
  readonly station: string;
  readonly cycles: readonly { readonly product: string; readonly valuesS: readonly number[] }[];
  readonly stops: readonly StopObservations[];
  readonly setUps: readonly { readonly attribute: string; readonly valuesS: readonly number[] }[];
  /** Entry i: parts tried for the (i + 1)-th time and how many of them were rejected. */
  readonly tries: readonly { readonly n: number; readonly rejected: number }[];
  /** At a source of the program: parts of each product, one run after the other. */
  readonly runs?: readonly { readonly product: string; readonly n: number }[];
  /** Least seconds from another station to this one, hour by hour. */
  readonly travel?: readonly { readonly from: string; readonly leastS: readonly number[] }[];
  /** Stops that a break or the end of a shift came into: how many still stood after it, and how many were gone. */
  readonly rests?: { readonly stood: number; readonly ended: number };
  /** Most second parts that ever waited at an assembly. */
  readonly mostComponents?: number;
  readonly scrapped?: { readonly n: number; readonly scrapped: number };
}

export interface StopObservations {
  /** Id of the stop in the line model. */
  readonly stop: string;
  /** Operating seconds between stops. */
  readonly betweenS: readonly number[];
  /** Operating seconds watched without a stop at their end. */
  readonly censoredS: readonly number[];
  readonly durationsS: readonly number[];
  /** The same without the wait for technicians, where that is told. */
  readonly repairsS?: readonly number[];
  /** And with the breaks and nights inside them. */
  readonly wholeRepairsS?: readonly number[];
}
