import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { message } from "@doppelwerk/messages";
import type { Role } from "@doppelwerk/trust";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";
import { didOfKey, type MachineKey } from "./machine-key.ts";
import { isReadable } from "../http/readable-name.ts";

/** What a machine may be: it does not administer, and never approves (T12). */
export type MachineRole = Exclude<Role, "administrator">;
export const MACHINE_ROLES = ["viewer", "operator", "engineer"] as const satisfies readonly MachineRole[];

/** What it is, as who added it says. */
export const MACHINE_KINDS = ["machine", "edge", "connector", "service", "assistant"] as const;
export type MachineKind = (typeof MACHINE_KINDS)[number];

/** A program or device that connects: a connector, an edge box, a SCADA client, a script. */
export interface Machine {
  /** That of its changes in the log. */
  readonly id: string;
  readonly name: string;
  /** Absent for those of before: a machine. */
  readonly kind?: MachineKind;
  readonly roles: readonly MachineRole[];
  readonly created: string;
  /** Id of the account of who added it; absent for the command line. */
  readonly createdBy?: string;
  readonly expires?: string;
  readonly disabled?: true;
  /** Not redeemed yet. */
  readonly enrolment?: { /** SHA-256 of the code, hex. */ readonly hash: string; readonly expires: string };
  /** Since when it has a key of its own. */
  readonly key?: MachineKey & { readonly since: string };
  /** The credential (VC-JWT) by which a machine of another company came in, and its issuer; it connects as long as that holds. */
  readonly presented?: { readonly credential: string; readonly issuer: string };
  /** Since when the credential does not hold. */
  readonly withheld?: { readonly since: string; readonly reason: string };
  /** Its DID document is answered to anybody. */
  readonly published?: true;
  /** Of an access token, SHA-256, hex; for programs that can only send a header that stays the same. */
  readonly token?: { readonly hash: string; readonly since: string };
  /** When and from where it last asked for something. */
  readonly seen?: { readonly time: string; readonly address: string };
}

export type NewMachine = Pick<Machine, "name" | "roles"> & Partial<Pick<Machine, "kind" | "createdBy" | "expires">>;

/** A machine that showed a credential. */
export interface PresentedMachine extends Pick<Machine, "name" | "roles" | "presented" | "expires"> {
  readonly key: MachineKey;
}

const NAME = "machines.json";
const VERSION = 1;
/** Somebody carries the code to the device and types it. */
export const CODE_LIFETIME_MS = 15 * 60_000;
/** Without what is taken for another: 0 and O, 1, I and L. */
const CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const CODE_LETTERS = 16;
const TOKEN_BYTES = 32;
const TOKEN = /^dwm_[\w-]{43}$/;
const NAME_MAX = 60;
/** A token that stays the same is found in a backup one day. */
export const TOKEN_LIFETIME_MS = 366 * 86_400_000;
/** How far behind `seen` may be in the file. */
const SEEN_EVERY_MS = 5 * 60_000;

/** The machines of a server, in a file that only its user reads. Every change is durable, or refused and not made. */
export class MachineStore {
  readonly #path: string;
  readonly #seen = new Map<string, NonNullable<Machine["seen"]>>();
  #machines: ReadonlyMap<string, Machine>;
  #byToken: ReadonlyMap<string, string>;
  #savedAt = 0;

  /** Errors: DW_FORMAT_NEWER, DW_DAMAGED. */
  constructor(path: string) {
    this.#path = path;
    this.#machines = new Map(readMachines(path).map((machine) => [machine.id, machine]));
    this.#byToken = tokensOf(this.#machines);
  }

