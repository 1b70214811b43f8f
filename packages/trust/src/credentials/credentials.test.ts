import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, type JWK } from "jose";
import { DoppelwerkError } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { holdCredential, issueCredential, readCredential, type Credential } from "./credential.ts";
import { BASE_CONTEXT, checkCredential, checkPresentation } from "./data-model.ts";
import { addressOfWebDid, keyNameOf, webDidOf } from "./did.ts";
import { didDocument, keyFor, keysOfDocument, keysOfKeyDid } from "./did-keys.ts";
import { isObject, type JsonObject } from "./json.ts";
import { signJws } from "./jws.ts";
import { testSigner, verifySignature, type TestKey } from "./node-keys.fixture.ts";
import { holdPresentation, presentCredentials, readPresentation } from "./presentation.ts";
import { didOfKey, multibaseOf, publicKeyOf } from "./public-key.ts";
import {
  bitsOfList,
  isSet,
  LIST_ENTRIES,
  LIST_MAX_BYTES,
  listCredential,
  setBit,
  statusEntriesOf,
  statusEntry,
  type Unpack,
} from "./status-list.ts";

const NOW = Date.parse("2026-11-30T10:00:00Z");
const unpack: Unpack = (packed, maxOutputLength) => new Uint8Array(gunzipSync(packed, { maxOutputLength }));
const pack = (bits: Uint8Array): Uint8Array => new Uint8Array(gzipSync(bits));

function machineCredential(issuer: string, more: JsonObject = {}): JsonObject {
  return {
    "@context": [BASE_CONTEXT, "https://www.w3.org/ns/credentials/undefined-terms/v2"],
    type: ["VerifiableCredential", "MachineCredential"],
    issuer,
    validFrom: "2026-11-01T00:00:00Z",
    validUntil: "2026-12-31T00:00:00Z",
    credentialSubject: { id: "did:example:machine", name: "Press 7", role: "operator" },
    ...more,
  };
}

function held(text: string, at = NOW): Credential {
  const read = readCredential(text);
  return holdCredential(read, keyFor(keysOfKeyDid(read.issuer), read.jws.keyName, "assertionMethod"), verifySignature, at);
}

