import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { AccountStore } from "../accounts/account-store.ts";
import { Sessions } from "../accounts/sessions.ts";
import { LINK_LIFETIME_MS, TerminalStore, type NewTerminal } from "./terminal-store.ts";
import { boundsOn, signOffTime, Terminals, type Shown } from "./terminals.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-terminals-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const START = Date.parse("2026-11-30T10:00:00Z");
const PACKING: NewTerminal = { name: "Packing 1", place: "Line 3", idleS: 60, badgeNeedsPin: false, signOffAt: [] };

function open() {
  const folder = mkdtempSync(join(root, `${folders++}-`));
  const file = join(folder, "terminals.json");
  const time = { now: START };
  const ended: string[] = [];
  const accounts = new AccountStore(join(folder, "accounts.json"));
  const over: string[] = [];
  const sessions = new Sessions({
    path: join(folder, "sessions.json"),
    now: () => time.now,
    ended: ({ id }) => void over.push(id),
    onFault: (error) => {
      throw error;
    },
  });
  const store = new TerminalStore(file);
  const terminals = new Terminals({ store, accounts, sessions, now: () => time.now, ended: (id) => void ended.push(id) });
  const otto = accounts.create({ login: "otto", name: "Otto", roles: ["operator"] });
  accounts.create({ login: "mara", name: "Mara", roles: ["administrator"] });
  const signIn = (terminal: string, shown: Shown) =>
    terminals.signIn(store.byId(terminal)!, shown).then(
      ({ login }) => login,
      ({ code, details }: { readonly code: string; readonly details?: object }) =>
        details !== undefined && "needsPin" in details ? "PIN" : code,
    );
  return { file, time, ended, over, accounts, sessions, store, terminals, otto, signIn };
}

test("[SV234] the browser that opens the link of a terminal is it, once and within a day; a newer one replaces it, and neither token is on the disk", () => {
  const { file, store, terminals, time, ended } = open();
  const { id } = store.create(PACKING);
  expect(() => store.create({ ...PACKING, name: " Packing  1 " })).toThrow(expect.objectContaining({ code: "DW_CONFLICT" }));
  const first = store.offerLink(id, time.now);
  const link = store.offerLink(id, time.now);
  expect(() => terminals.declare(first)).toThrow(expect.objectContaining({ code: "DW_NOT_FOUND" }));
  const { token } = terminals.declare(link);
  expect(ended).toEqual([id]);
  expect(() => terminals.declare(link)).toThrow(expect.objectContaining({ code: "DW_NOT_FOUND" }));
  expect(new TerminalStore(file).byToken(token)?.name).toBe("Packing 1");
  for (const wrong of ["", link, id, token.slice(1)]) expect(store.byToken(wrong)).toBeUndefined();
  const next = terminals.declare(store.offerLink(id, time.now)).token;
  expect([store.byToken(token), store.byToken(next)?.id]).toEqual([undefined, id]);
  for (const secret of [link, token, next]) expect(readFileSync(file, "utf8")).not.toContain(secret);
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  const late = store.offerLink(id, time.now);
  time.now += LINK_LIFETIME_MS;
  expect(() => terminals.declare(late)).toThrow(expect.objectContaining({ code: "DW_NOT_FOUND" }));
});