  list(): readonly Machine[] {
    return [...this.#machines.keys()].map((id) => this.byId(id)!).toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  }

  byId(id: string): Machine | undefined {
    const machine = this.#machines.get(id);
    const seen = this.#seen.get(id);
    return machine === undefined || seen === undefined ? machine : { ...machine, seen };
  }

  byName(name: string): Machine | undefined {
    return this.list().find((machine) => machine.name === name.trim());
  }

  /** Undefined for a text that is no token of any machine. */
  byToken(token: string): Machine | undefined {
    const id = TOKEN.test(token) ? this.#byToken.get(hashOf(token)) : undefined;
    return id === undefined ? undefined : this.byId(id);
  }

  /** Errors: DW_INVALID for a name that cannot be one, DW_CONFLICT for one that another machine has, DW_UNAVAILABLE. */
  create({ name: typed, ...given }: NewMachine): Machine {
    const name = nameOf(typed);
    if (this.byName(name) !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("server.machineTaken", { name }));
    const machine: Machine = { id: `machine:${randomUUID()}`, name, created: new Date().toISOString(), ...given };
    this.#write(new Map(this.#machines).set(machine.id, machine));
    return machine;
  }

  /**
   * A code with which the machine enrols a key of its own, shown once and good for a quarter of an hour; a code or token of before holds no more, a key does
   * until another one is enrolled. Errors: DW_NOT_FOUND, DW_UNAVAILABLE.
   */
  offerCode(id: string, nowMs: number): string {
    const code = Array.from({ length: CODE_LETTERS }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)])
      .join("")
      .replaceAll(/(.{4})(?=.)/g, "$1-");
    const enrolment = { hash: hashOf(plainCode(code)), expires: new Date(nowMs + CODE_LIFETIME_MS).toISOString() };
    this.update(id, ({ token: _token, ...machine }) => ({ ...notPresented(machine), enrolment }));
    return code;
  }

  /** A token that stays the same until the machine expires, within a year at the latest; shown once. Key, code and token of before hold no more. Errors: as of `offerCode`. */
  giveToken(id: string, nowMs: number): string {
    const token = `dwm_${randomBytes(TOKEN_BYTES).toString("base64url")}`;
    const latest = new Date(nowMs + TOKEN_LIFETIME_MS).toISOString();
    this.update(id, ({ key: _key, enrolment: _enrolment, ...machine }) => ({
      ...notPresented(machine),
      token: { hash: hashOf(token), since: new Date(nowMs).toISOString() },
      expires: machine.expires !== undefined && machine.expires < latest ? machine.expires : latest,
    }));
    return token;
  }

