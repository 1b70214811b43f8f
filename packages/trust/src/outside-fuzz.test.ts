import { generateKeyPairSync, sign, verify } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { DoppelwerkError } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { holdCredential, issueCredential, LIST_CREDENTIAL_MAX, readCredential } from "./credentials/credential.ts";
import { BASE_CONTEXT } from "./credentials/data-model.ts";
import { addressOfWebDid, keyNameOf } from "./credentials/did.ts";
import { keyFor, keysOfDocument, keysOfKeyDid } from "./credentials/did-keys.ts";
import type { JsonObject } from "./credentials/json.ts";
import { testSigner, verifySignature } from "./credentials/node-keys.fixture.ts";
import { presentCredentials, readPresentation } from "./credentials/presentation.ts";
import { bitsOfList, LIST_ENTRIES, listCredential, statusEntriesOf, type Unpack } from "./credentials/status-list.ts";
import { checkpointText, parseCheckpoint } from "./log/checkpoint.ts";
import { inclusionText, parseInclusion } from "./log/inclusion-file.ts";
import { keyText, parseKeyText, parseNote, signatureLine, signedNote, verifyNote, type NoteKey } from "./log/signed-note.ts";
import { entriesOfBundle, entryBundle, parseTilePath } from "./log/tiles.ts";
import { parseWitnessPolicy } from "./log/witness-policy.ts";
import { parseWitnessRequest, witnessRequestText } from "./log/witnessing.ts";
import { certificatesOfPem, timeStampRequest, tokenOfAnswer, verifyTimeStamp } from "./time-stamp/index.ts";

// Everything here that reads what somebody outside wrote: mutated, spliced and random, it is refused in one way, never taken, and never fails inside.

const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const rounds = process.env["SOAK"] === undefined ? 1_500 : 100_000;
console.info(`seed of the fuzz of what is signed outside: ${seed} (FUZZ_SEED), ${rounds} rounds`);

function randomFrom(from: number): (below: number) => number {
  let state = from >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
const random = randomFrom(seed);
const pick = <T>(all: readonly T[]): T => all[random(all.length)]!;

const SPLICES = [
  "",
  ".",
  "#",
  "\n",
  "\n\n",
  "\u0000",
  "— ",
  "+",
  "=",
  "{",
  "}",
  "[",
  "__proto__",
  "did:web:",
  "%3A",
  "@",
  "../",
  "9".repeat(40),
];

function mutatedText(text: string): string {
  let changed = text;
  for (let n = 1 + random(4); n > 0; n--) {
    const [from, to] = [random(changed.length + 1), random(changed.length + 1)];
    const begin = changed.slice(0, Math.min(from, to));
    const end = changed.slice(Math.max(from, to));
    const kind = random(5);
    if (kind === 0) changed = begin + end;
    else if (kind === 1) changed = changed.slice(0, from) + pick(SPLICES) + changed.slice(from);
    else if (kind === 2) changed = changed.slice(0, from) + String.fromCodePoint(random(0x2_0000)) + changed.slice(from + 1);
    else if (kind === 3) changed = changed.slice(0, from) + begin + changed.slice(from);
    else changed = changed.slice(0, from) + String.fromCharCode(33 + random(94)) + changed.slice(from + 1);
  }
  return changed.slice(0, 100_000);
}

function mutatedBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const changed = Uint8Array.from(random(6) === 0 ? bytes.subarray(0, random(bytes.length + 1)) : bytes);
  for (let n = 1 + random(6); n > 0 && changed.length > 0; n--) changed[random(changed.length)] = random(256);
  return changed;
}

/** Any value of JSON, now and then with the names that objects have. */
function anything(depth = 0): unknown {
  const kind = random(depth > 3 ? 5 : 8);
  if (kind === 0) return null;
  if (kind === 1) return random(2) === 0;
  if (kind === 2) return pick([0, -1, 1e308, 0.5, Number.MAX_SAFE_INTEGER]);
  if (kind < 5)
    return pick(["", "did:web:a.example", "did:key:z6Mk", "https://a.example/l", "2026-11-30T10:00:00Z", "x".repeat(3_000), ...SPLICES]);
  if (kind < 6) return Array.from({ length: random(4) }, () => anything(depth + 1));
  const names = [
    "id",
    "type",
    "issuer",
    "credentialSubject",
    "credentialStatus",
    "__proto__",
    "constructor",
    "@context",
    "kid",
    "x",
    "length",
  ];
  return Object.fromEntries(Array.from({ length: random(6) }, () => [pick(names), anything(depth + 1)]));
}

