import { packMemory, unpackMemory } from "../../kernel/memory.ts";
import type { Search } from "../search.ts";
import { WordStream } from "../word-stream.ts";
import { gilmoreLawlerBound } from "./gilmore-lawler.ts";
import { assignmentCost, type QuadraticAssignment } from "./quadratic-assignment.ts";

class AssignmentMemory {
  permutation: Int32Array<ArrayBuffer>;
  /** Change of cost by the swap of r and s, at r · n + s for r < s. */
  delta: Float64Array<ArrayBuffer>;
  /** Iteration until which thing i may not go back to site k. */
  tabuUntil: Float64Array<ArrayBuffer>;
  best: Int32Array<ArrayBuffer>;
  bestCost = 0;
  cost = 0;
  iteration = 0;
  improvedAt = 0;

  constructor(size: number) {
    this.permutation = Int32Array.from({ length: size }, (_, i) => i);
    this.best = new Int32Array(size);
    this.delta = new Float64Array(size * size);
    this.tabuUntil = new Float64Array(size * size);
  }
}

/**
 * Robust tabu search (Taillard 1991): the best swap whose two things do not both return where they were a short, random while ago; a swap not
 * made for very long is forced. Starts again from a shaken best when nothing has come for long. The answer is p, counted from 0.
 */
export class AssignmentSearch implements Search<Int32Array> {
  readonly lowerBound: number;
  readonly #problem: QuadraticAssignment;
  readonly #memory: AssignmentMemory;
  readonly #words: WordStream;
  readonly #aspiration: number;
  readonly #patience: number;

  /** `from`: a permutation to begin with, else a random one. */
  constructor(
    problem: QuadraticAssignment,
    options: { readonly seed: number; readonly stream?: number; readonly from?: readonly number[] },
  ) {
    const { size } = problem;
    this.#problem = problem;
    this.#words = new WordStream(options.seed, options.stream);
    this.#memory = new AssignmentMemory(size);
    this.#aspiration = 5 * size * size;
    // searches beside one another differ in how soon they give up: sparse problems want short ones, dense ones long
    this.#patience = ((options.stream ?? 0) % 2 === 0 ? 1_000 : 200) * size * Math.max(1, Math.floor(size / 8));
    this.lowerBound = gilmoreLawlerBound(problem);
    if (options.from) this.#memory.permutation.set(options.from);
    else this.#words.shuffle(this.#memory.permutation);
    this.#evaluate();
    this.#memory.bestCost = this.#memory.cost;
    this.#memory.best.set(this.#memory.permutation);
  }

  get iterations(): number {
    return this.#memory.iteration;
  }

  get objective(): number {
    return this.#memory.bestCost;
  }

  get finished(): boolean {
    return this.#memory.bestCost <= this.lowerBound || this.#problem.size === 1;
  }

