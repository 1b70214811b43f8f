import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import {
  BASE_CONTEXT,
  didDocument,
  didOfKey,
  issueCredential,
  LIST_ENTRIES,
  listCredential,
  multibaseOf,
  presentCredentials,
  publicKeyOf,
  setBit,
  statusEntry,
  type JsonObject,
  type Signer,
  type StatusPurpose,
} from "@doppelwerk/trust/credentials";
import type { Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { decodeJwt, importJWK, jwtVerify, SignJWT, type JWK } from "jose";
import { afterAll, expect, test } from "vitest";
import { openCredentials } from "../compose/open-credentials.ts";
import { guardedFetch } from "../directory/guarded-fetch.ts";
import { Machines } from "../machines/machines.ts";
import type { CredentialStore, NewTrusted } from "./credential-store.ts";
import { CredentialStore as Store } from "./credential-store.ts";
import type { FetchText } from "./fetched.ts";
import { signerOf } from "./node-signatures.ts";
import { PresentedMachines } from "./presented-machines.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-credentials-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const START = Date.parse("2026-11-30T10:00:00Z");
const TERMS = "https://www.w3.org/ns/credentials/undefined-terms/v2";

interface Key extends Signer {
  readonly did: string;
  readonly jwk: Readonly<Record<string, unknown>>;
}

function newKey(did?: string): Key {
  const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }) as Readonly<Record<string, unknown>>;
  const key = publicKeyOf(jwk)!;
  const own = did ?? didOfKey(key);
  return { ...signerOf(jwk, key, `${own}#${multibaseOf(key)}`), did: own, jwk };
}

/** Another company: its key, its document and lists as its host answers them, and what was asked of it. */
function company(host = "partner.example") {
  const did = `did:web:${host}`;
  const key = newKey(did);
  const answers = new Map<string, string>([
    [`https://${host}/.well-known/did.json`, JSON.stringify(didDocument(did, multibaseOf(key.key), key.key))],
  ]);
  const listAt = (
    purpose: StatusPurpose,
    set: readonly number[],
    more: { readonly by?: Key; readonly id?: string; readonly issuer?: string } = {},
  ): void => {
    const bits = new Uint8Array(LIST_ENTRIES / 8);
    for (const index of set) setBit(bits, index, true);
    const id = `https://${host}/lists/${purpose}`;
    const facts = {
      id: more.id ?? id,
      issuer: more.issuer ?? did,
      purpose,
      validFrom: "2026-11-01T00:00:00Z",
      validUntil: "2027-11-01T00:00:00Z",
      ttlMs: 15_000,
    };
    answers.set(
      id,
      issueCredential(
        listCredential(bits, facts, (packed) => new Uint8Array(gzipSync(packed))),
        more.by ?? key,
      ),
    );
  };
  listAt("revocation", []);
  const credentialOf = (subject: string, more: JsonObject = {}, role = "operator"): string =>
    issueCredential(
      {
        "@context": [BASE_CONTEXT, TERMS],
        id: `urn:uuid:${randomUUID()}`,
        type: ["VerifiableCredential", "MachineCredential"],
        issuer: did,
        validFrom: "2026-11-01T00:00:00Z",
        validUntil: "2027-01-31T00:00:00Z",
        credentialSubject: { id: subject, name: "Robot 4", role },
        credentialStatus: statusEntry({ purpose: "revocation", index: 4_711, list: `https://${host}/lists/revocation` }),
        ...more,
      },
      key,
    );
  return { host, did, key, answers, listAt, credentialOf };
}

async function plant(fetchText?: FetchText) {
  const data = mkdtempSync(join(root, "plant-"));
  const clock = { ms: START };
  const now = (): number => clock.ms;
  const asked: string[] = [];
  const faults: unknown[] = [];
  const hosts = new Map<string, Map<string, string>>();
  const answered: FetchText = async (url, allowed) => {
    asked.push(url);
    const { host } = new URL(url);
    if (!allowed.has(host)) throw new Error(`not allowed: ${url}`);
    const text = hosts.get(host)?.get(url);
    if (text === undefined) throw new Error("no answer");
    return text;
  };
  const opened = await openCredentials({
    data,
    now,
    onFault: (error) => faults.push(error),
    fetchText: fetchText ?? answered,
    nameOf: () => "Mara",
  });
  const machines = await Machines.open({ data, scheme: "https", now, onFault: () => {} });
  const ended = new Set<string>();
  const presented = new PresentedMachines({
    machines,
    checks: opened.checks,
    now,
    wasEnded: (did) => ended.has(did),
    onFault: (error) => faults.push(error),
  });
  return { data, clock, asked, hosts, faults, machines, ended, presented, ...opened };
}

