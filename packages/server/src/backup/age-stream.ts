import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scrypt, type ScryptOptions } from "node:crypto";
import { promisify } from "node:util";
import { Stanza, type Decrypter, type Encrypter, type Identity, type Recipient } from "age-encryption";

/** Of the plain text of an age file, sealed by itself. */
const CHUNK_BYTES = 65_536;
const TAG_BYTES = 16;
const NONCE_BYTES = 16;
const ALGORITHM = "chacha20-poly1305";
const TAG = { authTagLength: TAG_BYTES } as const;
/** A longer header is none: it has 100 to 1,700 bytes for each recipient. */
const MAX_HEADER_BYTES = 1 << 20;
const FILE_KEY_BYTES = 16;
const SALT_BYTES = 16;
/** As the tool age takes them; more is refused, or a file could keep a machine busy. */
const [WORK_FACTOR, MAX_WORK_FACTOR] = [18, 20];
const SCRYPT_LABEL = Buffer.from("age-encryption.org/v1/scrypt");
/** Each key that is made of a passphrase is used once. */
const ZERO_NONCE = Buffer.alloc(12);
const HEADER_END = /(?:^|\n)--- [\w+/]{43}\n/;

/** The header of an age file and the key of what follows it. */
interface Header {
  readonly header: Uint8Array;
  readonly fileKey: Uint8Array;
}

/** An age file (age-encryption.org/v1): its header by the library, its payload by the cipher of the machine, which is many times as fast. */
export async function* encryptAge(bytes: AsyncIterable<Uint8Array>, encrypter: Encrypter): AsyncGenerator<Uint8Array> {
  const { header, fileKey } = await headerOf(encrypter);
  const nonce = randomBytes(NONCE_BYTES);
  yield Buffer.concat([header, nonce]);
  const cipher = new Chunks(fileKey, nonce);
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let used = 0;
  for await (const piece of bytes)
    for (let at = 0; at < piece.length;) {
      if (used === CHUNK_BYTES) {
        yield cipher.sealed(chunk, false);
        used = 0;
      }
      const taken = piece.subarray(at, at + CHUNK_BYTES - used);
      chunk.set(taken, used);
      used += taken.length;
      at += taken.length;
    }
  yield cipher.sealed(chunk.subarray(0, used), true);
}

/** Errors: as the library throws them for a header; an `Error` for a payload that was altered or cut short. */
export async function* decryptAge(bytes: AsyncIterable<Uint8Array>, decrypter: Decrypter): AsyncGenerator<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]();
  try {
    let rest = Buffer.alloc(0);
    let end: number | undefined;
    while (end === undefined || rest.length < end + NONCE_BYTES) {
      const { value, done } = await source.next();
      if (done === true || rest.length > MAX_HEADER_BYTES) throw new Error("the header is cut short");
      rest = Buffer.concat([rest, value]);
      end ??= headerEnd(rest);
    }
    const fileKey = await decrypter.decryptHeader(rest.subarray(0, end));
    const cipher = new Chunks(fileKey, rest.subarray(end, end + NONCE_BYTES));
    yield* payload(cipher, rest.subarray(end + NONCE_BYTES), source);
  } finally {
    await source.return?.();
  }
}

async function* payload(cipher: Chunks, first: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const sealed = Buffer.alloc(CHUNK_BYTES + TAG_BYTES);
  let [used, isFirst] = [0, true];
  for (let piece: Uint8Array | undefined = first; piece !== undefined;) {
    for (let at = 0; at < piece.length;) {
      if (used === sealed.length) {
        yield cipher.opened(sealed, false);
        [used, isFirst] = [0, false];
      }
      const taken = piece.subarray(at, at + sealed.length - used);
      sealed.set(taken, used);
      used += taken.length;
      at += taken.length;
    }
    const { value, done }: IteratorResult<Uint8Array> = await source.next();
    piece = done === true ? undefined : value;
  }
  if (used < TAG_BYTES || (used === TAG_BYTES && !isFirst)) throw new Error("it is cut short");
  yield cipher.opened(sealed.subarray(0, used), true);
}

