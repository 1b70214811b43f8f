import type { Instant } from "@doppelwerk/world";

/** A span of time with a label: a state, an order, a product. */
export interface LabelledSpan {
  readonly from: Instant;
  readonly to: Instant;
  readonly label: number;
}

/** Label of time that no span has. */
export const NO_LABEL = -1;

/** Time cut wherever any of its columns changes: cut i is [bounds[i], bounds[i + 1]), `labels[c][i]` what column c says of it. */
export interface Timeline {
  readonly bounds: Float64Array;
  readonly labels: readonly Int32Array[];
}

/** Cuts [from, to) by several lists of spans at once. Spans of one list are in order of time; where two overlap, the first that began has the time. */
export function timelineOf(from: Instant, to: Instant, lists: readonly (readonly LabelledSpan[])[]): Timeline {
  const edges: number[] = [from, to];
  for (const list of lists)
    for (const span of list) {
      if (span.from > from && span.from < to) edges.push(span.from);
      if (span.to > from && span.to < to) edges.push(span.to);
    }
  const sorted = Float64Array.from(edges).sort();
  let count = 0;
  for (let at = 0; at < sorted.length; at++) if (at === 0 || sorted[at] !== sorted[at - 1]) sorted[count++] = sorted[at]!;
  const bounds = sorted.slice(0, count);
  return { bounds, labels: lists.map((list) => labelsOf(bounds, list)) };
}

function labelsOf(bounds: Float64Array, spans: readonly LabelledSpan[]): Int32Array {
  const labels = new Int32Array(Math.max(0, bounds.length - 1)).fill(NO_LABEL);
  let cut = 0;
  for (const { from, to, label } of spans) {
    while (cut < labels.length && bounds[cut]! < from) cut++;
    for (; cut < labels.length && bounds[cut]! < to; cut++) labels[cut] = label;
  }
  return labels;
}

/** Quarter hours of [from, to): the first and last may be cut short. Offsets of time zones are whole quarters, so these are those of the local clock too. */
export function quarters(from: Instant, to: Instant): readonly LabelledSpan[] {
  const spans: LabelledSpan[] = [];
  const first = Math.floor(from / QUARTER);
  for (let quarter = first; quarter * QUARTER < to; quarter++)
    spans.push({ from: Math.max(from, quarter * QUARTER), to: Math.min(to, (quarter + 1) * QUARTER), label: quarter - first });
  return spans;
}

export const QUARTER: Instant = 900_000_000;
