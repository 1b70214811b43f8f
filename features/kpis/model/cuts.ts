import type { ShiftResult } from "@doppelwerk/operations";
import { HOUR, type Instant } from "@doppelwerk/kit";

export const CUTS = ["hour", "shift", "day", "order", "product"] as const;
export type Cut = (typeof CUTS)[number];

export interface CutSpan {
  readonly from: Instant;
  readonly to: Instant;
}

/** Local hours from the first to the last of a span; one that is cut by an end is shorter. An hour that the clocks leave out is not there, one that they repeat is twice. */
export function hoursOf({ from, to }: CutSpan, hourOf: (instant: Instant) => Instant): readonly CutSpan[] {
  const hours: CutSpan[] = [];
  for (let at = from; at < to;) {
    const end = Math.min(to, hourOf(at) + HOUR);
    hours.push({ from: at, to: end });
    at = end;
  }
  return hours;
}

/** Shifts of one production day together, in order of time. */
export function daysOf(shifts: readonly ShiftResult[]): readonly { readonly day: string; readonly shifts: readonly ShiftResult[] }[] {
  const days = new Map<string, ShiftResult[]>();
  for (const shift of shifts) days.set(shift.day, [...(days.get(shift.day) ?? []), shift]);
  return [...days].map(([day, of]) => ({ day, shifts: of }));
}

/** When each product was made, in [from, to). */
export function spansOfProducts(
  products: readonly { readonly from: Instant; readonly product: string }[],
  within: readonly CutSpan[],
): ReadonlyMap<string, readonly CutSpan[]> {
  const spans = new Map<string, CutSpan[]>();
  for (const [at, { from, product }] of products.entries()) {
    const end = products[at + 1]?.from ?? Infinity;
    for (const span of within) {
      const [begin, until] = [Math.max(from, span.from), Math.min(end, span.to)];
      if (until > begin) spans.set(product, [...(spans.get(product) ?? []), { from: begin, to: until }]);
    }
  }
  return spans;
}
