import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PersonalTexts } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";

/** A key of texts, and whose they are as long as that may be known. */
interface TextKey {
  readonly key: Buffer;
  readonly madeMs: number;
  readonly person?: string;
}

/** Texts of people of a server, as features have them, and what happens to them when a person goes. */
export interface ErasableTexts extends PersonalTexts {
  /** No text of the person can be read any more, nowhere. Errors: DW_UNAVAILABLE; then they can. */
  erase(person: string): void;
  /** The texts stay, and nothing here tells whose they are. Errors: DW_UNAVAILABLE; then it does. */
  release(person: string): void;
  /** Texts that were written before cannot be read any more, with keys that were used until then. Returns how many keys went. Errors: DW_UNAVAILABLE. */
  expire(beforeMs: number): number;
}

/** A person gets another key after this time, so that older texts can be erased without newer ones. */
export const KEY_PERIOD_MS = 30 * 86_400_000;
const NAME = "privacy/text-keys.json";
const VERSION = 1;
const [KEY_BYTES, ID_BYTES, NONCE_BYTES, TAG_BYTES] = [32, 9, 12, 16];
/** `sealed:1:KEY:` and nonce, tag and text, base 64; nobody types that. */
const SEALED = /^sealed:1:([\w-]{12}):([A-Za-z0-9+/]+=*)$/;

export const textKeysPath = (data: string): string => join(data, NAME);

/**
 * Texts of people, readable with a key of their author alone (AES-256-GCM), which is in a file beside the log. Without the key nothing that the log, a
 * branch or a cache holds of a text can be read.
 */
export class SealedTexts implements ErasableTexts {
  readonly #path: string;
  readonly #now: () => number;
  #keys: ReadonlyMap<string, TextKey>;

  /** Errors: DW_DAMAGED. */
  constructor(path: string, now: () => number = Date.now) {
    this.#path = path;
    this.#now = now;
    this.#keys = readKeys(path);
  }

  seal(person: string, text: string): string {
    const [id, { key }] = this.#keyOf(person);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(id));
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return `sealed:1:${id}:${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64")}`;
  }

  open(stored: string): string | undefined {
    const [, id, sealed] = SEALED.exec(stored) ?? [];
    if (id === undefined || sealed === undefined) return stored;
    const key = this.#keys.get(id)?.key;
    const bytes = Buffer.from(sealed, "base64");
    if (key === undefined || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(id));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
    } catch {
      // of another key, or changed: nothing that the person wrote
      return undefined;
    }
  }

  erase(person: string): void {
    this.#replace([...this.#keys].filter(([, known]) => known.person !== person));
  }

  release(person: string): void {
    this.#replace(
      [...this.#keys].map(([id, known]) => [id, known.person === person ? { key: known.key, madeMs: known.madeMs } : known] as const),
    );
  }

  expire(beforeMs: number): number {
    const kept = [...this.#keys].filter(([, { madeMs }]) => madeMs + KEY_PERIOD_MS > beforeMs);
    const gone = this.#keys.size - kept.length;
    if (gone > 0) this.#replace(kept);
    return gone;
  }

  /** The first one of a person is durable before it is used. */
  #keyOf(person: string): readonly [string, TextKey] {
    const known = [...this.#keys].find(([, each]) => each.person === person && this.#now() - each.madeMs < KEY_PERIOD_MS);
    if (known !== undefined) return known;
    const made = [randomBytes(ID_BYTES).toString("base64url"), { key: randomBytes(KEY_BYTES), madeMs: this.#now(), person }] as const;
    this.#replace([...this.#keys, made]);
    return made;
  }

  #replace(keys: readonly (readonly [string, TextKey])[]): void {
    const kept = keys.map(([id, { key, madeMs, person }]) => ({
      id,
      key: key.toString("base64"),
      madeMs,
      ...(person !== undefined && { person }),
    }));
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    writeSecretFile(this.#path, NAME, JSON.stringify({ version: VERSION, keys: kept }));
    this.#keys = new Map(keys);
  }
}

/** Where the log is shared with servers that have other folders: their keys would be others. */
export const plainTexts: ErasableTexts = { seal: (_, text) => text, open: (stored) => stored, erase() {}, release() {}, expire: () => 0 };

function readKeys(path: string): ReadonlyMap<string, TextKey> {
  if (!existsSync(path)) return new Map();
  try {
    const { version, keys } = JSON.parse(readSecretFile(path, NAME)) as {
      version: number;
      keys: readonly { readonly id: string; readonly key: string; readonly madeMs: number; readonly person?: string }[];
    };
    if (version > VERSION) throw new Error(`version ${version}`);
    return new Map(
      keys.map(
        ({ id, key, madeMs, person }) =>
          [id, { key: Buffer.from(key, "base64"), madeMs, ...(person !== undefined && { person }) }] as const,
      ),
    );
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("privacy.textKeysUnreadable", { path, reason: (error as Error).message }));
  }
}
