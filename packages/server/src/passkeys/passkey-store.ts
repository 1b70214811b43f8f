import { existsSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { nameOf } from "../accounts/account-store.ts";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";

/** A key pair of a person on a device of his; the server has the public key alone. */
export interface Passkey {
  /** Id of the credential, base64url. */
  readonly id: string;
  readonly account: string;
  /** What its person calls it. */
  readonly name: string;
  /** Host name that it was made for, and works under alone. */
  readonly host: string;
  /** COSE, base64url. */
  readonly key: string;
  /** Of its device; 0 where it does not count. */
  readonly counter: number;
  readonly transports?: readonly string[];
  /** Kept by a password manager or the maker of the device too. */
  readonly synced: boolean;
  /** ISO 8601, as all times here. */
  readonly created: string;
  readonly used?: string;
  /** When its counter went back: another device may have a copy. It logs nobody in since then. */
  readonly suspect?: string;
}

/** Where the passkeys of a data folder are kept. */
export const passkeysPath = (data: string): string => join(data, "passkeys.json");

const NAME = "passkeys.json";
const VERSION = 1;
const MAX_OF_ACCOUNT = 20;

/** The passkeys of a server, in a file that only its user reads. Every change is durable, or refused and not made. */
export class PasskeyStore {
  readonly #path: string;
  #passkeys: ReadonlyMap<string, Passkey>;

  /** Errors: DW_FORMAT_NEWER, DW_DAMAGED. */
  constructor(path: string) {
    this.#path = path;
    this.#passkeys = new Map(readPasskeys(path).map((passkey) => [passkey.id, passkey]));
  }

  byId(id: string): Passkey | undefined {
    return this.#passkeys.get(id);
  }

  /** Of an account, the oldest first. */
  of(account: string): readonly Passkey[] {
    return [...this.#passkeys.values()].filter((each) => each.account === account).toSorted((a, b) => a.created.localeCompare(b.created));
  }

  /** Errors: DW_INVALID for the name, DW_CONFLICT for a credential that is known and for more than a person needs, DW_UNAVAILABLE. */
  add(passkey: Passkey): Passkey {
    if (this.#passkeys.has(passkey.id)) throw new DoppelwerkError("DW_CONFLICT", message("server.passkeyKnown"));
    if (this.of(passkey.account).length >= MAX_OF_ACCOUNT)
      throw new DoppelwerkError("DW_CONFLICT", message("server.passkeysTooMany", { max: MAX_OF_ACCOUNT }));
    const added = { ...passkey, name: nameOf(passkey.name) };
    this.#write(new Map(this.#passkeys).set(added.id, added));
    return added;
  }

  /**
   * It was used with this counter. False where the counter does not go on: the passkey is suspect then (WebAuthn Level 3, 7.2, step 22). Judged by what is
   * kept now, so that of two uses at once with one counter one holds.
   */
  use(id: string, counter: number, nowMs: number): boolean {
    const passkey = this.#passkeys.get(id);
    if (passkey === undefined || passkey.suspect !== undefined) return false;
    const time = new Date(nowMs).toISOString();
    const goesOn = (counter === 0 && passkey.counter === 0) || counter > passkey.counter;
    this.#write(new Map(this.#passkeys).set(id, goesOn ? { ...passkey, counter, used: time } : { ...passkey, suspect: time }));
    return goesOn;
  }

  /** Errors: DW_NOT_FOUND, also for one of somebody else; DW_UNAVAILABLE. */
  remove(account: string, id: string): void {
    if (this.#passkeys.get(id)?.account !== account) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noPasskey"));
    const rest = new Map(this.#passkeys);
    rest.delete(id);
    this.#write(rest);
  }

  removeAll(account: string): void {
    const rest = [...this.#passkeys].filter(([, passkey]) => passkey.account !== account);
    if (rest.length < this.#passkeys.size) this.#write(new Map(rest));
  }

  #write(passkeys: ReadonlyMap<string, Passkey>): void {
    writeSecretFile(this.#path, NAME, JSON.stringify({ version: VERSION, passkeys: [...passkeys.values()] }, undefined, 1));
    this.#passkeys = passkeys;
  }
}

function readPasskeys(path: string): readonly Passkey[] {
  if (!existsSync(path)) return [];
  let stored: { readonly version?: unknown; readonly passkeys?: unknown };
  try {
    stored = Object(JSON.parse(readSecretFile(path, NAME))) as typeof stored;
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("server.passkeysNotRead", { path }));
  }
  if (typeof stored.version === "number" && stored.version > VERSION)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.passkeysNewer", { path }));
  if (stored.version !== VERSION || !Array.isArray(stored.passkeys))
    throw new DoppelwerkError("DW_DAMAGED", message("server.passkeysNotRead", { path }));
  return stored.passkeys as readonly Passkey[];
}
