import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { badLine, numberLines, wholeNumber } from "../text-numbers.ts";

/** Quadratic assignment (Koopmans and Beckmann 1957): put n things onto n sites so that Σ a[i][j] · b[p(i)][p(j)] + Σ linear[i][p(i)] is least; matrices row by row. */
export interface QuadraticAssignment {
  readonly size: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** What a thing costs on a site by itself; absent: nothing. */
  readonly linear?: Float64Array;
}

const MAX_SIZE = 500;

/** A problem in the text format of QAPLIB: n, then n × n numbers of A, then as many of B, lines broken anywhere. Throws DW_INVALID naming the line. */
export function readQuadraticAssignment(text: string): QuadraticAssignment {
  const lines = numberLines(text);
  const head = lines[0]!;
  const size = wholeNumber(head.values[0], head.line, "n", 1, MAX_SIZE);
  const wanted = 2 * size * size;
  const values = new Float64Array(wanted);
  let count = -1;
  for (const { line, values: row } of lines) {
    for (const value of row) {
      if (count === wanted) throw badLine(line, `more than ${wanted} numbers after n = ${size}`);
      if (count >= 0) values[count] = value;
      if (!(Math.abs(value) <= 1e9)) throw badLine(line, `a number must be at most 1e9, not ${value}`);
      count++;
    }
  }
  if (count < wanted)
    throw badLine(lines.at(-1)!.line, `the file ends after ${count} of the ${wanted} numbers of two ${size} × ${size} matrices`);
  const problem = { size, a: values.slice(0, size * size), b: values.slice(size * size) };
  if (largestSum(problem) > Number.MAX_SAFE_INTEGER) throw new DoppelwerkError("DW_INVALID", message("sim.numbersTooLargeAddUpExactly"));
  return problem;
}

/** Σ a[i][j] · b[p(i)][p(j)] + Σ linear[i][p(i)]. */
export function assignmentCost(problem: QuadraticAssignment, permutation: ArrayLike<number>): number {
  const { size, a, b, linear } = problem;
  let sum = 0;
  if (linear) for (let i = 0; i < size; i++) sum += linear[i * size + permutation[i]!]!;
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) sum += a[i * size + j]! * b[permutation[i]! * size + permutation[j]!]!;
  return sum;
}

function largestSum({ size, a, b }: QuadraticAssignment): number {
  const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return size * size * largest(a) * largest(b);
}