test("[SV235] a PIN of 4 to 12 digits signs in; rows and single digits are refused, it is kept as scrypt, and tries get slower for the person and the terminal", async () => {
  const { file, store, terminals, otto, signIn, time, accounts } = open();
  const { id } = store.create(PACKING);
  for (const wrong of ["", "123", "1234", "9876", "0000", "12a4", "1357913579135"])
    await expect(store.setPin(otto.id, wrong), wrong).rejects.toMatchObject({ code: "DW_INVALID" });
  await store.setPin(otto.id, "2580");
  expect(readFileSync(file, "utf8")).toMatch(/"pin": "scrypt\$15\$8\$3\$/);
  expect(terminals.people()).toEqual([{ id: otto.id, name: "Otto" }]);
  expect(await signIn(id, { person: otto.id, pin: "2580" })).toBe("otto");
  const guesses = [];
  for (let n = 0; n < 6; n++) guesses.push(await signIn(id, { person: otto.id, pin: "2581" }));
  expect(guesses).toEqual([...Array.from({ length: 5 }, () => "DW_UNAUTHENTICATED"), "DW_TOO_OFTEN"]);
  // another terminal does not help who guesses
  const other = store.create({ ...PACKING, name: "Packing 2" }).id;
  expect(await signIn(other, { person: otto.id, pin: "2580" })).toBe("DW_TOO_OFTEN");
  time.now += 3_000;
  expect(await signIn(other, { person: otto.id, pin: "2580" })).toBe("otto");
  // nor do other people on the same terminal
  const refused = [];
  for (let n = 0; n < 18; n++) refused.push(await signIn(id, { person: `person:${n}`, pin: "2580" }));
  expect(refused.filter((code) => code === "DW_TOO_OFTEN").length).toBeGreaterThan(0);
  time.now += 3_600_000;
  accounts.update(otto.id, (known) => ({ ...known, disabled: true }));
  expect(await signIn(id, { person: otto.id, pin: "2580" })).toBe("DW_UNAUTHENTICATED");
  expect(terminals.people()).toEqual([]);
});

test("[SV236] a badge signs in however its number is typed, with the PIN where the terminal asks for it; it is of one person, and kept as a hash", async () => {
  const { file, store, otto, signIn, accounts } = open();
  const plain = store.create(PACKING).id;
  const strict = store.create({ ...PACKING, name: "Press", badgeNeedsPin: true }).id;
  const mara = accounts.byLogin("mara")!;
  for (const wrong of ["", "12", "a b c d", "é1234", "x".repeat(129)])
    await expect(store.setBadge(otto.id, wrong), wrong).rejects.toMatchObject({ code: "DW_INVALID" });
  await store.setBadge(otto.id, "04:a2:2f:1b");
  await expect(store.setBadge(mara.id, " 04:A2:2F:1B ")).rejects.toMatchObject({ code: "DW_CONFLICT" });
  expect(readFileSync(file, "utf8")).not.toMatch(/04:a2/i);
  expect(await signIn(plain, { badge: "04:A2:2F:1B\n" })).toBe("otto");
  expect(await signIn(plain, { badge: "04:A2:2F:1C" })).toBe("DW_UNAUTHENTICATED");
  expect(await signIn(strict, { badge: "04:A2:2F:1B" })).toBe("PIN");
  await store.setPin(otto.id, "2580");
  expect(await signIn(strict, { badge: "04:A2:2F:1B", pin: "2581" })).toBe("DW_UNAUTHENTICATED");
  expect(await signIn(strict, { badge: "04:A2:2F:1B", pin: "2580" })).toBe("otto");
  store.forget(otto.id);
  expect(await signIn(plain, { badge: "04:A2:2F:1B" })).toBe("DW_UNAUTHENTICATED");
  expect(new TerminalStore(file).people()).toEqual([]);
});

test("[SV237] a session on a terminal ends when nobody touched it for its idle time, whatever its page asks for, at the end of the shift, and with the terminal", () => {
  const { store, terminals, sessions, over, time } = open();
  const terminal = store.create(PACKING);
  const begin = () => sessions.begin("person:1", { agent: "", address: "", terminal: boundsOn(terminal, time.now) });
  const idle = begin();
  const used = begin();
  for (let s = 0; s < 60; s += 20) {
    time.now += 20_000;
    // by itself
    sessions.find(idle.token);
    sessions.stay(used.session.id);
  }
  sessions.sweep();
  expect(over).toEqual([idle.session.id]);
  terminals.remove(terminal.id);
  expect(over).toEqual([idle.session.id, used.session.id]);
  expect(sessions.find(used.token)).toBeUndefined();
  const until = sessions.begin("person:1", { agent: "", address: "", terminal: { id: "x", idleMs: 3_600_000, until: time.now + 5_000 } });
  time.now += 5_000;
  sessions.stay(until.session.id);
  expect(sessions.find(until.token)).toBeUndefined();
  const noon = new Date(2026, 10, 30, 12).getTime();
  const at = (times: readonly string[]) => {
    const time = signOffTime({ signOffAt: times }, noon);
    return time === undefined ? undefined : (time - noon) / 3_600_000;
  };
  expect([at(["06:00", "14:00", "22:00"]), at(["06:00"]), at(["12:00"]), at([])]).toEqual([2, 18, 24, undefined]);
});

test("[SV234] terminals that cannot be read keep the server from starting", () => {
  const { file, store } = open();
  store.create(PACKING);
  const whole = readFileSync(file, "utf8");
  for (const damaged of [whole.slice(0, -10), "{}", "[]", "null", "", '{"version":1}']) {
    writeFileSync(file, damaged);
    expect(() => new TerminalStore(file), damaged).toThrow(/the terminals cannot be read/);
  }
  writeFileSync(file, whole.replace('"version": 1', '"version": 2'));
  expect(() => new TerminalStore(file)).toThrow(/written by a newer Doppelwerk/);
});
