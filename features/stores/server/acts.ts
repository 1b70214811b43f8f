import { DoppelwerkError, faultsOf, message, SECOND } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { Movement, type MovementFact, type MovementKind } from "../model/movement.ts";
import { stockOf, type Stock } from "../model/stock.ts";
import type { Ledger } from "./ledger.ts";
import { requirePart } from "./parts.ts";

export interface ActRequest {
  readonly id: string;
  readonly kind: MovementKind;
  readonly quantity: number;
  readonly at?: Instant | undefined;
  readonly work?: string | undefined;
  readonly reason?: string | undefined;
}

/** The clock of who asks may be so far ahead. */
const AHEAD: Instant = 2 * SECOND;

/** What people do with parts, one act after the other: two who take the last one at the same time do not both get it. */
export class Acts {
  readonly #ledger: Ledger;
  readonly #now: () => Instant;
  #last: Promise<unknown> = Promise.resolve();

  constructor(ledger: Ledger, now: () => Instant) {
    this.#ledger = ledger;
    this.#now = now;
  }

  /**
   * Records an act; false: its id was known. Errors: DW_NOT_FOUND, DW_FORBIDDEN; DW_INVALID for an instant to come, a count that does not fit and has no
   * reason; DW_CONFLICT where there is not so much, or the id is that of another act.
   */
  move(view: PlantView, branch: BranchId, part: string, request: ActRequest): Promise<boolean> {
    const done = this.#last.then(() => this.#move(view, branch, part, request));
    this.#last = Promise.allSettled([done]);
    return done;
  }

  async idle(): Promise<void> {
    await this.#last;
  }

  async #move(view: PlantView, branch: BranchId, part: string, request: ActRequest): Promise<boolean> {
    const { unit } = requirePart(view, branch, part);
    const now = this.#now();
    const { id, at = now, ...said } = request;
    if (at > now + AHEAD) throw new DoppelwerkError("DW_INVALID", message("stores.fault.future"));
    const movement = movementOf({ ...said, part, movement: id });
    const all = await this.#ledger.facts(branch);
    const known = [...all.values()].flat().find((each) => each.movement === id);
    if (known !== undefined) {
      if (isSameAct(known, movement)) return false;
      throw new DoppelwerkError("DW_CONFLICT", message("stores.otherAct"));
    }
    const facts = all.get(part) ?? [];
    // when it is known is when it is recorded: later than all that is known
    const fact = { ...movement, at: Math.min(at, now), known: Number.MAX_SAFE_INTEGER };
    requireFits(facts, fact, unit);
    await this.#ledger.record(view, branch, [{ movement, at: fact.at }]);
    return true;
  }
}

function movementOf(said: Record<string, unknown>): Movement {
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined && value !== ""));
  const read = Movement.safeParse(given);
  if (read.success) return read.data;
  throw new DoppelwerkError("DW_INVALID", faultsOf(read.error.issues, given)[0]!);
}

const SAME = ["part", "kind", "quantity", "work", "reason"] as const;
const isSameAct = (a: Movement, b: Movement): boolean => SAME.every((field) => a[field] === b[field]);

/** With the act nothing is less than nothing that was not before, and what is kept for others stays there. */
function requireFits(facts: readonly MovementFact[], fact: MovementFact, unit: string): void {
  const [before, after] = [stockOf(facts), stockOf([...facts, fact])];
  const conflict = (why: ReturnType<typeof message>): never => {
    throw new DoppelwerkError("DW_CONFLICT", why);
  };
  if (fact.kind === "counted") {
    const { difference } = after.lines.find((line) => line.fact === fact)!;
    if (difference !== 0 && fact.reason === undefined)
      throw new DoppelwerkError("DW_INVALID", message("stores.fault.reason", { difference: difference! }));
    return;
  }
  if (fact.kind === "reserved" || fact.kind === "released") {
    if (fact.work === undefined) throw new DoppelwerkError("DW_INVALID", message("stores.fault.work"));
    const kept = before.byWork.get(fact.work) ?? 0;
    if (fact.kind === "released" && fact.quantity > kept)
      conflict(message("stores.notReserved", { quantity: kept, unit, work: fact.work }));
    const free = before.onHand - before.reserved;
    if (fact.kind === "reserved" && fact.quantity > free) conflict(message("stores.notEnough", { quantity: Math.max(0, free), unit }));
    return;
  }
  if (lowest(after, fact.at) < Math.min(0, lowest(before, fact.at)))
    conflict(message("stores.notEnough", { quantity: Math.max(0, lowest(before, fact.at)), unit }));
  const kept = fact.work === undefined ? 0 : (before.byWork.get(fact.work) ?? 0);
  const forOthers = before.reserved - kept;
  if (fact.kind === "taken" && fact.quantity > kept && after.onHand < forOthers)
    conflict(message("stores.reservedForOthers", { quantity: forOthers, unit, work: [...after.byWork.keys()][0] ?? "–" }));
}

/** The least that the book has from an instant on. */
function lowest({ lines }: Stock, from: Instant): number {
  const own = lines.filter(({ fact }) => fact.at >= from).map(({ after }) => after);
  const first = lines.findLast(({ fact }) => fact.at < from)?.after ?? 0;
  return Math.min(first, ...own);
}
