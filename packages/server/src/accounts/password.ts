import { createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { message, type Message } from "@doppelwerk/messages";
import { faultOfPassword, PASSWORD_MAX, PASSWORD_MIN } from "@doppelwerk/trust/passwords";
import { isCommonPassword } from "./common-passwords.ts";

// Passwords as scrypt keeps them (RFC 7914; OWASP Password Storage Cheat Sheet: N = 2^15, r = 8, p = 3: 32 MiB).

const COST = 15;
const BLOCK = 8;
const PARALLEL = 3;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Text of a kept password: method, cost, salt and key. */
export type PasswordHash = string;

/** Why this may not be a password, else undefined. `words` are those that others know of the account: its login and name. */
export function refusalOfPassword(password: string, words: readonly string[]): Message | undefined {
  switch (faultOfPassword(password, words)) {
    case "tooShort":
      return message("server.passwordTooShort", { min: PASSWORD_MIN });
    case "tooLong":
      return message("server.passwordTooLong", { max: PASSWORD_MAX });
    case "easilyGuessed":
      return message("server.passwordEasilyGuessed");
    case undefined:
      return isCommonPassword(password) ? message("server.passwordCommon") : undefined;
  }
}

const [PLAIN, PEPPERED] = ["scrypt", "scrypt-pepper"];

/** Made with a salt of its own each time, beside the event loop; with a pepper the key is keyed with it (HMAC-SHA-256). */
export async function hashOfPassword(password: string, pepper?: Uint8Array): Promise<PasswordHash> {
  const salt = randomBytes(SALT_BYTES);
  const derived = await keyOf(password, salt, { cost: COST, block: BLOCK, parallel: PARALLEL });
  const key = peppered(derived, pepper);
  const method = pepper === undefined ? PLAIN : PEPPERED;
  const kept = [method, COST, BLOCK, PARALLEL, salt.toString("base64"), key.toString("base64")].join("$");
  for (const bytes of [derived, key]) bytes.fill(0);
  return kept;
}

/** Whether it was kept with a pepper: without that it is of no use. */
export const isPeppered = (hash: PasswordHash): boolean => hash.startsWith(`${PEPPERED}$`);

/** The time does not tell how much of it was right. A text that is no hash is no password. One that was kept before there was a pepper counts without. */
export async function isPassword(password: string, hash: PasswordHash, pepper?: Uint8Array): Promise<boolean> {
  const [method, cost, block, parallel, salt = "", stated = ""] = hash.split("$");
  const numbers = { cost: Number(cost), block: Number(block), parallel: Number(parallel) };
  const used = method === PEPPERED ? pepper : undefined;
  const isMethod = method === PLAIN || used !== undefined;
  const isKnown = isMethod && numbers.cost >= 10 && numbers.cost <= 20 && numbers.block <= 16 && numbers.parallel <= 4;
  const key = Buffer.from(stated, "base64");
  if (!isKnown || key.length !== KEY_BYTES) return false;
  const derived = await keyOf(password, Buffer.from(salt, "base64"), numbers);
  const own = peppered(derived, used);
  const isSame = timingSafeEqual(own, key);
  for (const bytes of [derived, own]) bytes.fill(0);
  return isSame;
}

function peppered(key: Buffer, pepper: Uint8Array | undefined): Buffer {
  return pepper === undefined ? key : createHmac("sha256", pepper).update(key).digest();
}

interface ScryptNumbers {
  /** Binary logarithm of N. */
  readonly cost: number;
  readonly block: number;
  readonly parallel: number;
}

/** The last one that was begun: passwords and PINs are computed one after the other, whoever asks, so that memory is that of one. */
let last: Promise<unknown> = Promise.resolve();

function keyOf(password: string, salt: Buffer, { cost, block, parallel }: ScryptNumbers): Promise<Buffer> {
  const options = { N: 2 ** cost, r: block, p: parallel, maxmem: 256 * 2 ** cost * block };
  const compute = (): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      // the same text typed on another keyboard may be composed otherwise
      scrypt(password.normalize("NFC"), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
    });
  const computed = last.then(compute);
  const over = (): void => {};
  last = computed.then(over, over);
  return computed;
}
