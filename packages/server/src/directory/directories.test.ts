import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AccountStore, accountsPath, stateOf, type Account } from "../accounts/account-store.ts";
import { Login } from "../accounts/login.ts";
import { hashOfPassword } from "../accounts/password.ts";
import { Sessions } from "../accounts/sessions.ts";
import { Directories } from "./directories.ts";
import { startForgingProvider, type ForgingProvider } from "./forging-provider.fixture.ts";
import type { OutsidePerson } from "./outside-person.ts";
import { PendingSignIns, returnPath } from "./pending-sign-ins.ts";
import { providerOf } from "./provider-config.ts";
import { ProviderStore } from "./provider-store.ts";
import { groupsIn } from "./roles-of-groups.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-directories-"));
const PASSWORD = "correct horse battery";
const DAY_MS = 86_400_000;
const hash = hashOfPassword(PASSWORD);
let away: ForgingProvider;
let now = Date.parse("2026-11-30T08:00:00Z");

beforeAll(async () => {
  away = await startForgingProvider();
});
afterAll(async () => {
  await away.stop();
  rmSync(root, { recursive: true, force: true });
});

const configuration = (more: object = {}) => ({
  kind: "openid",
  id: "company",
  name: "Example AG",
  issuer: away.issuer,
  clientId: "doppelwerk",
  clientSecret: "not to be read again",
  roles: { operator: ["crew"], administrator: ["it"] },
  admits: "groups",
  ...more,
});

function opened(more: object = {}) {
  const data = mkdtempSync(join(root, "data-"));
  const accounts = new AccountStore(accountsPath(data));
  const ended: string[] = [];
  const sessions = new Sessions({
    path: join(data, "sessions.json"),
    now: () => now,
    ended: ({ account }) => ended.push(account),
    onFault: (error) => expect.fail(String(error)),
  });
  const local = accounts.create({ login: "mara", name: "Mara", roles: ["administrator"] });
  const directories = new Directories({ data, accounts, sessions, isSecure: true, now: () => now });
  const provider = directories.store.put(configuration(more));
  const enter = (person: Partial<OutsidePerson> = {}): Account =>
    directories.bindings.enter(provider, { issuer: away.issuer, subject: "1", login: "otto", name: "Otto", groups: ["crew"], ...person });
  return { data, accounts, sessions, ended, directories, provider, local, enter };
}

test("[SV225] an account is of an issuer and a subject, never of a login or an e-mail address", () => {
  const { accounts, enter, local } = opened();
  const otto = enter();
  expect(otto).toMatchObject({ login: "otto", name: "Otto", roles: ["operator"], binding: { provider: "company", subject: "1" } });
  expect(enter({ login: "renamed", name: "Other" })).toMatchObject({ id: otto.id, login: "otto", name: "Otto" });
  // whoever calls himself mara there is not Mara here
  const namesake = enter({ subject: "2", login: " Mara ", groups: ["it"] });
  expect(namesake).toMatchObject({ login: "mara@company", roles: ["administrator"] });
  expect(accounts.byId(local.id)).toEqual(local);
  expect(enter({ subject: "3", login: "mara" }).login).toBe("mara2@company");
  expect(enter({ issuer: "https://another.example", login: "otto" }).id).not.toBe(otto.id);
  expect(enter({ subject: "4", login: "../\u0007 Ä{}", name: "a\u0007\u202Eb".repeat(50) })).toMatchObject({ login: "person" });
  expect(enter({ subject: "5", login: undefined, name: undefined })).toMatchObject({ login: "person@company", name: "person@company" });
});

test("[SV225] who has no role by his groups, needs an invitation, or is disabled or expired here does not come in", () => {
  const { accounts, sessions, ended, enter } = opened();
  const refused = expect.objectContaining({ code: "DW_FORBIDDEN" }) as Error;
  expect(() => enter({ groups: ["canteen"] })).toThrow(refused);
  expect(accounts.list()).toHaveLength(1);
  const otto = enter();
  sessions.begin(otto.id, { agent: "", address: "" });
  expect(() => enter({ groups: [] })).toThrow(refused);
  expect(ended).toEqual([otto.id]);
  expect(accounts.byId(otto.id)!.roles).toEqual([]);
  expect(stateOf(accounts.byId(otto.id)!, now)).toBe("withoutRole");
  expect(enter().roles).toEqual(["operator"]);
  accounts.update(otto.id, (known) => ({ ...known, disabled: true }));
  expect(() => enter({ groups: ["it"] })).toThrow(refused);
  expect(accounts.byId(otto.id)!.roles).toEqual(["operator"]);
  accounts.update(otto.id, ({ disabled: _disabled, ...known }) => ({ ...known, expires: new Date(now - 1).toISOString() }));
  expect(() => enter()).toThrow(refused);
  const invited = opened({ admits: "invited" });
  expect(() => invited.enter()).toThrow(/needs an invitation/);
  expect(invited.accounts.list()).toHaveLength(1);
});

