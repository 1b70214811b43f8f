import { AssignmentSearch } from "../quadratic-assignment/assignment-search.ts";
import type { QuadraticAssignment } from "../quadratic-assignment/quadratic-assignment.ts";
import type { Search } from "../search.ts";
import type { LayoutArea, LayoutPlace, LayoutProblem } from "./layout-problem.ts";

const SAME = 1e-9;

/**
 * A layout in which machines only change places with one another: foundations, media and gates stay where they are. Which free machine goes to which place is a
 * quadratic assignment; flows to fixed machines and the cost of a move are its linear part, and so is what does not fit. Begins with the present layout, so no answer is worse.
 */
export class ExchangeSearch implements Search<LayoutPlace[]> {
  readonly #problem: LayoutProblem;
  /** Machines that may change places; each has the place of the same number. */
  readonly #free: readonly number[];
  readonly #search: AssignmentSearch;
  /** What flows between fixed machines costs the same in every layout. */
  readonly #constant: number;

  constructor(problem: LayoutProblem, options: { readonly seed: number; readonly stream?: number }) {
    this.#problem = problem;
    this.#free = problem.machines.flatMap(({ fixed }, i) => (fixed ? [] : [i]));
    const { assignment, constant } = assignmentOf(problem, this.#free);
    this.#constant = constant;
    this.#search = new AssignmentSearch(assignment, { ...options, from: [...this.#free.keys()] });
  }

  get iterations(): number {
    return this.#search.iterations;
  }

  get objective(): number {
    return this.#search.objective + this.#constant;
  }

  get lowerBound(): number {
    return this.#search.lowerBound + this.#constant;
  }

  get finished(): boolean {
    return this.#search.finished || this.#search.objective <= this.#search.lowerBound + SAME * Math.abs(this.#search.lowerBound);
  }

  advance(iterations: number): void {
    if (!this.finished) this.#search.advance(iterations);
  }

  solution(): LayoutPlace[] {
    const { machines } = this.#problem;
    const places = machines.map(({ x, y }): LayoutPlace => ({ x, y, turned: false }));
    for (const [i, k] of this.#search.solution().entries()) {
      const [machine, site] = [machines[this.#free[i]!]!, machines[this.#free[k]!]!];
      const turned = i !== k && !fits(machine, roomAt(this.#problem, this.#free[k]!), false);
      places[this.#free[i]!] = { x: site.x, y: site.y, turned };
    }
    return places;
  }

  save(): Uint8Array<ArrayBuffer> {
    return this.#search.save();
  }

  restore(bytes: Uint8Array): void {
    this.#search.restore(bytes);
  }
}

function assignmentOf(
  problem: LayoutProblem,
  free: readonly number[],
): { readonly assignment: QuadraticAssignment; readonly constant: number } {
  const { machines, flows, moveCost } = problem;
  const size = free.length;
  const placeOf = new Map(free.map((machine, i) => [machine, i]));
  const way = (one: number, other: number): number =>
    Math.abs(machines[one]!.x - machines[other]!.x) + Math.abs(machines[one]!.y - machines[other]!.y);
  const a = new Float64Array(size * size);
  const b = Float64Array.from({ length: size * size }, (_, at) => way(free[Math.floor(at / size)]!, free[at % size]!));
  const linear = new Float64Array(size * size);
  let constant = 0;
  let most = moveCost * size;
  for (const { from, to, amount } of flows) {
    const [i, j] = [placeOf.get(from), placeOf.get(to)];
    if (i !== undefined && j !== undefined) a[i * size + j]! += amount;
    else if (i !== undefined || j !== undefined)
      for (let k = 0; k < size; k++) linear[(i ?? j)! * size + k]! += amount * way(free[k]!, i === undefined ? from : to);
    else constant += amount * way(from, to);
    most += amount * machines.reduce((far, _, one) => Math.max(far, way(from, one), way(to, one)), 0) * 2;
  }
  // more than any layout can cost
  const forbidden = 1 + 2 * most;
  for (let k = 0; k < size; k++) {
    const room = roomAt(problem, free[k]!);
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const machine = machines[free[i]!]!;
      linear[i * size + k]! += moveCost + (fits(machine, room, false) || fits(machine, room, true) ? 0 : forbidden);
    }
  }
  return { assignment: { size, a, b, linear }, constant };
}

interface Room {
  readonly width: number;
  readonly depth: number;
}

function fits({ width, depth }: LayoutArea, room: Room, turned: boolean): boolean {
  const [x, y] = turned ? [depth, width] : [width, depth];
  return x <= room.width + SAME && y <= room.depth + SAME;
}

/**
 * How large a machine in the middle of a place may be, whatever stands on the others: what is free to a neighbour is divided between two places that may both
 * change, along the direction in which they are farther apart.
 */
function roomAt({ machines, aisles, floor, clearance }: LayoutProblem, at: number): Room {
  const own = machines[at]!;
  let width = 2 * (floor.width / 2 - Math.abs(own.x - floor.x));
  let depth = 2 * (floor.depth / 2 - Math.abs(own.y - floor.y));
  const keepFrom = (other: LayoutArea, apart: number, share: number): void => {
    const x = Math.abs(own.x - other.x) - (own.width + other.width) / 2 - apart;
    const y = Math.abs(own.y - other.y) - (own.depth + other.depth) / 2 - apart;
    if (x >= y) width = Math.min(width, own.width + 2 * share * Math.max(0, x));
    else depth = Math.min(depth, own.depth + 2 * share * Math.max(0, y));
  };
  for (const aisle of aisles) keepFrom(aisle, 0, 1);
  for (const [i, machine] of machines.entries()) if (i !== at) keepFrom(machine, clearance, machine.fixed ? 1 : 0.5);
  return { width, depth };
}
