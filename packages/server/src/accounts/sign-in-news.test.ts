import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, TOTP } from "otpauth";
import { expect, test } from "vitest";
import { AccountStore, accountsPath, type Account } from "./account-store.ts";
import { Login } from "./login.ts";
import { newCodeSecret } from "./one-time-code.ts";
import { deviceOf, unread, withAllRead, withChange, withSignIn } from "./sign-in-news.ts";

const account: Account = { id: "person:1", login: "mara", name: "Mara", roles: ["viewer"], created: "2026-11-30T08:00:00Z" };
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const at = (time: number, device = "Firefox · Linux") => ({ at: time, device, address: "192.0.2.7" });

test("[SV333] a change is told to the person in every session but that which made it, until it was read", () => {
  const changed = withChange(account, { ...at(10), change: "password", session: "a" });
  expect(unread(changed, "a")).toEqual([]);
  expect(unread(changed, "b").map(({ change }) => change)).toEqual(["password"]);
  const read = withAllRead(changed, 11);
  expect(unread(read, "b")).toEqual([]);
  expect(unread(withChange(read, { ...at(12), change: "passkey", session: "a" }), "b").map(({ change }) => change)).toEqual(["passkey"]);
});

test("[SV333] the first kind of device is no news, another one is, told elsewhere; versions are none", () => {
  const first = withSignIn(account, at(1), "a");
  const again = withSignIn(first, at(2), "b");
  expect([unread(first, "z"), unread(again, "z")]).toEqual([[], []]);
  const other = withSignIn(again, at(3, "Safari · iOS"), "c");
  expect(unread(other, "c")).toEqual([]);
  expect(unread(other, "b")).toEqual([{ ...at(3, "Safari · iOS"), change: "device", session: "c" }]);
  expect(withSignIn(other, at(4), "d").news!.events).toHaveLength(1);
  expect(deviceOf(FIREFOX)).toBe(deviceOf(FIREFOX.replaceAll("140.0", "141.2")));
});

test("[SV333] what is kept of it is bounded", () => {
  let many = account;
  for (let time = 1; time <= 200; time++) many = withSignIn(many, at(time, `Browser${time} · Linux`), `s${time}`);
  expect([many.news!.events.length, many.news!.devices.length, many.news!.signIns.length]).toEqual([30, 20, 5]);
  expect(many.news!.events[0]!.at).toBe(200);
});

test("[SV333] a device is browser and system; what names itself otherwise is its first word", () => {
  const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  expect([
    deviceOf(FIREFOX),
    deviceOf(chrome),
    deviceOf(`${chrome} Edg/140.0.0.0`),
    deviceOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1"),
    deviceOf("curl/8.5.0"),
    deviceOf("<script>"),
    deviceOf(""),
  ]).toEqual(["Firefox · Linux", "Chrome · Windows", "Edge · Windows", "Safari · iOS", "curl", "–", "–"]);
});

test("[SV333] a code of the authenticator that comes again is refused and told; one that never was is no news", async () => {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-news-"));
  const accounts = new AccountStore(accountsPath(folder));
  const { id } = accounts.create({ login: "mara", name: "Mara", roles: ["administrator"] });
  const secret = newCodeSecret();
  const now = Date.parse("2026-11-30T10:00:00Z");
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now });
  accounts.update(id, (known) => ({ ...known, codeSecret: secret, recovery: [] }));
  const login = new Login(accounts, () => now);
  const changes = () => accounts.byId(id)!.news?.events.map(({ change }) => change) ?? [];
  login.useCode(accounts.byId(id)!, code, at(now));
  const wrong = code === "000000" ? "000001" : "000000";
  expect(() => login.useCode(accounts.byId(id)!, wrong, at(now))).toThrow(expect.objectContaining({ code: "DW_UNAUTHENTICATED" }));
  expect(changes()).toEqual([]);
  expect(() => login.useCode(accounts.byId(id)!, code, at(now))).toThrow(expect.objectContaining({ code: "DW_UNAUTHENTICATED" }));
  expect(changes()).toEqual(["codeReused"]);
  rmSync(folder, { recursive: true, force: true });
});
