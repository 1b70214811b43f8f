import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { spanOf, type SealedSegment } from "@doppelwerk/storage/segments";
import { canonicalJson, type Change, type ChangeLog, type Job, type Json, type LogEntry } from "@doppelwerk/world";
import type { Logger } from "pino";
import { NOBODY } from "../http/person.ts";
import type { Happened } from "./entry.ts";
import type { Describe, TransparencyLog } from "./transparency-log.ts";

export interface FedWorld {
  /** Stays when it is renamed. */
  readonly id: string;
  readonly log: Pick<ChangeLog, "read" | "lastRevision">;
  /** Folder of its history; undefined where that is elsewhere. */
  readonly history: string | undefined;
  readonly logger: Pick<Logger, "error">;
}

const GROUP = 500;
/** Commits that wait in memory; further ones are read from the change log again. */
const MAX_WAITING = 5_000;
const RETRY_MS = 1_000;
/** Commits of this time go together: nobody waits for their entries. */
const GATHER_MS = 1_000;
/** Changes of a commit that are looked at for their kinds: an import has a million. */
const LOOKED_AT = 1_000;
const KINDS_MAX = 20;

/** Owner of the salt of a world's journals. */
export const journalsOf = (world: string): string => `journals ${world}`;

/**
 * Brings to the log of the server what happens in a world: its commits, what its journals keep, the jobs that ended, and segments of its history. What a
 * crash or a full disk kept from it is brought at the next start or as soon as the disk takes it: the change log and the folder of the history know it.
 */
export class WorldFeed {
  readonly #to: TransparencyLog;
  readonly #world: FedWorld;
  #waiting: LogEntry[] = [];
  #head = 0;
  #pumping: Promise<void> | undefined;
  #sealing: Promise<void> = Promise.resolve();
  #isClosing = false;
  /** So many wait for what was committed. */
  #isHurrying = 0;
  #isClosed = false;
  /** Ends the time in which commits are gathered. */
  #hurry = (): void => {};

  constructor(to: TransparencyLog, world: FedWorld) {
    this.#to = to;
    this.#world = world;
  }

  /** What happened since the log was with this world last. Commits come in by `committed` meanwhile. */
  async begin(): Promise<void> {
    const { id, log } = this.#world;
    const known = this.#to.positions.of(id);
    const last = await log.lastRevision();
    this.#head = Math.max(this.#head, last);
    if (known === undefined) await this.#before(last);
    else if (known.revision > 0) {
      const same = known.revision <= last ? await hashAt(log, known.revision) : undefined;
      if (same === undefined || (known.hash !== "" && same !== known.hash)) await this.#lost(Math.min(last, known.revision), last);
    }
    this.#pump();
    this.#sealing = this.#sealing.then(() => this.#findSegments());
  }

