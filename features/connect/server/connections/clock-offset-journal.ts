import type { Instant, Journal, RecordId } from "@doppelwerk/world";

/** From this server time on the source times of a station were corrected by this: raw time = source time + offset. */
export interface ClockOffset {
  readonly connection: RecordId;
  /** Station: shell, edge node, or the connection itself. */
  readonly source: string;
  /** Ahead > 0; 0 = believed again as it is. */
  readonly offsetS: number;
  readonly at: Instant;
}

/** P13: corrections of clocks are kept, so that of each sample the raw time can be told as well as the corrected one. */
export interface ClockOffsetJournal {
  put(offset: ClockOffset): void;
  /** Newest first, at most a hundred. */
  of(connection: RecordId): readonly ClockOffset[];
}

const SHOWN = 100;
/** Corrections that wait for a disk that is full. */
const WAITING_MAX = 1_000;
/** The newest are kept. A clock that drifts by a second a day is corrected twice a day; names of stations come from the plant, so that they are bounded too. */
const KEPT: KeptOffsets = { ofStation: 2_000, inAll: 20_000 };

export interface KeptOffsets {
  readonly ofStation: number;
  readonly inAll: number;
}

export type ClockOffsetLine = ClockOffset & { readonly id: string };

/** `onFault`: the disk refuses; what it refused is written with the next one. */
export function openClockOffsetJournal(
  journal: Journal<ClockOffsetLine>,
  onFault: (error: unknown) => void,
  kept: KeptOffsets = KEPT,
): ClockOffsetJournal & { close(): void } {
  const counts = new Map<string, number>();
  const count = (line: ClockOffsetLine): number => {
    const next = (counts.get(stationOf(line)) ?? 0) + 1;
    counts.set(stationOf(line), next);
    return next;
  };
  let most = 0;
  for (const line of journal.items.values()) most = Math.max(most, count(line));
  const waiting: ClockOffsetLine[] = [];
  const write = (): void => {
    try {
      while (waiting.length > 0) {
        journal.put(waiting[0]!);
        most = Math.max(most, count(waiting.shift()!));
      }
      // a quarter more before it is written again, so that this stays rare
      if (most <= kept.ofStation * 1.25 && journal.items.size <= kept.inAll * 1.25) return;
      journal.replace(newestOf([...journal.items.values()], kept));
      counts.clear();
      most = 0;
      for (const line of journal.items.values()) most = Math.max(most, count(line));
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

const stationOf = ({ connection, source }: ClockOffset): string => `${connection} ${source}`;

/** In their order. */
function newestOf(lines: readonly ClockOffsetLine[], { ofStation, inAll }: KeptOffsets): readonly ClockOffsetLine[] {
  const taken = new Map<string, number>();
  const newest: ClockOffsetLine[] = [];
  for (const line of lines.toReversed()) {
    const before = taken.get(stationOf(line)) ?? 0;
    if (before >= ofStation) continue;
    if (newest.length >= inAll) break;
    taken.set(stationOf(line), before + 1);
    newest.push(line);
  }
  return newest.reverse();
}
