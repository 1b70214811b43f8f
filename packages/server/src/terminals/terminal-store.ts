import { createHash, randomBytes, randomUUID, scrypt } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { nameOf } from "../accounts/account-store.ts";
import { hashOfPassword, type PasswordHash } from "../accounts/password.ts";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";

/** A browser that a place shares: people sign in on it by PIN or badge, and it shows the board while nobody is. */
export interface Terminal {
  readonly id: string;
  readonly name: string;
  /** Where it stands, as people call it. */
  readonly place?: string;
  /** Seconds without a touch or key after which it signs off. */
  readonly idleS: number;
  /** A badge alone is not enough. */
  readonly badgeNeedsPin: boolean;
  /** Local times of the server at which shifts end and it signs off: `14:00`. */
  readonly signOffAt: readonly string[];
  /** ISO 8601, as all times here. */
  readonly created: string;
  /** Id of the account of who declared it; absent for the command line. */
  readonly createdBy?: string;
  /** Of the link that declares a browser, once. */
  readonly link?: { /** SHA-256, hex. */ readonly hash: string; readonly expires: string };
  /** Of the browser that was declared: SHA-256 of its cookie, hex. */
  readonly browser?: { readonly hash: string; readonly since: string };
}

/** How somebody signs in on terminals; of no use anywhere else. */
export interface QuickSignIn {
  readonly account: string;
  readonly pin?: PasswordHash;
  /** Hash of the number of a badge, hex. */
  readonly badge?: string;
}

export type NewTerminal = Pick<Terminal, "name" | "idleS" | "badgeNeedsPin" | "signOffAt"> & Partial<Pick<Terminal, "place" | "createdBy">>;

/** As it is sealed: a PIN of a few digits is soon guessed from its hash. */
const NAME = "terminals.json";

/** Where the terminals of a data folder are kept. */
export const terminalsPath = (data: string): string => join(data, NAME);

const VERSION = 1;
/** Somebody walks from the office to the terminal. */
export const LINK_LIFETIME_MS = 24 * 3_600_000;
const TOKEN_BYTES = 32;
const PIN = /^\d{4,12}$/;
/** As a reader types it: numbers of cards, hexadecimal or not. */
const BADGE = /^[\w.:-]{4,128}$/;

interface Stored {
  /** Of the hashes of badges, hex: one computation finds whose a badge is. */
  readonly salt: string;
  readonly terminals: readonly Terminal[];
  readonly people: readonly QuickSignIn[];
}

/** The terminals of a server and how people sign in on them, in a file that only its user reads. Every change is durable, or refused and not made. */
export class TerminalStore {
  readonly #path: string;
  #stored: Stored;

  /** Errors: DW_FORMAT_NEWER, DW_DAMAGED. */
  constructor(path: string) {
    this.#path = path;
    this.#stored = readTerminals(path);
  }

