import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { LIVE, type EventRecord, type Instant, type RecordId } from "@doppelwerk/world";
import type { KnownThing, Visit } from "../contract.ts";
import type {} from "../message-codes.ts";
import { plainWord, type EpcisEvent } from "../model/epcis-event.ts";
import { ERROR_EVENT } from "../model/event-kinds.ts";
import { canonicalIdentifier, shortName } from "../model/identifier.ts";
import { tracing, type Direction, type TracedLink } from "../model/trace.ts";
import { eventNumber, type GenealogyIndex, type Visit as IndexedVisit } from "./genealogy-index.ts";

const ALWAYS: Instant = Number.MAX_SAFE_INTEGER;
/** Looked at before it is given up that one is at a place that may be seen. */
const MAX_LOOKED_AT = 1_000;

/** Steps of a trace without a pause: some ten milliseconds. */
const STEPS_AT_ONCE = 20;

/** A trace with names; links name places in `things`. */
export interface TracedThings {
  readonly things: readonly { readonly name: string; readonly short: string; readonly depth: number }[];
  readonly links: readonly (Omit<TracedLink, "place"> & { readonly from: number; readonly into: number })[];
  readonly isCut: boolean;
}

/** What one principal may know of things: only by events at places that he may read. */
export class ThingReader {
  readonly #view: PlantView;
  readonly #index: GenealogyIndex;
  readonly #seen = new Map<number, boolean>();

  constructor(view: PlantView, index: GenealogyIndex) {
    this.#view = view;
    this.#index = index;
  }

  readonly sees = (place: number): boolean => {
    let seen = this.#seen.get(place);
    if (seen === undefined) {
      seen = this.#view.documents.reader(LIVE).get(this.#index.recordOf(place)) !== undefined;
      this.#seen.set(place, seen);
    }
    return seen;
  };

  /** Errors: DW_NOT_FOUND where no event that may be read names it. */
  numberOf(given: string): number {
    const thing = this.#index.thing(canonicalIdentifier(given)) ?? this.#index.thing(given);
    if (thing === undefined || this.#last(thing) === undefined)
      throw new DoppelwerkError("DW_NOT_FOUND", message("tracking.noThing", { thing: given }));
    return thing;
  }

  /** Events name it, and none that may be read. */
  hides(name: string): boolean {
    const thing = this.#index.thing(name);
    return thing !== undefined && this.#last(thing) === undefined;
  }

  find(text: string, limit: number): readonly KnownThing[] {
    const found: KnownThing[] = [];
    // a code that was scanned is found at once; a part of one is looked for
    const exact = this.#index.thing(canonicalIdentifier(text));
    const candidates = exact === undefined ? this.#index.search(text, MAX_LOOKED_AT).map(({ number }) => number) : [exact];
    for (const number of candidates) {
      const last = this.#last(number);
      if (last !== undefined) found.push(this.#shown(this.#index.names([number]).get(number)!, last));
      if (found.length >= limit) break;
    }
    return found;
  }

  shown(thing: number): KnownThing {
    return this.#shown(this.#index.names([thing]).get(thing)!, this.#last(thing));
  }

  /** Others are served meanwhile. */
  async trace(
    root: number,
    direction: Direction,
    { at, limit, isThen = false }: { readonly at?: Instant | undefined; readonly limit: number; readonly isThen?: boolean },
  ): Promise<TracedThings> {
    const steps = tracing(this.#index, { root, direction, limit, isThen, sees: this.sees, ...(at !== undefined && { at }) });
    let step = steps.next();
    for (let count = 1; step.done !== true; count++) {
      if (count % STEPS_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
      step = steps.next();
    }
    const traced = step.value;
    const names = this.#index.names(traced.things.map(({ thing }) => thing));
    const places = new Map(traced.things.map(({ thing }, place) => [thing, place]));
    return {
      things: traced.things.map(({ thing, depth }) => {
        const name = names.get(thing)!;
        return { name, short: shortName(name), depth };
      }),
      links: traced.links.flatMap(({ from, into, kind, since, until }) => {
        const [begin, end] = [places.get(from), places.get(into)];
        return begin === undefined || end === undefined
          ? []
          : [{ from: begin, into: end, kind, since, ...(until !== undefined && { until }) }];
      }),
      isCut: traced.isCut,
    };
  }

  /** Newest first; `next` is where to go on. */
  async visits(thing: number, before: Instant, limit: number): Promise<{ readonly visits: readonly Visit[]; readonly next?: Instant }> {
    const found = this.#index.visits(thing, limit, before);
    const visits: Visit[] = [];
    for (const visit of found.filter(({ place }) => this.sees(place))) {
      const event = await this.#eventOf(visit);
      if (event !== undefined) visits.push(shownVisit(event, this.#placeOf(event.subject)));
    }
    return { visits, ...(found.length === limit && { next: found.at(-1)!.at }) };
  }

  async #eventOf({ at, event }: IndexedVisit): Promise<EventRecord | undefined> {
    const page = await this.#view.events.query({
      branch: LIVE,
      types: ["tracking.event", "tracking.error"],
      from: at,
      to: at + 1,
      limit: 1_000,
    });
    return page.events.find(({ id }) => eventNumber(id) === event);
  }

  #placeOf(id: RecordId): Visit["place"] {
    const name = this.#view.documents.reader(LIVE).get(id)?.["idShort"];
    return { id, name: typeof name === "string" ? name : id };
  }

  #last(thing: number): IndexedVisit | undefined {
    return this.#index.visits(thing, MAX_LOOKED_AT, ALWAYS).find(({ place }) => this.sees(place));
  }

  #shown(name: string, last: IndexedVisit | undefined): KnownThing {
    return {
      name,
      short: shortName(name),
      ...(last !== undefined && { last: { at: last.at, place: this.#placeOf(this.#index.recordOf(last.place)) } }),
    };
  }
}

function shownVisit({ at, type, payload }: EventRecord, place: Visit["place"]): Visit {
  const event = payload as unknown as EpcisEvent;
  return {
    at,
    place,
    type: event.type,
    ...("action" in event && { action: String(event.action) }),
    ...(event.bizStep !== undefined && { step: plainWord(event.bizStep) }),
    ...(event.disposition !== undefined && { disposition: plainWord(event.disposition) }),
    transactions: (event.bizTransactionList ?? []).map(({ bizTransaction }) => bizTransaction),
    isError: type === ERROR_EVENT,
  };
}
