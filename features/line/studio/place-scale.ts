/** The vertical scale of the place chart, in its 116 units of height. */
export interface PlaceScale {
  /** The display bounds that are drawn: those the values come near. */
  readonly limits: readonly number[];
  /** The two values that carry a line and a number: the limits where both are drawn, else the least and the greatest value. */
  readonly axis: readonly number[];
  readonly y: (value: number) => number;
}

/** The far end of a display band would press the dots flat: a bound further than 1.5 spreads from the values is left out. */
export function isNear(values: readonly number[], bound: number | undefined): bound is number {
  const spread = values.length === 0 ? 1 : Math.max(...values) - Math.min(...values) || 1;
  return (
    bound !== undefined && values.length > 0 && bound > Math.min(...values) - 1.5 * spread && bound < Math.max(...values) + 1.5 * spread
  );
}

/** Fits values and near bounds between 6 and 92 units from the top, with a margin of a tenth on either side. */
export function placeScale(values: readonly number[], bounds: readonly (number | undefined)[]): PlaceScale {
  const limits = bounds.filter((bound) => isNear(values, bound));
  const least = Math.min(...values, ...limits);
  const most = Math.max(...values, ...limits);
  const pad = (most - least || 1) * 0.1;
  return {
    limits,
    axis: limits.length === 2 ? limits : [Math.min(...values), Math.max(...values)],
    y: (value) => 92 - ((value - least + pad) / (most - least + 2 * pad)) * 86,
  };
}
