import { randomBytes } from "node:crypto";
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { expect, test } from "vitest";
import { decryptAge, encryptAge, passphraseIdentity, passphraseRecipient } from "./age-stream.ts";

async function* pieces(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of bytes) all.push(part);
  return Buffer.concat(all);
}

/** A linear congruential generator: the same numbers for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

const CHUNK = 65_536;
const LENGTHS = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 777];

test("[SV317] a payload of any length is what the age library reads and writes, also with several recipients and a passphrase", async () => {
  const identity = await generateX25519Identity();
  const other = await generateX25519Identity();
  const recipients = await Promise.all([identity, other].map(identityToRecipient));
  const decrypter = new Decrypter();
  decrypter.addIdentity(other);
  for (const length of LENGTHS) {
    const plain = randomBytes(length);
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    const ours = await whole(encryptAge(pieces(plain, 10_007), encrypter));
    expect(Buffer.compare(await decrypter.decrypt(ours), plain), `${length}`).toBe(0);
    expect(Buffer.compare(await whole(decryptAge(pieces(ours, 4_099), decrypter)), plain), `${length}`).toBe(0);
    const theirs = new Encrypter();
    theirs.addRecipient(recipients[1]!);
    expect(Buffer.compare(await whole(decryptAge(pieces(await theirs.encrypt(plain), 99_991), decrypter)), plain)).toBe(0);
  }
  const ours = new Encrypter();
  ours.addRecipient(passphraseRecipient("seven green pumps"));
  const sealed = await whole(encryptAge(pieces(Buffer.from("text"), 2), ours));
  const theirOpener = new Decrypter();
  theirOpener.addPassphrase("seven green pumps");
  expect(Buffer.from(await theirOpener.decrypt(sealed)).toString()).toBe("text");
  const theirs = new Encrypter();
  theirs.setPassphrase("seven green pumps");
  theirs.setScryptWorkFactor(12);
  const opener = new Decrypter();
  opener.addIdentity(passphraseIdentity("seven green pumps"));
  const theirFile = await theirs.encrypt("text");
  expect((await whole(decryptAge(pieces(theirFile, 20), opener))).toString()).toBe("text");
  const wrong = new Decrypter();
  wrong.addIdentity(passphraseIdentity("seven red pumps"));
  await expect(whole(decryptAge(pieces(theirFile, 20), wrong))).rejects.toThrow(/no identity matched/);
  const heavy = Buffer.from(
    Buffer.from(theirFile)
      .toString("latin1")
      .replace(/^(-> scrypt \S+) 12$/m, "$1 29"),
    "latin1",
  );
  await expect(whole(decryptAge(pieces(heavy, 20), opener))).rejects.toThrow(/too much work/);
}, 60_000);

test("[SV317] a file of age that is altered in any byte or cut anywhere gives an error", async () => {
  const identity = await generateX25519Identity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const bytes = await whole(encryptAge(pieces(randomBytes(2 * CHUNK + 100), 50_000), encrypter));
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const read = (file: Buffer) => whole(decryptAge(pieces(file, 8_192), decrypter));
  const random = seededRandom(316);
  const header = bytes.indexOf("\n--- ") + 60;
  const places = [
    ...Array.from({ length: header }, (_, at) => at),
    ...Array.from({ length: 40 }, () => Math.floor(random() * bytes.length)),
  ];
  for (const at of places) {
    const altered = Buffer.from(bytes);
    altered[at]! ^= 1 << Math.floor(random() * 8);
    await expect(read(altered), `byte ${at}`).rejects.toThrow();
  }
  for (const length of [0, 10, header, header + 16, header + CHUNK, bytes.length - 100 - 16, bytes.length - 1])
    await expect(read(bytes.subarray(0, length)), `${length} bytes`).rejects.toThrow();
  await expect(read(Buffer.concat([bytes, Buffer.alloc(1)]))).rejects.toThrow();
}, 60_000);