  /** The machine with its key. Errors: DW_NOT_FOUND for a code that was used, replaced, or is too old, DW_CONFLICT for a key that another machine has. */
  enrol(code: string, key: MachineKey, nowMs: number): Machine {
    const hash = hashOf(plainCode(code));
    const machine = this.list().find(
      (each) => each.enrolment?.hash === hash && Date.parse(each.enrolment.expires) > nowMs && isUsable(each, nowMs),
    );
    if (machine === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.enrolmentGone"));
    const did = didOfKey(key);
    if (this.list().some((each) => each.id !== machine.id && each.key !== undefined && didOfKey(each.key) === did))
      throw new DoppelwerkError("DW_CONFLICT", message("server.machineKeyTaken"));
    const since = new Date(nowMs).toISOString();
    return this.update(machine.id, ({ enrolment: _enrolment, ...known }) => ({ ...known, key: { ...key, since } }));
  }

  /**
   * The machine with this key, and with what its credential says now. Errors: DW_CONFLICT for the key of a machine that somebody added here, or of another
   * issuer; DW_INVALID, DW_UNAVAILABLE.
   */
  present({ key, name: typed, ...given }: PresentedMachine, nowMs: number): Machine {
    const did = didOfKey(key);
    const known = this.list().find((each) => each.key !== undefined && didOfKey(each.key) === did);
    if (known === undefined) {
      const made = this.create({ name: this.#freeName(typed), roles: given.roles });
      return this.update(made.id, (before) => ({ ...before, ...given, key: { ...key, since: new Date(nowMs).toISOString() } }));
    }
    if (known.presented?.issuer !== given.presented?.issuer) throw new DoppelwerkError("DW_CONFLICT", message("server.machineKeyTaken"));
    return this.update(known.id, ({ withheld: _withheld, expires: _expires, ...before }) => ({ ...before, ...given }));
  }

  #freeName(typed: string): string {
    const name = [...typed].slice(0, NAME_MAX - 4).join("");
    for (let count = 1; ; count++) {
      const each = count === 1 ? name : `${name} ${count}`;
      if (this.byName(each) === undefined) return each;
    }
  }

  /** Errors: DW_NOT_FOUND, DW_INVALID, DW_UNAVAILABLE. */
  update(id: string, change: (machine: Machine) => Machine): Machine {
    const before = this.require(id);
    const changed = change(before);
    const name = nameOf(changed.name);
    const other = this.byName(name);
    if (other !== undefined && other.id !== id) throw new DoppelwerkError("DW_CONFLICT", message("server.machineTaken", { name }));
    this.#write(new Map(this.#machines).set(id, { ...changed, id, name }));
    return this.byId(id)!;
  }

  /** Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
  remove(id: string): void {
    this.require(id);
    const rest = new Map(this.#machines);
    rest.delete(id);
    this.#write(rest);
    this.#seen.delete(id);
  }

  /** Kept in memory, and in the file some minutes later. Errors: DW_UNAVAILABLE. */
  saw(id: string, address: string, nowMs: number): void {
    this.#seen.set(id, { time: new Date(nowMs).toISOString(), address });
    if (nowMs - this.#savedAt >= SEEN_EVERY_MS) this.#write(this.#machines);
  }

  /** What was only in memory is on disk. Errors: DW_UNAVAILABLE. */
  flush(): void {
    if (this.#seen.size > 0) this.#write(this.#machines);
  }

  /** Errors: DW_NOT_FOUND. */
  require(id: string): Machine {
    const machine = this.byId(id);
    if (machine === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noMachine", { id }));
    return machine;
  }

  #write(machines: ReadonlyMap<string, Machine>): void {
    const all = [...machines.values()].map((machine) => {
      const seen = this.#seen.get(machine.id);
      return seen === undefined ? machine : { ...machine, seen };
    });
    writeSecretFile(this.#path, NAME, JSON.stringify({ version: VERSION, machines: all }, undefined, 1));
    this.#machines = machines;
    this.#byToken = tokensOf(machines);
    this.#savedAt = Date.now();
  }
}

/** Whether it may connect at that time. */
export function isUsable({ disabled, withheld, expires }: Machine, nowMs: number): boolean {
  return disabled === undefined && withheld === undefined && (expires === undefined || Date.parse(expires) > nowMs);
}

/** `waiting`: it has no key or token yet; `withheld`: its credential does not hold. */
export function stateOf(machine: Machine, nowMs: number): "active" | "waiting" | "disabled" | "withheld" | "expired" {
  if (machine.disabled) return "disabled";
  if (machine.withheld !== undefined) return "withheld";
  if (!isUsable(machine, nowMs)) return "expired";
  return machine.key === undefined && machine.token === undefined ? "waiting" : "active";
}

/** Who vouches for its key is another company. Errors: DW_CONFLICT. */
function notPresented<Known extends Pick<Machine, "name" | "presented">>(machine: Known): Known {
  if (machine.presented !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("server.machinePresented", { name: machine.name }));
  return machine;
}

/** As it is typed: small letters, spaces and hyphens make no other code. */
function plainCode(code: string): string {
  return code.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
}

/** Of at least 79 random bits that are good for a quarter of an hour, or of 256: nothing to be guessed, so one hash is enough. */
function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function tokensOf(machines: ReadonlyMap<string, Machine>): ReadonlyMap<string, string> {
  return new Map([...machines.values()].flatMap(({ id, token }) => (token === undefined ? [] : [[token.hash, id] as const])));
}

function nameOf(text: string): string {
  const name = text.trim().replaceAll(/\s+/g, " ");
  if (name === "" || [...name].length > NAME_MAX || !isReadable(name))
    throw new DoppelwerkError("DW_INVALID", message("server.nameNotOne", { max: NAME_MAX }));
  return name;
}

function readMachines(path: string): readonly Machine[] {
  if (!existsSync(path)) return [];
  let stored: { readonly version?: unknown; readonly machines?: unknown };
  try {
    stored = Object(JSON.parse(readSecretFile(path, NAME))) as typeof stored;
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("server.machinesNotRead", { path }));
  }
  if (typeof stored.version === "number" && stored.version > VERSION)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.machinesNewer", { path }));
  // which machines were ended is not guessed
  if (stored.version !== VERSION || !Array.isArray(stored.machines))
    throw new DoppelwerkError("DW_DAMAGED", message("server.machinesNotRead", { path }));
  return stored.machines as readonly Machine[];
}