const trustIn = (store: CredentialStore, did: string, more: Partial<NewTrusted> = {}) =>
  store.trust({ did, name: "Partner", types: ["MachineCredential"], role: "operator", maxAgeHours: 24, ...more });

/** RFC 9449, 4.2. */
async function proven(key: Key, nowMs: number, path = "/api/doppelwerk/v1/machines/presentation") {
  const { d: _d, ...jwk } = key.jwk as JWK;
  const dpop = await new SignJWT({ htm: "POST", htu: `https://plant.example${path}`, jti: randomUUID(), iat: Math.floor(nowMs / 1_000) })
    .setProtectedHeader({ alg: "EdDSA", typ: "dpop+jwt", jwk })
    .sign(await importJWK(key.jwk as JWK, "EdDSA"));
  return { headers: { host: "plant.example", dpop }, method: "POST", url: path };
}

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof DoppelwerkError) {
      const { code, params } = error.reason;
      // with its place
      return `${error.code} ${code === "trust.credentialAt" ? (params["reason"] as Message).code : code}`;
    }
    throw error;
  }
  return "held";
}

test("[SV286] what this server issues is read by the jose library, says what was asked for, and is revoked and suspended in signed lists", async () => {
  const { store, issuer, checks, clock, data } = await plant();
  const subject = newKey().did;
  const given = {
    kind: "machine",
    subject,
    name: "Press 7",
    role: "operator",
    company: "Werk AG",
    place: "Hall 2",
    validFrom: "2026-11-30T09:00:00Z",
    validUntil: "2027-11-30T10:00:00Z",
  } as const;
  expect(() => issuer.textOf(store.issue(given))).toThrow(/no public name/);
  issuer.publishAs("Plant.example:8443");
  expect(issuer.did).toBe("did:web:plant.example%3A8443");
  for (const wrong of ["10.0.0.1", "https://plant.example", "plant.example/x", "a b", ""])
    expect(() => issuer.publishAs(wrong), wrong).toThrow(/no DID of a host/);
  const issued = store.issue(given);
  const text = issuer.textOf(issued);
  expect(issuer.textOf(issued)).toBe(text);
  const key = await importJWK({ ...issuer.key } as JWK, "EdDSA");
  const { payload } = await jwtVerify(text, key, { typ: "vc+jwt", currentDate: new Date(START) });
  expect(payload).toMatchObject({
    id: issued.id,
    issuer: issuer.did,
    type: ["VerifiableCredential", "MachineCredential"],
    credentialSubject: { id: subject, type: "Machine", name: "Press 7", role: "operator", company: "Werk AG", place: "Hall 2" },
    credentialStatus: [
      {
        statusPurpose: "revocation",
        statusListIndex: String(issued.index),
        statusListCredential: "https://plant.example:8443/credentials/status/revocation",
      },
      { statusPurpose: "suspension" },
    ],
  });
  expect((await checks.check(text)).trusted).toBeUndefined();
  const bitIn = (purpose: string): boolean => {
    const { credentialSubject } = decodeJwt(issuer.list(purpose)) as { credentialSubject: { encodedList: string } };
    const bits = gunzipSync(Buffer.from(credentialSubject.encodedList.slice(1), "base64url"));
    return (bits[issued.index >> 3]! & (0x80 >> (issued.index & 7))) !== 0;
  };
  expect([bitIn("revocation"), bitIn("suspension")]).toEqual([false, false]);
  const mark = (change: object): void => {
    store.change(issued.id, (before) => ({ ...before, ...change }));
    issuer.changed();
  };
  mark({ suspended: { at: "2026-11-30T10:00:00Z" } });
  expect([bitIn("suspension"), await refusal(() => checks.check(text))]).toEqual([true, "DW_UNAUTHENTICATED credentials.suspended"]);
  mark({ suspended: undefined });
  expect([bitIn("suspension"), await refusal(() => checks.check(text))]).toEqual([false, "held"]);
  mark({ revoked: { at: "2026-11-30T10:00:00Z" } });
  expect([bitIn("revocation"), await refusal(() => checks.check(text))]).toEqual([true, "DW_UNAUTHENTICATED credentials.revoked"]);
  clock.ms += 13 * 3_600_000;
  expect(Date.parse(String(decodeJwt(issuer.list("revocation"))["validFrom"]))).toBe(clock.ms);
  expect(() => issuer.list("../revocation")).toThrow(/no such list/);
  // another one by the same key, of which this server does not know
  const forged = issueCredential(
    { ...decodeJwt(text), id: `urn:uuid:${randomUUID()}` },
    signerOf(JSON.parse(readFileSync(join(data, "credential-issuer.jwk"), "utf8")), issuer.key, `${issuer.did}#${multibaseOf(issuer.key)}`),
  );
  expect(await refusal(() => checks.check(forged))).toBe("DW_UNAUTHENTICATED credentials.revoked");
});

