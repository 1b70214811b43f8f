import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type EventCounts, type StoredEvent } from "@doppelwerk/world";

/** What may be on its way to the disk. */
const MAX_WAITING = 100_000;
const MAX_WAITING_BYTES = 64 << 20;
/** Of an event besides its payload. */
const EVENT_BYTES = 300;

/** The bound of what waits to be recorded: a call beyond it is refused whole, and counted. */
export class WaitingEvents {
  #waiting = 0;
  #bytes = 0;
  #recorded = 0;
  #duplicates = 0;
  #refused = 0;

  /** Runs a write of these events, which resolves with how many were new. Errors: DW_UNAVAILABLE when too many wait, and those of the write. */
  async through(events: readonly StoredEvent[], write: () => Promise<number>): Promise<number> {
    const bytes = events.reduce((sum, { payload }) => sum + payload.length + EVENT_BYTES, 0);
    if (this.#waiting > 0 && (this.#waiting + events.length > MAX_WAITING || this.#bytes + bytes > MAX_WAITING_BYTES)) {
      this.#refused += events.length;
      throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.tooManyEventsWaitStored", { waiting: this.#waiting }));
    }
    this.#waiting += events.length;
    this.#bytes += bytes;
    try {
      const recorded = await write();
      this.#recorded += recorded;
      this.#duplicates += events.length - recorded;
      return recorded;
    } catch (error) {
      this.#refused += events.length;
      throw error;
    } finally {
      this.#waiting -= events.length;
      this.#bytes -= bytes;
    }
  }

  counts(): EventCounts {
    return { recorded: this.#recorded, duplicates: this.#duplicates, refused: this.#refused, waiting: this.#waiting };
  }
}
