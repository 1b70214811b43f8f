import type { Client } from "@doppelwerk/client";
import { DoppelwerkError } from "@doppelwerk/kit";
import { createStore, errorText, messageText } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { EntryResult } from "../contract.ts";
import type { NewTerminalEntry } from "../model/entry.ts";
import { OwnClock } from "./own-clock.ts";
import { newUuid, type DeviceMemory } from "./device.ts";

/** Entries that wait at most; more are not taken, and the screen says so. */
export const MAX_WAITING = 2_000;
const BATCH = 50;
const RETRY_MS = 3_000;

type Fields<Entry> = Entry extends unknown ? Omit<Entry, "id" | "deviceTime"> : never;
/** An entry as the screen makes it. */
export type EntryFields = Fields<NewTerminalEntry>;

interface Refused {
  readonly entry: NewTerminalEntry;
  readonly why: EntryResult["why"];
  readonly text?: string;
}

export interface OutboxState {
  readonly waiting: number;
  /** Never can be taken; shown until somebody has read it. */
  readonly refused: readonly (Refused & { readonly name: string })[];
  /** Why nothing is sent now, where something waits. */
  readonly failure?: string;
  readonly isOnline: boolean;
  /** Seconds that the clock of this device is ahead, where it is wrong. */
  readonly wrongByS?: number;
}

export interface OutboxOptions {
  readonly memory: DeviceMemory;
  readonly client: Client;
  now(): number;
  /** An entry was taken. */
  onDone(entry: NewTerminalEntry, result: EntryResult): void;
  onRefused(entry: NewTerminalEntry): void;
}

/**
 * What was entered and is not at the server yet. Each entry is kept under a name of its own, so that two windows of one browser lose none, and goes in the order in
 * which it was made. It leaves only once the server has it; sent twice it is the same entry.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #clock = new OwnClock();
  readonly state = createStore<OutboxState>({ waiting: 0, refused: [], isOnline: true });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | undefined;
  #last = 0;
  #isClosed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#count();
  }

  /** The entry, kept; undefined: it could not be kept, and nothing happened. */
  add(fields: EntryFields): NewTerminalEntry | undefined {
    const { memory } = this.#options;
    const names = memory.names("entry.");
    if (names.length >= MAX_WAITING) return undefined;
    const now = this.#options.now();
    // later than every one before, also where the clock of the device goes back
    const place = Math.max(now, this.#last + 1, ...names.slice(-1).map((name) => Number(name.split(".")[1]) + 1));
    this.#last = place;
    const entry = { ...fields, id: newUuid(), deviceTime: now } as NewTerminalEntry;
    if (!memory.set(`entry.${String(place).padStart(17, "0")}.${entry.id}`, entry)) return undefined;
    this.#count();
    void this.send();
    return entry;
  }

  /** Sends what waits, in order; resolves when nothing more can be sent now. */
  send(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
      this.#count();
      clearTimeout(this.#timer);
      if (!this.#isClosed && this.state.get().waiting > 0) this.#timer = setTimeout(() => void this.send(), RETRY_MS);
    });
    return this.#sending;
  }

  /** Somebody has read why it was refused. */
  dismiss(name: string): void {
    this.#options.memory.set(name, undefined);
    this.#count();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #send(): Promise<void> {
    const { memory } = this.#options;
    for (;;) {
      const batch = memory
        .names("entry.")
        .slice(0, BATCH)
        .flatMap((name) => {
          const entry = memory.get<NewTerminalEntry>(name);
          return entry === undefined ? [] : [{ name, entry }];
        });
      if (batch.length === 0 || !(await this.#sendBatch(batch))) return;
    }
  }

  /** False: nothing more can be sent now. */
  async #sendBatch(batch: readonly { readonly name: string; readonly entry: NewTerminalEntry }[]): Promise<boolean> {
    try {
      if (!this.#clock.isFresh()) await this.#exchange([]);
      const answer = await this.#exchange(batch.map(({ entry }) => entry));
      this.#set({ isOnline: true, failure: undefined, wrongByS: answer.isWrongClock ? answer.clockOffsetS : undefined });
      for (const [at, result] of answer.results.entries()) {
        const { name, entry } = batch[at]!;
        if (result.status === "later") {
          this.#set({ failure: result.why === undefined ? undefined : messageText("", result.why) });
          return false;
        }
        this.#settle(name, entry, result);
      }
      this.#count();
      return true;
    } catch (error) {
      const code = error instanceof DoppelwerkError ? error.code : undefined;
      if (code === "DW_INVALID" && batch.length === 1) {
        // the server does not understand it, and never will
        this.#settle(batch[0]!.name, batch[0]!.entry, { id: batch[0]!.entry.id, status: "refused" }, errorText(error));
        return true;
      }
      if (code === "DW_INVALID") {
        // one of them is wrong: each by itself
        for (const each of batch) if (!(await this.#sendBatch([each]))) return false;
        return true;
      }
      const isOnline = code !== undefined && code !== "DW_UNAVAILABLE" && code !== "DW_CANCELLED";
      this.#set({ isOnline, failure: isOnline ? errorText(error) : undefined });
      return false;
    }
  }

  async #exchange(entries: NewTerminalEntry[]) {
    const sent = this.#options.now();
    const { measured } = this.#clock;
    const body = { deviceNow: sent, ...(measured && { measured }), entries };
    const answer = await calls.enter(this.#options.client, { body });
    this.#clock.exchanged(sent, this.#options.now(), answer.now);
    return answer;
  }

  #settle(name: string, entry: NewTerminalEntry, result: EntryResult, text?: string): void {
    const { memory } = this.#options;
    if (result.status === "refused") {
      const { badge: _, ...kept } = entry as NewTerminalEntry & { readonly badge?: string };
      memory.set(name.replace("entry.", "refused."), { entry: kept, why: result.why, ...(text !== undefined && { text }) });
      memory.set(name, undefined);
      this.#options.onRefused(entry);
      return;
    }
    memory.set(name, undefined);
    this.#options.onDone(entry, result);
  }

  #count(): void {
    const { memory } = this.#options;
    const refused = memory.names("refused.").flatMap((name) => {
      const one = memory.get<Refused>(name);
      return one === undefined ? [] : [{ ...one, name }];
    });
    this.#set({ waiting: memory.names("entry.").length, refused });
  }

  #set(change: { [K in keyof OutboxState]?: OutboxState[K] | undefined }): void {
    const next = { ...this.state.get(), ...change };
    this.state.set(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as unknown as OutboxState);
  }
}
