import { scryptSync } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TOTP, Secret } from "otpauth";
import { afterAll, expect, test } from "vitest";
import { AccountStore, stateOf, type Account } from "./account-store.ts";
import { LoginBrake } from "./login-brake.ts";
import { Login, newRecoveryCodes } from "./login.ts";
import { codeAddress, newCodeSecret, stepOfCode } from "./one-time-code.ts";
import { hashOfPassword, isPassword, refusalOfPassword } from "./password.ts";
import { IDLE_MS, LIFETIME_MS, Sessions, type Session } from "./sessions.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-accounts-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const path = (name = "accounts.json"): string => join(mkdtempSync(join(root, `${folders++}-`)), name);

const PASSWORD = "correct horse battery";
/** One hash for all: each takes a fifth of a second. */
const hash = hashOfPassword(PASSWORD);

async function account(store: AccountStore, login: string, more: Partial<Account> = {}): Promise<Account> {
  const password = await hash;
  const made = store.create({ login, name: login, roles: ["administrator"] });
  return store.update(made.id, (known) => ({ ...known, password, ...more }));
}

test("[SV180] a password is kept as scrypt alone, and compared as it was typed, composed or not", async () => {
  const kept = await hashOfPassword("Ärger im Büro 7");
  expect(kept).toMatch(/^scrypt\$15\$8\$3\$/);
  expect(kept).not.toContain("Büro");
  expect(await hashOfPassword("Ärger im Büro 7")).not.toBe(kept);
  expect(await isPassword("Ärger im Büro 7", kept)).toBe(true);
  expect(await isPassword("Ärger im Büro 7".normalize("NFD"), kept)).toBe(true);
  expect(await isPassword("ärger im Büro 7", kept)).toBe(false);
  for (const none of ["", "scrypt", "scrypt$40$8$1$AAAA$AAAA", "plain$Ärger im Büro 7", kept.slice(0, -6)])
    expect(await isPassword("", none), none).toBe(false);
});

test("[SV352] a password that was kept with more work counts on", async () => {
  const salt = Buffer.from("a salt of before");
  const key = scryptSync("before", salt, 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 });
  const kept = `scrypt$17$8$1$${salt.toString("base64")}$${key.toString("base64")}`;
  expect(await isPassword("before", kept)).toBe(true);
  expect(await isPassword("after", kept)).toBe(false);
});

test("[SV181] short passwords and those that are easily guessed are refused with the reason", () => {
  const why = (password: string) => refusalOfPassword(password, ["mara", "Mara Lindqvist"])?.code;
  expect(why("kurz")).toBe("server.passwordTooShort");
  expect(why("x".repeat(201))).toBe("server.passwordTooLong");
  for (const easy of ["aaaaaaaaaaaa", "abababababab", "qwertyuiopas", "012345678901", "abcdefghijklm", "mara lindqvist 1", "lkjhgfdsapoi"])
    expect(why(easy), easy).toBe("server.passwordEasilyGuessed");
  for (const good of ["correct horse battery", "vier rote Pumpen", "七号泵房的钥匙在谁手里呢？"]) expect(why(good), good).toBeUndefined();
});

test("[SV374] a password of published breaches is refused, also in capitals, written twice, and with a year and a mark", () => {
  const why = (password: string) => refusalOfPassword(password, [])?.code;
  for (const common of [
    "finalfantasy",
    "FinalFantasy",
    "Password2026!",
    "1qaz2wsx3edc4rfv",
    "letmeinletmein",
    "!!administrator",
    "Unbelievable",
  ])
    expect(why(common), common).toBe("server.passwordCommon");
  for (const good of ["password of the pump house", "final fantasy of 1987", "Wq7-finalfantasy-Zt4", "七号泵房的钥匙在谁手里呢？"])
    expect(why(good), good).toBeUndefined();
});

