import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Authenticator } from "../packages/server/src/passkeys/authenticator.fixture.ts";
import {
  ask as askServer,
  browserFlags,
  cookieOf,
  invitationOf,
  serveReached,
  type Answer,
  type Asked,
  type ReachedServer,
} from "./reached-server.ts";
import { eventually, startBrowser } from "./running-site.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-passkeys-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const PASSWORD = "seven green pumps";
const NAME = "plant.example";
const AMPLE_MS = 240_000;

let server: ReachedServer;
let browser: Browser;
const origin = (name = NAME) => `https://${name}:${server.port}`;
/** Under the name of the server, as the browsers of its people. */
const ask = (method: string, path: string, { headers, ...asked }: Asked = {}): Promise<Answer> =>
  askServer(server, method, `${API}${path}`, { ...asked, headers: { host: `${NAME}:${server.port}`, ...headers } });

const created = (login: string, role: string): string => invitationOf(data, login, role);

beforeAll(async () => {
  const tokens = [created("mara", "administrator"), created("lea", "administrator"), created("otto", "operator"), created("ida", "viewer")];
  server = await serveReached(data, "--name", NAME);
  for (const token of tokens) await ask("POST", "/session/join", { body: { token, password: PASSWORD } });
  browser = await startBrowser(browserFlags(server, NAME));
}, AMPLE_MS);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

/** A browser of its own with an authenticator in its machine that knows whose finger it is. */
async function openPage(): Promise<{ readonly page: Page; readonly device: CDPSession; readonly id: string }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const device = await context.newCDPSession(page);
  await device.send("WebAuthn.enable");
  const { authenticatorId } = await device.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { page, device, id: authenticatorId };
}

async function logIn(page: Page, login: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
}

const loggedIn = (page: Page): Promise<string | undefined> =>
  page.evaluate(async (url) => {
    const answer = (await (await fetch(url)).json()) as { readonly person?: { readonly login: string } };
    return answer.person?.login;
  }, `${API}/session`);

/** Every session proved its presence an hour ago. */
async function letProofsAge(): Promise<void> {
  await server.stop();
  const file = join(data, "sessions.json");
  const kept = JSON.parse(readFileSync(file, "utf8")) as { readonly proved: number }[];
  writeFileSync(file, JSON.stringify(kept.map((session) => ({ ...session, proved: session.proved - 3_600_000 }))));
  server = await serveReached(data, "--name", NAME, "--port", String(server.port));
}

