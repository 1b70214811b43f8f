import { heldColumns, type History, type Instant, type SampleColumns, type SeriesKey } from "@doppelwerk/world";

/** Read beyond a limit, for rows of which only the last of their instant stands. */
const MORE = 200;

/**
 * As `History.raw`, of a signal that a fold of a pack concludes: where late data corrected a conclusion, only the correction is there. As many rows as the
 * limit asks for where there are so many, so that who reads page by page finds the next one.
 */
export async function rawHeld(history: History, key: SeriesKey, from: Instant, to: Instant, limit?: number): Promise<SampleColumns> {
  if (limit === undefined) return heldColumns(await history.raw(key, from, to));
  for (let more = MORE; ; more *= 4) {
    const columns = await history.raw(key, from, to, limit + more);
    const isWhole = columns.times.length < limit + more;
    // of the last instant there may be more behind the limit
    const held = heldColumns(isWhole ? columns : rowsUntil(columns, rowOfLastInstant(columns.times)));
    if (isWhole || held.times.length >= limit) return rowsUntil(held, limit);
  }
}

function rowOfLastInstant(times: Float64Array): number {
  const last = times.at(-1);
  let row = times.length;
  while (row > 0 && times[row - 1] === last) row--;
  return row;
}

function rowsUntil({ times, values, texts, qualities, origins }: SampleColumns, count: number): SampleColumns {
  return {
    times: times.slice(0, count),
    values: values.slice(0, count),
    texts: new Map([...texts].filter(([row]) => row < count)),
    qualities: qualities.slice(0, count),
    origins: origins.slice(0, count),
  };
}
