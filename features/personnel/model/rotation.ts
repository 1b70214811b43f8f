import type { LinearProgram, LinearRow, LinearSolver, LinearVariable } from "@doppelwerk/sim/optimise";

/** A part of a shift between two breaks. */
export interface RotationBlock {
  readonly from: number;
  readonly to: number;
  readonly hours: number;
}

export interface RotationStation {
  readonly station: string;
  /** What these people need to have; absent: nothing. A station with several requirements is here once for each. */
  readonly skill?: string;
  /** People that it needs in each block. */
  readonly people: number;
  /** Load of one hour there, by what is known of its tasks. */
  readonly loadPerHour: number;
}

export interface RotationInput {
  readonly blocks: readonly RotationBlock[];
  readonly stations: readonly RotationStation[];
  readonly workers: readonly string[];
  mayWork(worker: string, place: RotationStation): boolean;
}

export interface RotationPlace {
  readonly block: number;
  readonly station: string;
  readonly worker: string;
}

/** Why there is no rotation: these stations together need more people than may work at any of them. */
export interface RotationGap {
  readonly stations: readonly string[];
  readonly needed: number;
  readonly workers: readonly string[];
}

export type RotationAnswer =
  | {
      readonly isFeasible: true;
      readonly places: readonly RotationPlace[];
      readonly loads: Readonly<Record<string, number>>;
      readonly highest: number;
      /** No rotation has a lower highest load than this. */
      readonly bound: number;
      readonly isOptimal: boolean;
      readonly changes: number;
    }
  | { readonly isFeasible: false; readonly gap: RotationGap };

/** Of a change of station, in load: small beside the load itself, so that changes are few among equal loads. */
const CHANGE_COST = 1e-3;

interface Choice {
  readonly worker: number;
  readonly station: number;
  readonly block: number;
}

/** Who works where in each block, so that skills hold, the highest load of a worker is as low as it can be, and people change as seldom as that allows. */
export async function rotationOf(input: RotationInput, solver: LinearSolver, seconds: number): Promise<RotationAnswer> {
  const gap = gapOf(input);
  if (gap !== undefined) return { isFeasible: false, gap };
  const { program, choices } = programOf(input);
  const answer = await solver.solve(program, { seconds });
  if (answer.values.length === 0) return { isFeasible: false, gap: { stations: [], needed: 0, workers: [] } };
  const chosen = choices.filter((_, at) => answer.values[at]! > 0.5);
  const places = chosen.map(({ worker, station, block }) => ({
    block,
    station: input.stations[station]!.station,
    worker: input.workers[worker]!,
  }));
  const loads = loadsOf(input, chosen);
  const highest = Math.max(0, ...Object.values(loads));
  return {
    isFeasible: true,
    places,
    loads,
    highest,
    bound: Math.min(highest, Math.max(0, answer.bound)),
    isOptimal: answer.status === "optimal",
    changes: changesOf(input, chosen),
  };
}

function programOf({ blocks, stations, workers, mayWork }: RotationInput): { program: LinearProgram; choices: readonly Choice[] } {
  const choices: Choice[] = [];
  for (const [worker, name] of workers.entries())
    for (const [station, place] of stations.entries())
      if (mayWork(name, place)) for (const block of blocks.keys()) choices.push({ worker, station, block });
  const variables: LinearVariable[] = choices.map(({ worker, station, block }) => ({
    name: `${workers[worker]!} ${stations[station]!.station} ${block}`,
    cost: 0,
    upper: 1,
    integer: true,
  }));
  const highest = variables.length;
  variables.push({ name: "highest load", cost: 1 });
  const indexesOf = (fits: (choice: Choice) => boolean): readonly number[] => choices.flatMap((choice, at) => (fits(choice) ? [at] : []));
  const rows: LinearRow[] = [];
  for (const block of blocks.keys()) {
    for (const [station, { station: name, people }] of stations.entries()) {
      const terms = indexesOf((each) => each.block === block && each.station === station).map((at) => [at, 1] as const);
      rows.push({ name: `${name} ${block}`, unit: "people", lower: people, upper: people, terms });
    }
    for (const [worker, name] of workers.entries()) {
      const terms = indexesOf((each) => each.block === block && each.worker === worker).map((at) => [at, 1] as const);
      if (terms.length > 0) rows.push({ name: `${name} ${block}`, upper: 1, terms });
    }
  }
  for (const [worker, name] of workers.entries()) {
    const own = indexesOf((each) => each.worker === worker);
    const terms = own.map((at) => [at, stations[choices[at]!.station]!.loadPerHour * blocks[choices[at]!.block]!.hours] as const);
    rows.push({ name: `load of ${name}`, upper: 0, terms: [...terms.filter(([, load]) => load > 0), [highest, -1]] });
  }
  addChanges(choices, blocks.length, variables, rows);
  return { program: { sense: "minimise", variables, rows }, choices };
}

