/** A curve as two columns. */
export interface Columns {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Where the good curves lie at each x: the middle, and the range of 98 % of them. Null where too few reach. */
export interface Envelope {
  readonly x: number[];
  readonly low: (number | null)[];
  readonly middle: (number | null)[];
  readonly high: (number | null)[];
  /** How many curves each x is of. */
  readonly n: number[];
}

const POINTS = 160;
/** Fewer curves are no envelope. */
export const LEAST_CURVES = 5;
/** A hole in a curve of more than so many of its usual steps is not bridged. */
const BRIDGED_STEPS = 4;
/** Share of its length that a curve may be outside without being marked. */
const OUTSIDE_SHARE = 0.05;

/** The envelope of curves; undefined with fewer than five. */
export function envelopeOf(curves: readonly Columns[]): Envelope | undefined {
  if (curves.length < LEAST_CURVES) return undefined;
  const [from, to] = reachOf(curves);
  if (!(to > from)) return undefined;
  const x = Array.from({ length: POINTS }, (_, at) => from + ((to - from) * at) / (POINTS - 1));
  const rows = curves.map((curve) => onGrid(curve, x));
  const low: (number | null)[] = [];
  const middle: (number | null)[] = [];
  const high: (number | null)[] = [];
  const n = x.map((_, at) => {
    const values = rows.flatMap((row) => (Number.isNaN(row[at]!) ? [] : [row[at]!])).toSorted((a, b) => a - b);
    const isKnown = values.length >= LEAST_CURVES;
    low.push(isKnown ? quantile(values, 0.01) : null);
    middle.push(isKnown ? quantile(values, 0.5) : null);
    high.push(isKnown ? quantile(values, 0.99) : null);
    return values.length;
  });
  return { x, low, middle, high, n };
}

/** The range of x that at least half of the curves reach on either side. */
function reachOf(curves: readonly Columns[]): readonly [number, number] {
  const firsts = curves.map(({ x }) => Math.min(...x)).toSorted((a, b) => a - b);
  const lasts = curves.map(({ x }) => Math.max(...x)).toSorted((a, b) => a - b);
  return [quantile(firsts, 0.25), quantile(lasts, 0.75)];
}

function quantile(ascending: readonly number[], share: number): number {
  const at = share * (ascending.length - 1);
  const [below, above] = [ascending[Math.floor(at)]!, ascending[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}

/** Values at each x of an ascending grid by straight lines; NaN beyond the ends and in holes. Where a spindle runs back only its way forward counts. */
export function onGrid(curve: Columns, grid: readonly number[]): Float64Array {
  const { x, y } = ascending(curve);
  const longest = BRIDGED_STEPS * usualStep(x);
  const row = new Float64Array(grid.length).fill(Number.NaN);
  let next = 1;
  for (const [at, asked] of grid.entries()) {
    while (next < x.length && x[next]! < asked) next++;
    const [from, to] = [x[next - 1], x[next]];
    if (from === undefined || to === undefined || asked < from || to - from > longest) continue;
    row[at] = y[next - 1]! + ((y[next]! - y[next - 1]!) * (asked - from)) / (to - from || 1);
  }
  return row;
}

function ascending({ x, y }: Columns): Columns {
  const rows: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const [row, value] of x.entries())
    if (value > last) {
      rows.push(row);
      last = value;
    }
  return { x: rows.map((row) => x[row]!), y: rows.map((row) => y[row]!) };
}

/** The step that nine of ten are not longer than: curves have dense and thin stretches. */
function usualStep(x: readonly number[]): number {
  const steps = x.slice(1).map((value, at) => value - x[at]!);
  return steps.length === 0
    ? 0
    : quantile(
        steps.toSorted((a, b) => a - b),
        0.9,
      );
}

/** Share of the known length of a curve that lies outside of the envelope, by more than a fiftieth of its height. */
export function outsideShare(curve: Columns, envelope: Envelope): number {
  const row = onGrid(curve, envelope.x);
  const highs = envelope.high.filter((value) => value !== null);
  const lows = envelope.low.filter((value) => value !== null);
  const slack = (Math.max(...highs) - Math.min(...lows)) / 50;
  let [known, outside] = [0, 0];
  for (const [at, value] of row.entries()) {
    const [low, high] = [envelope.low[at]!, envelope.high[at]!];
    if (Number.isNaN(value) || low === null || high === null) continue;
    known++;
    if (value < low - slack || value > high + slack) outside++;
  }
  return known === 0 ? 0 : outside / known;
}

export function isOutlier(share: number): boolean {
  return share > OUTSIDE_SHARE;
}