test("[SV225] an account is bound once, by its own person; unbound it has no password and no session", async () => {
  const { accounts, sessions, ended, directories, provider, local } = opened();
  const person = { issuer: away.issuer, subject: "1", login: "x", name: "X", groups: ["crew", "it"] };
  // an administrator of a provider is none who is always there
  expect(() => directories.bindings.bind(local.id, provider, person)).toThrow(/the last account that administers/);
  expect(accounts.byId(local.id)).toEqual(local);
  const otto = accounts.create({ login: "otto", name: "Otto", roles: ["viewer"] });
  const token = accounts.invite(otto.id, now);
  sessions.begin(otto.id, { agent: "", address: "" });
  expect(directories.bindings.bind(otto.id, provider, person)).toMatchObject({
    id: otto.id,
    login: "otto",
    roles: ["operator", "administrator"],
  });
  expect([ended, accounts.invited(token, now)]).toEqual([[otto.id], undefined]);
  const ida = accounts.create({ login: "ida", name: "Ida", roles: ["viewer"] });
  for (const [id, subject] of [
    [ida.id, "1"],
    [otto.id, "2"],
    ["person:nobody", "3"],
  ] as const)
    expect(() => directories.bindings.bind(id, provider, { ...person, subject })).toThrow(
      expect.objectContaining({ code: "DW_CONFLICT" }) as Error,
    );
  const password = await hash;
  accounts.update(otto.id, (known) => ({ ...known, password }));
  expect(directories.bindings.unbind(otto.id)).not.toHaveProperty("password");
  expect(stateOf(accounts.byId(otto.id)!, now)).toBe("invited");
  expect(() => directories.bindings.unbind(otto.id)).toThrow(/one of this server alone/);
});

test("[SV226] a password kept here for an account of a provider counts only while that does not answer, and for some days", async () => {
  const { accounts, directories, enter } = opened({ offlineDays: 3 });
  const login = new Login(accounts, () => now, directories);
  const password = await hash;
  const otto = enter();
  accounts.update(otto.id, (known) => ({ ...known, password }));
  const attempt = (typed = PASSWORD) => login.check({ login: "otto", password: typed }, "192.0.2.1");
  await expect(attempt()).rejects.toMatchObject({ code: "DW_UNAUTHENTICATED" });
  const elsewhere = expect.objectContaining({ code: "DW_FORBIDDEN" }) as Error;
  await expect(directories.requireAway(accounts.byId(otto.id)!)).rejects.toThrow(elsewhere);
  await directories.requireAway(accounts.byLogin("mara")!);
  await away.stop();
  now += 11_000;
  expect(await attempt()).toMatchObject({ id: otto.id, roles: ["operator"] });
  // a passkey too
  await directories.requireAway(accounts.byId(otto.id)!);
  await expect(attempt("another one altogether")).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  // whose it is, is not told by the answer
  await expect(login.check({ login: "mara", password: "x" }, "192.0.2.1")).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  accounts.update(otto.id, (known) => ({ ...known, roles: [] }));
  await expect(attempt()).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  accounts.update(otto.id, (known) => ({ ...known, roles: ["operator"] }));
  now += 3 * DAY_MS;
  await expect(directories.requireAway(accounts.byId(otto.id)!)).rejects.toThrow(elsewhere);
  await expect(attempt()).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  directories.store.remove("company");
  await expect(attempt()).rejects.toMatchObject({ code: "DW_UNAUTHENTICATED" });
});