test(
  "[E93] in a browser a person adds a passkey, turns the password off, logs in and proves presence with it; by an address the page says why not",
  async () => {
    const { page, device, id } = await openPage();
    await page.goto(`${origin()}/settings`);
    await logIn(page, "mara");
    await page.getByLabel("Name of the passkey").fill("Laptop");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("not used yet").waitFor();
    expect((await device.send("WebAuthn.getCredentials", { authenticatorId: id })).credentials).toMatchObject([
      { rpId: NAME, isResidentCredential: true },
    ]);
    await page.getByRole("button", { name: "New recovery codes" }).click();
    await page.locator(".dw-recovery-codes code").first().waitFor();
    const codes = await page.locator(".dw-recovery-codes code").allTextContents();
    expect(codes).toHaveLength(10);
    await page
      .getByRole("button", { name: "I have kept them" })
      .or(page.getByRole("button", { name: "Done" }))
      .click();
    await page.getByRole("button", { name: "Turn the password off" }).click();
    await page.getByText(/The password is off; 10 recovery codes are left/).waitFor();
    expect((await ask("POST", "/session", { body: { login: "mara", password: PASSWORD } })).status).toBe(401);

    const pressed = performance.now();
    await page.getByRole("button", { name: "Log out", exact: true }).click();
    // where the login is typed the browser offers the passkey by itself, and this one takes the offer
    await eventually(async () => {
      const button = page.getByRole("button", { name: "Log in with a passkey" });
      if (await button.isVisible()) await button.click({ timeout: 500 }).catch(() => undefined);
      return (await loggedIn(page).catch(() => undefined)) === "mara" || undefined;
    }, "a log-in with the passkey");
    console.info(`logged out and in again with a passkey within ${Math.round(performance.now() - pressed)} ms`);

    await letProofsAge();
    await page.goto(`${origin()}/settings/people`);
    const inviting = page.locator("form", { has: page.getByRole("button", { name: "Invite" }) });
    await inviting.getByLabel("Login", { exact: true }).fill("eva");
    await inviting.getByLabel("Name", { exact: true }).fill("Eva");
    await inviting.getByRole("button", { name: "Invite" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Use a passkey" }).click();
    await page.getByLabel("Link for Eva").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);

    const elsewhere = await openPage();
    await elsewhere.page.goto(origin("127.0.0.1"));
    await elsewhere.page.getByText(/Passkeys need a host name, and this page is open at an IP address/).waitFor();
    expect(await elsewhere.page.getByRole("button", { name: "Log in with a passkey" }).count()).toBe(0);
    await logIn(elsewhere.page, "mara", codes[4]);
    await eventually(async () => (await loggedIn(elsewhere.page)) === "mara" || undefined, "a log-in with a recovery code");
    const { page: local } = await openPage();
    await local.goto(`${origin("localhost")}/settings`);
    await logIn(local, "ida");
    await local.getByLabel("Name of the passkey").fill("Key");
    await local.getByRole("button", { name: "Add a passkey" }).click();
    await local.getByText("not used yet").waitFor();
  },
  AMPLE_MS,
);

test(
  "[E94] challenges are of one session or browser and count once; names, origins, flags and people that are others, and a passkey that was removed, open nothing",
  async () => {
    const begun = async (login: string) => cookieOf(await ask("POST", "/session", { body: { login, password: PASSWORD } }));
    const [lea, otto, ida, otherSession] = [await begun("lea"), await begun("otto"), await begun("ida"), await begun("otto")];
    const device = new Authenticator(origin());
    const options = async (path: string, cookie: string | undefined) => {
      const { body, headers, status } = await ask("POST", path, { cookie });
      return {
        status,
        body: body as never,
        browser: headers["set-cookie"] === undefined ? "" : String(headers["set-cookie"]).split(";")[0]!,
      };
    };
    const offer = (cookie: string) => options("/session/passkeys/options", cookie);
    const add = async (cookie: string, response: unknown, headers = {}) =>
      (await ask("POST", "/session/passkeys", { cookie, headers, body: { name: "Phone", response } })).status;
    const { body: creation } = await offer(otto);
    const made = device.create(creation);
    for (const cookie of [otherSession, ida]) expect(await add(cookie, made)).toBe(400);
    expect(await add(otto, device.create(creation, { origin: origin("localhost") }))).toBe(400);
    // that one was used up by the attempt
    expect(await add(otto, made)).toBe(400);
    const { body: second } = await offer(otto);
    expect(await add(otto, device.create(second, { rpId: "localhost" }))).toBe(400);
    const { body: third } = await offer(otto);
    const good = device.create(third);
    // a request under another name of the server is of another relying party
    expect(await add(otto, good, { host: `localhost:${server.port}` })).toBe(400);
    const { body: fourth } = await offer(otto);
    expect(await add(otto, device.create(fourth))).toBe(200);
    expect(
      (await ask("POST", "/session/passkeys/options", { cookie: otto, headers: { host: `127.0.0.1:${server.port}` } })).body.error?.code,
    ).toBe("DW_INVALID");

    const start = () => options("/session/passkey/options", undefined);
    const enter = (response: unknown, browserCookie: string) =>
      ask("POST", "/session/passkey", { cookie: browserCookie, body: { response } });
    const { body: request, browser: mine } = await start();
    expect(mine).toMatch(/^__Host-doppelwerk-passkey=[\w-]{22}$/);
    const { browser: theirs } = await start();
    const answer = device.get(request);
    expect((await enter(answer, theirs)).status).toBe(401);
    const entered = await enter(answer, mine);
    expect([entered.status, entered.body["person"]]).toEqual([200, expect.objectContaining({ login: "otto" })]);
    const cookies = entered.headers["set-cookie"] as string[];
    expect(cookies.find((cookie) => cookie.startsWith("__Host-doppelwerk="))).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
    expect((await enter(answer, mine)).status).toBe(401);
    for (const misuse of [{ origin: "https://evil.example" }, { rpId: "evil.example" }, { flags: 1 }, { counter: 1 }]) {
      const { body: next, browser: cookie } = await start();
      const refused = await enter(device.get(next, misuse), cookie);
      expect([refused.status, refused.body.error?.code], JSON.stringify(misuse)).toEqual([401, "DW_UNAUTHENTICATED"]);
    }
    for (const response of [{}, { ...answer, id: "x".repeat(3_000) }, { ...answer, response: { ...answer.response, signature: 1 } }])
      expect((await enter(response, mine)).status).toBe(400);

    // the counter went back: the passkey logs nobody in any more, and another is needed
    const { body: next, browser: cookie } = await start();
    expect((await enter(device.get(next, { counter: 90 }), cookie)).status).toBe(401);
    const phone = new Authenticator(origin());
    const { body: fifth } = await offer(otto);
    expect(await add(otto, phone.create(fifth))).toBe(200);

    // somebody else's passkey proves nothing, and what proves presence logs nobody in
    const ways = await ask("POST", "/session/presence/options", { cookie: otto });
    expect(ways.body["ways"]).toEqual(["passkey", "password"]);
    const proof = phone.get(ways.body["passkey"] as never);
    expect((await enter(proof, mine)).status).toBe(401);
    const again = await ask("POST", "/session/presence/options", { cookie: otto });
    const proving = phone.get(again.body["passkey"] as never);
    for (const cookieOfOther of [ida, lea, otherSession])
      expect((await ask("POST", "/session/presence", { cookie: cookieOfOther, body: { passkey: proving } })).status).toBe(400);
    expect((await ask("POST", "/session/presence", { cookie: otto, body: { passkey: proving } })).status).toBe(204);
    expect((await ask("POST", "/session/presence", { cookie: otto, body: { passkey: proving } })).status).toBe(400);

    const path = `/session/passkeys/${phone.id}`;
    expect((await ask("DELETE", path, { cookie: ida })).status).toBe(404);
    expect((await ask("DELETE", "/session/password", { cookie: otto })).body.error?.code).toBe("DW_CONFLICT");
    expect((await ask("POST", "/session/recovery-codes", { cookie: lea })).body.error?.code).toBe("DW_CONFLICT");
    expect((await ask("POST", "/session/recovery-codes", { cookie: otto })).status).toBe(200);
    expect((await ask("DELETE", "/session/password", { cookie: otto })).status).toBe(204);
    // the last one that works stays while there is no password
    expect((await ask("DELETE", path, { cookie: otto })).body.error?.code).toBe("DW_CONFLICT");
    expect((await ask("PUT", "/session/password", { cookie: otto, body: { password: "", next: PASSWORD } })).status).toBe(204);
    expect((await ask("DELETE", path, { cookie: otto })).status).toBe(204);
    const { body: last, browser: lastCookie } = await start();
    expect((await enter(phone.get(last), lastCookie)).status).toBe(401);
    // a new link takes what was lost away
    const ofIda = new Authenticator(origin());
    expect(await add(ida, ofIda.create((await offer(ida)).body))).toBe(200);
    const { accounts } = (await ask("GET", "/accounts", { cookie: lea })).body as unknown as { accounts: { id: string; login: string }[] };
    const { id } = accounts.find(({ login }) => login === "ida")!;
    const enterIda = async () => {
      const { body: offered, browser: ofIdas } = await start();
      return (await enter(ofIda.get(offered), ofIdas)).status;
    };
    expect(await enterIda()).toBe(200);
    expect((await ask("POST", `/accounts/${id}/invitation`, { cookie: lea })).status).toBe(200);
    expect(await enterIda()).toBe(401);
  },
  AMPLE_MS,
);
