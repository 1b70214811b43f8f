/**
 * MSER-5 (White 1997): how many leading values of a series to delete as warm-up. Batches of five, the truncation that minimises the
 * standard error of the mean of the rest, searched in the first half. A series shorter than 20 values deletes nothing.
 */
export function mser5(series: readonly number[]): number {
  const size = 5;
  const batches: number[] = [];
  for (let start = 0; start + size <= series.length; start += size) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += series[start + i]!;
    batches.push(sum / size);
  }
  if (batches.length < 4) return 0;
  let best = 0;
  let bestError = Number.POSITIVE_INFINITY;
  for (let cut = 0; cut <= batches.length / 2; cut++) {
    const rest = batches.slice(cut);
    const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length;
    const error = rest.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rest.length ** 2;
    if (error < bestError - 1e-12) {
      bestError = error;
      best = cut;
    }
  }
  return best * size;
}
