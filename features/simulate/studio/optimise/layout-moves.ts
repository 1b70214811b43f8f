import { layoutBound, layoutCost, type LayoutPlace, type LayoutProblem } from "@doppelwerk/sim/optimise";

type Machine = LayoutProblem["machines"][number];

export interface LayoutMove {
  readonly machine: Machine;
  /** Metres. */
  readonly dx: number;
  readonly dy: number;
  readonly turned: boolean;
}

/** Where every machine stands now. */
export function presentPlaces({ machines }: LayoutProblem): readonly LayoutPlace[] {
  return machines.map(({ x, y }) => ({ x, y, turned: false }));
}

export function isMoved({ x, y }: Machine, place: LayoutPlace): boolean {
  return place.x !== x || place.y !== y || place.turned;
}

/** The machines that would stand elsewhere, or turned. */
export function layoutMoves({ machines }: LayoutProblem, places: readonly LayoutPlace[]): readonly LayoutMove[] {
  return machines.flatMap((machine, index) => {
    const place = places[index];
    return place !== undefined && isMoved(machine, place)
      ? [{ machine, dx: place.x - machine.x, dy: place.y - machine.y, turned: place.turned }]
      : [];
  });
}

export interface LayoutFigures {
  /** What the flows cost as it stands and as proposed, moving left out. */
  readonly now: number;
  readonly proposed: number;
  /** What a search looks at: flows and moving. */
  readonly value: number;
  /** No layout costs less. */
  readonly bound: number;
}

/** `proven` is the bound that a search of this very problem has proven, 0 without one. */
export function layoutFigures(problem: LayoutProblem, places: readonly LayoutPlace[] | undefined, proven: number): LayoutFigures {
  const home = presentPlaces(problem);
  const flow = { ...problem, moveCost: 0 };
  return {
    now: layoutCost(flow, home),
    proposed: layoutCost(flow, places ?? home),
    value: layoutCost(problem, places ?? home),
    bound: Math.max(proven, layoutBound(problem)),
  };
}