/** Code and place of what is refused. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DoppelwerkError) return `${error.code} ${(error.details as { where: string }).where}`;
    throw error;
  }
  return "held";
}

const segment = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");

function forged({ sign, keyId }: TestKey, header: JsonObject, payload: unknown): string {
  const signed = `${segment({ alg: "EdDSA", kid: keyId, typ: "vc+jwt", ...header })}.${segment(payload)}`;
  return `${signed}.${Buffer.from(sign(Buffer.from(signed))).toString("base64url")}`;
}

test("[T31] credentials of both kinds of keys are those of the jose library, issued here or there", async () => {
  for (const [kind, alg] of [
    ["Ed25519", "EdDSA"],
    ["P-256", "ES256"],
  ] as const) {
    const issuer = testSigner(kind);
    const text = issueCredential(machineCredential(issuer.did), issuer);
    const { payload, protectedHeader } = await jwtVerify(text, await importJWK(issuer.key as JWK, alg), {
      typ: "vc+jwt",
      currentDate: new Date(NOW),
    });
    expect(protectedHeader).toEqual({ alg, typ: "vc+jwt", kid: issuer.keyId });
    expect(payload).toEqual(machineCredential(issuer.did));
    expect(held(text)).toMatchObject({
      issuer: issuer.did,
      types: ["VerifiableCredential", "MachineCredential"],
      subject: { name: "Press 7" },
    });

    const { privateKey, publicKey } = await generateKeyPair(alg);
    const theirs = publicKeyOf(await exportJWK(publicKey))!;
    const did = didOfKey(theirs);
    const made = await new SignJWT(machineCredential(did) as Record<string, unknown>)
      .setProtectedHeader({ alg, typ: "vc+jwt", cty: "vc", kid: `${did}#${multibaseOf(theirs)}` })
      .setIssuer(did)
      .sign(privateKey);
    expect(held(made).issuer).toBe(did);
  }
});

test("[T31] what is forged, confused or out of its time is refused, with the place", () => {
  const issuer = testSigner();
  const other = testSigner();
  const chip = testSigner("P-256");
  const good = machineCredential(issuer.did);
  const text = issueCredential(good, issuer);
  const [head, body, signature] = text.split(".") as [string, string, string];
  const kid = issuer.keyId;
  const attacks: Record<string, [string, string]> = {
    "no algorithm": [forged(issuer, { alg: "none" }, good), "DW_INVALID header.alg"],
    "no signature": [`${segment({ alg: "none", kid, typ: "vc+jwt" })}.${body}.`, "DW_INVALID header.alg"],
    "a secret as key": [forged(issuer, { alg: "HS256" }, good), "DW_INVALID header.alg"],
    "the algorithm of another kind of key": [forged(issuer, { alg: "ES256" }, good), "DW_UNAUTHENTICATED header.alg"],
    "the other algorithm of another key": [
      forged({ ...chip, keyId: chip.keyId }, { alg: "EdDSA" }, machineCredential(chip.did)),
      "DW_UNAUTHENTICATED header.alg",
    ],
    "a key that comes along": [forged(other, { kid, jwk: other.key }, good), "DW_INVALID header.jwk"],
    "a key from an address": [forged(other, { kid, jku: "https://evil.example/keys" }, good), "DW_INVALID header.jku"],
    "a critical extension": [forged(issuer, { crit: ["b64"], b64: false }, good), "DW_INVALID header.crit"],
    "another key under the name": [forged(other, { kid }, good), "DW_UNAUTHENTICATED signature"],
    "the key of another issuer": [forged(other, {}, good), "DW_INVALID header.kid"],
    "no name of a key": [forged(issuer, { kid: undefined }, good), "DW_INVALID header.kid"],
    "another payload": [
      `${head}.${segment({ ...good, credentialSubject: { id: "did:example:x", role: "engineer" } })}.${signature}`,
      "DW_UNAUTHENTICATED signature",
    ],
    "another type of token": [forged(issuer, { typ: "at+jwt" }, good), "DW_INVALID header.typ"],
    "no type": [forged(issuer, { typ: undefined }, good), "DW_INVALID header.typ"],
    "padded base64": [`${head}.${body}=.${signature}`, "DW_INVALID payload"],
    "stray bits": [`${head}.${body}.${signature.slice(0, -1)}B`, "DW_INVALID signature"],
    "the claim of version 1.1": [forged(issuer, {}, { ...good, vc: good }), "DW_INVALID vc"],
    "another issuer in the token": [forged(issuer, {}, { ...good, iss: other.did }), "DW_INVALID iss"],
    "another subject in the token": [forged(issuer, {}, { ...good, sub: other.did }), "DW_INVALID sub"],
    over: [issueCredential({ ...good, validUntil: "2026-11-30T09:58:59Z" }, issuer), "DW_UNAUTHENTICATED validUntil"],
    "not yet valid": [issueCredential({ ...good, validFrom: "2026-11-30T10:01:01Z" }, issuer), "DW_UNAUTHENTICATED validFrom"],
    "a signature that is over": [forged(issuer, {}, { ...good, exp: NOW / 1_000 - 61 }), "DW_UNAUTHENTICATED exp"],
    "a signature of the future": [forged(issuer, {}, { ...good, iat: NOW / 1_000 + 61 }), "DW_UNAUTHENTICATED iat"],
    "a text as time": [forged(issuer, {}, { ...good, exp: "9999999999" }), "DW_INVALID exp"],
    "a list": [forged(issuer, {}, [good]), "DW_INVALID payload"],
    "no JSON": [`${head}.${Buffer.from("{").toString("base64url")}.${signature}`, "DW_INVALID payload"],
    "two parts": [`${head}.${body}`, "DW_INVALID "],
    "more than a credential has": [`${head}.${"A".repeat(100_001)}.${signature}`, "DW_INVALID "],
  };
  const found = Object.fromEntries(Object.entries(attacks).map(([what, [attack]]) => [what, refusal(() => held(attack))]));
  expect(found).toEqual(Object.fromEntries(Object.entries(attacks).map(([what, [, refused]]) => [what, refused])));
  // clocks differ by a minute
  expect(refusal(() => held(issueCredential({ ...good, validUntil: "2026-11-30T09:59:01Z" }, issuer)))).toBe("held");
  expect(() => held(attacks["over"]![0])).toThrow(/^validUntil: not valid any more since 2026-11-30T09:58:59Z/);
});

test("[T31] each flipped bit of a credential is found", () => {
  const issuer = testSigner();
  const text = issueCredential(machineCredential(issuer.did), issuer);
  for (let at = 0; at < text.length; at += 7) {
    const flipped = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
    expect(
      refusal(() => held(flipped)),
      `at ${at}`,
    ).not.toBe("held");
  }
});

test("[T31] a presentation is of its holder, for who asked, in answer to this nonce, and of now", () => {
  const issuer = testSigner();
  const holder = testSigner("P-256");
  const expected = { audiences: ["did:web:plant.example"], nonce: "n-1", nowMs: NOW };
  const asked = { audience: "did:web:plant.example", nonce: "n-1", nowMs: NOW };
  const credential = issueCredential(machineCredential(issuer.did), issuer);
  const heldBy = (text: string, more: Partial<typeof expected> = {}): string =>
    refusal(() => {
      const read = readPresentation(text);
      holdPresentation(read, keyFor(keysOfKeyDid(read.holder), read.jws.keyName, "authentication"), verifySignature, {
        ...expected,
        ...more,
      });
      expect([read.holder, read.credentials]).toEqual([holder.did, [credential]]);
    });
  const text = presentCredentials([credential], asked, holder);
  const payload = JSON.parse(Buffer.from(text.split(".")[1]!, "base64url").toString()) as JsonObject;
  const signed = (changes: JsonObject): string => signJws({ ...payload, ...changes }, "vp+jwt", holder);
  const results: Record<string, string> = {
    itself: heldBy(text),
    "for somebody else": heldBy(signed({ aud: "did:web:other.example" })),
    "for nobody": heldBy(signed({ aud: undefined })),
    "another nonce": heldBy(text, { nonce: "n-2" }),
    "without a nonce": heldBy(signed({ nonce: undefined })),
    "of before": heldBy(text, { nowMs: NOW + 361_000 }),
    "of the future": heldBy(text, { nowMs: NOW - 61_000 }),
    "for a year": heldBy(signed({ exp: NOW / 1_000 + 31_536_000 })),
    "of another holder": heldBy(signed({ holder: issuer.did })),
    "a credential as it is": heldBy(signed({ verifiableCredential: [credential] })),
    nothing: heldBy(signed({ verifiableCredential: [] })),
    "eleven credentials": heldBy(
      signed({ verifiableCredential: Array.from({ length: 11 }, () => (payload["verifiableCredential"] as unknown[])[0]) }),
    ),
    "a credential instead of a presentation": heldBy(credential),
  };
  expect(results).toEqual({
    itself: "held",
    "for somebody else": "DW_UNAUTHENTICATED aud",
    "for nobody": "DW_UNAUTHENTICATED aud",
    "another nonce": "DW_UNAUTHENTICATED nonce",
    "without a nonce": "DW_UNAUTHENTICATED nonce",
    "of before": "DW_UNAUTHENTICATED exp",
    "of the future": "DW_UNAUTHENTICATED iat",
    "for a year": "DW_UNAUTHENTICATED exp",
    "of another holder": "DW_INVALID holder",
    "a credential as it is": "DW_INVALID verifiableCredential[0]",
    nothing: "DW_INVALID verifiableCredential",
    "eleven credentials": "DW_INVALID verifiableCredential",
    "a credential instead of a presentation": "DW_INVALID header.typ",
  });
});

test("[T31] the form of credentials is that of VCDM 2.0: contexts, types, issuer, subject, times, status", () => {
  const good = machineCredential("did:example:issuer");
  const changes: Record<string, [JsonObject, string]> = {
    itself: [{}, "held"],
    "version 1.1": [{ "@context": ["https://www.w3.org/2018/credentials/v1"] }, "DW_INVALID @context"],
    "another context first": [{ "@context": ["https://example.org/", BASE_CONTEXT] }, "DW_INVALID @context"],
    "no type": [{ type: undefined }, "DW_INVALID type"],
    "another type alone": [{ type: ["MachineCredential"] }, "DW_INVALID type"],
    "no issuer": [{ issuer: undefined }, "DW_INVALID issuer"],
    "a time without zone": [{ validFrom: "2026-11-01T00:00:00" }, "DW_INVALID validFrom"],
    "a day that is none": [{ validFrom: "2026-13-01T00:00:00Z" }, "DW_INVALID validFrom"],
    "the end before the beginning": [{ validUntil: "2026-10-01T00:00:00Z" }, "DW_INVALID validUntil"],
    "no subject": [{ credentialSubject: [] }, "DW_INVALID credentialSubject"],
    "a subject that says nothing": [{ credentialSubject: {} }, "DW_INVALID credentialSubject"],
    "a status without type": [{ credentialStatus: { id: "https://x.example/1" } }, "DW_INVALID credentialStatus"],
    "101 subjects": [{ credentialSubject: Array.from({ length: 101 }, () => ({ id: "did:example:s" })) }, "DW_INVALID credentialSubject"],
  };
  const found = Object.fromEntries(
    Object.entries(changes).map(([what, [change]]) => [what, refusal(() => checkCredential({ ...good, ...change }))]),
  );
  expect(found).toEqual(Object.fromEntries(Object.entries(changes).map(([what, [, expected]]) => [what, expected])));
});

testOnSharedData(
  "[T31] the cases of the W3C test suite for VCDM 2.0 are taken and refused as it expects",
  "trust/vc2-data-model-cases.tar.gz",
  (path) => {
    const folder = execFileSync("mktemp", ["-d"], { encoding: "utf8" }).trim();
    execFileSync("tar", ["xzf", path, "-C", folder]);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      /-(ok|fail|fail-or-inject)\.json$/.test(name),
    );
    const wrong = files.flatMap((name) => {
      const text = readFileSync(join(folder, name), "utf8")
        .replace("PAST DATE", "2020-01-01T00:00:00Z")
        .replace("FUTURE DATE", "2090-01-01T00:00:00Z");
      const given = JSON.parse(text) as JsonObject;
      // the suite asks an issuer, which adds its own DID
      const issuer = given["issuer"];
      const isNamed = name.startsWith("credential-no-issuer") || ("issuer" in given && !(isObject(issuer) && !("id" in issuer)));
      const own = { ...(isObject(issuer) && issuer), id: "did:example:issuer" };
      const document = isNamed ? given : { ...given, issuer: own };
      const isPresentation = name.startsWith("presentation");
      const result = refusal(() => (isPresentation ? checkPresentation(given) : checkCredential(document)));
      return (result === "held") === name.endsWith("-ok.json") ? [] : [`${name}: ${result}`];
    });
    execFileSync("rm", ["-r", folder]);
    expect(files.length).toBeGreaterThan(110);
    expect(wrong).toEqual([]);
  },
);

test("[T32] a did:key is its key, for both kinds, and nothing else", () => {
  // W3C CCG did:key v0.7, test vectors
  for (const [did, key] of [
    [
      "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
      { kty: "OKP", crv: "Ed25519", x: "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik" },
    ],
    [
      "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv",
      { kty: "EC", crv: "P-256", x: "igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns", y: "efsX5b10x8yjyrj4ny3pGfLcY7Xby1KzgqOdqnsrJIM" },
    ],
    [
      "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
      { kty: "EC", crv: "P-256", x: "fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI", y: "hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU" },
    ],
  ] as const) {
    const { methods } = keysOfKeyDid(did);
    expect([...methods.values()][0]!.key).toEqual(key);
    expect(didOfKey(key)).toBe(did);
  }
  for (let each = 0; each < 40; each++) {
    const { key, did, keyId } = testSigner("P-256");
    expect(keyFor(keysOfKeyDid(did), keyNameOf(keyId, ""), "authentication")).toEqual(key);
  }
  for (const wrong of [
    "did:key:z6Mk",
    "did:key:",
    "did:key:zDnaeoffthecurve11111111111111111111111111111111111",
    `did:key:z${"6".repeat(500)}`,
    "did:example:1",
  ])
    expect(
      refusal(() => keysOfKeyDid(wrong)),
      wrong,
    ).toBe("DW_INVALID issuer");
});

test("[T32] a did:web has one address, over TLS, of a name in DNS, whose path leaves no folder", () => {
  // W3C CCG did:web, 2.5.2
  for (const [did, address] of [
    ["did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"],
    ["did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"],
    ["did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"],
    ["did:web:localhost%3A8443", "https://localhost:8443/.well-known/did.json"],
  ] as const)
    expect(addressOfWebDid(did)).toBe(address);
  expect(webDidOf("Plant.example:8443", ["did", "m-1"])).toBe("did:web:plant.example%3A8443:did:m-1");
  for (const wrong of [
    "did:web:",
    "did:web:10.0.0.5",
    "did:web:%5B::1%5D",
    "did:web:plant.example:..:secrets",
    "did:web:plant.example:.",
    "did:web:plant.example:%2e%2e:secrets",
    "did:web:plant.example:a%2Fb",
    "did:web:plant.example%2Fevil.example",
    "did:web:plant.example%3A80%3A90",
    "did:web:plant.example%3A99999",
    "did:web:plant.example%3A443%40evil.example",
    "did:web:user%40plant.example",
    "did:web:plant.example::x",
    "did:web:plant.example%23.evil.example",
    "did:web:plant.example%3F.evil.example",
    "did:web:plant.example\n.evil.example",
    `did:web:${"a".repeat(300)}.example`,
    "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
  ])
    expect(
      refusal(() => addressOfWebDid(wrong)),
      wrong,
    ).toBe("DW_INVALID issuer");
});

test("[T32] a document speaks for its own DID, with keys of its own, each for what it is named for", () => {
  const did = "did:web:plant.example";
  const own = testSigner("Ed25519", did);
  const other = testSigner("P-256", did);
  const document = didDocument(did, "key-1", own.key);
  expect(keyFor(keysOfDocument(document, did), { did, fragment: "key-1" }, "assertionMethod")).toEqual(own.key);
  expect(refusal(() => keysOfDocument(document, "did:web:other.example"))).toBe("DW_INVALID id");
  expect(refusal(() => keysOfDocument([document], did))).toBe("DW_INVALID id");
  const asking = (changes: JsonObject, fragment = "key-1", use: "assertionMethod" | "authentication" = "assertionMethod"): string =>
    refusal(() => keyFor(keysOfDocument({ ...document, ...changes }, did), { did, fragment }, use));
  const method = (document["verificationMethod"] as readonly JsonObject[])[0]!;
  expect(asking({ assertionMethod: [] })).toBe("DW_UNAUTHENTICATED header.kid");
  expect(asking({ assertionMethod: ["#key-1"] })).toBe("held");
  expect(asking({ authentication: ["#key-1"], assertionMethod: ["#key-1"] }, "key-2")).toBe("DW_UNAUTHENTICATED header.kid");
  expect(asking({ verificationMethod: [{ ...method, controller: "did:web:other.example" }] })).toBe("DW_UNAUTHENTICATED header.kid");
  expect(asking({ verificationMethod: [{ ...method, id: "did:web:other.example#key-1" }] })).toBe("DW_UNAUTHENTICATED header.kid");
  expect(asking({ verificationMethod: [method, method] })).toBe("DW_INVALID verificationMethod");
  expect(asking({ verificationMethod: [{ ...method, publicKeyJwk: { kty: "RSA", n: "AQAB", e: "AQAB" } }] })).toBe(
    "DW_UNAUTHENTICATED header.kid",
  );
  const multikey = { id: "#key-2", type: "Multikey", controller: did, publicKeyMultibase: multibaseOf(other.key) };
  expect(keyFor(keysOfDocument({ ...document, authentication: [multikey] }, did), { did, fragment: "key-2" }, "authentication")).toEqual(
    other.key,
  );
  expect(asking({ authentication: [multikey] }, "key-2")).toBe("DW_UNAUTHENTICATED header.kid");
});

/** W3C Bitstring Status List 1.0, example 4: nothing is set. */
const EMPTY = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";
/** By @digitalbazaar/bitstring 3.1.0: 0, 7, 8, 94567 and 131071 of 131,072. */
const OTHERS = "uH4sIAAAAAAAAA-3OsQ0AAAQAMD7nczeYJNJe0K4AAAAAAAAAAAAAAOCZvA4AAAAAsJUDrxDDXQBAAAA";

