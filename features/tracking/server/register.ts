import { join } from "node:path";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { identifications } from "@doppelwerk/ports";
import { instantOfRfc3339, MINUTE, type Instant, type Journal, type NewEvent, type RecordId } from "@doppelwerk/world";
import type { tracking } from "../feature.ts";
import type {} from "../message-codes.ts";
import type { EpcisEvent } from "../model/epcis-event.ts";
import { ERROR_EVENT, THING_EVENT } from "../model/event-kinds.ts";
import { GenealogyIndex, type Indexed } from "./genealogy-index.ts";
import { Places } from "./places.ts";
import { eventsOfId, indexedOf, recordedEvents, recordOf } from "./recorded-events.ts";

type Ctx = FeatureContext<typeof tracking>;
type Recordable = Omit<NewEvent, "actor">;

/** A span of event times that is being recorded: what of it is in the index is not known until it ended. */
interface Pending {
  readonly id: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

export interface Captured {
  readonly recorded: number;
  readonly duplicates: number;
  readonly withdrawn: number;
}

/** The clock of a source may run so far ahead. */
const MAX_AHEAD: Instant = MINUTE;
/** Kept in the journal until so many have ended. */
const MAX_ENDED = 1_000;
/** Events that are indexed without a pause: some ten milliseconds. */
const AT_ONCE = 250;

/**
 * Events of things, and the index that is made of them. The events are the record; the index is made anew where it is missing, and what was being recorded when
 * the process ended is read again.
 */
export class Register {
  readonly #ctx: Ctx;
  readonly #journal: Journal<Pending>;
  readonly #pending = new Map<string, Pending>();
  #index: GenealogyIndex;
  #ended = 0;
  /** Whether any event was declared wrong; unknown: yes. */
  #hasErrors = true;
  #isReady = false;
  readonly #filled: Promise<void>;

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
    this.#journal = ctx.journal<Pending>("tracking");
    const { index, isNew } = GenealogyIndex.open(join(ctx.folder("derived/tracking"), "genealogy.sqlite"));
    this.#index = index;
    const spans = isNew ? [{}] : [...this.#journal.items.values()].filter(({ from }) => from !== undefined);
    this.#filled = this.#fill(spans);
  }

  /** Errors: DW_UNAVAILABLE while the index is made. */
  get index(): GenealogyIndex {
    if (!this.#isReady) throw new DoppelwerkError("DW_UNAVAILABLE", message("tracking.filling"), { retryAfterS: 5 });
    return this.#index;
  }

  /** Nothing while the index is made. */
  counts(): readonly { readonly value: number }[] {
    return this.#isReady ? [{ value: this.#index.counts().things }] : [];
  }

  /** Records all events or none. Errors: DW_INVALID, DW_NOT_FOUND, DW_FORBIDDEN, DW_UNAVAILABLE. */
  async capture(view: PlantView, events: readonly EpcisEvent[], place: string | undefined): Promise<Captured> {
    const index = this.index;
    const records = await this.#recordsOf(view, events, place);
    const times = records.map(({ at }) => at);
    const pending = { id: this.#ctx.ids.next("tracking"), from: Math.min(...times), to: Math.max(...times) + 1 };
    this.#pending.set(pending.id, pending);
    this.#journal.put(pending);
    try {
      const { recorded, duplicates } = await view.events.record(records);
      await this.#addAll(index, await this.#counting(records));
      const withdrawn = await this.#withdraw(records);
      return { recorded, duplicates, withdrawn };
    } finally {
      this.#end(pending);
    }
  }

  async close(): Promise<void> {
    await this.#filled;
    this.#journal.close();
    this.#index.close();
  }

  async #recordsOf(view: PlantView, events: readonly EpcisEvent[], place: string | undefined): Promise<readonly Recordable[]> {
    const places = new Places(view, this.#ctx.find(identifications));
    const fallback = place === undefined ? undefined : await places.find(place);
    if (place !== undefined && fallback === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("tracking.noPlace", { place }));
    const latest = this.#ctx.now() + MAX_AHEAD;
    const records: Recordable[] = [];
    for (const [at, event] of events.entries()) {
      const subject: RecordId | undefined = (await places.of(event)) ?? fallback;
      if (subject === undefined)
        throw new DoppelwerkError("DW_INVALID", message("tracking.placeUnknown", { event: at + 1, place: placeText(event) }));
      const time = instantOfRfc3339(event.errorDeclaration?.declarationTime ?? event.eventTime)!;
      if (time > latest) throw new DoppelwerkError("DW_INVALID", message("tracking.future", { event: at + 1, time: event.eventTime }));
      records.push(recordOf(event, time, subject));
    }
    return records;
  }

  /** A few at a time: others are served meanwhile. */
  async #addAll(index: GenealogyIndex, events: readonly Indexed[]): Promise<void> {
    for (let at = 0; at < events.length; at += AT_ONCE) {
      index.add(events.slice(at, at + AT_ONCE));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Without links of events that were declared wrong before they came. */
  async #counting(records: readonly Recordable[]): Promise<readonly Indexed[]> {
    const counting: Indexed[] = [];
    for (const record of records) {
      const indexed = indexedOf(record);
      const errors = record.type === THING_EVENT && this.#hasErrors ? await eventsOfId(this.#ctx.own, idOf(record), [ERROR_EVENT]) : [];
      counting.push(errors.length > 0 ? { ...indexed, links: [] } : indexed);
    }
    return counting;
  }

  /** Links of events that were declared wrong; how many events that were. */
  async #withdraw(records: readonly Recordable[]): Promise<number> {
    let withdrawn = 0;
    for (const record of records.filter(({ type }) => type === ERROR_EVENT)) {
      this.#hasErrors = true;
      for (const wrong of await eventsOfId(this.#ctx.own, idOf(record), [THING_EVENT])) {
        this.#index.withdrawLinks(indexedOf(wrong));
        withdrawn++;
      }
    }
    return withdrawn;
  }

  #end({ id }: Pending): void {
    this.#pending.delete(id);
    this.#ended++;
    // an end that is not written is read again at the next start, which changes nothing
    if (this.#ended % MAX_ENDED === 0) this.#journal.replace([...this.#pending.values()]);
  }

  async #fill(spans: readonly { readonly from?: Instant; readonly to?: Instant }[]): Promise<void> {
    try {
      for (const span of spans) {
        for await (const events of recordedEvents(this.#ctx.own, { ...span, types: [THING_EVENT] })) {
          if (this.#ctx.signal.aborted) return;
          await this.#addAll(this.#index, events.map(indexedOf));
        }
        for await (const events of recordedEvents(this.#ctx.own, { types: [ERROR_EVENT] })) {
          this.#index.add(events.map(indexedOf));
          await this.#withdraw(events);
        }
      }
      this.#hasErrors = await this.#anyError();
      this.#journal.replace([]);
      this.#isReady = true;
      this.#ctx.degraded(undefined);
    } catch (error) {
      this.#ctx.log.error({ error }, "the index of things could not be made; it is tried again at the next start");
      this.#ctx.degraded("the index of things could not be made");
    }
  }

  async #anyError(): Promise<boolean> {
    return (await this.#ctx.own.events.latest({ branch: "live", types: [ERROR_EVENT] })) !== undefined;
  }
}

const idOf = ({ payload }: Recordable): string => String(payload["eventID"]);

/** The place that an event names, for who has to look for it. */
function placeText({ readPoint, bizLocation }: EpcisEvent): string {
  return readPoint?.id ?? bizLocation?.id ?? "–";
}
