import { hashedId } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import {
  LIVE,
  type BranchId,
  type EventPayload,
  type EventRecord,
  type Instant,
  type NewEvent,
  type RecordedEvents,
} from "@doppelwerk/world";
import { Movement, MOVEMENT_EVENT, type MovementFact } from "../model/movement.ts";
import { partDocumentId } from "../model/part-kind.ts";

type ByPart = ReadonlyMap<string, readonly MovementFact[]>;

const PAGE = 1_000;

/** Movements as events of the documents of their parts: who may read a part reads what happened to it. */
export class Ledger {
  readonly #own: PlantView;
  /** Of live, read once and kept until something is recorded. */
  #live: Promise<ByPart> | undefined;

  constructor(own: PlantView) {
    this.#own = own;
  }

  /** All that happened on a branch, by part; `at`: up to that instant, and as it was known then. */
  async facts(branch: BranchId, at?: Instant): Promise<ByPart> {
    if (branch !== LIVE) return this.#read(branch, at);
    this.#live ??= this.#read(LIVE, undefined).catch((error: unknown) => {
      this.#live = undefined;
      throw error;
    });
    const live = await this.#live;
    if (at === undefined) return live;
    return new Map([...live].map(([part, facts]) => [part, facts.filter((fact) => fact.at <= at && fact.known <= at)]));
  }

  async record(
    view: PlantView,
    branch: BranchId,
    movements: readonly { readonly movement: Movement; readonly at: Instant }[],
  ): Promise<RecordedEvents> {
    if (movements.length === 0) return { recorded: 0, duplicates: 0 };
    const recorded = await view.events.record(movements.map(({ movement, at }) => eventOf(branch, movement, at)));
    if (branch === LIVE && recorded.recorded > 0) this.#live = undefined;
    return recorded;
  }

  async #read(branch: BranchId, at: Instant | undefined): Promise<ByPart> {
    const byPart = new Map<string, MovementFact[]>();
    let cursor: string | undefined;
    do {
      const page = await this.#own.events.query({
        branch,
        types: [MOVEMENT_EVENT],
        limit: PAGE,
        ...(at !== undefined && { to: at + 1, knownAt: at }),
        ...(cursor !== undefined && { cursor }),
      });
      for (const fact of page.events.flatMap(factOf)) {
        const own = byPart.get(fact.part);
        if (own === undefined) byPart.set(fact.part, [fact]);
        else own.push(fact);
      }
      cursor = page.next;
    } while (cursor !== undefined);
    return byPart;
  }
}

function eventOf(branch: BranchId, movement: Movement, at: Instant): Omit<NewEvent, "actor"> {
  return {
    id: hashedId("event", MOVEMENT_EVENT, movement.movement),
    branch,
    subject: partDocumentId(movement.part),
    type: MOVEMENT_EVENT,
    at,
    origin: "entered",
    payload: movement as unknown as EventPayload,
  };
}

/** What cannot be read is of a newer version, and is left out. */
function factOf({ payload, at, known, actor }: EventRecord): MovementFact[] {
  const read = Movement.safeParse(payload);
  return read.success ? [{ ...read.data, at, known, ...(actor !== undefined && { by: actor }) }] : [];
}
