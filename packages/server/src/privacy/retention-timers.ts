import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { RetentionTimer } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE, type WorldRecord } from "@doppelwerk/world";
import { writePrivateFile } from "../accounts/private-file.ts";
import type { PeopleData } from "./people-data.ts";
import type { PeopleWorld, PeopleWorlds } from "./people-worlds.ts";

/** Days after which something goes; absent: never. */
export type Timers = Readonly<Partial<Record<RetentionTimer, number>>>;

/** What the last run did; `atMs` milliseconds since 1970. */
export interface RetentionRun {
  readonly atMs: number;
  readonly documents: number;
  readonly keys: number;
  readonly salts: number;
  readonly accounts: number;
  /** Worlds whose documents stay for now: they are in the archive, or could not be opened. */
  readonly notReached: readonly string[];
}

export interface RetentionTimersOptions {
  readonly path: string;
  readonly worlds: PeopleWorlds;
  readonly people: Pick<PeopleData, "inventory" | "erase">;
  /** Accounts that expired, with the time; empty on a server without accounts. */
  expiredAccounts(): readonly { readonly id: string; readonly expiredMs: number }[];
  readonly now: () => number;
  info(run: RetentionRun): void;
  onFault(error: unknown): void;
}

const VERSION = 1;
const DAY_MS = 86_400_000;
/** A start has better things to do. */
const FIRST_AFTER_MS = 10 * 60_000;
const EVERY_MS = 6 * 3_600_000;
/** Documents of one transaction. */
const TOGETHER = 1_000;

/** Removes what administrators said is kept for some days only, every six hours; each run is an entry of the transparency log. */
export class RetentionTimers {
  readonly #options: RetentionTimersOptions;
  #timers: Timers;
  #ran: RetentionRun | undefined;
  #running: Promise<RetentionRun> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Errors: DW_DAMAGED. */
  constructor(options: RetentionTimersOptions) {
    this.#options = options;
    ({ timers: this.#timers, ran: this.#ran } = read(options.path));
  }

  get timers(): Timers {
    return this.#timers;
  }

  get ran(): RetentionRun | undefined {
    return this.#ran;
  }

  /** Errors: DW_UNAVAILABLE. */
  set(timers: Timers): void {
    this.#store(timers, this.#ran);
  }

  start(): void {
    const run = (): void => void this.run().catch(this.#options.onFault);
    this.#timer = setTimeout(() => {
      run();
      this.#timer = setInterval(run, EVERY_MS).unref();
    }, FIRST_AFTER_MS).unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.allSettled([this.#running]);
  }

  /** Errors: DW_UNAVAILABLE; what was removed by then stays so, and the rest goes with the next run. */
  run(): Promise<RetentionRun> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<RetentionRun> {
    const { worlds, people, now, expiredAccounts, info } = this.#options;
    const { texts, entries, accounts } = this.#timers;
    const atMs = now();
    const before = (days: number): number => atMs - days * DAY_MS;
    const { home } = worlds;
    const gone = texts === undefined ? { documents: 0, notReached: [] } : await this.#removeDocuments(before(texts));
    const keys = texts === undefined ? 0 : home.personal.texts.expire(before(texts));
    const salts = entries === undefined ? 0 : (home.transparency?.salts.expire(before(entries)) ?? 0);
    const expired = accounts === undefined ? [] : expiredAccounts().filter(({ expiredMs }) => expiredMs < before(accounts));
    for (const { id } of expired) await people.erase(id, "keep");
    const run = { atMs, ...gone, keys, salts, accounts: expired.length };
    const count = run.documents + keys + salts + expired.length;
    await home.transparency?.append(() => ({ what: "request", operation: "privacy.retention", status: 200, count }));
    this.#store(this.#timers, run);
    info(run);
    return run;
  }

  async #removeDocuments(beforeMs: number): Promise<Pick<RetentionRun, "documents" | "notReached">> {
    const { registry } = this.#options.worlds;
    const notReached: string[] = [];
    let documents = 0;
    for (const { name, title, state } of registry.list())
      try {
        if (state === "archived") throw new DoppelwerkError("DW_CONFLICT", message("privacy.worldArchived", { title }));
        const { world, leave } = await registry.enter(name);
        try {
          documents += await this.#removeOf(world, beforeMs);
        } finally {
          leave();
        }
      } catch (error) {
        notReached.push(title);
        if (state !== "archived") this.#options.onFault(error);
      }
    return { documents, notReached };
  }

  async #removeOf(world: PeopleWorld, beforeMs: number): Promise<number> {
    const view = world.personal.view();
    const reader = view.reader(LIVE);
    const places = this.#options.people.inventory
      .filter(({ kept }) => typeof kept === "object" && "timer" in kept && kept.timer === "texts")
      .flatMap((line) => line.places);
    const old = places.flatMap((place): readonly WorldRecord[] => {
      if (place.kind !== "documents" || place.written === undefined) return [];
      const { record: kind, written } = place;
      return reader.query({ kind }).filter((record) => typeof record[written] === "number" && record[written] < beforeMs * 1_000);
    });
    for (let at = 0; at < old.length; at += TOGETHER) {
      const changes = old.slice(at, at + TOGETHER).map((record) => ({ op: "delete" as const, record }));
      await view.apply({ branch: LIVE, reason: message("privacy.logExpired", { count: changes.length }), changes });
    }
    return old.length;
  }

  #store(timers: Timers, ran: RetentionRun | undefined): void {
    const { path } = this.#options;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writePrivateFile(path, JSON.stringify({ version: VERSION, timers, ran }));
    this.#timers = timers;
    this.#ran = ran;
  }
}

function read(path: string): { readonly timers: Timers; readonly ran: RetentionRun | undefined } {
  if (!existsSync(path)) return { timers: {}, ran: undefined };
  try {
    const { version, timers, ran } = JSON.parse(readFileSync(path, "utf8")) as { version: number; timers: Timers; ran?: RetentionRun };
    if (version > VERSION) throw new Error(`version ${version}`);
    return { timers, ran };
  } catch (error) {
    throw new DoppelwerkError("DW_DAMAGED", message("privacy.fileUnreadable", { path, reason: (error as Error).message }));
  }
}
