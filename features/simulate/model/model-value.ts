import type { Factor, FittedParameter } from "@doppelwerk/client";

/** What a model takes in place of what the documents state. */
export interface ModelValue {
  /** In the unit of the factor: without the branch's edit, and with it. */
  readonly live: number;
  readonly here: number;
  readonly source: FittedParameter["source"];
  /** Observations that it was fitted from. */
  readonly n: number;
}

/**
 * The value of a factor in a model (`transferEdits` of packages/sim): a fitted mean in its place, which an edit changes in its ratio. `here` is what the
 * documents of the branch state. Undefined where a model takes what is stated.
 */
export function modelValue(factor: Factor, here: number, parameters: readonly FittedParameter[]): ModelValue | undefined {
  if (factor.parameter === undefined) return undefined;
  const fitted = parameters.find(({ station, name }) => station === factor.station && name === factor.parameter);
  if (fitted === undefined) return undefined;
  const { mean, nominal, source, n } = fitted;
  // the ratio carries no unit: a parameter may be in minutes where its factor is in seconds
  const ratio = nominal !== undefined && nominal > 0 ? mean / nominal : 1;
  return { live: factor.live * ratio, here: here * ratio, source, n };
}
