import type { Client } from "@doppelwerk/client";
import { DoppelwerkError } from "@doppelwerk/kit";
import { createStore, errorText, messageText } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Entry } from "../model/entry.ts";

type Fields<Each> = Each extends unknown ? Omit<Each, "entry"> : never;
export type EntryFields = Fields<Entry>;

/** An entry that is not at the server yet. */
interface Waiting {
  /** By the clock of this device. */
  readonly at: number;
  /** Who said it: another person who signs on here does not send it. */
  readonly person: string;
  readonly entry: Entry;
  /** Photos that are not there yet, by check, as data URLs. */
  readonly photos: Readonly<Record<string, string>>;
}

export interface MemoryState {
  readonly waiting: number;
  readonly failure?: string;
  readonly refused: readonly { readonly name: string; readonly text: string }[];
}

const RETRY_MS = 3_000;
const MAX_WAITING = 1_000;

/**
 * What was said on walks and is not at the server yet, kept in the browser under a name each: in a cellar it waits, with network it goes in order. It leaves only
 * once the server has it; sent twice it is the same entry.
 */
export class WalkMemory {
  readonly #client: Client;
  readonly #prefix: string;
  readonly state = createStore<MemoryState>({ waiting: 0, refused: [] });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<boolean> | undefined;
  #failure: string | undefined;
  #isClosed = false;
  /** Called once something arrived. */
  onSent: () => void = () => {};

  constructor(client: Client, world: string) {
    this.#client = client;
    this.#prefix = `doppelwerk.rounds.${world}.`;
    this.#tell();
    void this.send();
  }

  /** The entry; undefined: this device has no room for it, and nothing happened. */
  add(fields: EntryFields, photos: Readonly<Record<string, string>> = {}): Entry | undefined {
    const names = this.#names();
    if (names.length >= MAX_WAITING) return undefined;
    const now = Date.now();
    const place = Math.max(now, ...names.slice(-1).map((name) => Number(name.split(".")[1]) + 1));
    const entry = { ...fields, entry: newId() } as Entry;
    const waiting: Waiting = { at: now * 1_000, person: this.#client.person.id, entry, photos };
    if (!this.set(`entry.${String(place).padStart(15, "0")}.${entry.entry}`, waiting)) return undefined;
    this.#tell();
    void this.send();
    return entry;
  }

  /** Sends what waits, in order; false: something has to wait longer. */
  send(): Promise<boolean> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
      this.#tell();
      clearTimeout(this.#timer);
      if (!this.#isClosed && this.state.get().waiting > 0) this.#timer = setTimeout(() => void this.send(), RETRY_MS);
    });
    return this.#sending;
  }

  /** Somebody has read why it was refused. */
  dismiss(name: string): void {
    this.set(name, undefined);
    this.#tell();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  get<Value>(name: string): Value | undefined {
    try {
      const text = localStorage.getItem(this.#prefix + name);
      return text === null ? undefined : (JSON.parse(text) as Value);
    } catch {
      // unreadable, or no storage: as if there were none
      return undefined;
    }
  }

  /** False: it could not be kept. */
  set(name: string, value: unknown): boolean {
    try {
      if (value === undefined) localStorage.removeItem(this.#prefix + name);
      else localStorage.setItem(this.#prefix + name, JSON.stringify(value));
      return true;
    } catch {
      // storage that is full or refused
      return false;
    }
  }

  async #sendAll(): Promise<boolean> {
    for (const name of this.#names()) {
      const waiting = this.get<Waiting>(name);
      if (waiting === undefined || waiting.person !== this.#client.person.id) continue;
      if (!(await this.#sendOne(name, waiting))) return false;
    }
    return true;
  }

  async #sendOne(name: string, { at, entry, photos }: Waiting): Promise<boolean> {
    const params = { round: entry.round };
    try {
      let sent = entry;
      if (entry.kind === "answered" && Object.keys(photos).length > 0) {
        const answers = { ...entry.answers };
        for (const [check, url] of Object.entries(photos))
          answers[check] = (await calls.addPhoto(this.#client, { params, body: bytesOf(url) as never })).photo;
        sent = { ...entry, answers };
      }
      const { refused } = await calls.record(this.#client, {
        params,
        body: { deviceNow: Date.now() * 1_000, entries: [{ at, entry: sent }] },
      });
      this.#refuse(refused.map(({ reason }) => messageText("", reason as never)));
    } catch (error) {
      const isFinal = error instanceof DoppelwerkError && ["DW_INVALID", "DW_NOT_FOUND", "DW_FORBIDDEN"].includes(error.code);
      if (!isFinal) {
        this.#failure = errorText(error);
        return false;
      }
      this.#refuse([errorText(error)]);
    }
    this.#failure = undefined;
    this.set(name, undefined);
    this.onSent();
    return true;
  }

  #refuse(texts: readonly string[]): void {
    for (const text of texts) this.set(`refused.${Date.now()}.${newId()}`, text);
  }

  #names(begin = "entry."): readonly string[] {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(this.#prefix + begin))
        .map((key) => key.slice(this.#prefix.length))
        .toSorted();
    } catch {
      // no storage at all
      return [];
    }
  }

  #tell(): void {
    const refused = this.#names("refused.").map((name) => ({ name, text: this.get<string>(name) ?? "" }));
    const waiting = this.#names().length;
    this.state.set({ waiting, refused, ...(this.#failure !== undefined && waiting > 0 && { failure: this.#failure }) });
  }
}

function bytesOf(url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(url.slice(url.indexOf(",") + 1)), (each) => each.charCodeAt(0));
}

/** A UUID of version 4, also where the page has no secure context. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