test("[SV182] codes of an authenticator are those of RFC 6238, count one step around, and each once", () => {
  const secret = new Secret({ buffer: new TextEncoder().encode("12345678901234567890").buffer }).base32;
  // appendix B, SHA-1, the last six digits
  for (const [seconds, code] of [
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_234_567_890, "005924"],
    [20_000_000_000, "353130"],
  ] as const)
    expect(stepOfCode(secret, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
  expect(stepOfCode(secret, "287 082", 59_000)).toBe(1);
  expect(stepOfCode(secret, "287082", 89_000)).toBe(1);
  expect(stepOfCode(secret, "287082", 120_000)).toBeUndefined();
  expect(stepOfCode(secret, "287082", 59_000, 1)).toBeUndefined();
  for (const wrong of ["", "28708", "2870820", "28708a", "287083"]) expect(stepOfCode(secret, wrong, 59_000), wrong).toBeUndefined();
  const own = newCodeSecret();
  expect(own).toMatch(/^[A-Z2-7]{32}$/);
  expect(codeAddress(own, "Werk 2", "mara")).toMatch(/^otpauth:\/\/totp\/Werk%202:mara\?/);
});

test("[SV183] accounts are kept in a file that only its user reads; a login is of one account, whatever its capitals", async () => {
  const file = path();
  const store = new AccountStore(file);
  expect(store.isEmpty).toBe(true);
  const mara = await account(store, " Mara ");
  expect(mara).toMatchObject({ login: "mara", name: "Mara", roles: ["administrator"] });
  await expect(account(store, "MARA")).rejects.toMatchObject({ code: "DW_CONFLICT" });
  for (const wrong of ["", "-a", "a b", "a/b", "ä", "__proto__", "a".repeat(65), "a\nb"])
    await expect(account(store, wrong), wrong).rejects.toMatchObject({ code: "DW_INVALID" });
  for (const name of ["", " ", "x".repeat(61), "a\u0007b"])
    expect(() => store.update(mara.id, (known) => ({ ...known, name }))).toThrow(/1 to 60 characters/);
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).not.toContain(PASSWORD);
  const again = new AccountStore(file);
  expect(again.byLogin("mara")).toEqual(store.byLogin("Mara"));
  expect(again.byId(mara.id)?.id).toBe(mara.id);
});

test("[SV183] the last account that administers stays, and what is erased is gone from the disk", async () => {
  const file = path();
  const store = new AccountStore(file);
  const mara = await account(store, "mara");
  const otto = await account(store, "otto", { roles: ["operator"] });
  for (const change of [{ roles: ["engineer"] as const }, { disabled: true as const }, { expires: "2030-01-01T00:00:00Z" }])
    expect(() => store.update(mara.id, (known) => ({ ...known, ...change }))).toThrow(/the last account that administers/);
  expect(() => store.remove(mara.id)).toThrow(/the last account that administers/);
  store.remove(otto.id);
  expect(readFileSync(file, "utf8")).not.toContain("otto");
  expect(existsSync(`${file}.new`)).toBe(false);
  expect(() => store.remove(otto.id)).toThrow(/there is no account/);
});

test("[SV183] an invitation lets its person set a password once, for a week; a newer one replaces it", async () => {
  const file = path();
  const store = new AccountStore(file);
  const mara = await account(store, "mara");
  const otto = store.create({ login: "otto", name: "Otto", roles: ["operator"] });
  const now = Date.parse("2026-11-30T10:00:00Z");
  const first = store.invite(otto.id, now);
  const token = store.invite(otto.id, now);
  expect(readFileSync(file, "utf8")).not.toContain(token);
  expect(store.invited(first, now)).toBeUndefined();
  expect(new AccountStore(file).invited(token, now + 6 * 86_400_000)?.login).toBe("otto");
  expect(store.invited(token, now + 7 * 86_400_000)).toBeUndefined();
  store.update(otto.id, (known) => ({ ...known, disabled: true }));
  expect(store.invited(token, now)).toBeUndefined();
  expect(store.invited("", now) ?? store.invited(mara.id, now)).toBeUndefined();
  // without a password nobody logs in, whatever is typed
  const login = new Login(store, () => now);
  for (const password of ["", "undefined", PASSWORD])
    await expect(login.check({ login: "otto", password }, "192.0.2.1")).rejects.toMatchObject({ code: "DW_UNAUTHENTICATED" });
});

