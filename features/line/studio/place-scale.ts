/** The far end of a display band would press the dots flat: a bound further than 1.5 spreads from the values is left out. */
export function isNear(values: readonly number[], bound: number | undefined): bound is number {
  const spread = values.length === 0 ? 1 : Math.max(...values) - Math.min(...values) || 1;
  return (
    bound !== undefined && values.length > 0 && bound > Math.min(...values) - 1.5 * spread && bound < Math.max(...values) + 1.5 * spread
  );
}

/** Whether values of this type have a median: a recipe or a switch has none. */
export function isMeasured(valueType: string | undefined): boolean {
  return valueType === undefined || valueType === "double" || valueType === "integer";
}
