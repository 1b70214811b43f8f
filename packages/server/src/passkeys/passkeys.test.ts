import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { AccountStore } from "../accounts/account-store.ts";
import { Authenticator, PRESENT, VERIFIED, type Misuse } from "./authenticator.fixture.ts";
import { CHALLENGE_MS, Challenges } from "./challenges.ts";
import { PasskeyStore } from "./passkey-store.ts";
import { Passkeys, relyingPartyOf, type RelyingParty } from "./passkeys.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-passkeys-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

const PARTY: RelyingParty = { id: "plant.example", origin: "https://plant.example:8420" };
const OTHER: RelyingParty = { id: "other.example", origin: "https://other.example" };
const START = Date.parse("2026-11-30T10:00:00Z");

function open() {
  const folder = mkdtempSync(join(root, `${folders++}-`));
  const accounts = new AccountStore(join(folder, "accounts.json"));
  const file = join(folder, "passkeys.json");
  const time = { now: START };
  const passkeys = new Passkeys({ store: new PasskeyStore(file), accounts, now: () => time.now });
  const [mara, otto] = ["mara", "otto"].map((login) => accounts.create({ login, name: login, roles: ["administrator"] })) as [
    ReturnType<AccountStore["create"]>,
    ReturnType<AccountStore["create"]>,
  ];
  const add = async (account = mara, device = new Authenticator(PARTY.origin), misuse: Misuse = {}) => {
    const options = await passkeys.offerNew(account, PARTY, "session-1");
    await passkeys.add(account, "Phone", device.create(options, misuse) as never, PARTY, "session-1");
    return device;
  };
  const logIn = async (device: Authenticator, misuse: Misuse = {}, bound = "browser-1", party = PARTY) => {
    const options = await passkeys.offer("logIn", party, "browser-1");
    return answered(passkeys.check("logIn", device.get(options, misuse) as never, party, bound));
  };
  return { folder, file, time, accounts, passkeys, mara, otto, add, logIn };
}

const answered = (asking: Promise<{ readonly login: string }>) =>
  asking.then(
    ({ login }) => login,
    ({ code }: { readonly code: string }) => code,
  );

test("[SV232] a challenge holds once, for five minutes, for one ceremony of one browser, and after a restart not at all", () => {
  const time = { now: START };
  const challenges = new Challenges(() => time.now);
  const issue = () => Buffer.from(challenges.issue("logIn", "a")).toString("base64url");
  const [first, second] = [issue(), issue()];
  expect(first).not.toBe(second);
  for (const [ceremony, bound] of [
    ["logIn", "b"],
    ["prove", "a"],
    ["add", "a"],
  ] as const)
    expect(challenges.take(first, ceremony, bound)).toBe(false);
  expect(challenges.take(first, "logIn", "a")).toBe(true);
  expect(challenges.take(first, "logIn", "a")).toBe(false);
  for (const wrong of ["", "AAAA", second.slice(0, -2), `${second}AA`, second.replace(/^./, (letter) => (letter === "A" ? "B" : "A"))])
    expect(challenges.take(wrong, "logIn", "a"), wrong).toBe(false);
  expect(new Challenges(() => time.now).take(second, "logIn", "a")).toBe(false);
  time.now += CHALLENGE_MS;
  expect(challenges.take(second, "logIn", "a")).toBe(false);
});

test("[SV231] a passkey is bound to a host name, never to an address; localhost is one", () => {
  expect(relyingPartyOf("https", "Plant.Example:8420")).toEqual(PARTY);
  expect(relyingPartyOf("https", "plant.example:443")).toEqual({ id: "plant.example", origin: "https://plant.example" });
  expect(relyingPartyOf("http", "localhost:8420")).toEqual({ id: "localhost", origin: "http://localhost:8420" });
  for (const host of ["127.0.0.1:8420", "192.0.2.7", "[::1]:8420", "[fe80::1]", ""])
    expect(relyingPartyOf("https", host), host).toBeUndefined();
});

test("[SV231] a passkey is added and logs its person in, on several devices at once; the server keeps its public key alone, for its user alone", async () => {
  const { file, mara, otto, add, logIn, passkeys } = open();
  const [phone, laptop, other] = await Promise.all([add(), add(), add(otto)]);
  expect(passkeys.store.of(mara.id)).toHaveLength(2);
  for (const passkey of passkeys.store.of(mara.id))
    expect(passkey).toMatchObject({ name: "Phone", host: "plant.example", counter: 0, synced: false });
  expect(await Promise.all([logIn(phone!), logIn(laptop!), logIn(other!), logIn(phone!)])).toEqual(["mara", "mara", "otto", "mara"]);
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(new PasskeyStore(file).byId(phone!.id)).toMatchObject({ account: mara.id, counter: 2, used: "2026-11-30T10:00:00.000Z" });
  // nothing of what the device said of its maker
  expect(readFileSync(file, "utf8")).not.toMatch(/aaguid|attest/i);
});

