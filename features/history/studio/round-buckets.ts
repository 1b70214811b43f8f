import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";

const widths = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 3, 5, 10, 15, 20, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  DAY,
];

/**
 * A period in at most so many buckets that begin at round times of the clock, so that a moment later the same buckets hold the same values. `isOpen`: the
 * last one may reach beyond the end; otherwise nothing after it is in any. A period too short or too long for round ones is divided as it is.
 */
export function roundBuckets(
  { from, to }: { readonly from: Instant; readonly to: Instant },
  most: number,
  isOpen: boolean,
): { readonly from: Instant; readonly to: Instant; readonly points: number } {
  const width = widths.find((each) => (to - from) / each <= most - 2);
  if (width === undefined || to - from < 2 * width) return { from, to, points: most };
  const begin = Math.floor(from / width) * width;
  const end = (isOpen ? Math.ceil(to / width) : Math.floor(to / width)) * width;
  return { from: begin, to: end, points: (end - begin) / width };
}