function listOfBits(
  encodedList: unknown,
  more: JsonObject = {},
  types: readonly string[] = ["VerifiableCredential", "BitstringStatusListCredential"],
): Credential {
  const subject = { id: "https://plant.example/list#list", type: "BitstringStatusList", statusPurpose: "revocation", encodedList, ...more };
  return { issuer: "did:example:issuer", types, subject, json: {} };
}

test("[T33] lists are those of the standard and of another implementation, bit by bit", () => {
  const empty = bitsOfList(listOfBits(EMPTY), "revocation", unpack);
  expect([empty.length * 8, empty.some((byte) => byte !== 0)]).toEqual([LIST_ENTRIES, false]);
  const set = bitsOfList(listOfBits(OTHERS), "revocation", unpack);
  const on = Array.from({ length: LIST_ENTRIES }, (_, index) => index).filter((index) => isSet(set, index));
  expect(on).toEqual([0, 7, 8, 94_567, 131_071]);
  const own = new Uint8Array(LIST_ENTRIES / 8);
  for (const index of on) setBit(own, index, true);
  setBit(own, 9, true);
  setBit(own, 9, false);
  expect(own).toEqual(set);
  const facts = {
    id: "https://plant.example/1",
    issuer: "did:example:issuer",
    purpose: "revocation" as const,
    validFrom: "2026-11-30T00:00:00Z",
    validUntil: "2026-12-01T00:00:00Z",
    ttlMs: 1,
  };
  const list = listCredential(own, facts, pack);
  checkCredential(list);
  const read = { ...listOfBits(undefined), subject: list["credentialSubject"] as JsonObject };
  expect(bitsOfList(read, "revocation", unpack)).toEqual(set);
});