test("[SV220] secrets of providers are in a file of the server alone, and stay where they were meant for", () => {
  const { data, directories } = opened();
  const file = join(data, "providers.json");
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  const { clientSecret: _, ...without } = configuration();
  expect(directories.store.put({ ...without, name: "Other" })).toMatchObject({ name: "Other", clientSecret: "not to be read again" });
  expect(directories.store.put({ ...without, issuer: "https://evil.example" })).not.toHaveProperty("clientSecret");
  expect(readFileSync(file, "utf8")).not.toContain("not to be read again");
  const ldap = { kind: "ldap", id: "company", name: "X", roles: {}, url: "ldaps://directory", base: "dc=x", personDn: "{login}" };
  expect(() => directories.store.put(ldap)).toThrow(/another kind/);
  for (const text of ["", "{", "[]", `{"version":1}`, `{"version":1,"providers":[{}]}`]) {
    writeFileSync(file, text);
    expect(() => new ProviderStore(file), text).toThrow();
  }
  writeFileSync(file, `{"version":2,"providers":[]}`);
  expect(() => new ProviderStore(file)).toThrow(expect.objectContaining({ code: "DW_FORMAT_NEWER" }) as Error);
  expect(existsSync(`${file}.new`)).toBe(false);
});

test("[SV227] a login that began in one browser ends there, once, within ten minutes, at the provider it began with", () => {
  const time = now;
  const pending = new PendingSignIns(() => now);
  const of = (state: string) => ({
    provider: "company",
    returnTo: "/",
    checks: { redirectUri: "", freshSince: undefined, state, nonce: "", verifier: "" },
  });
  const browser = pending.add(of("a"), "192.0.2.1", undefined);
  expect(browser).toMatch(/^[\w-]{43}$/);
  expect(pending.add(of("b"), "192.0.2.1", browser)).toBe(browser);
  // a cookie that this server did not give out
  expect(pending.add(of("c"), "192.0.2.1", "chosen by another")).not.toBe("chosen by another");
  const other = pending.add(of("d"), "192.0.2.1", undefined);
  expect(pending.take("company", "a", other)).toBeUndefined();
  expect(pending.take("company", "a", undefined)).toBeUndefined();
  expect(pending.take("another", "a", browser)).toBeUndefined();
  expect(pending.take("company", "a", browser)).toMatchObject({ checks: { state: "a" } });
  expect(pending.take("company", "a", browser)).toBeUndefined();
  now += 10 * 60_000;
  expect(pending.take("company", "b", browser)).toBeUndefined();
  now = time;
  const own = pending.add(of("own"), "192.0.2.2", undefined);
  for (let count = 0; count < 600; count++) pending.add(of(`flood ${count}`), "192.0.2.1", undefined);
  expect(pending.take("company", "own", own)).toBeDefined();
  expect(pending.take("company", "d", other)).toBeUndefined();
});

test("[SV227] afterwards comes a page of this server and no other place", () => {
  for (const path of ["/", "/board?line=Line3&at=1#x", "/worlds/a%20b/"]) expect(returnPath(path)).toBe(path);
  for (const path of [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/%0d%0a//evil.example/..//evil.example",
    "javascript:alert(1)",
    "",
    "/.//evil.example",
    "/a/..//evil.example",
  ])
    expect(new URL(returnPath(path), "https://plant.example").origin, path).toBe("https://plant.example");
  expect(returnPath("/a/..//evil.example")).toBe("/");
});

test("[SV228] groups are read from a claim, its path, or a text", () => {
  expect(groupsIn({ groups: ["a", 1, null, "b"] }, "groups")).toEqual(["a", "b"]);
  expect(groupsIn({ realm_access: { roles: ["a"] } }, "realm_access.roles")).toEqual(["a"]);
  expect(groupsIn({ "https://plant.example/groups": "a" }, "https://plant.example/groups")).toEqual(["a"]);
  for (const claim of ["none", "groups.x", "__proto__", "constructor.name", "groups.length"])
    expect(groupsIn({ groups: ["a"] }, claim), claim).toBeUndefined();
  expect(() => providerOf(configuration({ roles: {}, extra: 1 }))).toThrow(/extra/);
});

test("[SV229] every configuration that the guide shows is one", () => {
  const guide = readFileSync(new URL("../../../../docs/guide/company-login.md", import.meta.url), "utf8");
  const shown = [...guide.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text]) => providerOf(JSON.parse(text!)));
  expect(shown.map(({ kind, id }) => `${kind} ${id}`)).toEqual(["openid company", "openid entra", "ldap corp", "ldap plant"]);
  // what the tables name is a member
  const members = new Set(shown.flatMap((provider) => [...Object.keys(provider), "authority"]));
  const named = [...guide.matchAll(/^\| (`\w+`[^|]*) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
  );
  expect(named.filter((name) => !members.has(name))).toEqual([]);
  expect(named.length).toBeGreaterThan(15);
});