  /** A commit, in the order of revisions. */
  committed(entry: LogEntry): void {
    this.#head = entry.revision;
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(entry);
    if (this.#waiting.length >= GROUP) this.#hurry();
    this.#pump();
  }

  sealed({ file, replaces }: SealedSegment): void {
    this.#sealing = this.#sealing.then(() => this.#segment(file, replaces));
  }

  recorded(journal: string, item: { readonly id: string }): void {
    const { id: world } = this.#world;
    this.#tell((nonce) => {
      const content = this.#to.salts.commit(journalsOf(world), nonce, "content", canonicalJson(item as unknown as Json));
      return { what: "record", world, journal, record: item.id, content };
    });
  }

  jobEnded({ id, kind, state, by, detail }: Job): void {
    const { id: world } = this.#world;
    this.#tell((nonce) => ({
      what: "job",
      world,
      job: id,
      kind,
      state,
      ...whoOf(this.#to, by, nonce),
      content: this.#to.salts.commit(journalsOf(world), nonce, "content", canonicalJson((detail ?? null) as Json)),
    }));
  }

  /** Every commit until now is in the log, unless the disk refuses it. */
  async settled(): Promise<void> {
    this.#isHurrying++;
    try {
      this.#hurry();
      while (this.#pumping !== undefined && !this.#to.isRefusing) await this.#pumping;
    } finally {
      this.#isHurrying--;
    }
  }

  /** Everything that came is in the log, or will be at the next start. */
  async close(): Promise<void> {
    await this.#sealing;
    this.#isClosing = true;
    this.#hurry();
    while (this.#pumping !== undefined && !this.#to.isRefusing) await this.#pumping;
    this.#isClosed = true;
  }

  #tell(describe: Describe): void {
    this.#to.append(describe).catch((error: unknown) => this.#world.logger.error({ err: error }, "the transparency log misses an entry"));
  }

  #pump(): void {
    this.#pumping ??= this.#bring().finally(() => {
      this.#pumping = undefined;
      if (!this.#isClosed && !this.#to.isRefusing && (this.#to.positions.of(this.#world.id)?.revision ?? this.#head) < this.#head)
        this.#pump();
    });
  }

  async #bring(): Promise<void> {
    for (;;) {
      await this.#gather();
      const position = this.#to.positions.of(this.#world.id);
      if (position === undefined || position.revision >= this.#head || this.#isClosed) return;
      try {
        const group = await this.#next(position.revision);
        if (group.length === 0) return;
        await this.#to.appendAll(group.map((entry) => (nonce) => commitOf(this.#to, this.#world.id, entry, nonce)));
      } catch {
        // the log says itself that it cannot be written
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
  }

  /** Waits for more of them, unless there are many already. */
  async #gather(): Promise<void> {
    const known = this.#to.positions.of(this.#world.id)?.revision ?? 0;
    if (this.#isClosing || this.#isHurrying > 0 || this.#head - known >= GROUP) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS).unref();
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The commits after a revision, from memory where they are there. */
  async #next(after: number): Promise<readonly LogEntry[]> {
    const waiting = this.#waiting;
    let passed = 0;
    while (passed < waiting.length && waiting[passed]!.revision <= after) passed++;
    if (passed > 0) waiting.splice(0, passed);
    if (waiting[0]?.revision === after + 1) return waiting.slice(0, GROUP);
    const read: LogEntry[] = [];
    for await (const entry of this.#world.log.read(after)) {
      read.push(entry);
      if (read.length === GROUP) break;
    }
    return read;
  }

  /** A log that begins with a world that is there already: the hash of its last revision is that of all before it. */
  async #before(last: number): Promise<void> {
    const hash = last === 0 ? "" : ((await hashAt(this.#world.log, last)) ?? "");
    await this.#retry(() => this.#to.append(() => ({ what: "before", world: this.#world.id, revision: last, hash })));
  }

  async #lost(revision: number, last: number): Promise<void> {
    await this.#retry(() => this.#to.append(() => ({ what: "lost", world: this.#world.id, revision })));
    if (last > 0) await this.#before(last);
  }

  /** Nothing follows before it. Given up where the disk refuses: the next start does it again. */
  async #retry(append: () => Promise<unknown>): Promise<void> {
    try {
      await append();
    } catch (error) {
      this.#world.logger.error({ err: error }, "the transparency log does not follow this world until the next start");
      this.#isClosed = true;
    }
  }

  /** Segments that were written while nobody listened, by their names and lengths. */
  async #findSegments(): Promise<void> {
    const { id, history } = this.#world;
    if (history === undefined) return;
    const names = listed(history).filter((name) => spanOf(name) !== undefined);
    for (const file of names) {
      const known = this.#to.positions.of(id)?.segments ?? new Map<string, number>();
      if (known.get(file) === lengthOf(join(history, file))) continue;
      const span = spanOf(file)!;
      const replaces = [...known.keys()].filter((name) => {
        const other = spanOf(name)!;
        return other.from >= span.from && other.to <= span.to;
      });
      await this.#segment(file, replaces);
    }
  }

  async #segment(file: string, replaces: readonly string[]): Promise<void> {
    const { id: world, history, logger } = this.#world;
    if (history === undefined || this.#isClosed) return;
    try {
      // one that was merged into another meanwhile is in the entry of that one
      const found = await this.#to.fileHash(join(history, file));
      if (found !== undefined) await this.#to.append(() => ({ what: "segment", world, file, ...found, replaces: [...replaces].sort() }));
    } catch (error) {
      logger.error({ err: error, file }, "the transparency log misses a segment until the next start");
    }
  }
}

/** Whose an entry is: the server's own work is said as it is. */
export function whoOf(to: TransparencyLog, person: string | undefined, nonce: string): { readonly who?: string } {
  if (person === undefined) return {};
  return { who: isNobody(person) ? person : to.salts.commit(person, nonce, "who", person) };
}

export function isNobody(actor: string): boolean {
  return actor.startsWith("system") || actor === NOBODY.id;
}

function commitOf(to: TransparencyLog, world: string, entry: LogEntry, nonce: string): Happened & { readonly time: number } {
  const { revision, hash, time, actor, reason } = entry;
  const owner = isNobody(actor) ? journalsOf(world) : actor;
  return {
    what: "commit",
    world,
    revision,
    hash,
    did: didOf(entry),
    kinds: kindsOf(entry.changes),
    ...whoOf(to, actor, nonce),
    ...(reason !== undefined && reason !== "" && { reason: to.salts.commit(owner, nonce, "reason", reason) }),
    time,
  };
}

function didOf({ fork, merge, abandon, undo }: LogEntry): "change" | "fork" | "merge" | "abandon" | "undo" {
  if (fork !== undefined) return "fork";
  if (merge !== undefined) return "merge";
  if (abandon === true) return "abandon";
  return undo === undefined ? "change" : "undo";
}

function kindsOf(changes: readonly Change[]): readonly string[] {
  const kinds = new Set<string>();
  for (let at = 0; at < changes.length && at < LOOKED_AT && kinds.size < KINDS_MAX; at++) {
    const change = changes[at]!;
    kinds.add(change.op === "update" ? change.id.slice(0, Math.max(0, change.id.indexOf(":"))) : change.record.kind);
  }
  return [...kinds].sort();
}

async function hashAt(log: Pick<ChangeLog, "read">, revision: number): Promise<string | undefined> {
  for await (const entry of log.read(revision - 1)) return entry.revision === revision ? entry.hash : undefined;
  return undefined;
}

function listed(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch {
    // no history yet
    return [];
  }
}

function lengthOf(path: string): number | undefined {
  try {
    return statSync(path).size;
  } catch {
    // merged meanwhile
    return undefined;
  }
}