test("[T33] a list of another kind or purpose, a short one, one that unpacks to too much, and what is no list are refused", () => {
  const taken = (list: Credential, purpose: "revocation" | "suspension" = "revocation"): string =>
    refusal(() => bitsOfList(list, purpose, unpack));
  const packed = (bytes: number): string => `u${Buffer.from(gzipSync(Buffer.alloc(bytes))).toString("base64url")}`;
  expect(taken(listOfBits(EMPTY))).toBe("held");
  expect(taken(listOfBits(EMPTY, { statusPurpose: ["suspension", "revocation"] }), "suspension")).toBe("held");
  expect(taken(listOfBits(EMPTY), "suspension")).toBe("DW_UNAUTHENTICATED credentialSubject.statusPurpose");
  expect(taken(listOfBits(EMPTY, { type: "StatusList2021" }))).toBe("DW_INVALID credentialSubject.type");
  expect(taken(listOfBits(EMPTY, {}, ["VerifiableCredential"]))).toBe("DW_INVALID credentialSubject.type");
  expect(taken(listOfBits(packed(LIST_ENTRIES / 8 - 1)))).toBe("DW_INVALID credentialSubject.encodedList");
  expect(taken(listOfBits(packed(LIST_MAX_BYTES)))).toBe("held");
  for (const wrong of [
    packed(LIST_MAX_BYTES + 1),
    packed(50_000_000),
    EMPTY.slice(1),
    `${EMPTY}=`,
    "u",
    "uAAAA",
    3,
    undefined,
    `z${EMPTY.slice(1)}`,
  ])
    expect(taken(listOfBits(wrong)), String(wrong).slice(0, 20)).toBe("DW_INVALID credentialSubject.encodedList");
});

