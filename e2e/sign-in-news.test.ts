import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildStudio } from "../scripts/build.ts";
import { ask as askServer, cookieOf, invitationOf, serveReached, type Answer, type Asked, type ReachedServer } from "./reached-server.ts";
import { startBrowser } from "./running-site.ts";

// What people are told before and after they log in, over TLS and in a browser.
const data = join(mkdtempSync(join(tmpdir(), "doppelwerk-news-")), "data");
const API = "/api/doppelwerk/v1";
const [PASSWORD, NEXT] = ["seven green pumps", "eight blue valves"];
const AMPLE_MS = 240_000;
const NOTICE = { en: "This is the system of Example AG.\nIts use is recorded.", zh: "" };
const FIREFOX = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
const PHONE = { "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1" };

let server: ReachedServer;
let browser: Browser;
const ask = (method: string, path: string, asked?: Asked): Promise<Answer> => askServer(server, method, `${API}${path}`, asked);
const logIn = async (login: string, password: string, headers: Record<string, string>): Promise<Answer> => {
  const answer = await ask("POST", "/session", { body: { login, password }, headers });
  expect(answer.status, answer.text).toBe(200);
  return answer;
};

beforeAll(async () => {
  buildStudio();
  const tokens = [invitationOf(data, "mara", "administrator"), invitationOf(data, "otto", "operator")];
  [server, browser] = await Promise.all([serveReached(data), startBrowser()]);
  for (const token of tokens)
    expect((await ask("POST", "/session/join", { body: { token, password: PASSWORD }, headers: FIREFOX })).status).toBe(200);
}, AMPLE_MS);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(join(data, ".."), { recursive: true, force: true });
}, AMPLE_MS);

test(
  "[E160] a notice of use is written by administrators alone, as plain text, and read before anybody logs in",
  async () => {
    const [mara, otto] = [cookieOf(await logIn("mara", PASSWORD, FIREFOX)), cookieOf(await logIn("otto", PASSWORD, FIREFOX))];
    expect((await ask("GET", "/session/notice")).body).toEqual({});
    expect((await ask("PUT", "/session/notice", { cookie: otto, body: NOTICE })).status).toBe(403);
    expect((await ask("PUT", "/session/notice", { body: NOTICE })).status).toBe(401);
    expect((await ask("PUT", "/session/notice", { cookie: mara, body: { en: "bell \u0007", zh: "" } })).status).toBe(400);
    expect((await ask("PUT", "/session/notice", { cookie: mara, body: NOTICE })).body).toEqual({ notice: NOTICE });
    expect((await ask("GET", "/session/notice")).body).toEqual({ notice: NOTICE });
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(`https://localhost:${server.port}/`);
    const shown = page.getByRole("region", { name: "Notice of use" }).first();
    await shown.getByText("Its use is recorded.").waitFor();
    await context.close();
    // a text that is markup is text
    const markup = { en: "<img src=x onerror=alert(1)>", zh: "<b>须知</b>" };
    expect((await ask("PUT", "/session/notice", { cookie: mara, body: markup })).body).toEqual({ notice: markup });
    expect((await ask("PUT", "/session/notice", { cookie: mara, body: { en: " ", zh: "" } })).body).toEqual({});
    expect((await ask("GET", "/session/notice")).body).toEqual({});
  },
  AMPLE_MS,
);

test(
  "[E161] who signs in is told what was changed of it since, with device and address; others are not, and read tells once",
  async () => {
    const desk = cookieOf(await logIn("otto", PASSWORD, FIREFOX));
    // another kind of device
    const phone = await logIn("otto", PASSWORD, PHONE);
    expect(phone.body).not.toHaveProperty("person.news");
    expect((await ask("GET", "/session", { cookie: desk })).body).toMatchObject({ person: { news: 1 } });
    expect(
      (await ask("PUT", "/session/password", { cookie: cookieOf(phone), body: { password: PASSWORD, next: NEXT }, headers: PHONE })).status,
    ).toBe(204);
    // the session of the desk ended with the password, and the next one is told both
    const again = await logIn("otto", NEXT, FIREFOX);
    expect(again.body).toMatchObject({ person: { news: 2 } });
    const cookie = cookieOf(again);
    const read = await ask("GET", "/session/sign-ins", { cookie });
    const { last, events, sessions } = read.body as never as {
      readonly last: { readonly device: string; readonly address: string };
      readonly events: readonly { readonly change: string; readonly device: string; readonly read: boolean }[];
      readonly sessions: readonly { readonly id: string; readonly isThis: boolean; readonly device: string }[];
    };
    expect(last).toMatchObject({ device: "Safari · iOS", address: "127.0.0.1" });
    expect(events.slice(0, 2)).toMatchObject([
      { change: "password", device: "Safari · iOS", read: false },
      { change: "device", device: "Safari · iOS", read: false },
    ]);
    // nothing of it is another person's to read, nor on any other address
    const mara = cookieOf(await logIn("mara", PASSWORD, FIREFOX));
    expect(JSON.stringify((await ask("GET", "/session/sign-ins", { cookie: mara })).body)).not.toContain("iOS");
    expect((await ask("GET", "/session/sign-ins")).status).toBe(401);

    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(`https://localhost:${server.port}/board`);
    await page.getByLabel("Login").fill("otto");
    await page.getByLabel("Password", { exact: true }).fill(NEXT);
    await page.getByRole("button", { name: "Log in", exact: true }).click();
    const banner = page.getByRole("status").filter({ hasText: "How you sign in was changed" });
    await banner.getByText(/^Password changed/).waitFor();
    await banner.getByRole("button", { name: "It was not me" }).click();
    await page.waitForURL(/\/settings\/you#signIns$/);
    await page.getByRole("table", { name: "Where you are logged in" }).waitFor();
    await banner.getByRole("button", { name: "It was me" }).click();
    await banner.waitFor({ state: "detached" });
    await context.close();
    expect((await ask("GET", "/session", { cookie })).body).not.toHaveProperty("person.news");

    const other = sessions.find(({ isThis }) => !isThis)!;
    expect((await ask("DELETE", `/session/sign-ins/${other.id}`, { cookie: mara })).status).toBe(404);
    expect((await ask("DELETE", `/session/sign-ins/${other.id}`, { cookie })).status).toBe(204);
    expect((await ask("GET", "/session", { cookie: cookieOf(phone) })).body).not.toHaveProperty("person");
  },
  AMPLE_MS,
);