  list(): readonly Terminal[] {
    return this.#stored.terminals.toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  }

  people(): readonly QuickSignIn[] {
    return this.#stored.people;
  }

  byId(id: string): Terminal | undefined {
    return this.#stored.terminals.find((each) => each.id === id);
  }

  /** Whose cookie the token is of. */
  byToken(token: string): Terminal | undefined {
    const hash = hashOf(token);
    return this.#stored.terminals.find(({ browser }) => browser?.hash === hash);
  }

  /** Errors: DW_INVALID for the name, DW_CONFLICT for one that another has, DW_UNAVAILABLE. */
  create(given: NewTerminal): Terminal {
    const name = nameOf(given.name);
    if (this.#stored.terminals.some((each) => each.name === name))
      throw new DoppelwerkError("DW_CONFLICT", message("server.terminalNameTaken", { name }));
    const { place } = given;
    const made: Terminal = {
      ...given,
      id: `terminal:${randomUUID()}`,
      name,
      ...(place !== undefined && { place: nameOf(place) }),
      created: new Date().toISOString(),
    };
    this.#write({ ...this.#stored, terminals: [...this.#stored.terminals, made] });
    return made;
  }

  /** The token of a link that declares a browser, told once; one of before holds no more. Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
  offerLink(id: string, nowMs: number): string {
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const link = { hash: hashOf(token), expires: new Date(nowMs + LINK_LIFETIME_MS).toISOString() };
    this.#update(id, (before) => ({ ...before, link }));
    return token;
  }

  /** The browser that opens the link is the terminal from now on, and none of before. Its token, told once. Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
  declare(link: string, nowMs: number): { readonly terminal: Terminal; readonly token: string } {
    const hash = hashOf(link);
    const found = this.#stored.terminals.find((each) => each.link?.hash === hash && Date.parse(each.link.expires) > nowMs);
    if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.terminalLinkGone"));
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const browser = { hash: hashOf(token), since: new Date(nowMs).toISOString() };
    const terminal = this.#update(found.id, ({ link: _link, ...before }) => ({ ...before, browser }));
    return { terminal, token };
  }

  /** Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
  remove(id: string): void {
    this.#known(id);
    this.#write({ ...this.#stored, terminals: this.#stored.terminals.filter((each) => each.id !== id) });
  }

  quickOf(account: string): QuickSignIn | undefined {
    return this.#stored.people.find((each) => each.account === account);
  }

  /** Undefined takes it away. Errors: DW_INVALID for what is no PIN or easily guessed, DW_UNAVAILABLE. */
  async setPin(account: string, pin: string | undefined): Promise<void> {
    if (pin !== undefined && (!PIN.test(pin) || isEasy(pin))) throw new DoppelwerkError("DW_INVALID", message("server.pinNotOne"));
    const hash = pin === undefined ? undefined : await hashOfPassword(pin);
    this.#setQuick(account, ({ pin: _pin, ...rest }) => ({ ...rest, ...(hash !== undefined && { pin: hash }) }));
  }

  /** Undefined takes it away. Errors: DW_INVALID for what is no number, DW_CONFLICT for a badge of somebody else, DW_UNAVAILABLE. */
  async setBadge(account: string, number: string | undefined): Promise<void> {
    const badge = number === undefined ? undefined : await this.#hashOfBadge(number);
    if (number !== undefined && badge === undefined) throw new DoppelwerkError("DW_INVALID", message("server.badgeNotOne"));
    if (badge !== undefined && this.#stored.people.some((each) => each.badge === badge && each.account !== account))
      throw new DoppelwerkError("DW_CONFLICT", message("server.badgeTaken"));
    this.#setQuick(account, ({ badge: _badge, ...rest }) => ({ ...rest, ...(badge !== undefined && { badge }) }));
  }

  /** Whose badge it is. */
  async ofBadge(number: string): Promise<QuickSignIn | undefined> {
    const badge = await this.#hashOfBadge(number);
    return badge === undefined ? undefined : this.#stored.people.find((each) => each.badge === badge);
  }

  forget(account: string): void {
    if (this.quickOf(account) !== undefined)
      this.#write({ ...this.#stored, people: this.#stored.people.filter((each) => each.account !== account) });
  }

  #setQuick(account: string, change: (before: QuickSignIn) => QuickSignIn): void {
    const changed = change(this.quickOf(account) ?? { account });
    const others = this.#stored.people.filter((each) => each.account !== account);
    const isEmpty = changed.pin === undefined && changed.badge === undefined;
    this.#write({ ...this.#stored, people: isEmpty ? others : [...others, changed] });
  }

  /** Undefined for what is no number of a badge. */
  #hashOfBadge(number: string): Promise<string | undefined> {
    const typed = number.trim().toUpperCase();
    if (!BADGE.test(typed)) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      scrypt(typed, Buffer.from(this.#stored.salt, "hex"), 32, (error, key) => (error ? reject(error) : resolve(key.toString("hex"))));
    });
  }

  #known(id: string): Terminal {
    const terminal = this.byId(id);
    if (terminal === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noTerminal", { id: id.slice(0, 100) }));
    return terminal;
  }

  #update(id: string, change: (before: Terminal) => Terminal): Terminal {
    const after = change(this.#known(id));
    this.#write({ ...this.#stored, terminals: this.#stored.terminals.map((each) => (each.id === id ? after : each)) });
    return after;
  }

  #write(stored: Stored): void {
    writeSecretFile(this.#path, NAME, JSON.stringify({ version: VERSION, ...stored }, undefined, 1));
    this.#stored = stored;
  }
}

/** One digit again and again, or a row. */
function isEasy(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, at) => Number(digit) - Number(pin[at])));
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0]!);
}

/** Of a random number of 256 bits: nothing to be guessed. */
function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function readTerminals(path: string): Stored {
  if (!existsSync(path)) return { salt: randomBytes(16).toString("hex"), terminals: [], people: [] };
  let stored: { readonly version?: unknown } & Partial<Stored>;
  try {
    stored = Object(JSON.parse(readSecretFile(path, NAME))) as typeof stored;
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("server.terminalsNotRead", { path }));
  }
  if (typeof stored.version === "number" && stored.version > VERSION)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.terminalsNewer", { path }));
  const { version, salt, terminals, people } = stored;
  if (version !== VERSION || typeof salt !== "string" || !Array.isArray(terminals) || !Array.isArray(people))
    throw new DoppelwerkError("DW_DAMAGED", message("server.terminalsNotRead", { path }));
  return { salt, terminals, people };
}
