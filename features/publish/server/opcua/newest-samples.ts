import type { History, Instant, SeriesKey } from "@doppelwerk/world";

const FIRST_SPAN: Instant = 60_000_000;
const WIDER = 8;

/** Instant from which on there are at most `limit` samples before `to`, and `limit` where there are so many from `from` on; never before `from`. */
export async function beginOfNewest(history: History, key: SeriesKey, from: Instant, to: Instant, limit: number): Promise<Instant> {
  const extent = await history.extent(key);
  if (extent === undefined) return to;
  const first = Math.max(from, extent.first);
  for (let span = FIRST_SPAN; ; span *= WIDER) {
    const begin = Math.max(first, to - span);
    const { times } = await history.raw(key, begin, to, limit + 1);
    if (times.length > limit) return beginWithin(history, key, begin, to, limit);
    if (begin === first || times.length === limit) return begin;
  }
}

/** In a span that holds more than `limit`: page by page, with the times of the last ones in hand. */
async function beginWithin(history: History, key: SeriesKey, from: Instant, to: Instant, limit: number): Promise<Instant> {
  let last: number[] = [];
  for (let next = from; ;) {
    const { times } = await history.raw(key, next, to, limit + 1);
    // those of the last time of a page come again with the next one, whole
    const whole = times.length <= limit ? times : times.filter((time) => time < times.at(-1)!);
    last = [...last, ...whole].slice(-limit);
    if (times.length <= limit) return last[0]!;
    if (whole.length === 0) return times.at(-1)!;
    next = times.at(-1)!;
  }
}
