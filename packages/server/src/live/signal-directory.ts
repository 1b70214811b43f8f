import type { SignalEntry } from "@doppelwerk/sync";
import { changedId, changedKind, LIVE, originOfConnection, quality, SignalTable } from "@doppelwerk/world";
import type { ConnectionRecord, LogEntry, Origin, RecordId, RecordReader, Sample, SampleBatch, SignalRecord } from "@doppelwerk/world";
import type { WantedSignal } from "@doppelwerk/world";
import { rowsWhere } from "./rows-where.ts";

/** The signals of the live branch: records ↔ rows of the live table ↔ entries that browsers know. Row = index, everywhere. */
export class SignalDirectory {
  readonly table = new SignalTable();
  readonly #entries: SignalEntry[] = [];
  readonly #demoConnections = new Set<RecordId>();
  readonly #origins = new Map<RecordId, Origin>();

  /** Takes every signal of live; called once at start. */
  load(reader: RecordReader): void {
    for (const connection of reader.query({ kind: "connection" }) as readonly ConnectionRecord[]) this.#remember(connection);
    for (const signal of reader.query({ kind: "signal" }) as readonly SignalRecord[]) this.#put(signal);
  }

  /** Follows a commit; returns whether a signal changed. */
  follow(entry: LogEntry, reader: RecordReader): boolean {
    if (entry.branch !== LIVE) return false;
    let changed = false;
    for (const change of entry.changes) {
      const kind = changedKind(change);
      if (kind !== "signal" && kind !== "connection") continue;
      const record = reader.get(changedId(change));
      if (kind === "connection" && record) this.#remember(record as ConnectionRecord);
      if (kind !== "signal") continue;
      changed = true;
      if (record) this.#put(record as SignalRecord);
      else this.table.remove(changedId(change));
    }
    return changed;
  }

  entries(): readonly SignalEntry[] {
    return this.#entries;
  }

  record(id: RecordId): SignalRecord | undefined {
    const index = this.table.indexOf(id);
    return index === undefined ? undefined : this.table.signals[index];
  }

  /** Every signal of live. */
  records(): readonly SignalRecord[] {
    return this.table.signals.filter((record) => record !== undefined);
  }

  live(id: RecordId): Sample | undefined {
    return this.table.live(id);
  }

  /** Ids and indexes of the signals named, unknown ones left out; all without a list. */
  wanted(ids?: readonly RecordId[]): readonly WantedSignal[] {
    const named = ids ?? this.table.ids;
    return named.flatMap((id) => {
      const index = this.table.indexOf(id);
      return index === undefined ? [] : [{ id, index, origin: this.originOf(this.table.signals[index]!) }];
    });
  }

  /** The last sample of every signal that has one, or of the marked rows: what a browser that subscribes sees first. */
  lastSamples(wanted: Uint8Array | undefined): SampleBatch {
    const { table } = this;
    const rows: number[] = [];
    for (let index = 0; index < table.size; index++) {
      if (table.signals[index] && table.qualitySince[index]! > 0 && (!wanted || wanted[index])) rows.push(index);
    }
    const texts = new Map<number, string>();
    for (const [row, index] of rows.entries()) {
      const text = table.texts[index];
      if (text !== undefined) texts.set(row, text);
    }
    return {
      origin: "measured",
      origins: Uint8Array.from(rows, (index) => table.origins[index]!),
      count: rows.length,
      signals: Uint32Array.from(rows),
      values: Float64Array.from(rows, (index) => table.values[index]!),
      qualities: Uint8Array.from(rows, (index) => table.qualities[index] ?? quality.bad),
      sourceTimes: Float64Array.from(rows, (index) => table.sourceTimes[index]!),
      serverTimes: Float64Array.from(rows, (index) => table.serverTimes[index]!),
      texts,
    };
  }

  /** Of a batch that was taken into the table: the rows that are now the last sample of their signal. Undefined: there are none. */
  liveRowsOf(batch: SampleBatch): SampleBatch | undefined {
    const { table } = this;
    const isLive = (row: number): boolean => {
      const index = batch.signals[row]!;
      return table.signals[index] !== undefined && table.sourceTimes[index] === batch.sourceTimes[row];
    };
    const live = rowsWhere(batch, isLive);
    return live.count === 0 ? undefined : live;
  }

  /** What the rows of a signal are that say nothing of their origin: of connections what these are, else what the server concludes, or a file brought. */
  originOf({ connection, role }: SignalRecord): Origin {
    if (connection !== undefined) return this.#origins.get(connection) ?? "measured";
    return role === "State" || role === "Alarm" ? "derived" : "measured";
  }

  isDemo(connection: RecordId | undefined): boolean {
    return connection !== undefined && this.#demoConnections.has(connection);
  }

  #remember(connection: ConnectionRecord): void {
    if (connection.demo) this.#demoConnections.add(connection.id);
    else this.#demoConnections.delete(connection.id);
    this.#origins.set(connection.id, originOfConnection(connection));
  }

  #put(signal: SignalRecord): void {
    const index = this.table.put(signal);
    const { id, name, names, valueType, enumeration, unit, shell, role, low, high, resolution } = signal;
    const entry: SignalEntry = {
      id,
      name,
      ...(names === undefined ? {} : { names }),
      valueType,
      ...(enumeration === undefined ? {} : { enumeration }),
      unit,
      shell,
      role,
      low,
      high,
      resolution,
      ...(this.isDemo(signal.connection) ? { demo: true } : {}),
    };
    this.#entries[index] = entry;
  }
}
