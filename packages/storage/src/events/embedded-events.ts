import { message } from "@doppelwerk/messages";
import {
  DoppelwerkError,
  type EventDamage,
  type EventExpiry,
  type EventSelection,
  type EventStore,
  type RecordId,
  type StoredEvent,
  type StoredEventQuery,
} from "@doppelwerk/world";
import type { FileEntry } from "./event-reader.ts";
import type { EventAnswer } from "./event-thread.ts";
import { startEventThread, type EventThread } from "./event-thread-client.ts";
import { FILE_EVENTS } from "./event-writer.ts";
import { readCatalogue, type EventCatalogue } from "./manifest.ts";
import { WaitingEvents } from "./waiting-events.ts";

export interface EmbeddedEventOptions {
  /** A folder of its own; made with the first event. */
  readonly directory: string;
  /** Events of one file; small ones are for tests. */
  readonly fileEvents?: number;
  /** Found later than at the opening, when a file was asked. */
  readonly onDamage?: (damage: EventDamage) => void;
}

/** The events of a world in files of SQLite, written and read by threads of their own that start when they are first needed. Errors: DW_FORMAT_NEWER. */
export function openEvents(options: EmbeddedEventOptions): EventStore {
  return new EmbeddedEvents(options, readCatalogue(options.directory));
}

class EmbeddedEvents implements EventStore {
  readonly #options: EmbeddedEventOptions;
  readonly #catalogue: EventCatalogue;
  readonly #waiting = new WaitingEvents();
  readonly #damages: EventDamage[];
  #files: readonly FileEntry[];
  #writer: EventThread | undefined;
  #reader: EventThread | undefined;
  #closed = false;

  constructor(options: EmbeddedEventOptions, catalogue: EventCatalogue) {
    this.#options = options;
    this.#catalogue = catalogue;
    this.#files = catalogue.files;
    this.#damages = [...catalogue.damages];
  }

  async record(events: readonly StoredEvent[]): Promise<number> {
    if (events.length === 0) return 0;
    return this.#waiting.through(events, async () => Number((await this.#write({ kind: "record", events })).result));
  }

  async query(query: StoredEventQuery): Promise<readonly StoredEvent[]> {
    const { result } = await this.#read({ kind: "query", files: this.#filesOf(query), query });
    return result as readonly StoredEvent[];
  }

  async count(selection: EventSelection): Promise<ReadonlyMap<RecordId, number>> {
    const { result } = await this.#read({ kind: "count", files: this.#filesOf(selection), selection });
    return result as ReadonlyMap<RecordId, number>;
  }

  async expire(expiry: EventExpiry): Promise<number> {
    return Number((await this.#write({ kind: "expire", expiry })).result);
  }

  counts(): ReturnType<EventStore["counts"]> {
    return this.#waiting.counts();
  }

  damages(): readonly EventDamage[] {
    return this.#damages;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#reader?.close();
    await this.#writer?.close();
  }

  /** Of branches that are not asked for nothing goes over to the thread. */
  #filesOf({ spans }: EventSelection): readonly FileEntry[] {
    const branches = new Set(spans.map(({ branch }) => branch));
    return this.#files.flatMap(({ name, extents }) => {
      const asked = extents.filter(({ branch }) => branches.has(branch));
      return asked.length === 0 ? [] : [{ name, extents: asked }];
    });
  }

  async #write(task: Parameters<EventThread["ask"]>[0]): Promise<EventAnswer> {
    this.#needOpen();
    const { directory, fileEvents = FILE_EVENTS } = this.#options;
    this.#writer ??= startEventThread({ role: "writer", directory, catalogue: this.#catalogue, fileEvents });
    const answer = await this.#writer.ask(task);
    if (answer.files !== undefined) {
      const left = new Set(answer.files.map(({ name }) => name));
      const gone = this.#files.filter(({ name }) => !left.has(name)).map(({ name }) => name);
      this.#files = answer.files;
      if (gone.length > 0) await this.#reader?.ask({ kind: "forget", names: gone });
    }
    return answer;
  }

  async #read(task: Parameters<EventThread["ask"]>[0]): Promise<EventAnswer> {
    this.#needOpen();
    this.#reader ??= startEventThread({ role: "reader", directory: this.#options.directory });
    const answer = await this.#reader.ask(task);
    for (const damage of answer.damages ?? []) {
      if (this.#damages.some(({ file, why }) => file === damage.file && why === damage.why)) continue;
      this.#damages.push(damage);
      this.#options.onDamage?.(damage);
    }
    return answer;
  }

  #needOpen(): void {
    if (this.#closed) throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.eventsClosed"));
  }
}
