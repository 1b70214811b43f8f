/** Fewer periods with a value say nothing of what is usual. */
const LEAST = 3;

export interface Band {
  readonly low: (number | null)[];
  readonly middle: (number | null)[];
  readonly high: (number | null)[];
  readonly n: number[];
}

/** Across rows of equal length, column by column: 10 %, middle and 90 % of the values that are known. */
export function bandAcross(rows: readonly Float64Array[], columns: number): Band {
  const band: Band = { low: [], middle: [], high: [], n: [] };
  for (let at = 0; at < columns; at++) {
    const values = rows.flatMap((row) => (Number.isNaN(row[at]!) ? [] : [row[at]!])).toSorted((a, b) => a - b);
    const quantile = (share: number): number | null => {
      if (values.length < LEAST) return null;
      const place = share * (values.length - 1);
      const [below, above] = [values[Math.floor(place)]!, values[Math.ceil(place)]!];
      return below + (above - below) * (place - Math.floor(place));
    };
    band.low.push(quantile(0.1));
    band.middle.push(quantile(0.5));
    band.high.push(quantile(0.9));
    band.n.push(values.length);
  }
  return band;
}
