import { packMemory, unpackMemory } from "../../kernel/memory.ts";
import { RelinkingSearch } from "../relinking.ts";
import type { Search } from "../search.ts";
import { WordStream } from "../word-stream.ts";
import { scheduleOfOrder, type JobShop, type ScheduledOperation } from "./job-shop.ts";
import { jobShopBound } from "./one-machine.ts";
import { FEASIBLE, INFEASIBLE, JobShopProof } from "./proof.ts";
import { JobShopTabu } from "./tabu.ts";

export interface JobShopSearchOptions {
  readonly seed: number;
  /** Searches of one seed but different streams share nothing. */
  readonly stream?: number;
  /** Whether to work on the lower bound too, about half of the time; default yes. Of several searches of one problem one is enough. */
  readonly prove?: boolean;
}

/** Minimises the makespan of a job shop: path relinking over a tabu search, beside it an exhaustive search that raises the lower bound. */
export function createJobShopSearch(problem: JobShop, options: JobShopSearchOptions): Search<ScheduledOperation[]> {
  const search = new RelinkingSearch(
    new JobShopTabu(problem, new WordStream(options.seed, options.stream)),
    jobShopBound(problem),
    { founders: 5, population: 16, patience: 12_500, quickMoves: 500, candidates: 5 },
    (order) => scheduleOfOrder(problem, order),
  );
  return options.prove === false || problem.machine.length > MAX_PROVEN ? search : new ProvingSearch(problem, search);
}

/** Operations up to which a proof is tried: its memory grows with their square, and it rarely ends beyond. */
const MAX_PROVEN = 600;
/** Moves of the search to one node of the proof, about equal in time. */
const MOVES = 48;
const FIRST_MOVES = 9_600;
const NODES_BELOW_BEST = 1_000_000;
const NODES_AT_BOUND = 200_000;

/** Bounds by windows alone, then by probing, both by halves; then every limit below the best excluded, or one limit after another above the bound. */
const WINDOWS = 0;
const PROBES = 1;
const BELOW_BEST = 2;
const AT_BOUND = 3;
const GIVEN_UP = 4;

class StageMemory {
  stage = WINDOWS;
  asked = 0;
  /** Least limit not excluded, and the least found open, of the halving. */
  low = 0;
  high = 0;
}

class ProvingSearch implements Search<ScheduledOperation[]> {
  readonly #problem: JobShop;
  readonly #search: RelinkingSearch<ScheduledOperation[]>;
  readonly #proof: JobShopProof;
  readonly #memory = new StageMemory();

  constructor(problem: JobShop, search: RelinkingSearch<ScheduledOperation[]>) {
    this.#problem = problem;
    this.#search = search;
    this.#proof = new JobShopProof(problem);
  }

  get iterations(): number {
    return this.#search.iterations;
  }

  get objective(): number {
    return this.#search.objective;
  }

  get lowerBound(): number {
    return this.#search.lowerBound;
  }

  get finished(): boolean {
    return this.#search.finished;
  }

  advance(iterations: number): void {
    const search = this.#search;
    const last = search.iterations + iterations;
    while (search.iterations < last && !search.finished) {
      search.advance(Math.min(last - search.iterations, MOVES - (search.iterations % MOVES)));
      if (search.iterations % MOVES === 0 && search.iterations >= FIRST_MOVES && !search.finished) this.#prove();
    }
  }

  solution(): ScheduledOperation[] {
    return this.#search.solution();
  }

  save(): Uint8Array<ArrayBuffer> {
    return packMemory(this.#memories());
  }

  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, this.#memories());
  }

  #memories(): readonly object[] {
    return [...this.#search.memories(), this.#memory, this.#proof.memory];
  }

  /** One node further. */
  #prove(): void {
    const memory = this.#memory;
    const proof = this.#proof.memory;
    if (memory.stage === GIVEN_UP) return;
    // a better schedule asks a harder question
    if (memory.asked === 1 && proof.limit >= this.objective) memory.asked = 0;
    if (memory.asked === 0) this.#ask();
    else this.#proof.run(1);
    if (proof.status === INFEASIBLE) this.#excluded();
    else if (proof.status === FEASIBLE) this.#found();
    else if (memory.stage === WINDOWS || (memory.stage === PROBES && proof.probing === 0)) this.#open();
    else if (proof.nodes >= (memory.stage === BELOW_BEST ? NODES_BELOW_BEST : NODES_AT_BOUND)) {
      memory.stage = memory.stage === BELOW_BEST ? AT_BOUND : GIVEN_UP;
      memory.asked = 0;
    }
  }

  #ask(): void {
    const memory = this.#memory;
    if (memory.stage === WINDOWS || memory.stage === PROBES) {
      memory.low = Math.max(memory.low, this.lowerBound);
      memory.high = memory.high === 0 ? this.objective : Math.min(memory.high, this.objective);
      if (memory.low >= memory.high) {
        memory.stage++;
        memory.high = 0;
      }
    }
    const { stage } = memory;
    const limit =
      stage === BELOW_BEST
        ? this.objective - 1
        : stage === AT_BOUND
          ? this.lowerBound
          : Math.floor((Math.max(memory.low, this.lowerBound) + (memory.high === 0 ? this.objective : memory.high) - 1) / 2);
    memory.asked = 1;
    this.#proof.ask(limit, stage !== WINDOWS);
  }

  /** The limit asked for is too short. */
  #excluded(): void {
    const { limit } = this.#proof.memory;
    this.#search.raiseLowerBound(limit + 1);
    this.#memory.low = Math.max(this.#memory.low, limit + 1);
    this.#memory.asked = 0;
  }

  /** The limit asked for could be neither excluded nor reached by the means of this stage. */
  #open(): void {
    this.#memory.high = this.#proof.memory.limit;
    this.#memory.asked = 0;
  }

  /** The exhaustive search has come upon a schedule. */
  #found(): void {
    const order = this.#proof.order();
    const makespan = scheduleOfOrder(this.#problem, order).reduce((latest, { end }) => Math.max(latest, end), 0);
    this.#search.accept(order, makespan);
    this.#memory.asked = 0;
    if (this.#memory.stage === WINDOWS || this.#memory.stage === PROBES) this.#memory.high = Math.min(this.#proof.memory.limit, makespan);
  }
}