test("[SV184] accounts that cannot be read keep the server from starting: nobody is let in instead", async () => {
  const file = path();
  await account(new AccountStore(file), "mara");
  const whole = readFileSync(file, "utf8");
  for (const damaged of [whole.slice(0, -10), "{}", "[]", "null", "", '{"version":1}']) {
    writeFileSync(file, damaged);
    expect(() => new AccountStore(file), damaged).toThrow(/the accounts cannot be read/);
  }
  writeFileSync(file, whole.replace('"version": 1', '"version": 2'));
  expect(() => new AccountStore(file)).toThrow(/written by a newer Doppelwerk/);
});

test("[SV185] who logs in is known by password and code; what was wrong is not told", async () => {
  const store = new AccountStore(path());
  const secret = newCodeSecret();
  const { codes, hashes } = newRecoveryCodes();
  await account(store, "mara");
  await account(store, "otto", { codeSecret: secret, recovery: hashes, roles: ["operator"] });
  await account(store, "gone", { disabled: true });
  await account(store, "late", { expires: "2026-01-01T00:00:00Z", roles: ["viewer"] });
  let now = Date.parse("2026-11-30T10:00:00Z");
  const login = new Login(store, () => now);
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const codeNow = () => totp.generate({ timestamp: now });
  const check = (name: string, password: string, code?: string) =>
    login.check({ login: name, password, code }, "192.0.2.1").then(
      ({ login: known }) => known,
      ({ code: refused, message, details }) => ({ refused, message, details }),
    );
  expect(await check("Mara", PASSWORD)).toBe("mara");
  const refusals = [];
  for (const [name, password, code] of [
    ["mara", "wrong password"],
    ["nobody", PASSWORD],
    ["gone", PASSWORD],
    ["late", PASSWORD],
    ["otto", PASSWORD, "000000"],
  ] as const) {
    refusals.push(await check(name, password, code));
    now += 600_000;
  }
  for (const refusal of refusals) expect(refusal).toEqual(refusals[0]);
  expect(refusals[0]).toMatchObject({ refused: "DW_UNAUTHENTICATED", message: "login, password or code are wrong" });
  expect(await check("otto", PASSWORD)).toMatchObject({ refused: "DW_UNAUTHENTICATED", details: { needsCode: true } });
  const code = codeNow();
  expect(await check("otto", PASSWORD, code)).toBe("otto");
  expect(await check("otto", PASSWORD, code)).toMatchObject({ refused: "DW_UNAUTHENTICATED" });
  now += 30_000;
  expect(await check("otto", PASSWORD, codeNow())).toBe("otto");
  // a recovery code counts once, with or without its dashes
  expect(await check("otto", PASSWORD, codes[3]!.replaceAll("-", "").toLowerCase())).toBe("otto");
  expect(await check("otto", PASSWORD, codes[3])).toMatchObject({ refused: "DW_UNAUTHENTICATED" });
  expect(await check("otto", PASSWORD, codes[4])).toBe("otto");
  expect(store.byLogin("otto")?.recovery).toHaveLength(8);
});

