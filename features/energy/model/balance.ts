/** A place with a meter: what it counted, or nothing where that is not known. `above`: the nearest place around it that has one. */
export interface MeteredPlace {
  readonly key: string;
  readonly above?: string | undefined;
  readonly amount?: number | undefined;
}

/** What a meter counts beyond the meters inside of its place. */
export interface Balance {
  readonly allocated: number;
  /** The meter less those inside; below zero where these count more. Undefined: one of them is not known. */
  readonly unallocated: number | undefined;
  /** The meters inside count more than it does, by more than the tolerance. */
  readonly isOver: boolean;
  /** Within the tolerance. */
  readonly isEven: boolean;
}

/** A hundredth of the meter of the level above. */
const BALANCE_TOLERANCE = 0.01;

/** Of each metered place that has metered places directly inside. */
export function balancesOf(places: readonly MeteredPlace[]): ReadonlyMap<string, Balance> {
  const inside = new Map<string, MeteredPlace[]>();
  for (const place of places) if (place.above !== undefined) inside.set(place.above, [...(inside.get(place.above) ?? []), place]);
  const balances = new Map<string, Balance>();
  for (const { key, amount } of places) {
    const own = inside.get(key);
    if (own === undefined) continue;
    const allocated = own.reduce((sum, each) => sum + (each.amount ?? 0), 0);
    const isKnown = amount !== undefined && own.every((each) => each.amount !== undefined);
    const unallocated = isKnown ? amount - allocated : undefined;
    const tolerance = BALANCE_TOLERANCE * Math.abs(amount ?? 0);
    balances.set(key, {
      allocated,
      unallocated,
      isOver: unallocated !== undefined && unallocated < -tolerance,
      isEven: unallocated !== undefined && Math.abs(unallocated) <= tolerance,
    });
  }
  return balances;
}
