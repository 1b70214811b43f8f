import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import { afterAll, expect, test, vi } from "vitest";
import { didOfKey, machineKeyOf } from "./machine-key.ts";
import { isUsable, MachineStore, stateOf, TOKEN_LIFETIME_MS } from "./machine-store.ts";
import { Machines } from "./machines.ts";
import { UsedOnce } from "./used-once.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-machine-store-"));
let files = 0;
const newPath = (): string => join(root, `machines-${++files}.json`);
const NOW = Date.parse("2026-11-30T10:00:00Z");

afterAll(() => rmSync(root, { recursive: true, force: true }));

async function newKey(algorithm: "EdDSA" | "ES256" = "EdDSA") {
  return machineKeyOf(await exportJWK((await generateKeyPair(algorithm, { extractable: true })).publicKey));
}

test("[SV210] the DID of a key is that of the did:key method, for both kinds", () => {
  // W3C CCG did:key v0.7, test vectors
  const ed = machineKeyOf({ kty: "OKP", crv: "Ed25519", x: "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik" });
  expect(didOfKey(ed)).toBe("did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp");
  const p256 = machineKeyOf({
    kty: "EC",
    crv: "P-256",
    x: "igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns",
    y: "efsX5b10x8yjyrj4ny3pGfLcY7Xby1KzgqOdqnsrJIM",
  });
  expect(didOfKey(p256)).toBe("did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv");
  for (const wrong of [{}, { kty: "RSA" }, { kty: "OKP", crv: "Ed25519", x: "AA" }, { kty: "OKP", crv: "X25519", x: ed.x }])
    expect(() => machineKeyOf(wrong)).toThrow(/Ed25519 or P-256/);
  expect(machineKeyOf({ kty: "OKP", crv: "Ed25519", x: ed.x, d: "private", use: "sig" })).toEqual(ed);
});

test("[SV210] a code enrols one key, once, within a quarter of an hour, and not that of another machine", async () => {
  const store = new MachineStore(newPath());
  const { id } = store.create({ name: " Edge  box ", roles: ["operator"] });
  const key = await newKey();
  const first = store.offerCode(id, NOW);
  const second = store.offerCode(id, NOW);
  expect(() => store.enrol(first, key, NOW)).toThrow(/does not hold/);
  expect(() => store.enrol(second, key, NOW + 15 * 60_000)).toThrow(/does not hold/);
  expect(store.enrol(second.toLowerCase().replaceAll("-", ""), key, NOW + 15 * 60_000 - 1)).toMatchObject({ name: "Edge box", key });
  expect(() => store.enrol(second, key, NOW)).toThrow(/does not hold/);
  const other = store.create({ name: "Other", roles: ["viewer"] });
  const code = store.offerCode(other.id, NOW);
  expect(() => store.enrol(code, key, NOW)).toThrow(/another machine has this key/);
  expect(() => store.create({ name: "Edge box", roles: ["viewer"] })).toThrow(/another machine has the name/);
  expect(() => store.update(other.id, (machine) => ({ ...machine, name: "Edge box" }))).toThrow(/another machine has the name/);
  expect(stateOf(store.byId(other.id)!, NOW)).toBe("waiting");
});

test("[SV212] a token expires within a year and takes the place of key and code", async () => {
  const path = newPath();
  const store = new MachineStore(path);
  const { id } = store.create({ name: "SCADA", roles: ["viewer"] });
  store.enrol(store.offerCode(id, NOW), await newKey(), NOW);
  const token = store.giveToken(id, NOW);
  const machine = store.byToken(token)!;
  expect([machine.id, machine.key, machine.expires]).toEqual([id, undefined, new Date(NOW + TOKEN_LIFETIME_MS).toISOString()]);
  expect([isUsable(machine, NOW + TOKEN_LIFETIME_MS - 1), isUsable(machine, NOW + TOKEN_LIFETIME_MS)]).toEqual([true, false]);
  const again = new MachineStore(path);
  expect(again.byToken(token)?.id).toBe(id);
  const next = again.giveToken(id, NOW);
  expect([again.byToken(token), again.byToken(next)?.id, again.byToken(`${next} `)]).toEqual([undefined, id, undefined]);
  expect(readFileSync(path, "utf8")).not.toContain(next);
  again.offerCode(id, NOW);
  expect(again.byToken(next)).toBeUndefined();
});

test("[SV211] what was used counts no more until its time is over", () => {
  const used = new UsedOnce();
  expect([used.take("a", 100, 0), used.take("a", 100, 50), used.take("b", 120, 60), used.take("a", 300, 101)]).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

test("[SV214] machines that are damaged or newer are refused, and never taken for none", async () => {
  for (const [text, code] of [
    ["{", "DW_DAMAGED"],
    ["[]", "DW_DAMAGED"],
    [JSON.stringify({ version: 1, machines: 3 }), "DW_DAMAGED"],
    [JSON.stringify({ version: 2, machines: [] }), "DW_FORMAT_NEWER"],
  ] as const) {
    const path = newPath();
    writeFileSync(path, text);
    expect(() => new MachineStore(path), text).toThrow(expect.objectContaining({ code }));
  }
  const data = mkdtempSync(join(root, "data-"));
  const opened = { data, scheme: "https" as const, now: () => NOW, onFault: () => {} };
  await Machines.open(opened);
  writeFileSync(join(data, "machine-tokens.jwk"), "{}");
  await expect(Machines.open(opened)).rejects.toMatchObject({ code: "DW_DAMAGED" });
});

test("[SV213] what a machine has open ends within ten seconds of its expiry, and at once when it is told to", async () => {
  vi.useFakeTimers();
  try {
    let now = NOW;
    const data = mkdtempSync(join(root, "data-"));
    const machines = await Machines.open({ data, scheme: "https", now: () => now, onFault: () => {} });
    const { id } = machines.store.create({ name: "SCADA", roles: ["viewer"], expires: new Date(NOW + 60_000).toISOString() });
    const headers = { authorization: `Bearer ${machines.giveToken(id)}` };
    await machines.admit({ headers }, "192.0.2.1");
    expect(machines.principalOf({ headers })).toMatchObject({ id, name: "SCADA", machine: true });
    const ended: string[] = [];
    machines.whileKnown({ headers }, () => ended.push("by itself"));
    const forget = machines.whileKnown({ headers }, () => ended.push("never"));
    forget();
    expect(machines.openOf(id)).toBe(1);
    vi.advanceTimersByTime(20_000);
    expect(ended).toEqual([]);
    now = NOW + 60_000;
    vi.advanceTimersByTime(10_000);
    expect([ended, machines.openOf(id)]).toEqual([["by itself"], 0]);
    expect(() => machines.principalOf({ headers })).toThrow(/does not hold/);
    await expect(machines.admit({ headers: { ...headers } }, "192.0.2.1")).rejects.toMatchObject({ code: "DW_UNAUTHENTICATED" });
  } finally {
    vi.useRealTimers();
  }
});