test("[SV186] after some wrong attempts each next one waits twice as long, for the login and for the address, a thousand at once too", async () => {
  let now = 0;
  const brake = new LoginBrake(() => now);
  const counted = (name: string, address: string) => [
    { name: `login ${name}`, free: 5 },
    { name: `address ${address}`, free: 10 },
  ];
  const keys = counted("mara", "192.0.2.1");
  const waits: number[] = [];
  for (let n = 0; n < 16; n++) {
    waits.push(brake.waitS(keys));
    now += waits.at(-1)! * 1_000;
    expect(brake.waitS(keys)).toBe(0);
    brake.failed(keys);
  }
  expect(waits).toEqual([0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  expect(brake.waitS(counted("mara", "198.51.100.7"))).toBe(300);
  expect(brake.waitS(counted("otto", "192.0.2.1"))).toBe(128);
  expect(brake.waitS(counted("otto", "198.51.100.7"))).toBe(0);
  now += 3_600_000;
  expect(brake.waitS(keys)).toBe(0);

  const store = new AccountStore(path());
  await account(store, "mara");
  const login = new Login(store, () => now);
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, () =>
      login.check({ login: "mara", password: "wrong password" }, "192.0.2.1").catch(({ code }) => String(code)),
    ),
  );
  expect(answers.filter((code) => code === "DW_UNAUTHENTICATED")).toHaveLength(5);
  expect(answers.filter((code) => code === "DW_TOO_OFTEN")).toHaveLength(995);
  now += 3_000;
  expect((await login.check({ login: "mara", password: PASSWORD }, "192.0.2.1")).login).toBe("mara");
  expect((await login.check({ login: "mara", password: PASSWORD }, "192.0.2.2")).login).toBe("mara");
});

function sessions(file = path("sessions.json"), start = 1_000_000) {
  let now = start;
  const ended: string[] = [];
  const faults: unknown[] = [];
  const open = () =>
    new Sessions({
      path: file,
      now: () => now,
      ended: (session: Session) => void ended.push(session.id),
      onFault: (error) => void faults.push(error),
    });
  return { file, ended, faults, open, pass: (ms: number) => void (now += ms) };
}

const BROWSER = { agent: "Firefox", address: "192.0.2.1" };

test("[SV187] a session is known by its token alone, which is nowhere on the disk, and outlives a restart", () => {
  const { file, open } = sessions();
  const all = open();
  const { token, session } = all.begin("person:1", BROWSER);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(all.find(token)?.id).toBe(session.id);
  expect(readFileSync(file, "utf8")).not.toContain(token);
  expect(open().find(token)).toMatchObject({ id: session.id, account: "person:1", agent: "Firefox" });
  for (const wrong of ["", session.id, token.slice(1), `${token} `]) expect(all.find(wrong)).toBeUndefined();
});

test("[SV187] a session ends when it is idle for twelve hours, after a week, when it is told to, and with it what it has open", () => {
  const { open, ended, pass } = sessions();
  const all = open();
  const [idle, used, told, other] = ["person:1", "person:1", "person:2", "person:2"].map((account) => all.begin(account, BROWSER));
  for (let hours = 0; hours < 24; hours += 6) {
    expect(all.find(used!.token)).toBeDefined();
    expect(all.find(told!.token)).toBeDefined();
    expect(all.find(other!.token)).toBeDefined();
    pass(IDLE_MS / 2);
  }
  expect(all.find(idle!.token)).toBeUndefined();
  expect(ended).toEqual([idle!.session.id]);
  expect(all.end(told!.session.id, { why: "left" })).toBe(true);
  expect(all.end(told!.session.id, { why: "left" })).toBe(false);
  expect(all.find(told!.token)).toBeUndefined();
  all.endAll("person:2", { why: "changed" });
  expect(ended).toEqual([idle!.session.id, told!.session.id, other!.session.id]);
  for (let gone = 24 * 3_600_000; gone < LIFETIME_MS; gone += IDLE_MS / 2) {
    expect(all.find(used!.token)).toBeDefined();
    pass(IDLE_MS / 2);
  }
  expect(all.find(used!.token)).toBeUndefined();
  expect(open().of("person:1")).toEqual([]);
});