test("[SV231] what is not of this name, origin, challenge, person and key, or without user verification, is one refusal", async () => {
  const { add, logIn, otto, mara, accounts, passkeys } = open();
  const phone = await add();
  const foreign = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const misuses: readonly Misuse[] = [
    { origin: "https://plant.example" },
    { origin: "http://plant.example:8420" },
    { origin: "https://evil.example" },
    { rpId: "evil.example" },
    { challenge: Buffer.alloc(54).toString("base64url") },
    { flags: PRESENT },
    { flags: VERIFIED },
    { flags: 0 },
    { crossOrigin: true },
    { type: "webauthn.create" },
    { userHandle: Buffer.from(otto.id).toString("base64url") },
    { key: foreign },
  ];
  for (const misuse of misuses) expect(await logIn(phone, misuse), JSON.stringify(misuse)).toBe("DW_INVALID");
  expect(await logIn(phone, {}, "browser-2")).toBe("DW_INVALID");
  expect(await logIn(new Authenticator(PARTY.origin))).toBe("DW_INVALID");
  // the same device under another name of the server
  expect(await logIn(phone, { origin: OTHER.origin }, "browser-1", OTHER)).toBe("DW_INVALID");
  const options = await passkeys.offer("logIn", PARTY, "browser-1");
  const once = phone.get(options);
  expect(await answered(passkeys.check("logIn", once as never, PARTY, "browser-1"))).toBe("mara");
  expect(await answered(passkeys.check("logIn", once as never, PARTY, "browser-1"))).toBe("DW_INVALID");
  // one that was made to prove presence logs nobody in
  const proving = await passkeys.offer("prove", PARTY, "browser-1", mara.id);
  expect(await answered(passkeys.check("logIn", phone.get(proving) as never, PARTY, "browser-1"))).toBe("DW_INVALID");
  accounts.update(mara.id, (known) => ({ ...known, roles: ["viewer"] }));
  accounts.update(mara.id, (known) => ({ ...known, disabled: true }));
  expect(await logIn(phone)).toBe("DW_INVALID");
});

test("[SV231] a counter that goes back makes the passkey suspect, which logs nobody in any more; of two uses at once with one counter one holds", async () => {
  const { add, logIn, passkeys } = open();
  const phone = await add();
  expect(await logIn(phone, { counter: 7 })).toBe("mara");
  // a forged one is no reason to suspect anything
  const foreign = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  expect(await logIn(phone, { counter: 3, key: foreign })).toBe("DW_INVALID");
  expect(passkeys.store.byId(phone.id)?.suspect).toBeUndefined();
  expect(await logIn(phone, { counter: 7 })).toBe("DW_INVALID");
  expect(passkeys.store.byId(phone.id)?.suspect).toBe("2026-11-30T10:00:00.000Z");
  expect(await logIn(phone, { counter: 9 })).toBe("DW_INVALID");
  const copied = await add();
  const both = await Promise.all([logIn(copied, { counter: 1 }), logIn(copied, { counter: 1 })]);
  expect(both.toSorted()).toEqual(["DW_INVALID", "mara"]);
  // many devices do not count at all
  const still = await add();
  expect([await logIn(still, { counter: 0 }), await logIn(still, { counter: 0 })]).toEqual(["mara", "mara"]);
});

test("[SV231] what a device says of its maker is neither believed nor looked into; what is no new credential of this challenge is refused", async () => {
  const { add, logIn, passkeys, mara } = open();
  const forged = new Map<string, unknown>([
    ["alg", -7],
    ["sig", Uint8Array.from([1, 2, 3])],
    ["x5c", [Uint8Array.from([4, 5, 6])]],
  ]);
  const claimed = await add(mara, new Authenticator(PARTY.origin), { format: "packed", statement: forged });
  expect(await logIn(claimed)).toBe("mara");
  const misuses: readonly Misuse[] = [
    { origin: "https://evil.example" },
    { rpId: "evil.example" },
    { flags: PRESENT },
    { challenge: "AAAA" },
    { type: "webauthn.get" },
    { crossOrigin: true },
  ];
  for (const misuse of misuses)
    await expect(add(mara, new Authenticator(PARTY.origin), misuse), JSON.stringify(misuse)).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(add(mara, claimed)).rejects.toMatchObject({ code: "DW_CONFLICT" });
  const options = await passkeys.offerNew(mara, PARTY, "session-1");
  const made = new Authenticator(PARTY.origin).create(options);
  await expect(passkeys.add(mara, "Phone", made as never, PARTY, "session-2")).rejects.toMatchObject({ code: "DW_INVALID" });
  for (const attestationObject of ["", "AAAA", "oGA"])
    await expect(
      passkeys.add(mara, "Phone", { ...made, response: { ...made.response, attestationObject } } as never, PARTY, "session-1"),
    ).rejects.toMatchObject({ code: "DW_INVALID" });
});

test("[SV231] a person has twenty passkeys at most and removes his own alone; those of an account that is gone are gone from the disk", async () => {
  const { file, mara, otto, add, logIn, passkeys } = open();
  const phone = await add();
  const others = [];
  for (let n = 1; n < 20; n++) others.push(await add());
  await expect(add()).rejects.toMatchObject({ code: "DW_CONFLICT" });
  expect(() => passkeys.store.remove(otto.id, phone.id)).toThrow(expect.objectContaining({ code: "DW_NOT_FOUND" }));
  passkeys.store.remove(mara.id, phone.id);
  expect(await logIn(phone)).toBe("DW_INVALID");
  expect(await logIn(others[3]!)).toBe("mara");
  passkeys.store.removeAll(mara.id);
  expect(readFileSync(file, "utf8")).not.toContain(mara.id);
  expect(await logIn(others[3]!)).toBe("DW_INVALID");
});

test("[SV231] passkeys that cannot be read keep the server from starting", async () => {
  const { file, add } = open();
  await add();
  const whole = readFileSync(file, "utf8");
  for (const damaged of [whole.slice(0, -10), "{}", "[]", "null", "", '{"version":1}']) {
    writeFileSync(file, damaged);
    expect(() => new PasskeyStore(file), damaged).toThrow(/the passkeys cannot be read/);
  }
  writeFileSync(file, whole.replace('"version": 1', '"version": 2'));
  expect(() => new PasskeyStore(file)).toThrow(/written by a newer Doppelwerk/);
});