test("[T33] what says whether a credential was revoked is read as the standard says, and what is not known is not taken for good", () => {
  const entry = { purpose: "revocation", index: 94_567, list: "https://plant.example/credentials/status/revocation" } as const;
  const json = statusEntry(entry);
  expect(json["statusListIndex"]).toBe("94567");
  expect(statusEntriesOf({ credentialStatus: json })).toEqual([entry]);
  expect(statusEntriesOf({})).toEqual([]);
  expect(statusEntriesOf({ credentialStatus: [json, { ...json, statusPurpose: "message" }] })).toEqual([entry]);
  const read = (changes: JsonObject): string => refusal(() => statusEntriesOf({ credentialStatus: [{ ...json, ...changes }] }));
  expect(read({ type: "RevocationList2020Status" })).toBe("DW_INVALID credentialStatus[0].type");
  expect(read({ statusPurpose: "other" })).toBe("DW_INVALID credentialStatus[0].statusPurpose");
  expect(read({ statusSize: 2 })).toBe("DW_INVALID credentialStatus[0].statusSize");
  for (const index of [94_567, "-1", "1e3", "0x10", "007", "1.5", "99999999999", " 1", ""])
    expect(read({ statusListIndex: index }), String(index)).toBe("DW_INVALID credentialStatus[0].statusListIndex");
  for (const list of [
    "http://plant.example/1",
    "https://",
    "file:///etc/passwd",
    "https://a@plant.example/1",
    "https://plant.example/1#x",
    "https://plant.example\\@evil.example/",
    3,
  ])
    expect(read({ statusListCredential: list }), String(list)).toBe("DW_INVALID credentialStatus[0].statusListCredential");
  const bits = new Uint8Array(LIST_ENTRIES / 8);
  expect(isSet(bits, LIST_ENTRIES - 1)).toBe(false);
  expect(refusal(() => isSet(bits, LIST_ENTRIES))).toBe("DW_INVALID credentialStatus.statusListIndex");
  expect(refusal(() => isSet(bits, 9_999_999_999))).toBe("DW_INVALID credentialStatus.statusListIndex");
});