/** The chunks of a payload, each with its number and whether it is the last one (STREAM). */
class Chunks {
  readonly #key: Uint8Array;
  readonly #nonce = Buffer.alloc(12);
  #count = 0;

  constructor(fileKey: Uint8Array, nonce: Uint8Array) {
    this.#key = new Uint8Array(hkdfSync("sha256", fileKey, nonce, "payload", 32));
  }

  sealed(chunk: Uint8Array, isLast: boolean): Uint8Array {
    const cipher = createCipheriv(ALGORITHM, this.#key, this.#next(isLast), TAG);
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
  }

  opened(sealed: Uint8Array, isLast: boolean): Uint8Array {
    const decipher = createDecipheriv(ALGORITHM, this.#key, this.#next(isLast), TAG);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const chunk = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    // throws where the chunk is another than the one that was sealed
    decipher.final();
    return chunk;
  }

  #next(isLast: boolean): Uint8Array {
    this.#nonce.writeUIntBE(this.#count++, 5, 6);
    this.#nonce[11] = isLast ? 1 : 0;
    return this.#nonce;
  }
}

/** The library makes the header of a file; what it tells a recipient is the key of the file. */
async function headerOf(encrypter: Encrypter): Promise<Header> {
  const fileKey = new Uint8Array(FILE_KEY_BYTES);
  encrypter.addRecipient({
    async wrapFileKey(key) {
      fileKey.set(key);
      return [];
    },
  });
  const empty = await encrypter.encrypt(new Uint8Array(0));
  return { header: empty.subarray(0, empty.length - NONCE_BYTES - TAG_BYTES), fileKey };
}

/** Whoever knows a passphrase (age-encryption.org/v1, scrypt), with the scrypt of the machine. It is the only recipient of a file. */
export function passphraseRecipient(passphrase: string): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const salt = randomBytes(SALT_BYTES);
      const cipher = createCipheriv(ALGORITHM, await keyOf(passphrase, salt, WORK_FACTOR), ZERO_NONCE, TAG);
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      return [new Stanza(["scrypt", salt.toString("base64").replace(/=+$/, ""), String(WORK_FACTOR)], body)];
    },
  };
}

/** What opens a file by its passphrase. Errors: an `Error` for a header that asks for too much work, or names other recipients too. */
export function passphraseIdentity(passphrase: string): Identity {
  return {
    async unwrapFileKey(stanzas) {
      const stanza = stanzas.find(({ args }) => args[0] === "scrypt");
      if (stanza === undefined) return null;
      const [, salt = "", factor = ""] = stanza.args;
      if (stanzas.length !== 1 || stanza.args.length !== 3 || stanza.body.length !== FILE_KEY_BYTES + TAG_BYTES)
        throw new Error("invalid scrypt stanza");
      if (!/^[1-9]\d?$/.test(factor) || Number(factor) > MAX_WORK_FACTOR) throw new Error("the passphrase asks for too much work");
      const decipher = createDecipheriv(ALGORITHM, await keyOf(passphrase, Buffer.from(salt, "base64"), Number(factor)), ZERO_NONCE, TAG);
      decipher.setAuthTag(stanza.body.subarray(FILE_KEY_BYTES));
      const fileKey = decipher.update(stanza.body.subarray(0, FILE_KEY_BYTES));
      try {
        decipher.final();
      } catch {
        // another passphrase
        return null;
      }
      return fileKey;
    },
  };
}

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

async function keyOf(passphrase: string, salt: Uint8Array, workFactor: number): Promise<Buffer> {
  const N = 2 ** workFactor;
  return scryptAsync(passphrase, Buffer.concat([SCRYPT_LABEL, salt]), 32, { N, r: 8, p: 1, maxmem: 2 * 128 * 8 * N });
}

function headerEnd(bytes: Buffer): number | undefined {
  const text = bytes.subarray(0, MAX_HEADER_BYTES).toString("latin1");
  const found = HEADER_END.exec(text);
  return found === null ? undefined : found.index + found[0].length;
}
