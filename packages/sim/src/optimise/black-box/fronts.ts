/** Nowhere worse, and better somewhere; all values are minimised. */
export function dominates(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  let better = false;
  for (let o = 0; o < one.length; o++) {
    if (one[o]! > other[o]!) return false;
    better ||= one[o]! < other[o]!;
  }
  return better;
}

const UNRANKED = 0x7fff_ffff;

function lexical(one: ArrayLike<number>, other: ArrayLike<number>): number {
  for (let o = 0; o < one.length; o++) if (one[o]! !== other[o]!) return one[o]! - other[o]!;
  return 0;
}

/**
 * Non-dominated sorting and crowding of NSGA-II (Deb, Pratap, Agarwal, Meyarivan 2002) over rows of values: rank 0 are the rows that nothing beats,
 * rank 1 those that only rank 0 beats, …; the crowding of a row is how far its neighbours of the same rank are, Infinity at the ends.
 * It ends with the rank that has brought `most` rows together; all others keep the rank `UNRANKED`.
 */
export function rankFronts(
  rows: readonly ArrayLike<number>[],
  most = rows.length,
): { readonly rank: Int32Array; readonly crowding: Float64Array } {
  const rank = new Int32Array(rows.length).fill(UNRANKED);
  const crowding = new Float64Array(rows.length);
  // in lexical order whatever beats a row stands before it, so it is enough to look at the front found so far
  let left = rows.map((_, i) => i).sort((x, y) => lexical(rows[x]!, rows[y]!) || x - y);
  for (let level = 0, ranked = 0; left.length > 0 && ranked < most; level++) {
    const front: number[] = [];
    const rest: number[] = [];
    for (const i of left) (front.some((j) => dominates(rows[j]!, rows[i]!)) ? rest : front).push(i);
    for (const i of front) rank[i] = level;
    crowd(rows, front, crowding);
    ranked += front.length;
    left = rest;
  }
  return { rank, crowding };
}

function crowd(rows: readonly ArrayLike<number>[], front: readonly number[], crowding: Float64Array): void {
  for (const i of front) crowding[i] = 0;
  const objectives = rows[front[0]!]!.length;
  for (let o = 0; o < objectives; o++) {
    const sorted = [...front].sort((x, y) => rows[x]![o]! - rows[y]![o]! || x - y);
    const low = rows[sorted[0]!]![o]!;
    const high = rows[sorted.at(-1)!]![o]!;
    crowding[sorted[0]!] = crowding[sorted.at(-1)!] = Infinity;
    if (!(high > low) || !Number.isFinite(high)) continue;
    for (let i = 1; i + 1 < sorted.length; i++)
      crowding[sorted[i]!]! += (rows[sorted[i + 1]!]![o]! - rows[sorted[i - 1]!]![o]!) / (high - low);
  }
}
