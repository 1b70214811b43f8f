import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";

/** A key pair of minisign (https://jedisct1.github.io/minisign), which Debian and Ubuntu have as a package. */
export interface SigningKey {
  readonly id: Uint8Array;
  readonly key: KeyObject;
  readonly publicKey: Uint8Array;
}

const COMMENT = /^untrusted comment: .*\r?\n([A-Za-z0-9+/]+=*)\r?\n?$/;
const SECRET_BYTES = 158;
const [ID_AT, ID_BYTES, SEED_BYTES] = [54, 8, 32];
/** PKCS #8 of an Ed25519 key up to its seed (RFC 8410). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** A secret key without a password, as `minisign -G -W` writes it. Errors: a file that is none, or one with a password. */
export function readSigningKey(path: string): SigningKey {
  const [, encoded] = COMMENT.exec(readFileSync(path, "utf8")) ?? [];
  const bytes = Buffer.from(encoded ?? "", "base64");
  if (bytes.length !== SECRET_BYTES || bytes.subarray(0, 2).toString() !== "Ed") throw new Error(`no secret key of minisign: ${path}`);
  if (bytes.readUInt16LE(2) !== 0)
    throw new Error(`the key has a password, which nobody types here; make one with minisign -G -W: ${path}`);
  const seed = bytes.subarray(ID_AT + ID_BYTES, ID_AT + ID_BYTES + SEED_BYTES);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-SEED_BYTES);
  if (!publicKey.equals(bytes.subarray(ID_AT + ID_BYTES + SEED_BYTES, ID_AT + ID_BYTES + 2 * SEED_BYTES)))
    throw new Error(`the secret key is damaged: ${path}`);
  return { id: bytes.subarray(ID_AT, ID_AT + ID_BYTES), key, publicKey };
}

/** As `minisign -S` writes it: of the BLAKE2b-512 of the content, with a comment that is signed too. The same for the same content, key and comment. */
export function signatureFile(content: Uint8Array, { id, key }: SigningKey, comment: string): string {
  if (/[\r\n]/.test(comment)) throw new Error("a comment has one line");
  const signature = sign(undefined, createHash("blake2b512").update(content).digest(), key);
  const whole = sign(undefined, Buffer.concat([signature, Buffer.from(comment)]), key);
  const first = Buffer.concat([Buffer.from("ED"), id, signature]).toString("base64");
  return `untrusted comment: signature of Doppelwerk packages\n${first}\ntrusted comment: ${comment}\n${whole.toString("base64")}\n`;
}

/** As `minisign -G` writes it. */
export function publicKeyFile({ id, publicKey }: SigningKey): string {
  const name = Buffer.from(id).reverse().toString("hex").toUpperCase();
  return `untrusted comment: minisign public key ${name}\n${Buffer.concat([Buffer.from("Ed"), id, publicKey]).toString("base64")}\n`;
}