/** Refused as input, if at all. */
function refusesOrReads<T>(given: unknown, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DoppelwerkError && (error.code === "DW_INVALID" || error.code === "DW_UNAUTHENTICATED")) return undefined;
    throw new Error(`seed ${seed}: ${JSON.stringify(given)?.slice(0, 2_000)}`, { cause: error });
  }
}

const NOW = Date.parse("2026-11-30T10:00:00Z");
const unpack: Unpack = (packed, maxOutputLength) => new Uint8Array(gunzipSync(packed, { maxOutputLength }));

test("[T31] [T32] fuzz: credentials, presentations, names of keys, documents and lists that were changed anywhere do not hold, and nothing fails inside", () => {
  const signer = testSigner("Ed25519");
  const issuer = signer.keyId.split("#")[0]!;
  const facts: JsonObject = {
    "@context": [BASE_CONTEXT, "https://www.w3.org/ns/credentials/undefined-terms/v2"],
    type: ["VerifiableCredential", "MachineCredential"],
    issuer,
    validFrom: "2026-11-01T00:00:00Z",
    credentialSubject: { id: issuer, name: "Press 7", role: "operator" },
    credentialStatus: {
      type: "BitstringStatusListEntry",
      statusPurpose: "revocation",
      statusListIndex: "7",
      statusListCredential: "https://a.example/list",
    },
  };
  const credential = issueCredential(facts, signer);
  const hold = (text: string) => {
    const read = readCredential(text);
    return holdCredential(read, keyFor(keysOfKeyDid(read.issuer), read.jws.keyName, "assertionMethod"), verifySignature, NOW);
  };
  expect(hold(credential).subject["role"]).toBe("operator");
  const presentation = presentCredentials([credential], { audience: "https://b.example", nonce: "n", nowMs: NOW }, signer);
  const payloadOf = (text: string): string => text.split(".").slice(0, 2).join(".");
  for (let n = 0; n < rounds; n++) {
    const changed = mutatedText(credential);
    const taken = refusesOrReads(changed, () => hold(changed));
    // what is signed is what holds: nothing of it may be another
    if (taken !== undefined) expect(payloadOf(changed), `seed ${seed}`).toBe(payloadOf(credential));
    const other = mutatedText(presentation);
    refusesOrReads(other, () => readPresentation(other));
    const value = anything();
    refusesOrReads(value, () => statusEntriesOf({ credentialStatus: value }));
    refusesOrReads(value, () => keysOfDocument(value as never, issuer));
    refusesOrReads(value, () => issueCredential({ ...facts, [pick(Object.keys(facts))]: value }, signer));
    const did = mutatedText("did:web:a.example%3A8443:plant:one");
    const address = refusesOrReads(did, () => addressOfWebDid(did));
    if (address !== undefined) {
      const url = new URL(address);
      // the host that the text names, and no other; never an address, a user or another path
      expect([url.protocol, url.username, url.search, url.hash], did).toEqual(["https:", "", "", ""]);
      expect(did.toLowerCase().replaceAll("%3a", ":"), did).toContain(url.hostname);
      expect(url.pathname, did).toMatch(/\/did\.json$/);
      expect(url.hostname, did).not.toMatch(/^[\d.]+$|^\[/);
      expect(address.replace(":443/", "/"), did).toBe(url.href);
    }
    const name = mutatedText(signer.keyId);
    refusesOrReads(name, () => keyNameOf(name, "kid"));
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test("[T33] fuzz: a list that is no gzip, a bomb, cut or too short is refused before it costs memory", () => {
  const bits = new Uint8Array(LIST_ENTRIES / 8);
  const facts = {
    id: "https://a.example/l",
    issuer: "did:web:a.example",
    purpose: "revocation",
    validFrom: "2026-11-01T00:00:00Z",
  } as const;
  const list = (packed: Uint8Array) => {
    const { credentialSubject } = listCredential(bits, { ...facts, validUntil: facts.validFrom, ttlMs: 1 }, () => packed);
    return { types: ["BitstringStatusListCredential"], subject: credentialSubject } as never;
  };
  const good = new Uint8Array(gzipSync(bits));
  expect(bitsOfList(list(good), "revocation", unpack)).toHaveLength(LIST_ENTRIES / 8);
  const bomb = new Uint8Array(gzipSync(new Uint8Array(80_000_000)));
  expect(bomb.length).toBeLessThan(LIST_CREDENTIAL_MAX);
  const before = process.memoryUsage.rss();
  expect(() => bitsOfList(list(bomb), "revocation", unpack)).toThrow(DoppelwerkError);
  expect(process.memoryUsage.rss() - before).toBeLessThan(60_000_000);
  for (let n = 0; n < rounds / 5; n++) {
    const changed = mutatedBytes(good);
    const read = refusesOrReads([...changed], () => bitsOfList(list(changed), "revocation", unpack));
    if (read !== undefined) expect(read.length * 8).toBeGreaterThanOrEqual(LIST_ENTRIES);
  }
}, 60_000);

test("[T34] fuzz: notes, checkpoints, keys, proofs, bundles and what witnesses are asked are read or refused, and a changed note has no signature", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = new Uint8Array(publicKey.export({ type: "spki", format: "der" }).subarray(-32));
  const key: NoteKey = { name: "log.example", kind: "signature", publicKey: raw };
  const witness: NoteKey = { name: "witness.example", kind: "cosignature", publicKey: raw };
  const signBytes = (bytes: Uint8Array): Uint8Array => new Uint8Array(sign(null, bytes, privateKey));
  const verifyBytes = (_: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean => verify(null, bytes, publicKey, signature);
  const text = checkpointText({ origin: "log.example", size: 7, root: new Uint8Array(32) });
  const note = signedNote(text, [signatureLine(text, key, signBytes, 0), signatureLine(text, witness, signBytes, 1_790_000_000)]);
  const signers = (given: string) => {
    const parsed = parseNote(given);
    return parsed === undefined ? undefined : { text: parsed.text, by: verifyNote(parsed, [key, witness], verifyBytes) };
  };
  expect(signers(note)?.by).toHaveLength(2);
  const request = witnessRequestText({ old: 3, proof: [new Uint8Array(32)], note });
  const inclusion = inclusionText({ index: 3, path: [new Uint8Array(32)], note });
  const bundle = entryBundle([new TextEncoder().encode("one"), new TextEncoder().encode("two")]);
  for (let n = 0; n < rounds; n++) {
    const changed = mutatedText(note);
    const read = signers(changed);
    if (read !== undefined && (read.by?.length ?? 0) > 0) expect(read.text, `seed ${seed}`).toBe(text);
    parseCheckpoint(mutatedText(text));
    const named = mutatedText(keyText(key));
    const known = parseKeyText(named);
    if (known !== undefined) expect(keyText(known)).toBe(named);
    parseWitnessRequest(mutatedText(request));
    parseInclusion(mutatedText(inclusion));
    parseWitnessPolicy(mutatedText(`log ${keyText(key)}\nwitness w ${keyText(witness)} https://w.example\ngroup g 1 w\nquorum g\n`));
    parseTilePath(mutatedText("tile/1/x001/x234/067.p/7"));
    entriesOfBundle(mutatedBytes(bundle));
  }
});

/** Tags and lengths of DER around one another, some of them wrong. */
function randomDer(depth: number): number[] {
  const tag = pick([0x30, 0x31, 0x02, 0x04, 0x05, 0x06, 0x0c, 0x18, 0xa0, 0xa1, random(256)]);
  const content =
    depth > 0 && (tag & 0x20) !== 0 ? Array.from({ length: random(4) }, () => randomDer(depth - 1)).flat() : bytesOf(random(12));
  const stated = random(10) === 0 ? random(256) : content.length;
  return stated < 128 ? [tag, stated, ...content] : [tag, 0x82, stated >> 8, stated & 255, ...content];
}
const bytesOf = (length: number): number[] => Array.from({ length }, () => random(256));

test("[T37] fuzz: answers and tokens of time-stamping authorities that are none are unreadable, however deep or long, and nothing fails inside", async () => {
  const nobody = async (): Promise<boolean> => true;
  const of = { hash: new Uint8Array(32), roots: [] as never };
  const request = timeStampRequest(new Uint8Array(32), new Uint8Array(8));
  const deep = new Uint8Array(200_000).map((_, at) => (at % 2 === 0 ? 0x30 : 0x80));
  const given = [deep, new Uint8Array(0), Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff), request];
  for (let n = 0; n < rounds / 3; n++) given.push(random(2) === 0 ? mutatedBytes(request) : Uint8Array.from(randomDer(5)));
  for (const bytes of given) {
    expect("token" in tokenOfAnswer(bytes), `seed ${seed}`).toBe(false);
    // whoever verifies signatures would say yes to anything: it is not a question of that
    expect(await verifyTimeStamp(bytes, of, nobody as never), `seed ${seed}`).toMatchObject({ isValid: false });
  }
  for (let n = 0; n < rounds / 3; n++) {
    const pem = mutatedText("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    try {
      certificatesOfPem(pem);
    } catch (error) {
      expect(error, pem).toBeInstanceOf(Error);
    }
  }
});
