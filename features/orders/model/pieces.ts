import { counterStep, quality, type Instant, type SampleColumns, type SignalRecord } from "@doppelwerk/world";

/** Pieces of a product that a station counted at an instant. */
export interface Pieces {
  readonly at: Instant;
  /** Absent: what was on the station then is not known. */
  readonly product?: string;
  readonly count: number;
}

/** More at once than a station makes between two readings: the counter was set, not counted. */
const MAX_STEP = 1_000;

/**
 * What a counter counted, each step with the product that the station had then. Of one instant the count comes first: it belongs to the product before the
 * change. A step backwards is a roll-over or a reset, as the counter is declared; nothing is ever taken away.
 */
export function countedPieces(
  counts: Pick<SampleColumns, "times" | "values" | "qualities">,
  products: Pick<SampleColumns, "times" | "values" | "texts">,
  counter: SignalRecord["counter"] = { type: "totaliser" },
  before?: { readonly count?: number | undefined; readonly product?: string | undefined },
): readonly Pieces[] {
  const made: Pieces[] = [];
  let [last, product, next] = [before?.count, before?.product, 0];
  for (const [row, at] of counts.times.entries()) {
    for (; next < products.times.length && products.times[next]! < at; next++) product = products.texts.get(next);
    const value = counts.values[row]!;
    if (counts.qualities[row] === quality.bad || !Number.isFinite(value)) continue;
    const step = last === undefined ? 0 : counterStep(last, value, counter).delta;
    last = value;
    if (step > 0 && step <= MAX_STEP) made.push({ at, ...(product !== undefined && product !== "" && { product }), count: step });
  }
  return made;
}
