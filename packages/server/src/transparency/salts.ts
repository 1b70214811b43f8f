import { createHmac, hash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";

const SALT_BYTES = 32;
const VERSION = 2;
const NAME = "transparency/salts.json";

/** A value that was committed to, with the salt of that one commitment: who has both sees that they are what the entry says. */
export interface Opening {
  /** Base 64. */
  readonly salt: string;
  readonly value: string;
}

/** A secret salt, and since when it is used. */
interface Salt {
  readonly sinceMs: number;
  readonly salt: Buffer;
}

/** The secret salt of a person is another one after this time, so that what is older can be made nobody's without what is newer. */
export const SALT_PERIOD_MS = 30 * 86_400_000;

/**
 * Secret salts of people and of journals, in a file beside the log. A commitment is the SHA-256 of a salt of its own, made of the secret one and the nonce
 * of the entry, and of the value. Without the secret one nothing tells whose an entry is, nor that two are of one person.
 */
export class Salts {
  readonly #path: string;
  readonly #now: () => number;
  /** The newest of an owner last. */
  #salts: ReadonlyMap<string, readonly Salt[]>;
  /** Hashes of owners that were erased: what is told of them later, such as the end of a job, makes no salt again. */
  #erased: ReadonlySet<string>;

  /** Errors: DW_DAMAGED. */
  constructor(path: string, now: () => number = Date.now) {
    this.#path = path;
    this.#now = now;
    const { salts, erased } = readSalts(path, now());
    this.#salts = salts;
    this.#erased = erased;
  }

  get owners(): Iterable<string> {
    return this.#salts.keys();
  }

  has(owner: string): boolean {
    return this.#salts.has(owner);
  }

  /** The first one for an owner is durable before it is used. One that was erased is committed to with a salt that is kept nowhere. Errors: DW_UNAVAILABLE. */
  commit(owner: string, nonce: string, field: string, value: string): string {
    if (this.#isErased(owner)) return commitment(randomBytes(SALT_BYTES), value);
    const known = this.#salts.get(owner) ?? [];
    const last = known.at(-1);
    if (last !== undefined && (!isOfPerson(owner) || this.#now() - last.sinceMs < SALT_PERIOD_MS))
      return commitment(own(last, nonce, field), value);
    const made = { sinceMs: this.#now(), salt: randomBytes(SALT_BYTES) };
    this.#replace(new Map(this.#salts).set(owner, [...known, made]));
    return commitment(own(made, nonce, field), value);
  }

  /** Undefined where the salt was erased, or the entry is of somebody else. */
  open(owner: string, nonce: string, field: string, value: string, committed: string | undefined): Opening | undefined {
    const salt = this.#salts
      .get(owner)
      ?.map((each) => own(each, nonce, field))
      .find((each) => committed === commitment(each, value));
    return salt && { salt: salt.toString("base64"), value };
  }

  /** From then on nothing tells what was committed to with it. Errors: DW_UNAVAILABLE; it is there then. */
  erase(owner: string): void {
    const left = new Map(this.#salts);
    if (!left.delete(owner) && this.#isErased(owner)) return;
    this.#replace(left, new Set([...this.#erased, hashOf(owner)]));
  }

  /** Nothing tells whose entries are that were made before, with salts of people that were used until then. Returns how many salts went. Errors: DW_UNAVAILABLE. */
  expire(beforeMs: number): number {
    let gone = 0;
    const left = [...this.#salts].flatMap(([owner, salts]): readonly (readonly [string, readonly Salt[]])[] => {
      const kept = isOfPerson(owner) ? salts.filter(({ sinceMs }) => sinceMs + SALT_PERIOD_MS > beforeMs) : salts;
      gone += salts.length - kept.length;
      return kept.length === 0 ? [] : [[owner, kept]];
    });
    if (gone > 0) this.#replace(new Map(left));
    return gone;
  }

  /** Who was erased gives a name again, as a browser without an account may: what follows can be told of. Errors: DW_UNAVAILABLE. */
  revive(owner: string): void {
    if (!this.#isErased(owner)) return;
    this.#replace(this.#salts, new Set([...this.#erased].filter((each) => each !== hashOf(owner))));
  }

  #isErased(owner: string): boolean {
    // asked with each request
    return this.#erased.size > 0 && this.#erased.has(hashOf(owner));
  }

  #replace(salts: ReadonlyMap<string, readonly Salt[]>, erased: ReadonlySet<string> = this.#erased): void {
    const kept = [...salts].map(([owner, each]) => [owner, each.map(({ sinceMs, salt }) => [sinceMs, salt.toString("base64")])]);
    writeSecretFile(this.#path, NAME, JSON.stringify({ version: VERSION, salts: Object.fromEntries(kept), erased: [...erased] }));
    this.#salts = salts;
    this.#erased = erased;
  }
}

const isOfPerson = (owner: string): boolean => owner.startsWith("person:");

function own({ salt }: Salt, nonce: string, field: string): Buffer {
  return createHmac("sha256", salt).update(`${nonce} ${field}`).digest();
}

/** Base 64. */
export function commitment(salt: Uint8Array, value: string): string {
  return hash("sha256", Buffer.concat([salt, Buffer.from(value)]), "base64");
}

function hashOf(owner: string): string {
  return hash("sha256", owner, "base64url");
}

interface Stored {
  readonly version: number;
  /** Of version 1 one salt each, of which nobody knows since when. */
  readonly salts: Readonly<Record<string, string | readonly (readonly [sinceMs: number, salt: string])[]>>;
  readonly erased?: readonly string[];
}

function readSalts(path: string, nowMs: number): { readonly salts: Map<string, readonly Salt[]>; readonly erased: Set<string> } {
  if (!existsSync(path)) return { salts: new Map(), erased: new Set() };
  try {
    const { version, salts, erased } = JSON.parse(readSecretFile(path, NAME)) as Stored;
    if (version > VERSION) throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.transparencySaltsNewer", { path }));
    const listed = Object.entries(salts).map(
      ([owner, each]) => [owner, typeof each === "string" ? ([[nowMs, each]] as const) : each] as const,
    );
    const read = listed.map(
      ([owner, each]) => [owner, each.map(([sinceMs, salt]) => ({ sinceMs, salt: Buffer.from(salt, "base64") }))] as const,
    );
    return { salts: new Map(read), erased: new Set(erased) };
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("server.transparencySaltsUnreadable", { path, reason: (error as Error).message }));
  }
}