test("[SV286] what was issued outlives a restart in a file of its user alone; one that is damaged or newer is refused", async () => {
  const { store, data } = await plant();
  const path = join(data, "credentials.json");
  store.publishAs("plant.example");
  const issued = store.issue({
    kind: "company",
    subject: "did:web:other.example",
    name: "Other",
    validFrom: "2026-11-30T09:00:00Z",
    validUntil: "2027-11-30T10:00:00Z",
    of: "person:1",
  });
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(statSync(join(data, "credential-issuer.jwk")).mode & 0o077).toBe(0);
  const again = new Store(path);
  expect([again.publishedAs, again.issued]).toEqual(["plant.example", [issued]]);
  again.forget("person:1", "2026-12-01T00:00:00Z");
  expect(readFileSync(path, "utf8")).not.toMatch(/person:1|did:web:other/);
  expect(again.byId(issued.id)).toMatchObject({ revoked: { at: "2026-12-01T00:00:00Z" } });
  for (const [text, code] of [
    ["{", "DW_DAMAGED"],
    [JSON.stringify({ version: 2, issued: [], trusted: [] }), "DW_FORMAT_NEWER"],
    [JSON.stringify({ version: 1, issued: 3, trusted: [] }), "DW_DAMAGED"],
  ] as const) {
    writeFileSync(path, text);
    expect(() => new Store(path), text).toThrow(expect.objectContaining({ code }));
  }
});

test("[SV287] nothing is asked of anybody for an issuer that is not trusted, and then its own host alone", async () => {
  const there = company();
  const { store, checks, asked, hosts, clock } = await plant();
  hosts.set(there.host, there.answers);
  const text = there.credentialOf(newKey().did);
  expect(await refusal(() => checks.check(text))).toBe("DW_FORBIDDEN credentials.notTrusted");
  expect(asked).toEqual([]);
  const trusted = trustIn(store, there.did);
  expect((await checks.check(text)).trusted?.name).toBe("Partner");
  expect(asked).toEqual(["https://partner.example/.well-known/did.json", "https://partner.example/lists/revocation"]);
  const elsewhere = there.credentialOf(newKey().did, {
    credentialStatus: statusEntry({ purpose: "revocation", index: 1, list: "https://169.254.169.254/latest/meta-data" }),
  });
  expect(await refusal(() => checks.check(elsewhere))).toBe("DW_FORBIDDEN credentials.listElsewhere");
  const onPort = there.credentialOf(newKey().did, {
    credentialStatus: statusEntry({ purpose: "revocation", index: 1, list: "https://partner.example:8080/lists/revocation" }),
  });
  expect(await refusal(() => checks.check(onPort))).toBe("DW_FORBIDDEN credentials.listElsewhere");
  expect(asked.length).toBe(2);
  const typed = there.credentialOf(newKey().did, { type: ["VerifiableCredential", "PersonCredential"] });
  expect(await refusal(() => checks.check(typed))).toBe("DW_FORBIDDEN credentials.typeNotTaken");
  store.changeTrusted(trusted.id, (before) => ({ ...before, disabled: true as const }));
  expect(await refusal(() => checks.check(text))).toBe("DW_FORBIDDEN credentials.notTrusted");
  store.changeTrusted(trusted.id, ({ disabled: _disabled, ...before }) => before);
  // keys that the issuer took back hold for ten minutes at most
  const next = newKey(there.did);
  there.answers.set(
    "https://partner.example/.well-known/did.json",
    JSON.stringify(didDocument(there.did, multibaseOf(next.key), next.key)),
  );
  clock.ms += 600_001;
  expect(await refusal(() => checks.check(text))).toBe("DW_UNAUTHENTICATED trust.keyUnknown");
  // another DID at the same host says nothing for this one
  there.answers.set(
    "https://partner.example/.well-known/did.json",
    JSON.stringify({ ...didDocument(there.did, "k", there.key.key), id: "did:web:evil.example" }),
  );
  clock.ms += 600_001;
  expect(await refusal(() => checks.check(text))).toBe("DW_INVALID trust.documentOfOther");
});

