import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";

/**
 * Machines of unequal area on a floor: where they stand so that what flows between them goes the shortest way. Metres; x and y are middles; a machine is a
 * rectangle along the axes, turned by quarters. Aisles are rectangles that stay free.
 */
export interface LayoutProblem {
  readonly format: "doppelwerk-layout/1";
  readonly floor: LayoutArea;
  readonly aisles: readonly LayoutArea[];
  /** Least way between two machines. */
  readonly clearance: number;
  readonly machines: readonly LayoutMachine[];
  /** Things a shift (or of any period) between two machines, by their index. */
  readonly flows: readonly { readonly from: number; readonly to: number; readonly amount: number }[];
  /** What moving a machine costs, in the unit of the objective (things × metres). */
  readonly moveCost: number;
}

export interface LayoutArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly depth: number;
}

export interface LayoutMachine extends LayoutArea {
  readonly id: string;
  readonly label: string;
  /** Stays where it is: foundations, media, walls. */
  readonly fixed?: boolean;
}

/** Where a machine stands, and whether it is turned by a quarter against what the problem says. */
export interface LayoutPlace {
  readonly x: number;
  readonly y: number;
  readonly turned: boolean;
}

const MACHINES_MAX = 200;

/** Throws DW_INVALID that names what is wrong. */
export function checkLayoutProblem(problem: LayoutProblem): LayoutProblem {
  const refuse = (why: string) => new DoppelwerkError("DW_INVALID", message("sim.layout", { why }));
  const { machines, flows, aisles, floor, clearance, moveCost } = problem;
  const finite = (area: LayoutArea): boolean =>
    [area.x, area.y, area.width, area.depth].every((value) => Number.isFinite(value) && Math.abs(value) < 1e5) &&
    area.width > 0 &&
    area.depth > 0;
  if (machines.length < 2 || machines.length > MACHINES_MAX)
    throw refuse(`2 to ${MACHINES_MAX} machines can be placed, here are ${machines.length}`);
  for (const area of [floor, ...aisles, ...machines])
    if (!finite(area))
      throw refuse(`${"id" in area ? (area as LayoutMachine).id : "the floor or an aisle"} needs a place, a width and a depth in metres`);
  if (!(clearance >= 0 && clearance < 1e3) || !(moveCost >= 0 && Number.isFinite(moveCost)))
    throw refuse("clearance and cost of a move must be 0 or more");
  for (const { from, to, amount } of flows)
    if (!machines[from] || !machines[to] || !(amount >= 0 && Number.isFinite(amount)))
      throw refuse("a flow needs two machines and an amount of 0 or more");
  const area = machines.reduce((sum, { width, depth }) => sum + width * depth, 0);
  if (area > floor.width * floor.depth) throw refuse("the machines are larger than the floor");
  return problem;
}

/** Σ amount × rectilinear way between the middles, plus the cost of every machine that has moved. */
export function layoutCost(problem: LayoutProblem, places: readonly LayoutPlace[]): number {
  let sum = 0;
  for (const { from, to, amount } of problem.flows)
    sum += amount * (Math.abs(places[from]!.x - places[to]!.x) + Math.abs(places[from]!.y - places[to]!.y));
  for (const [i, { x, y }] of problem.machines.entries())
    if (places[i]!.x !== x || places[i]!.y !== y || places[i]!.turned) sum += problem.moveCost;
  return sum;
}

/** What is wrong with a layout: overlaps, too little clearance, an aisle that is not free, off the floor, a fixed machine that has moved. */
export function layoutFindings(problem: LayoutProblem, places: readonly LayoutPlace[]): string[] {
  const { machines, aisles, floor, clearance } = problem;
  const findings: string[] = [];
  const rectangles = machines.map((machine, i) => rectangleAt(machine, places[i]!));
  for (const [i, one] of rectangles.entries()) {
    const { id, fixed, x, y } = machines[i]!;
    if (fixed && (places[i]!.x !== x || places[i]!.y !== y || places[i]!.turned)) findings.push(`${id} is fixed and has moved`);
    if (fixed) continue;
    if (outside(one, floor) > EPSILON) findings.push(`${id} leaves the floor`);
    for (const aisle of aisles) if (overlap(one, aisle, 0) > EPSILON) findings.push(`${id} stands in an aisle`);
  }
  for (let i = 0; i < rectangles.length; i++)
    for (let j = i + 1; j < rectangles.length; j++)
      if (!(machines[i]!.fixed && machines[j]!.fixed) && overlap(rectangles[i]!, rectangles[j]!, clearance) > EPSILON)
        findings.push(`${machines[i]!.id} and ${machines[j]!.id} stand closer than ${clearance} m`);
  return findings;
}

/** No layout costs less: every flow over the least way that two such machines can be apart, or that two fixed ones are. */
export function layoutBound({ machines, flows, clearance }: LayoutProblem): number {
  return flows.reduce((sum, { from, to, amount }) => {
    if (from === to) return sum;
    const [one, other] = [machines[from]!, machines[to]!];
    const apart =
      one.fixed && other.fixed
        ? Math.abs(one.x - other.x) + Math.abs(one.y - other.y)
        : Math.min(one.width, one.depth) / 2 + Math.min(other.width, other.depth) / 2 + clearance;
    return sum + amount * apart;
  }, 0);
}

const EPSILON = 1e-6;

export function rectangleAt({ width, depth }: LayoutMachine, { x, y, turned }: LayoutPlace): LayoutArea {
  return turned ? { x, y, width: depth, depth: width } : { x, y, width, depth };
}

/** How deep two areas reach into each other when they must be `clearance` apart; 0 = they do not. */
export function overlap(one: LayoutArea, other: LayoutArea, clearance: number): number {
  const x = (one.width + other.width) / 2 + clearance - Math.abs(one.x - other.x);
  const y = (one.depth + other.depth) / 2 + clearance - Math.abs(one.y - other.y);
  return x > 0 && y > 0 ? Math.min(x, y) : 0;
}

/** How far an area reaches over the edge of another. */
export function outside(one: LayoutArea, floor: LayoutArea): number {
  const x = Math.abs(one.x - floor.x) + one.width / 2 - floor.width / 2;
  const y = Math.abs(one.y - floor.y) + one.depth / 2 - floor.depth / 2;
  return Math.max(0, x) + Math.max(0, y);
}
