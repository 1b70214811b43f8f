import { message } from "@doppelwerk/kit";
import type { FeatureLog } from "@doppelwerk/kit/server";
import type { BroughtValue, Connections } from "@doppelwerk/ports";
import {
  DoppelwerkError,
  LIVE,
  SECOND,
  type Clock,
  type ConnectionRecord,
  type IdSource,
  type Instant,
  type Journal,
  type RecordId,
  type SignalRecord,
  type WorldView,
} from "@doppelwerk/world";
import type { Entry } from "../contract.ts";
import type {} from "../message-codes.ts";

type EntryValue = NonNullable<Entry["value"]>;

export interface EntryServiceOptions {
  readonly journal: Journal<Entry>;
  /** Rejects when the connection is not open. */
  readonly push: (connection: RecordId, values: readonly BroughtValue[]) => ReturnType<Connections["bring"]>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: FeatureLog;
}

export interface EntryRequest {
  readonly signal: RecordId;
  /** null = withdrawn, only as a correction. */
  readonly value: EntryValue | null;
  /** Default now; of a correction always that of what it corrects. */
  readonly time?: Instant;
  readonly note?: string;
  readonly corrects?: string;
}

/** 1990: nobody types in what was before. */
const OLDEST: Instant = 631_152_000 * SECOND;
/** A clock of a browser may be a little ahead. */
const AHEAD: Instant = 2 * SECOND;
/** An entry whose sample the history refused (its disk was full) is in the journal only: after a start what is no older than this is stored again. */
const RESENT: Instant = 24 * 3_600 * SECOND;
const RETRY_MS = 1_000;