test("[SV287] without an answer what was read lately holds, for as long as the trusted issuer says and over a restart, and then nothing does", async () => {
  const there = company();
  const { store, checks, hosts, clock, data, asked } = await plant();
  hosts.set(there.host, there.answers);
  trustIn(store, there.did, { maxAgeHours: 2 });
  const text = there.credentialOf(newKey().did);
  const { statusAtMs } = await checks.check(text);
  expect(statusAtMs).toBe(START);
  hosts.clear();
  clock.ms += 2 * 3_600_000 - 1_000;
  expect((await checks.check(text)).statusAtMs).toBe(START);
  const tries = asked.length;
  await checks.check(text);
  // who does not answer is not asked with each request
  expect(asked.length).toBe(tries);
  const again = await openCredentials({
    data,
    now: () => clock.ms,
    onFault: () => {},
    fetchText: () => Promise.reject(new Error("offline")),
    nameOf: () => undefined,
  });
  expect(await refusal(() => again.checks.check(text))).toBe("held");
  clock.ms += 2_000;
  expect(await refusal(() => checks.check(text))).toBe("DW_UNAVAILABLE credentials.notFetched");
  // a clock that was set back makes nothing young
  clock.ms = START - 3 * 3_600_000;
  expect(await refusal(() => checks.check(text))).toBe("DW_UNAVAILABLE credentials.notFetched");
});

test("[SV287] a plant without a way out keeps the keys of an issuer itself; a did:key has them in its name", async () => {
  const there = company();
  const { store, checks, asked } = await plant();
  trustIn(store, there.did, { document: didDocument(there.did, multibaseOf(there.key.key), there.key.key) });
  const short = { credentialStatus: undefined, validUntil: "2026-12-20T00:00:00Z" };
  expect(await refusal(() => checks.check(there.credentialOf(newKey().did, short)))).toBe("held");
  expect(await refusal(() => checks.check(there.credentialOf(newKey().did, { credentialStatus: undefined })))).toBe(
    "DW_FORBIDDEN credentials.cannotBeRevoked",
  );
  const own = newKey();
  trustIn(store, own.did, { name: "By key" });
  const text = issueCredential({ ...decodeJwt(there.credentialOf(newKey().did, short)), issuer: own.did }, own);
  expect(await refusal(() => checks.check(text))).toBe("held");
  expect(asked).toEqual([]);
});

test("[SV287] an address that answers with another one, another name or too much is not followed", async () => {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    if (request.url === "/redirect") response.writeHead(302, { location: "/inside" }).end();
    else response.end("x".repeat(1_200_000));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { fetchOverTls } = await import("./fetched.ts");
    expect(await refusal(() => fetchOverTls(`http://${host}/redirect`, new Set([host])))).toBe("DW_UNAVAILABLE credentials.status");
    expect(requests).toBe(1);
    expect(await refusal(() => fetchOverTls(`http://${host}/long`, new Set([host])))).toBe("DW_UNAVAILABLE server.providerAnswerTooLong");
    expect(await refusal(() => fetchOverTls(`http://${host}/x`, new Set(["partner.example"])))).toBe(
      "DW_FORBIDDEN server.providerElsewhere",
    );
    expect(await refusal(() => guardedFetch(new Set(["10.0.0.5"]))("http://10.0.0.5/", {}))).toBe("DW_FORBIDDEN server.providerElsewhere");
  } finally {
    server.close();
  }
});

