import type { Instant, RecordId } from "@doppelwerk/world";

export type EntryValue = number | boolean | string;

/** One value that a person typed in. It stays as it was written; a correction is an entry of its own. */
export interface Entry {
  readonly id: string;
  readonly signal: RecordId;
  readonly name: string;
  readonly unit?: string;
  readonly connection: RecordId;
  /** Undefined = withdrawn: from this time on nothing is known. */
  readonly value?: EntryValue;
  /** When it held, as the person says. */
  readonly time: Instant;
  /** Its place in the history: a correction stands a microsecond after what it corrects, so that both can be read. */
  readonly sampleTime: Instant;
  readonly note?: string;
  readonly enteredBy: string;
  readonly enteredAt: Instant;
  /** The entry that this one corrects. */
  readonly corrects?: string;
  /** The entry that corrected this one. */
  readonly correctedBy?: string;
}
