import { HOUR, type Instant } from "@doppelwerk/kit";
import type { StoredOrder } from "./order-kind.ts";
import type { Pieces } from "./pieces.ts";

/** What was made of an order, and where it is in its life (ResponseState of B2MML 7; `forecast` and `cancelled` are those of the request). */
export const EXECUTION_STATES = ["forecast", "waiting", "running", "completed", "held", "cancelled", "aborted", "closed"] as const;
export type ExecutionState = (typeof EXECUTION_STATES)[number];

export interface Progress {
  readonly state: ExecutionState;
  /** Pieces that the line began, where its first station counts them. */
  readonly begun?: number;
  /** Good pieces that left the line. */
  readonly good: number;
  /** Begun and not good once it is over: scrap, or lost. Unknown before. */
  readonly missing?: number;
  readonly startedAt?: Instant;
  /** When the last good piece left; of one that is over the end of it. */
  readonly lastAt?: Instant;
}

/** Pieces that a line counted: at its end the good ones, at its beginning, where it counts there, those begun. Oldest first. */
export interface CountedLine {
  readonly good: readonly Pieces[];
  readonly begun?: readonly Pieces[] | undefined;
}

export interface LineProgress {
  readonly byNumber: ReadonlyMap<string, Progress>;
  /** Good pieces that no order takes, by product; without a product under "". */
  readonly unordered: ReadonlyMap<string, number>;
}

/** An order may be given out so long after the line began it; what was made earlier is of another one, or of none. */
const MAX_LATE: Instant = 4 * HOUR;
/** So many pieces, and so long, after its last piece was begun nothing more of an order is expected: rework takes hours, and a line stands at night. */
const MAX_PIECES = 200;
const MAX_LEAD: Instant = 3 * HOUR;

interface Taking {
  readonly order: StoredOrder;
  begun: number;
  good: number;
  startedAt?: Instant;
  /** When its last piece was begun, and how many good ones the line had made then. */
  whole?: { readonly at: Instant; readonly good: number };
  lastAt?: Instant;
}

/** The order in which a line makes its orders: the accepted sequence, then planned starts, then when they became known. */
export function inSequence<Order extends StoredOrder>(orders: readonly Order[]): readonly Order[] {
  const keyOf = (order: StoredOrder): number => order.plannedStart ?? order.due ?? order.known;
  return orders.toSorted(
    (a, b) => (a.sequence ?? Infinity) - (b.sequence ?? Infinity) || keyOf(a) - keyOf(b) || (a.number < b.number ? -1 : 1),
  );
}

/**
 * Gives the pieces of a line to its orders, in order of time. A piece that is begun is of the first order of its product, by planned start, that is not full.
 * A good piece is of the first of which more were begun than are good; where the line does not count what it begins, of the first that is not full. An order
 * that was closed takes none that were made later, a cancelled one none at all. What is missing of an order that was begun whole is not waited for once the
 * next one of its product has begun, hours have passed and many pieces have left the line. Pieces that are left are of no order.
 */
export function progressOf(orders: readonly StoredOrder[], line: CountedLine, at: Instant): LineProgress {
  const byProduct = new Map<string, Taking[]>();
  for (const order of orders.toSorted((a, b) => plannedAt(a) - plannedAt(b) || (a.number < b.number ? -1 : 1))) {
    const taking = byProduct.get(order.product) ?? [];
    taking.push({ order, begun: 0, good: 0 });
    byProduct.set(order.product, taking);
  }
  const isBegunKnown = line.begun !== undefined;
  const unordered = new Map<string, number>();
  const flow: Flow = { at: 0, good: 0 };
  let next = 0;
  const begun = line.begun ?? [];
  const begin = (until: Instant): void => {
    for (; next < begun.length && begun[next]!.at <= until; next++) {
      give(begun[next]!, byProduct, "begun", flow, roomToBegin);
    }
  };
  for (const pieces of line.good) {
    if (pieces.at > at) break;
    begin(pieces.at);
    flow.at = pieces.at;
    flow.good += pieces.count;
    const left = give(pieces, byProduct, "good", flow, isBegunKnown ? roomOfBegun : roomOfGood);
    if (left > 0) unordered.set(pieces.product ?? "", (unordered.get(pieces.product ?? "") ?? 0) + left);
  }
  begin(at);
  flow.at = at;
  const byNumber = new Map<string, Progress>();
  for (const takings of byProduct.values())
    for (const [index, taking] of takings.entries())
      byNumber.set(taking.order.number, progress(taking, isBegunKnown && isSuperseded(taking, flow, takings[index + 1]), isBegunKnown));
  return { byNumber, unordered };
}

const plannedAt = (order: StoredOrder): Instant => order.plannedStart ?? order.due ?? order.known;

/** What the line made so far, of any product. */
interface Flow {
  at: Instant;
  good: number;
}

/** How many more an order takes now. */
type Room = (taking: Taking, flow: Flow, next: Taking | undefined) => number;
const roomToBegin: Room = ({ order, begun }) => order.quantity - begun;
const roomOfGood: Room = ({ order, good }) => order.quantity - good;
const roomOfBegun: Room = (taking, flow, next) => (isSuperseded(taking, flow, next) ? 0 : taking.begun - taking.good);

/** Returns how many no order takes. */
function give(
  { at, product = "", count }: Pieces,
  byProduct: ReadonlyMap<string, readonly Taking[]>,
  what: "begun" | "good",
  flow: Flow,
  room: Room,
): number {
  const takings = byProduct.get(product) ?? [];
  let left = count;
  for (let index = 0; index < takings.length && left > 0; index++) {
    const taking = takings[index]!;
    const { order } = taking;
    const isOver = order.state === "cancelled" || (order.state === "closed" && order.at < at);
    if (isOver || order.known - MAX_LATE > at) continue;
    const took = Math.min(left, room(taking, flow, takings[index + 1]));
    if (took <= 0) continue;
    left -= took;
    taking[what] += took;
    taking.startedAt ??= at;
    if (what === "good") taking.lastAt = at;
    else if (taking.begun >= order.quantity) taking.whole = { at, good: flow.good };
  }
  return left;
}

function progress(taking: Taking, isSupersededNow: boolean, isBegunKnown: boolean): Progress {
  const { order, begun, good, startedAt, lastAt } = taking;
  const state = stateOf(order, good >= order.quantity || isSupersededNow, good > 0 || begun > 0);
  const isOver = state === "completed" || state === "closed" || state === "aborted";
  return {
    state,
    good,
    ...(isBegunKnown && { begun }),
    ...(isBegunKnown && isOver && { missing: Math.max(0, begun - good) }),
    ...(startedAt !== undefined && { startedAt }),
    ...(lastAt !== undefined && { lastAt }),
  };
}

const isSuperseded = ({ whole }: Taking, flow: Flow, next: Taking | undefined): boolean =>
  whole !== undefined && next?.startedAt !== undefined && flow.at > whole.at + MAX_LEAD && flow.good > whole.good + MAX_PIECES;

function stateOf({ state }: StoredOrder, isMade: boolean, isBegun: boolean): ExecutionState {
  if (state === "cancelled") return isBegun ? "aborted" : "cancelled";
  if (state === "closed") return "closed";
  if (isMade) return "completed";
  if (state === "held") return "held";
  if (isBegun) return "running";
  return state === "forecast" ? "forecast" : "waiting";
}
