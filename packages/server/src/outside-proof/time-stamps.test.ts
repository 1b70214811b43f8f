import { createHash, randomBytes, webcrypto } from "node:crypto";
import { certificatesOfPem, signaturesOf, verifyTimeStamp, type TimeStampOf } from "@doppelwerk/trust/time-stamp";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startTsa, type TsaServer } from "../../../../scripts/tsa-server.ts";
import { askTimeStamp } from "./ask-time-stamp.ts";

let tsa: TsaServer;
beforeAll(async () => void (tsa = await startTsa()), 120_000);
afterAll(() => tsa?.close());
afterEach(() => tsa.replace(undefined));

const TEXT = "plant.example/log\n7\nAAAA\n";
const hash = new Uint8Array(createHash("sha256").update(TEXT).digest());
const verify = signaturesOf(webcrypto.subtle as never);
const configured = () => ({ url: tsa.url, roots: tsa.root, everyMinutes: 60 });
const hosts = () => ({ hosts: new Set([new URL(tsa.url).host]) });
const ask = (more: object = {}) => askTimeStamp({ ...configured(), ...more }, TEXT, hosts());
const trusted = (more: Partial<TimeStampOf> = {}): TimeStampOf => ({ hash, roots: certificatesOfPem(tsa.root)!, ...more });
const judge = (token: Uint8Array<ArrayBuffer>, more: Partial<TimeStampOf> = {}) => verifyTimeStamp(token, trusted(more), verify);
const wrong = (why: string) => ({ isValid: false, why });

test("[trust T37] a real authority (openssl ts) stamps a checkpoint, and the token is verified offline with its time, policy and signer", async () => {
  const before = Date.now();
  const { token, time } = await ask();
  expect(Math.abs(time.getTime() - before)).toBeLessThan(10_000);
  expect(await judge(token)).toMatchObject({ isValid: true, time, policy: tsa.policy, accuracyS: 1, by: "Trial TSA" });
  expect(await judge(token, { policy: tsa.policy })).toMatchObject({ isValid: true });
  // with an EC key, and another policy that was asked for
  const other = await ask({ policy: `${tsa.policy}.2` });
  expect(await judge(other.token, { policy: `${tsa.policy}.2` })).toMatchObject({ isValid: true });
}, 60_000);

test("[trust T37] a token of another hash, nonce, policy or authority is refused with its one reason", async () => {
  const { token } = await ask();
  expect(await judge(token, { hash: new Uint8Array(32) })).toEqual(wrong("otherHash"));
  expect(await judge(token, { nonce: new Uint8Array(randomBytes(16)) })).toEqual(wrong("otherNonce"));
  expect(await judge(token, { policy: "1.2.3" })).toEqual(wrong("otherPolicy"));
  const elsewhere = await startTsa();
  try {
    expect(await judge(token, { roots: certificatesOfPem(elsewhere.root)! })).toEqual(wrong("otherAuthority"));
  } finally {
    await elsewhere.close();
  }
  expect(await judge(new Uint8Array(randomBytes(300)))).toEqual(wrong("unreadable"));
  expect(await judge(new Uint8Array(0))).toEqual(wrong("unreadable"));
}, 60_000);

test("[trust T37] a certificate that was not valid at the time, is not for time stamps alone, or not critically, signs none", async () => {
  const { token } = await ask();
  const info = infoOf(token);
  const signedBy = async (name: string, options: Parameters<TsaServer["issue"]>[1]) =>
    judge(new Uint8Array(tsa.signAs(tsa.issue(name, options), info)));
  expect(await signedBy("good", {})).toMatchObject({ isValid: true });
  expect(await signedBy("expired", { from: "20200101000000Z", until: "20210101000000Z" })).toEqual(wrong("outOfDate"));
  expect(await signedBy("early", { from: "20900101000000Z", until: "20910101000000Z" })).toEqual(wrong("outOfDate"));
  expect(await signedBy("not critical", { extensions: "extendedKeyUsage=timeStamping\n" })).toEqual(wrong("notForTimeStamps"));
  expect(await signedBy("two uses", { extensions: "extendedKeyUsage=critical,timeStamping,codeSigning\n" })).toEqual(
    wrong("notForTimeStamps"),
  );
  expect(await signedBy("other use", { extensions: "extendedKeyUsage=critical,emailProtection\n" })).toEqual(wrong("notForTimeStamps"));
  expect(await signedBy("no use", { extensions: "basicConstraints=CA:FALSE\n" })).toEqual(wrong("notForTimeStamps"));
  // signed by somebody who is no authority, although he has a certificate of one
  const leaf = tsa.issue("somebody", {});
  const below = tsa.issue("below", { by: leaf });
  expect(await judge(new Uint8Array(tsa.signAs(below, info, leaf)))).toEqual(wrong("otherAuthority"));
  const between = tsa.issue("between", { extensions: "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n" });
  expect(await judge(new Uint8Array(tsa.signAs(tsa.issue("under", { by: between }), info, between)))).toMatchObject({ isValid: true });
}, 120_000);

test("[trust T38] whatever bit of a token is flipped, it is refused, or states the same", async () => {
  const { token } = await ask();
  const good = await judge(token);
  let refused = 0;
  for (let at = 0; at < token.length; at++) {
    const flipped = token.slice();
    flipped[at]! ^= 1 << ((at * 5) % 8);
    const verdict = await judge(flipped);
    if (verdict.isValid) expect(verdict, `byte ${at}`).toEqual(good);
    else refused++;
  }
  // lengths, versions and certificates that nobody needs are the rest
  expect(refused).toBeGreaterThan(token.length * 0.5);
}, 120_000);

test("[SV306] an authority that refuses, answers an older request, or is none is refused in one line, and the address is asked alone", async () => {
  await expect(ask({ policy: "1.2.3.4" })).rejects.toMatchObject({ code: "DW_UNAVAILABLE", message: expect.stringMatching(/rejection/) });
  let kept: Buffer | undefined;
  tsa.replace((answer) => (kept ??= answer));
  await ask();
  await expect(ask()).rejects.toMatchObject({ code: "DW_CONFLICT", message: expect.stringMatching(/answers another request/) });
  tsa.replace(() => Buffer.from("hello"));
  await expect(ask()).rejects.toMatchObject({ code: "DW_CONFLICT", message: expect.stringMatching(/no time stamp of RFC 3161/) });
  tsa.replace(() => Buffer.alloc(2_000_000));
  await expect(ask()).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  tsa.replace(undefined);
  await expect(askTimeStamp(configured(), TEXT, { hosts: new Set(["elsewhere.example"]) })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
}, 60_000);

/** What a token says, as it is signed: found by its version and policy. */
function infoOf(token: Uint8Array): Buffer {
  const bytes = Buffer.from(token);
  const type = Buffer.from("060b2a864886f70d0109100104", "hex");
  // the type, [0], OCTET STRING, and what is in it
  let at = bytes.indexOf(type) + type.length;
  for (const tag of [0xa0, 0x04]) {
    expect(bytes[at]).toBe(tag);
    at += 1 + (bytes[at + 1]! < 0x80 ? 1 : 1 + (bytes[at + 1]! & 0x7f));
  }
  const length = bytes[at + 1]! < 0x80 ? 2 + bytes[at + 1]! : bytes[at + 1] === 0x81 ? 3 + bytes[at + 2]! : 4 + bytes.readUInt16BE(at + 2);
  return bytes.subarray(at, at + length);
}