test("[SV288] a status is of the list that the issuer of the credential signed, and of nobody else's", async () => {
  const there = company();
  const other = company("other.example");
  const { store, checks, hosts, clock } = await plant();
  hosts.set(there.host, there.answers);
  hosts.set(other.host, other.answers);
  trustIn(store, there.did);
  trustIn(store, other.did, { name: "Other" });
  const text = there.credentialOf(newKey().did);
  const read = async (): Promise<string> => {
    clock.ms += 16_000;
    return refusal(() => checks.check(text));
  };
  expect(await read()).toBe("held");
  there.listAt("revocation", [4_710, 4_712]);
  expect(await read()).toBe("held");
  there.listAt("revocation", [4_711]);
  expect(await read()).toBe("DW_UNAUTHENTICATED credentials.revoked");
  // a trusted issuer does not speak for another
  there.listAt("revocation", [], { by: other.key, issuer: other.did });
  expect(await read()).toBe("DW_UNAUTHENTICATED credentials.listOfOther");
  there.listAt("revocation", [], { id: "https://partner.example/lists/older" });
  expect(await read()).toBe("DW_UNAUTHENTICATED credentials.listOfOther");
  const stranger = newKey(there.did);
  there.listAt("revocation", [], { by: stranger });
  expect(await read()).toBe("DW_UNAUTHENTICATED trust.keyUnknown");
  const url = "https://partner.example/lists/revocation";
  const listed = (changes: JsonObject): void => {
    there.listAt("revocation", []);
    const list = decodeJwt(there.answers.get(url)!) as JsonObject;
    there.answers.set(
      url,
      issueCredential({ ...list, credentialSubject: { ...(list["credentialSubject"] as JsonObject), ...changes } }, there.key),
    );
  };
  listed({ statusPurpose: "suspension" });
  expect(await read()).toBe("DW_UNAUTHENTICATED trust.listPurpose");
  listed({ encodedList: `u${gzipSync(Buffer.alloc(60_000_000)).toString("base64url")}` });
  expect(await read()).toBe("DW_INVALID trust.listEncoding");
  listed({ encodedList: `u${gzipSync(Buffer.alloc(100)).toString("base64url")}` });
  expect(await read()).toBe("DW_INVALID trust.listTooShort");
  const beyond = there.credentialOf(newKey().did, {
    credentialStatus: statusEntry({ purpose: "revocation", index: 9_999_999_999, list: url }),
  });
  there.listAt("revocation", []);
  clock.ms += 16_000;
  expect(await refusal(() => checks.check(beyond))).toBe("DW_INVALID trust.statusRange");
  expect(await read()).toBe("held");
});

