import { MINUTE, type Instant } from "@doppelwerk/world";
import type { MovementFact } from "./movement.ts";

/** A movement with what the book said before and after it. */
export interface StockLine {
  readonly fact: MovementFact;
  readonly before: number;
  readonly after: number;
  /** Of a count: how much more there was than the book said. */
  readonly difference?: number;
  /** Of a count whose book was revised by movements that came later: what the difference was when it was counted. */
  readonly differenceThen?: number;
  /** It became known so long after it was that others were read without it. */
  readonly isLate: boolean;
}

export interface Stock {
  readonly onHand: number;
  readonly reserved: number;
  readonly byWork: ReadonlyMap<string, number>;
  readonly lastAt?: Instant;
  /** Oldest first. */
  readonly lines: readonly StockLine[];
}

/** Later than this it is said to be late. */
const LATE: Instant = 5 * MINUTE;

/** What a movement does to what is on hand; a count sets it. */
export function signedQuantity({ kind, quantity }: Pick<MovementFact, "kind" | "quantity">): number {
  if (kind === "received" || kind === "returned" || kind === "corrected") return quantity;
  return kind === "taken" ? -quantity : 0;
}

/** In the order of what happened; the same instant in the order in which it became known. */
export function inOrder(facts: readonly MovementFact[]): readonly MovementFact[] {
  return facts.toSorted((a, b) => a.at - b.at || a.known - b.known || (a.movement < b.movement ? -1 : 1));
}

/** The stock of one part from all that happened to it, in any order. Each movement counts once, the first that became known. */
export function stockOf(facts: readonly MovementFact[]): Stock {
  const [byWork, lines]: [Map<string, number>, StockLine[]] = [new Map(), []];
  let onHand = 0;
  let since: MovementFact[] = [];
  for (const fact of inOrder(once(facts))) {
    const before = onHand;
    onHand = fact.kind === "counted" ? fact.quantity : tidy(onHand + signedQuantity(fact));
    reserve(byWork, fact);
    const isLate = fact.known - fact.at > LATE;
    if (fact.kind !== "counted") {
      since.push(fact);
      lines.push({ fact, before, after: onHand, isLate });
      continue;
    }
    const difference = tidy(fact.quantity - before);
    const missed = since.filter(({ known }) => known > fact.known).reduce((sum, each) => sum + signedQuantity(each), 0);
    lines.push({ fact, before, after: onHand, difference, isLate, ...(missed !== 0 && { differenceThen: tidy(difference + missed) }) });
    since = [];
  }
  const reserved = tidy([...byWork.values()].reduce((sum, each) => sum + each, 0));
  const last = lines.at(-1)?.fact.at;
  return { onHand, reserved, byWork, lines, ...(last !== undefined && { lastAt: last }) };
}

function once(facts: readonly MovementFact[]): readonly MovementFact[] {
  const first = new Map<string, MovementFact>();
  for (const fact of facts) {
    const other = first.get(fact.movement);
    if (other === undefined || fact.known < other.known) first.set(fact.movement, fact);
  }
  return [...first.values()];
}

/** What is taken for a piece of work is no longer kept for it. */
function reserve(byWork: Map<string, number>, { kind, work, quantity }: MovementFact): void {
  if (work === undefined || (kind !== "reserved" && kind !== "released" && kind !== "taken")) return;
  const next = tidy((byWork.get(work) ?? 0) + (kind === "reserved" ? quantity : -quantity));
  if (next > 0) byWork.set(work, next);
  else byWork.delete(work);
}

/** Quantities such as 0.1 add up to what people read. */
function tidy(quantity: number): number {
  return Math.round(quantity * 1e6) / 1e6;
}
