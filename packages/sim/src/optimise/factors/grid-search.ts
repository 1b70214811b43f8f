import { growColumn, packMemory, SnapshotError, unpackMemory } from "../../kernel/memory.ts";
import { rankFronts } from "../black-box/fronts.ts";
import { WordStream } from "../word-stream.ts";

/** One number that may be chosen: `lower`, `lower + step`, … up to `upper`. */
export interface GridDimension {
  readonly lower: number;
  readonly upper: number;
  readonly step: number;
}

/** What the chosen numbers of some dimensions must add up to: places that are divided, people that are shared out. */
export interface GridTotal {
  /** Indices of dimensions; a dimension is in at most one total, and those of a total have the same step. */
  readonly members: readonly number[];
  readonly kind: "exactly" | "atMost";
  readonly total: number;
}

export interface GridProblem {
  readonly dimensions: readonly GridDimension[];
  /** Where the search begins, and what every point is held against; it is put onto the grid. */
  readonly present: readonly number[];
  readonly totals?: readonly GridTotal[];
  /** Number of values of a point, all minimised. One = a best point, more = a front. */
  readonly objectives: number;
  /** Values that follow the objectives and must not get worse (larger) than the present state's by more than this share of them; a point that breaks one is behind all that keep them. */
  readonly kept?: readonly { readonly toleranceShare: number }[];
}

export interface GridOptions {
  readonly seed: number;
  /** Replications that may be spent. */
  readonly replications: number;
  /** New points a round; default 12. It does not depend on how many workers judge them, or the answer would. */
  readonly batch?: number;
  /** Replications of a new point, and of one that has stayed in the race; default 2 and 8. Exact values need 1 and 1. */
  readonly first?: number;
  readonly full?: number;
}

/** A point to be judged, in replications `from` … `to − 1`; the same numbers for every point (common random numbers). */
export interface GridTrial {
  readonly point: Float64Array;
  readonly from: number;
  readonly to: number;
}

export interface GridPoint {
  readonly point: Float64Array;
  /** Mean of each objective, then of each kept value: that of the present state plus the mean paired difference to it. */
  readonly values: Float64Array;
  readonly replications: number;
}

class GridMemory {
  /** Steps above `lower`, a row a point; row 0 is the present state. */
  places: Int32Array<ArrayBuffer>;
  /** Sums over replications: a row a point, a column a value. */
  sums: Float64Array<ArrayBuffer>;
  counts: Int32Array<ArrayBuffer>;
  /** What the present state had in each replication, a column a value: what paired differences are taken from. */
  baseline: Float64Array<ArrayBuffer>;
  points = 0;
  /** Points that are being judged: rows, and their number of replications before. */
  asked: Int32Array<ArrayBuffer>;
  spent = 0;
  rounds = 0;
  exhausted = 0;

  constructor(dimensions: number, width: number, full: number) {
    this.places = new Int32Array(64 * dimensions);
    this.sums = new Float64Array(64 * width);
    this.counts = new Int32Array(64);
    this.baseline = new Float64Array(full * width);
    this.asked = new Int32Array(0);
  }
}

const TRIES = 60;
const ELITE = 8;

/**
 * Search over whole steps of several numbers where judging a point costs simulated replications: `ask` gives points with the replications wanted, `tell`
 * takes their values. Each round judges a few new points in few replications; those that do well against the present state on the same random numbers
 * are given more, until they have as many as the present state (a race after Maron and Moore 1997). New points are neighbours and crossings of good ones;
 * good is the rank and crowding of NSGA-II, which for one objective is its order. The whole state is bytes; the answer depends on problem and seed alone.
 */
export class GridSearch {
  readonly #problem: GridProblem;
  readonly #options: Required<GridOptions>;
  readonly #memory: GridMemory;
  readonly #words: WordStream;
  readonly #totalOf: (GridTotal | undefined)[];
  readonly #sizes: Int32Array;
  /** Objectives and kept values. */
  readonly #width: number;
  /** Rows by their places: an index only, made again from the columns. */
  #known = new Map<string, number>();

