import type { QuadraticAssignment } from "./quadratic-assignment.ts";

/** Beyond so many things the bound would take longer than it is worth: its time grows with the cube. */
const MAX_THINGS = 200;

/**
 * The bound of Gilmore (1962) and Lawler (1963): for each pair (thing, site) the least it can cost by itself, then the best assignment of those. For
 * very large problems the least sum of products of all entries instead.
 */
export function gilmoreLawlerBound(problem: QuadraticAssignment): number {
  const { size, a, b, linear } = problem;
  const bound = size > MAX_THINGS ? leastProducts(problem) : assignmentValue(leastCosts(problem), size);
  if (![a, b, ...(linear ? [linear] : [])].every((matrix) => matrix.every(Number.isInteger))) return bound - 1e-9 * Math.abs(bound);
  const whole = Math.ceil(bound - 1e-6);
  // two symmetric matrices without diagonal count every pair twice
  return !linear && whole % 2 !== 0 && isHollowSymmetric(a, size) && isHollowSymmetric(b, size) ? whole + 1 : whole;
}

/** Least sum of products of the diagonals, and of all other entries, each of a with one of b. */
function leastProducts({ size, a, b, linear }: QuadraticAssignment): number {
  const part = (matrix: Float64Array, diagonal: boolean): Float64Array =>
    matrix.filter((_, at) => (Math.floor(at / size) === at % size) === diagonal).sort();
  let sum = linear ? assignmentValue(linear, size) : 0;
  for (const diagonal of [true, false]) {
    const rising = part(a, diagonal);
    const falling = part(b, diagonal).reverse();
    for (let i = 0; i < rising.length; i++) sum += rising[i]! * falling[i]!;
  }
  return sum;
}

/** What each thing (row) costs at least on each site (column). */
function leastCosts({ size, a, b, linear }: QuadraticAssignment): Float64Array {
  const rows = (matrix: Float64Array, order: 1 | -1): Float64Array[] =>
    Array.from({ length: size }, (_, i) => {
      const row = Float64Array.from(matrix.subarray(i * size, (i + 1) * size)).filter((_value, j) => j !== i);
      row.sort();
      return order === 1 ? row : row.reverse();
    });
  const rising = rows(a, 1);
  const falling = rows(b, -1);
  const cost = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      let sum = a[i * size + i]! * b[k * size + k]! + (linear?.[i * size + k] ?? 0);
      for (let j = 0; j < size - 1; j++) sum += rising[i]![j]! * falling[k]![j]!;
      cost[i * size + k] = sum;
    }
  }
  return cost;
}

function isHollowSymmetric(matrix: Float64Array, size: number): boolean {
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) if (i === j ? matrix[i * size + i] !== 0 : matrix[i * size + j] !== matrix[j * size + i]) return false;
  return true;
}

/** Cost of the best assignment of rows to columns (Kuhn 1955; shortest augmenting paths with potentials, O(n³)). */
export function assignmentValue(cost: Float64Array, size: number): number {
  const rowPotential = new Float64Array(size + 1);
  const columnPotential = new Float64Array(size + 1);
  const rowOf = new Int32Array(size + 1);
  const way = new Int32Array(size + 1);
  for (let row = 1; row <= size; row++) {
    const least = new Float64Array(size + 1).fill(Infinity);
    const used = new Uint8Array(size + 1);
    let column = 0;
    rowOf[0] = row;
    do {
      used[column] = 1;
      const from = rowOf[column]!;
      let delta = Infinity;
      let next = 0;
      for (let j = 1; j <= size; j++) {
        if (used[j] === 1) continue;
        const reduced = cost[(from - 1) * size + j - 1]! - rowPotential[from]! - columnPotential[j]!;
        if (reduced < least[j]!) {
          least[j] = reduced;
          way[j] = column;
        }
        if (least[j]! < delta) {
          delta = least[j]!;
          next = j;
        }
      }
      for (let j = 0; j <= size; j++) {
        if (used[j] === 1) {
          rowPotential[rowOf[j]!]! += delta;
          columnPotential[j]! -= delta;
        } else least[j]! -= delta;
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      rowOf[column] = rowOf[way[column]!]!;
      column = way[column]!;
    }
  }
  let value = 0;
  for (let j = 1; j <= size; j++) value += cost[(rowOf[j]! - 1) * size + j - 1]!;
  return value;
}
