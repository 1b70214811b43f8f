import type { Instant, RecordId } from "@doppelwerk/world";
import { openJournal } from "../log/journal.ts";

/** From this server time on the source times of a station were corrected by this: raw time = source time + offset. */
export interface ClockOffset {
  readonly connection: RecordId;
  /** Station: shell, edge node, or the connection itself. */
  readonly source: string;
  /** Ahead > 0; 0 = believed again as it is. */
  readonly offsetS: number;
  readonly at: Instant;
}

/** P13: every correction of a clock is kept, so that of each sample the raw time can be told as well as the corrected one. */
export interface ClockOffsetJournal {
  put(offset: ClockOffset): void;
  /** Newest first, at most a hundred. */
  of(connection: RecordId): readonly ClockOffset[];
}

const SHOWN = 100;

export function openClockOffsetJournal(path: string): ClockOffsetJournal & { close(): void } {
  const journal = openJournal<ClockOffset & { readonly id: string }>(path, "clock offsets");
  return {
    put(offset) {
      journal.put({ id: `${offset.connection} ${offset.source} ${offset.at}`, ...offset });
    },
    of: (connection) =>
      [...journal.items.values()]
        .filter((offset) => offset.connection === connection)
        .slice(-SHOWN)
        .reverse()
        .map(({ connection, source, offsetS, at }) => ({ connection, source, offsetS, at })),
    close: () => journal.close(),
  };
}
