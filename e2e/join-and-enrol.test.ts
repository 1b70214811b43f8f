import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Authenticator } from "../packages/server/src/passkeys/authenticator.fixture.ts";
import {
  ask as askServer,
  browserFlags,
  command,
  cookieOf,
  invitationOf,
  serveReached,
  type Answer,
  type Asked,
  type ReachedServer,
} from "./reached-server.ts";
import { startBrowser } from "./running-site.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-join-"));
const data = join(root, "data");
const NAME = "plant.example";
const PASSWORD = "seven green pumps";
const AMPLE_MS = 180_000;

let server: ReachedServer;
let browser: Browser;
let tokens: Readonly<Record<"otto" | "ida" | "kim", string>>;
let link: string;
const ask = (method: string, path: string, { headers, ...asked }: Asked = {}): Promise<Answer> =>
  askServer(server, method, `/api/doppelwerk/v1${path}`, { ...asked, headers: { host: `${NAME}:${server.port}`, ...headers } });
const terminals = (...words: readonly string[]) => command(["terminals", ...words, "--data", data]);

beforeAll(async () => {
  tokens = {
    otto: invitationOf(data, "otto", "administrator"),
    ida: invitationOf(data, "ida", "viewer"),
    kim: invitationOf(data, "kim", "viewer"),
  };
  const made = JSON.parse(terminals("enrol", "Line 1", "--place", "Hall 2", "--sign-off", "14:00", "--json").stdout) as { path: string };
  link = made.path.replace("/terminal#", "");
  server = await serveReached(data, "--name", NAME);
  browser = await startBrowser(browserFlags(server, NAME));
}, AMPLE_MS);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

test(
  "[SV300] an invitation is accepted with a passkey once, under a host name, by who has the link; the account has no password then",
  async () => {
    const device = new Authenticator(`https://${NAME}:${server.port}`);
    const offer = async (token: string, headers = {}): Promise<Answer> =>
      ask("POST", "/session/join/passkey/options", { body: { token }, headers });
    const accept = (token: string, response: unknown): Promise<Answer> =>
      ask("POST", "/session/join/passkey", { body: { token, name: "Phone", response } });
    expect((await offer("no invitation")).status).toBe(404);
    expect((await offer(tokens.otto, { host: `127.0.0.1:${server.port}` })).body.error?.code).toBe("DW_INVALID");
    // made for the invitation of somebody else
    const ofIda = device.create((await offer(tokens.ida)).body as never);
    expect((await accept(tokens.otto, ofIda)).status).toBe(400);
    const made = device.create((await offer(tokens.otto)).body as never);
    expect((await accept(tokens.ida, made)).status).toBe(400);
    const good = device.create((await offer(tokens.otto)).body as never);
    const joined = await accept(tokens.otto, good);
    expect(joined.body["person"]).toMatchObject({ login: "otto", password: false, recoveryCodes: 10 });
    const codes = joined.body["recoveryCodes"] as readonly string[];
    expect([codes.length, (await accept(tokens.otto, good)).status]).toEqual([10, 404]);
    expect((await ask("GET", "/session", { cookie: cookieOf(joined) })).body["person"]).toMatchObject({ login: "otto" });
    expect((await ask("POST", "/session/join", { body: { token: tokens.otto, password: PASSWORD } })).status).toBe(404);
    const started = await ask("POST", "/session/passkey/options");
    const response = device.get(started.body as never);
    expect((await ask("POST", "/session/passkey", { body: { response }, cookie: cookieOf(started) })).body["person"]).toMatchObject({
      login: "otto",
    });
    expect((await ask("POST", "/session", { body: { login: "otto", password: codes[0]! } })).body["person"]).toMatchObject({
      login: "otto",
    });
  },
  AMPLE_MS,
);

test(
  "[U201] in a browser who was invited joins with a passkey and keeps the recovery codes; by an address the page says why there is none",
  async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const device = await context.newCDPSession(page);
    await device.send("WebAuthn.enable");
    await device.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.goto(`https://${NAME}:${server.port}/join#${tokens.kim}`);
    await page.getByRole("button", { name: "Join with a passkey" }).click();
    await page.locator(".dw-recovery-codes code").first().waitFor();
    expect(await page.locator(".dw-recovery-codes code").count()).toBe(10);
    expect(page.url()).not.toContain(tokens.kim);
    await page.goto(`https://127.0.0.1:${server.port}/join#${tokens.ida}`);
    await page.getByText(/Passkeys need a host name/).waitFor();
    await context.close();
  },
  AMPLE_MS,
);

test(
  "[E136] terminals are listed, enrolled and revoked by command while no server runs; the link makes one browser the terminal until then",
  async () => {
    const declared = await ask("POST", "/terminals/declaration", { body: { token: link } });
    const cookie = cookieOf(declared);
    expect((await ask("GET", "/session", { cookie })).body["terminal"]).toEqual({ name: "Line 1" });
    expect((await ask("POST", "/terminals/declaration", { body: { token: link } })).status).toBe(404);
    expect(terminals("revoke", "Line 1").stderr).toMatch(/a server runs on this folder/);
    await server.stop();
    expect(terminals("list").stdout).toMatch(/^Line 1 +Hall 2 +20\d\d-/);
    expect(terminals("enrol", "Line 2", "--idle", "5").stderr).toMatch(/idleS/);
    expect(terminals("enrol", "Line 2").stdout).toMatch(/https:\/\/SERVER\/terminal#[\w-]{43}/);
    expect(terminals("revoke", "Line 1").stdout).toBe("Line 1 is a terminal no more\n");
    expect(terminals("revoke", "Line 1").stderr).toMatch(/Line 1/);
    server = await serveReached(data, "--name", NAME, "--port", String(server.port));
    expect((await ask("GET", "/session", { cookie })).body["terminal"]).toBeUndefined();
  },
  AMPLE_MS,
);