  /** Throws RangeError when no point can keep the totals, or the numbers make no grid. */
  constructor(problem: GridProblem, options: GridOptions) {
    const { dimensions } = problem;
    this.#problem = problem;
    this.#options = { batch: 12, first: 2, full: 8, ...options };
    this.#words = new WordStream(options.seed);
    this.#width = problem.objectives + (problem.kept?.length ?? 0);
    this.#memory = new GridMemory(dimensions.length, this.#width, this.#options.full);
    this.#sizes = Int32Array.from(dimensions, ({ lower, upper, step }) => {
      if (!(step > 0) || !(upper >= lower)) throw new RangeError("a number to choose needs lower ≤ upper and a step above 0");
      return Math.floor((upper - lower) / step + 1e-9);
    });
    this.#totalOf = dimensions.map((_, d) => problem.totals?.find(({ members }) => members.includes(d)));
    const present = Int32Array.from(dimensions, ({ lower, step }, d) =>
      Math.min(this.#sizes[d]!, Math.max(0, Math.round((problem.present[d]! - lower) / step))),
    );
    if (!this.#repair(present)) throw new RangeError("no choice of these numbers adds up to the total");
    this.#add(present);
  }

  /** Replications spent so far. */
  get spent(): number {
    return this.#memory.spent;
  }

  /** True when the replications are spent or every point has been judged. */
  get finished(): boolean {
    const memory = this.#memory;
    return memory.counts[0]! > 0 && memory.asked.length === 0 && (memory.exhausted === 1 || memory.spent >= this.#options.replications);
  }

  /** Points of which at least one replication is known. */
  get judged(): number {
    const { counts, points } = this.#memory;
    return counts.subarray(0, points).reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  }

  /** The next trials, none when finished; asked again before `tell` it gives the same. */
  ask(): GridTrial[] {
    const memory = this.#memory;
    if (memory.asked.length === 0 && !this.finished) memory.asked = this.#next();
    return Array.from(memory.asked, (row) => this.#trialOf(row));
  }

  /** Values of the trials of the last `ask`: for each a row a replication, each with one number an objective and a kept value. NaN counts as Infinity. */
  tell(values: readonly (readonly ArrayLike<number>[])[]): void {
    const memory = this.#memory;
    const width = this.#width;
    for (const [i, row] of memory.asked.entries()) {
      const { from, to } = this.#trialOf(row);
      if (values[i]?.length !== to - from) throw new RangeError("as many values as replications were asked for are needed");
      for (let replication = from; replication < to; replication++) {
        for (let o = 0; o < width; o++) {
          const value = values[i]![replication - from]![o]!;
          const told = Number.isNaN(value) ? Infinity : value;
          if (row === 0) memory.baseline[replication * width + o] = told;
          memory.sums[row * width + o]! += told;
        }
      }
      memory.counts[row] = to;
      memory.spent += to - from;
    }
    memory.asked = new Int32Array(0);
    memory.rounds++;
  }

  /** The present state, put onto the grid and into the totals. */
  present(): GridPoint {
    return this.#pointOf(0);
  }

  /** Points that keep what must be kept and that no other such beats, best first in the first value; only those that have stayed in the race to its end. */
  front(): GridPoint[] {
    const rows = this.#finalists().filter((row) => this.#breach(this.#valuesOf(row)) === 0);
    const values = rows.map((row) => this.#objectivesOf(this.#valuesOf(row)));
    const { rank } = rankFronts(values);
    const best = new Map<string, number>();
    for (const [i, row] of rows.entries()) {
      if (rank[i] !== 0) continue;
      const key = values[i]!.join(" ");
      const equal = best.get(key);
      // of equals the one that changes least
      if (equal === undefined || this.#distance(row) < this.#distance(equal)) best.set(key, row);
    }
    return [...best.values()].map((row) => this.#pointOf(row)).sort((x, y) => x.values[0]! - y.values[0]!);
  }

  save(): Uint8Array<ArrayBuffer> {
    return packMemory([this.#memory, this.#words]);
  }

  /** Takes the state of a search for the same problem; throws when the bytes are of another. */
  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, [this.#memory, this.#words]);
    const { points, places } = this.#memory;
    const n = this.#sizes.length;
    if (places.length < points * n) throw new SnapshotError();
    this.#known = new Map(Array.from({ length: points }, (_, row) => [places.subarray(row * n, (row + 1) * n).join(" "), row]));
  }

  #trialOf(row: number): GridTrial {
    const { counts } = this.#memory;
    const { first, full } = this.#options;
    const from = counts[row]!;
    // the present state is what all others are held against, so it is judged in full at once
    return { point: this.#pointAt(row), from, to: row === 0 ? full : from === 0 ? first : full };
  }

  #next(): Int32Array<ArrayBuffer> {
    const memory = this.#memory;
    const { batch, full } = this.#options;
    if (memory.counts[0] === 0) return Int32Array.of(0);
    if (memory.rounds % 2 === 0) {
      const racing = this.#best(Math.max(2, Math.ceil(batch / 3))).filter((row) => memory.counts[row]! < full);
      if (racing.length > 0) return Int32Array.from(racing);
    }
    const elite = this.#best(ELITE);
    const fresh: number[] = [];
    for (let i = 0; i < batch; i++) {
      const row = this.#breed(elite);
      if (row !== undefined) fresh.push(row);
    }
    if (fresh.length > 0) return Int32Array.from(fresh);
    memory.exhausted = 1;
    return Int32Array.from(this.#best(batch).filter((row) => memory.counts[row]! < full));
  }

  /** A point that was not judged yet; undefined when none is found. */
  #breed(elite: readonly number[]): number | undefined {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const parent = elite[Math.min(this.#words.below(elite.length), this.#words.below(elite.length))]!;
      const places = this.#placesAt(parent).slice();
      const dice = this.#words.uniform();
      if (dice < 0.3 && elite.length > 1) this.#cross(places, elite[this.#words.below(elite.length)]!);
      // far moves when near ones have all been made
      const moves = dice < 0.8 ? 1 + this.#words.below(2) : 2 + this.#words.below(4);
      for (let i = 0; i < moves; i++) this.#move(places, attempt > TRIES / 2);
      if (!this.#repair(places) || this.#known.has(places.join(" "))) continue;
      return this.#add(places);
    }
    return undefined;
  }

  #cross(places: Int32Array, other: number): void {
    const from = this.#placesAt(other);
    for (let d = 0; d < places.length; d++) if (this.#words.below(2) === 0) places[d] = from[d]!;
  }

  #move(places: Int32Array, far: boolean): void {
    const d = this.#words.below(places.length);
    const size = this.#sizes[d]!;
    if (size === 0) return;
    const reach = far ? size : Math.max(1, Math.ceil(size / 4));
    // short steps are more likely than long ones
    const step = 1 + Math.min(this.#words.below(reach), this.#words.below(reach));
    const wanted = places[d]! + (this.#words.below(2) === 0 ? step : -step);
    const to = Math.min(size, Math.max(0, wanted));
    const partner = this.#totalOf[d]?.kind === "exactly" ? this.#otherOf(d) : undefined;
    if (partner !== undefined) {
      const moved = Math.max(places[partner]! - this.#sizes[partner]!, Math.min(places[partner]!, to - places[d]!));
      places[partner]! -= moved;
      places[d]! += moved;
    } else places[d] = to;
  }

  #otherOf(d: number): number | undefined {
    const others = this.#totalOf[d]!.members.filter((member) => member !== d);
    return others.length === 0 ? undefined : others[this.#words.below(others.length)];
  }

  /** Makes the totals hold by taking from or giving to members in turn; false when their bounds do not allow it. */
  #repair(places: Int32Array): boolean {
    for (const { members, kind, total } of this.#problem.totals ?? []) {
      const step = this.#problem.dimensions[members[0]!]!.step;
      const lowest = members.reduce((sum, d) => sum + this.#problem.dimensions[d]!.lower, 0);
      let excess = members.reduce((sum, d) => sum + places[d]!, 0) - Math.floor((total - lowest) / step + 1e-9);
      if (kind === "exactly" && Math.abs((total - lowest) / step - Math.round((total - lowest) / step)) > 1e-6) return false;
      let at = this.#words.below(members.length);
      for (let idle = 0; idle < members.length && (excess > 0 || (kind === "exactly" && excess < 0)); at = (at + 1) % members.length) {
        const d = members[at]!;
        if (excess > 0 ? places[d]! > 0 : places[d]! < this.#sizes[d]!) {
          places[d]! += excess > 0 ? -1 : 1;
          excess += excess > 0 ? -1 : 1;
          idle = 0;
        } else idle++;
      }
      if (excess > 0 || (kind === "exactly" && excess !== 0)) return false;
    }
    return true;
  }

  #add(places: Int32Array): number {
    const memory = this.#memory;
    const row = memory.points++;
    memory.places = growColumn(memory.places, (row + 1) * places.length);
    memory.sums = growColumn(memory.sums, (row + 1) * this.#width);
    memory.counts = growColumn(memory.counts, row + 1);
    memory.places.set(places, row * places.length);
    this.#known.set(places.join(" "), row);
    return row;
  }

  /** Rows of the best points that were judged, best first. */
  #best(most: number): number[] {
    const { counts, points } = this.#memory;
    const judged = Array.from({ length: points }, (_, row) => row)
      .filter((row) => counts[row]! > 0)
      .map((row) => {
        const values = this.#valuesOf(row);
        return { row, values: this.#objectivesOf(values), breach: this.#breach(values) };
      });
    // what breaks least is on the way back: kept behind those that break nothing (Deb 2000)
    const broken = judged.filter(({ breach }) => breach > 0).sort((x, y) => x.breach - y.breach || x.row - y.row);
    return [
      ...this.#ranked(
        judged.filter(({ breach }) => breach === 0),
        most,
      ),
      ...broken,
    ]
      .slice(0, most)
      .map(({ row }) => row);
  }

  #ranked<Point extends { readonly row: number; readonly values: Float64Array }>(points: readonly Point[], most: number): Point[] {
    // with one objective its order is its rank, without the cost of sorting fronts
    if (this.#problem.objectives === 1) return points.toSorted((x, y) => x.values[0]! - y.values[0]! || x.row - y.row);
    const { rank, crowding } = rankFronts(
      points.map(({ values }) => values),
      most,
    );
    return points
      .map((point, i) => ({ point, i }))
      .sort((x, y) => rank[x.i]! - rank[y.i]! || crowding[y.i]! - crowding[x.i]! || x.point.row - y.point.row)
      .map(({ point }) => point);
  }

  #objectivesOf(values: Float64Array): Float64Array {
    return values.subarray(0, this.#problem.objectives);
  }

  /** By how much the kept values are broken, as a share of the present ones; 0 where all are kept. */
  #breach(values: Float64Array): number {
    const { objectives, kept = [] } = this.#problem;
    let breach = 0;
    for (const [i, { toleranceShare }] of kept.entries()) {
      const present = this.#memory.sums[objectives + i]! / this.#memory.counts[0]!;
      const scale = Math.max(Math.abs(present), Number.MIN_VALUE);
      breach += Math.max(0, (values[objectives + i]! - present) / scale - toleranceShare);
    }
    // a present state that tells nothing cannot be kept to
    return Number.isNaN(breach) ? 0 : breach;
  }

  /** Steps from the present state. */
  #distance(row: number): number {
    const present = this.#placesAt(0);
    return this.#placesAt(row).reduce((sum, place, d) => sum + Math.abs(place - present[d]!), 0);
  }

  #finalists(): number[] {
    const { counts, points } = this.#memory;
    const { full } = this.#options;
    return Array.from({ length: points }, (_, row) => row).filter((row) => counts[row]! >= full);
  }

  /** Mean of the present state over all its replications, plus the mean paired difference over those of the point. */
  #valuesOf(row: number): Float64Array {
    const { sums, counts, baseline } = this.#memory;
    const width = this.#width;
    const count = counts[row]!;
    const all = counts[0]!;
    return Float64Array.from({ length: width }, (_, o) => {
      let own = 0;
      for (let replication = 0; replication < count; replication++) own += baseline[replication * width + o]!;
      const mean = sums[row * width + o]! / count;
      const difference = mean - own / count;
      return Number.isFinite(difference) && all > 0 ? sums[o]! / all + difference : mean;
    });
  }

  #pointOf(row: number): GridPoint {
    return { point: this.#pointAt(row), values: this.#valuesOf(row), replications: this.#memory.counts[row]! };
  }

  #placesAt(row: number): Int32Array {
    const n = this.#sizes.length;
    return this.#memory.places.subarray(row * n, (row + 1) * n);
  }

  #pointAt(row: number): Float64Array {
    const places = this.#placesAt(row);
    return Float64Array.from(this.#problem.dimensions, ({ lower, step }, d) => Number((lower + places[d]! * step).toPrecision(12)));
  }
}
