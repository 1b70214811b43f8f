/** Where a sparse series really has no data (P14): a stretch without samples longer than this many usual spacings is a gap. */
const GAP_SPACINGS = 5;
const LEAST_BUCKETS = 4;

/**
 * Marks the empty buckets of a series: `null` = gap, `undefined` = merely between two samples. A signal that reports once a cycle is
 * whole although most buckets are empty; one that fell silent is not, nor is one that said in between that it knows nothing (`bad`, ascending).
 */
export function withGaps(values: readonly (number | null)[], bad: readonly number[] = []): (number | null | undefined)[] {
  const filled: number[] = [];
  values.forEach((value, index) => {
    if (value !== null) filled.push(index);
  });
  const spacings = filled.slice(1).map((index, position) => index - filled[position]!);
  const usual = spacings.toSorted((a, b) => a - b)[Math.floor(spacings.length / 2)] ?? 1;
  const longest = Math.max(LEAST_BUCKETS, usual * GAP_SPACINGS);
  const marked: (number | null | undefined)[] = [...values];
  filled.slice(1).forEach((index, position) => {
    const before = filled[position]!;
    if (index - before > longest || bad.some((at) => at > before && at < index)) return;
    for (let between = before + 1; between < index; between += 1) marked[between] = undefined;
  });
  return marked;
}