/** Values that people type in: who, when, for when, why, and what corrected it. Never changed, never deleted; the journal is on disk before the history has it. */
export class EntryService {
  readonly #options: EntryServiceOptions;
  /** Journalled, and refused by the history. */
  #unsent: { readonly entry: Entry; readonly address: string }[] = [];
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: EntryServiceOptions) {
    this.#options = options;
  }

  /** Newest first; of one signal or of all. */
  list(limit: number, signal?: RecordId): readonly Entry[] {
    const entries = [...this.#options.journal.items.values()];
    return entries
      .filter((entry) => signal === undefined || entry.signal === signal)
      .slice(-limit)
      .reverse();
  }

  /**
   * Throws DW_FORBIDDEN (who, or a signal that comes from a plant), DW_NOT_FOUND, DW_INVALID (value, time), DW_CONFLICT (what is to be corrected was
   * corrected already), DW_UNAVAILABLE (the connection is switched off).
   */
  async enter(view: WorldView, request: EntryRequest): Promise<Entry> {
    const allowed = view.may("enter", LIVE, request.signal);
    if (!allowed.allowed) throw new DoppelwerkError("DW_FORBIDDEN", allowed.why);
    const { clock, ids, journal } = this.#options;
    const { signal, connection } = targetOf(view, request.signal);
    const corrected = request.corrects === undefined ? undefined : this.#correctable(request.corrects, signal.id);
    if (request.value === null && corrected === undefined)
      throw new DoppelwerkError("DW_INVALID", message("entries.entryCanWithdrawn", { name: signal.name }));
    if (request.value !== null) checkValue(signal, request.value);
    const now = clock.now();
    const time = corrected?.time ?? request.time ?? now;
    if (time > now + AHEAD) throw new DoppelwerkError("DW_INVALID", message("entries.valuePastOrNow", { name: signal.name }));
    if (time < OLDEST) throw new DoppelwerkError("DW_INVALID", message("entries.value1990OrLater", { name: signal.name }));
    const entry: Entry = {
      id: ids.next("entry"),
      signal: signal.id,
      name: signal.name,
      ...(signal.unit === undefined ? {} : { unit: signal.unit }),
      connection: connection.id,
      ...(request.value === null ? {} : { value: request.value }),
      time: Math.min(time, now),
      sampleTime: corrected === undefined ? Math.min(time, now) : corrected.sampleTime + 1,
      ...(request.note === undefined || request.note === "" ? {} : { note: request.note }),
      enteredBy: view.principal.id,
      enteredAt: now,
      ...(corrected === undefined ? {} : { corrects: corrected.id }),
    };
    journal.put(entry);
    if (corrected !== undefined) journal.put({ ...corrected, correctedBy: entry.id });
    await this.#send(entry, signal.address ?? "");
    return entry;
  }

  /** After a start: what was written in the last day before the end is sent again; what is there already is the same sample. */
  async resend(addressOf: (signal: RecordId) => string | undefined): Promise<void> {
    const entries = [...this.#options.journal.items.values()];
    const last = entries.reduce((newest, { enteredAt }) => Math.max(newest, enteredAt), 0);
    for (const entry of entries) {
      const address = addressOf(entry.signal);
      if (entry.enteredAt >= last - RESENT && address !== undefined) await this.#resent(entry, address);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#options.journal.close();
  }

  /** What the history refuses is sent again until it takes it: the entry itself is on disk, in the journal. */
  async #send(entry: Entry, address: string): Promise<void> {
    try {
      const answer = await this.#options.push(entry.connection, [{ address, value: entry.value ?? null, time: entry.sampleTime }]);
      const [refused] = answer.refused;
      if (refused !== undefined)
        throw new DoppelwerkError("DW_INVALID", message("entries.valueRefused", { reason: refused.message, name: entry.name }));
    } catch (error) {
      if (!(error instanceof DoppelwerkError) || error.code !== "DW_UNAVAILABLE" || this.#closed) throw error;
      this.#unsent.push({ entry, address });
      this.#retry ??= setTimeout(() => void this.#sendAgain(), RETRY_MS);
    }
  }

  async #sendAgain(): Promise<void> {
    this.#retry = undefined;
    const unsent = this.#unsent;
    this.#unsent = [];
    for (const { entry, address } of unsent) await this.#resent(entry, address);
  }

  /** Never rejects. Refused for good (its connection was removed or is switched off), an entry stays in the journal only. */
  async #resent(entry: Entry, address: string): Promise<void> {
    try {
      await this.#send(entry, address);
    } catch (error) {
      this.#options.log.warn({ err: error, entry: entry.id, signal: entry.signal }, "an entry is kept in the journal only");
    }
  }

  #correctable(id: string, signal: RecordId): Entry {
    const entry = this.#options.journal.items.get(id);
    if (entry === undefined || entry.signal !== signal)
      throw new DoppelwerkError("DW_NOT_FOUND", message("entries.noEntryIdSignal", { id: id.slice(0, 100) }));
    if (entry.correctedBy !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("entries.entryCorrected", { id }));
    return entry;
  }
}

function targetOf(view: WorldView, id: RecordId): { readonly signal: SignalRecord; readonly connection: ConnectionRecord } {
  const reader = view.reader(LIVE);
  const signal = reader.get(id) as SignalRecord | undefined;
  if (signal?.kind !== "signal") throw new DoppelwerkError("DW_NOT_FOUND", message("entries.noSignalId", { id: id.slice(0, 100) }));
  const connection = signal.connection === undefined ? undefined : (reader.get(signal.connection) as ConnectionRecord | undefined);
  if (connection?.protocol !== "entered")
    throw new DoppelwerkError("DW_FORBIDDEN", message("entries.signalComesPlant", { name: signal.name }));
  if (!connection.enabled) throw new DoppelwerkError("DW_UNAVAILABLE", message("entries.connectionSwitchedOff", { name: connection.name }));
  return { signal, connection };
}

function checkValue({ name, valueType }: SignalRecord, value: EntryValue): void {
  const fits =
    valueType === "boolean"
      ? typeof value === "boolean"
      : valueType === "string" || valueType === "enumeration"
        ? typeof value === "string" || (valueType === "enumeration" && Number.isSafeInteger(value))
        : typeof value === "number" && Number.isFinite(value) && (valueType === "double" || Number.isSafeInteger(value));
  if (!fits)
    throw new DoppelwerkError("DW_INVALID", message("entries.signalTypeTakesNo", { name, valueType, value: JSON.stringify(value) }));
}