  advance(iterations: number): void {
    const last = this.#memory.iteration + iterations;
    while (this.#memory.iteration < last && !this.finished) this.#swap();
  }

  solution(): Int32Array {
    return this.#memory.best.slice();
  }

  save(): Uint8Array<ArrayBuffer> {
    return packMemory([this.#memory, this.#words]);
  }

  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, [this.#memory, this.#words]);
  }

  #swap(): void {
    const memory = this.#memory;
    const { permutation, delta, tabuUntil } = memory;
    const { size } = this.#problem;
    memory.iteration++;
    const now = memory.iteration;
    if (now - memory.improvedAt > this.#patience) this.#shake();
    let bestR = -1;
    let bestS = -1;
    let bestDelta = Infinity;
    let forced = false;
    for (let r = 0; r < size - 1; r++) {
      for (let s = r + 1; s < size; s++) {
        const change = delta[r * size + s]!;
        const untilR = tabuUntil[r * size + permutation[s]!]!;
        const untilS = tabuUntil[s * size + permutation[r]!]!;
        const allowed = untilR < now || untilS < now;
        const aspired = memory.cost + change < memory.bestCost || (untilR < now - this.#aspiration && untilS < now - this.#aspiration);
        if (aspired && !forced) {
          forced = true;
          bestDelta = change;
          bestR = r;
          bestS = s;
        } else if ((aspired || (allowed && !forced)) && change < bestDelta) {
          bestDelta = change;
          bestR = r;
          bestS = s;
        }
      }
    }
    if (bestR < 0) {
      bestR = this.#words.below(size - 1);
      bestS = bestR + 1 + this.#words.below(size - 1 - bestR);
    }
    this.#carryOut(bestR, bestS);
  }

  #carryOut(r: number, s: number): void {
    const memory = this.#memory;
    const { permutation, delta, tabuUntil } = memory;
    const { size } = this.#problem;
    tabuUntil[r * size + permutation[r]!] = memory.iteration + this.#tenure();
    tabuUntil[s * size + permutation[s]!] = memory.iteration + this.#tenure();
    const kept = permutation[r]!;
    permutation[r] = permutation[s]!;
    permutation[s] = kept;
    memory.cost += delta[r * size + s]!;
    for (let i = 0; i < size - 1; i++)
      for (let j = i + 1; j < size; j++)
        delta[i * size + j] = i !== r && i !== s && j !== r && j !== s ? this.#deltaAfter(i, j, r, s) : this.#deltaOf(i, j);
    if (memory.cost < memory.bestCost) {
      // fractions drift when they are added up swap by swap: what is told is the cost of the permutation
      if (!Number.isInteger(memory.cost)) memory.cost = assignmentCost(this.#problem, permutation);
      memory.bestCost = memory.cost;
      memory.best.set(permutation);
      memory.improvedAt = memory.iteration;
    }
  }

  #tenure(): number {
    const { size } = this.#problem;
    return Math.floor(0.9 * size) + this.#words.below(Math.max(1, Math.floor(0.2 * size)) + 1) + 1;
  }

  /** From the best, a third of the things exchanged at random. */
  #shake(): void {
    const memory = this.#memory;
    const { size } = this.#problem;
    memory.permutation.set(memory.best);
    const moved = Int32Array.from({ length: size }, (_, i) => i);
    this.#words.shuffle(moved);
    const count = Math.max(2, Math.floor(size / 3) + this.#words.below(Math.max(1, Math.floor(size / 3))));
    const sites = moved.slice(0, count).map((i) => memory.permutation[i]!);
    for (let i = 0; i < count; i++) memory.permutation[moved[i]!] = sites[(i + 1) % count]!;
    memory.improvedAt = memory.iteration;
    this.#evaluate();
  }

  #evaluate(): void {
    const memory = this.#memory;
    const { size } = this.#problem;
    memory.cost = assignmentCost(this.#problem, memory.permutation);
    for (let i = 0; i < size - 1; i++) for (let j = i + 1; j < size; j++) memory.delta[i * size + j] = this.#deltaOf(i, j);
    for (let i = 0; i < size * size; i++) memory.tabuUntil[i] = memory.iteration - (i % (2 * size));
  }

  /** Change of cost by the swap of r and s, from scratch: O(n). */
  #deltaOf(r: number, s: number): number {
    const { size, a, b, linear } = this.#problem;
    const p = this.#memory.permutation;
    const pr = p[r]!;
    const ps = p[s]!;
    let sum =
      (a[r * size + r]! - a[s * size + s]!) * (b[ps * size + ps]! - b[pr * size + pr]!) +
      (a[r * size + s]! - a[s * size + r]!) * (b[ps * size + pr]! - b[pr * size + ps]!);
    for (let k = 0; k < size; k++) {
      if (k === r || k === s) continue;
      const pk = p[k]!;
      sum +=
        (a[k * size + r]! - a[k * size + s]!) * (b[pk * size + ps]! - b[pk * size + pr]!) +
        (a[r * size + k]! - a[s * size + k]!) * (b[ps * size + pk]! - b[pr * size + pk]!);
    }
    return linear ? sum + linear[r * size + ps]! + linear[s * size + pr]! - linear[r * size + pr]! - linear[s * size + ps]! : sum;
  }

  /** The same after the swap of r and s has been made, from its value before, for i and j other than both: O(1). */
  #deltaAfter(i: number, j: number, r: number, s: number): number {
    const { size, a, b } = this.#problem;
    const p = this.#memory.permutation;
    const pi = p[i]!;
    const pj = p[j]!;
    const pr = p[r]!;
    const ps = p[s]!;
    return (
      this.#memory.delta[i * size + j]! +
      (a[r * size + i]! - a[r * size + j]! + a[s * size + j]! - a[s * size + i]!) *
        (b[ps * size + pi]! - b[ps * size + pj]! + b[pr * size + pj]! - b[pr * size + pi]!) +
      (a[i * size + r]! - a[j * size + r]! + a[j * size + s]! - a[i * size + s]!) *
        (b[pi * size + ps]! - b[pj * size + ps]! + b[pj * size + pr]! - b[pi * size + pr]!)
    );
  }
}
