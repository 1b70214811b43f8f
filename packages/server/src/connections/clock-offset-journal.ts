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
/** Corrections that wait for a disk that is full. */
const WAITING_MAX = 1_000;

/** `onFault`: the disk refuses; what it refused is written with the next one. */
export function openClockOffsetJournal(path: string, onFault: (error: unknown) => void): ClockOffsetJournal & { close(): void } {
  const journal = openJournal<ClockOffset & { readonly id: string }>(path, "clock offsets");
  const waiting: (ClockOffset & { readonly id: string })[] = [];
  const write = (): void => {
    try {
      while (waiting.length > 0) {
        journal.put(waiting[0]!);
        waiting.shift();
      }
    } catch (error) {
      waiting.splice(0, waiting.length - WAITING_MAX);
      onFault(error);
    }
  };
  return {
    put(offset) {
      waiting.push({ id: `${offset.connection} ${offset.source} ${offset.at}`, ...offset });
      write();
    },
    of: (connection) =>
      [...journal.items.values(), ...waiting]
        .filter((offset) => offset.connection === connection)
        .slice(-SHOWN)
        .reverse()
        .map(({ connection, source, offsetS, at }) => ({ connection, source, offsetS, at })),
    close() {
      write();
      journal.close();
    },
  };
}