/** A worker who begins at a station in a block, and was not there before, has changed. */
function addChanges(choices: readonly Choice[], blocks: number, variables: LinearVariable[], rows: LinearRow[]): void {
  const at = new Map(choices.map(({ worker, station, block }, index) => [`${worker} ${station} ${block}`, index]));
  for (const { worker, station, block } of choices) {
    if (block === 0 || block >= blocks) continue;
    const changed = variables.length;
    variables.push({ name: `change ${worker} ${station} ${block}`, cost: CHANGE_COST });
    const [now, before] = [at.get(`${worker} ${station} ${block}`)!, at.get(`${worker} ${station} ${block - 1}`)!];
    rows.push({
      name: `change ${worker} ${station} ${block}`,
      upper: 0,
      terms: [
        [now, 1],
        [before, -1],
        [changed, -1],
      ],
    });
  }
}

export function loadsOf({ blocks, stations, workers }: RotationInput, chosen: readonly Choice[]): Readonly<Record<string, number>> {
  const loads = Object.fromEntries(workers.map((worker) => [worker, 0]));
  for (const { worker, station, block } of chosen) loads[workers[worker]!]! += stations[station]!.loadPerHour * blocks[block]!.hours;
  return loads;
}

function changesOf({ workers, stations }: RotationInput, chosen: readonly Choice[]): number {
  return workers.reduce((sum, _, worker) => {
    const own = chosen.filter((each) => each.worker === worker).toSorted((a, b) => a.block - b.block);
    return sum + own.filter(({ station }, at) => at > 0 && stations[own[at - 1]!.station]!.station !== stations[station]!.station).length;
  }, 0);
}

/**
 * Every block is the same question: whether each place can be filled. A largest matching tells; where one place stays empty, what can be reached from it by
 * alternating paths is a set of stations that need more people than may work at them (Hall's theorem), and it is the reason.
 */
export function gapOf({ stations, workers, mayWork }: RotationInput): RotationGap | undefined {
  const places = stations.flatMap((place) => Array.from({ length: place.people }, () => place));
  const placeOf = new Map<string, number>();
  const seat = (place: number, seen: Set<string>): boolean => {
    for (const worker of workers) {
      if (seen.has(worker) || !mayWork(worker, places[place]!)) continue;
      seen.add(worker);
      const taken = placeOf.get(worker);
      if (taken !== undefined && !seat(taken, seen)) continue;
      placeOf.set(worker, place);
      return true;
    }
    return false;
  };
  for (const place of places.keys()) {
    const seen = new Set<string>();
    if (seat(place, seen)) continue;
    const reached = new Set([places[place]!, ...[...seen].map((worker) => places[placeOf.get(worker)!]!)]);
    const names = stations.filter((each) => reached.has(each));
    return {
      stations: [...new Set(names.map(({ station }) => station))],
      needed: names.reduce((sum, { people }) => sum + people, 0),
      workers: workers.filter((worker) => names.some((each) => mayWork(worker, each))),
    };
  }
  return undefined;
}