test("[SV187] a session that is over ends without being asked for, and so does that of an account that may not log in any more", () => {
  const { open, ended, pass } = sessions();
  const all = open();
  const [first, second] = ["person:1", "person:2"].map((account) => all.begin(account, BROWSER).session.id);
  all.sweep();
  expect(ended).toEqual([]);
  all.sweep(({ account }) => account === "person:2");
  expect(ended).toEqual([second]);
  pass(IDLE_MS);
  all.sweep();
  expect(ended).toEqual([second, first]);
});

test("[SV187] an account has fifty sessions at most; a file that cannot be read costs a login each", () => {
  const { file, open, ended, pass } = sessions();
  const all = open();
  const begun = Array.from({ length: 51 }, () => {
    pass(1_000);
    return all.begin("person:1", BROWSER);
  });
  expect(ended).toEqual([begun[0]!.session.id]);
  expect(all.of("person:1")).toHaveLength(50);
  writeFileSync(file, "{");
  expect(open().of("person:1")).toEqual([]);
});

test("[SV230] a session proves presence when it begins and when it is told to; one of before proved its log-in", () => {
  const { file, open, pass } = sessions();
  const all = open();
  const { token, session } = all.begin("person:1", BROWSER);
  const other = all.begin("person:1", BROWSER);
  expect(session.proved).toBe(session.begun);
  pass(600_000);
  all.prove(session.id);
  all.prove("nobody's");
  expect(all.find(token)?.proved).toBe(session.begun + 600_000);
  expect(all.find(other.token)?.proved).toBe(other.session.begun);
  expect(open().find(token)?.proved).toBe(session.begun + 600_000);
  const kept = (JSON.parse(readFileSync(file, "utf8")) as object[]).map((one) => ({ ...one, proved: undefined }));
  writeFileSync(file, JSON.stringify(kept));
  expect(open().find(token)?.proved).toBe(session.begun);
});

test("[SV233] in place of a password that was turned off a recovery code logs in, once; guessing is slowed as for a password", async () => {
  const store = new AccountStore(path());
  const { codes, hashes } = newRecoveryCodes();
  const mara = await account(store, "mara", { recovery: hashes });
  await account(store, "otto");
  store.update(mara.id, ({ password: _password, ...known }) => ({ ...known, passwordless: true }));
  expect(stateOf(store.byId(mara.id)!, 0)).toBe("active");
  let now = Date.parse("2026-11-30T10:00:00Z");
  const login = new Login(store, () => now);
  const check = (password: string) =>
    login.check({ login: "mara", password }, "192.0.2.1").then(
      ({ login: known }) => known,
      ({ code }) => String(code),
    );
  expect(await check(PASSWORD)).toBe("DW_UNAUTHENTICATED");
  expect(await check(codes[0]!)).toBe("mara");
  expect(await check(codes[0]!)).toBe("DW_UNAUTHENTICATED");
  expect(store.byId(mara.id)?.recovery).toHaveLength(9);
  for (let n = 0; n < 4; n++) expect(await check("")).toBe("DW_UNAUTHENTICATED");
  expect(await check(codes[1]!)).toBe("DW_TOO_OFTEN");
  now += 3_000;
  expect(await check(codes[1]!)).toBe("mara");
});

test("[SV366] a session that nobody uses is over after the minutes that are set, also after a restart with fewer", () => {
  const file = path("idle-sessions.json");
  let now = 1_000_000;
  const open = (idleMs?: number) => new Sessions({ path: file, now: () => now, idleMs, ended: () => undefined, onFault: () => undefined });
  const first = open(600_000);
  const { token } = first.begin("person:a", { agent: "browser", address: "::1" });
  now += 599_000;
  expect(first.find(token)).toBeDefined();
  now += 600_000;
  expect(first.find(token)).toBeUndefined();
  const { token: other } = open().begin("person:a", { agent: "browser", address: "::1" });
  now += 700_000;
  expect(open().count).toBe(1);
  expect(open(600_000).find(other)).toBeUndefined();
});