test("[SV289] a machine of another company comes in by its credential, with no more rights than the trusted issuer gives", async () => {
  const there = company();
  const { store, presented, machines, hosts, clock, issuer } = await plant();
  hosts.set(there.host, there.answers);
  const trusted = trustIn(store, there.did, { role: "operator" });
  issuer.publishAs("plant.example");
  const audiences = [issuer.did, "https://plant.example"];
  const enrol = async (key: Key, credential: string, nonce = presented.challenge(), by = key) =>
    presented.present(await proven(by, clock.ms), "192.0.2.9", {
      presentation: presentCredentials([credential], { audience: issuer.did, nonce, nowMs: clock.ms }, key),
      audiences,
    });
  for (const [claimed, given] of [
    ["viewer", "viewer"],
    ["operator", "operator"],
    ["engineer", "operator"],
    ["administrator", "operator"],
  ] as const) {
    const key = newKey();
    const machine = await enrol(key, there.credentialOf(key.did, {}, claimed));
    expect([machine.roles, machine.expires, machine.presented?.issuer], claimed).toEqual([[given], "2027-01-31T00:00:00.000Z", there.did]);
    expect(machine.name).toMatch(/^Robot 4 \(Partner\)/);
  }
  expect(machines.store.list().length).toBe(4);
  // the same machine again stays the same
  const key = newKey();
  const credential = there.credentialOf(key.did);
  const first = await enrol(key, credential);
  expect((await enrol(key, credential)).id).toBe(first.id);
  expect(() => machines.offerCode(first.id)).toThrow(/by the key that its credential names/);

  const nonce = presented.challenge();
  await enrol(key, credential, nonce);
  const replayed = await refusal(() => enrol(key, credential, nonce));
  const stolen = await refusal(() => enrol(newKey(), credential));
  const otherRequest = await refusal(() => enrol(key, credential, presented.challenge(), newKey()));
  expect([replayed, stolen, otherRequest]).toEqual([
    "DW_UNAUTHENTICATED trust.nonce",
    "DW_UNAUTHENTICATED credentials.ofOther",
    "DW_UNAUTHENTICATED credentials.otherKey",
  ]);
  const late = presented.challenge();
  clock.ms += 300_000;
  expect(await refusal(() => enrol(key, credential, late))).toBe("DW_UNAUTHENTICATED trust.nonce");
  expect(await refusal(() => enrol(key, credential, "made up"))).toBe("DW_UNAUTHENTICATED trust.nonce");
  // who is known by a code is not taken over by a credential
  const own = machines.store.create({ name: "Own", roles: ["engineer"] });
  const ownKey = newKey();
  machines.store.enrol(machines.store.offerCode(own.id, clock.ms), publicKeyOf(ownKey.jwk)!, clock.ms);
  expect(await refusal(() => enrol(ownKey, there.credentialOf(ownKey.did)))).toBe("DW_CONFLICT server.machineKeyTaken");
  store.changeTrusted(trusted.id, (before) => ({ ...before, role: "viewer" as const }));
  await presented.recheckOf((did) => did === there.did);
  expect(
    new Set(
      machines.store
        .list()
        .filter((each) => each.presented !== undefined)
        .flatMap(({ roles }) => roles),
    ),
  ).toEqual(new Set(["viewer"]));
});

test("[SV290] what came in by a credential ends with it, at once where it is of this server, and comes back with it", async () => {
  const there = company();
  const { store, presented, machines, hosts, clock, issuer, ended } = await plant();
  hosts.set(there.host, there.answers);
  const trusted = trustIn(store, there.did);
  issuer.publishAs("plant.example");
  const key = newKey();
  const enrol = async (credential: string) =>
    presented.present(await proven(key, clock.ms), "192.0.2.9", {
      presentation: presentCredentials([credential], { audience: issuer.did, nonce: presented.challenge(), nowMs: clock.ms }, key),
      audiences: [issuer.did],
    });
  const told: string[] = [];
  presented.told = ({ name }, what) => told.push(`${name} ${what}`);
  const { id } = await enrol(there.credentialOf(key.did));
  const stateNow = async (): Promise<string | undefined> => {
    clock.ms += 16_000;
    await presented.recheck();
    return machines.store.byId(id)?.withheld?.reason;
  };
  expect(await stateNow()).toBeUndefined();
  there.listAt("revocation", [4_711]);
  expect(await stateNow()).toBe("the credential was revoked");
  there.listAt("revocation", []);
  expect(await stateNow()).toBeUndefined();
  store.distrust(trusted.id);
  await presented.recheckOf((did) => did === there.did);
  expect(machines.store.byId(id)?.withheld?.reason).toMatch(/is not one that is trusted/);
  trustIn(store, there.did);
  expect(await stateNow()).toBeUndefined();
  expect(told).toEqual([
    "Robot 4 (Partner) withheld",
    "Robot 4 (Partner) restored",
    "Robot 4 (Partner) withheld",
    "Robot 4 (Partner) restored",
  ]);
  // one of this server, for a device that has no code
  const own = store.issue({
    kind: "edge",
    subject: newKey().did,
    name: "Box",
    role: "viewer",
    validFrom: "2026-11-30T09:00:00Z",
    validUntil: "2027-11-30T10:00:00Z",
  });
  expect(await refusal(() => enrol(issuer.textOf(own)))).toBe("DW_UNAUTHENTICATED credentials.ofOther");
  ended.add(key.did);
  expect(await refusal(() => enrol(there.credentialOf(key.did)))).toBe("DW_FORBIDDEN credentials.wasEnded");
});
