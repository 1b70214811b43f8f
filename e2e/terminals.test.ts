import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  ask as askServer,
  browserFlags,
  command,
  cookieOf,
  enterRoom,
  serveReached,
  type Answer,
  type Asked,
  type ReachedServer,
} from "./reached-server.ts";
import { eventually, startBrowser } from "./running-site.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-terminals-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const PASSWORD = "seven green pumps";
const NAME = "plant.example";
const AMPLE_MS = 240_000;

let server: ReachedServer;
let browser: Browser;
let mara: string;
let otto: string;
let ottoId: string;
const ask = (method: string, path: string, asked?: Asked): Promise<Answer> => askServer(server, method, `${API}${path}`, asked);
const both = (...cookies: readonly string[]): string => cookies.join("; ");

beforeAll(async () => {
  const created = (login: string, role: string) => {
    const made = command([
      "accounts",
      "create",
      login,
      "--name",
      login === "otto" ? "Otto" : "Mara",
      "--role",
      role,
      "--data",
      data,
      "--json",
    ]);
    return JSON.parse(made.stdout) as { readonly id: string; readonly path: string };
  };
  const [ofMara, ofOtto] = [created("mara", "administrator"), created("otto", "operator")];
  ottoId = ofOtto.id;
  server = await serveReached(data, "--name", NAME);
  const joined = async (path: string) =>
    cookieOf(await ask("POST", "/session/join", { body: { token: path.replace("/join#", ""), password: PASSWORD } }));
  mara = await joined(ofMara.path);
  otto = await joined(ofOtto.path);
  browser = await startBrowser(browserFlags(server, NAME));
}, AMPLE_MS);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

test(
  "[E96] a shared terminal shows the plant, and lets people in by PIN or badge who then do what they may but administer; its sessions hold in its browser alone and end with it",
  async () => {
    expect((await ask("POST", "/terminals", { cookie: otto, body: { name: "Packing 1" } })).status).toBe(403);
    const made = await ask("POST", "/terminals", { cookie: mara, body: { name: "Packing 1", place: "Line 3", idleS: 600 } });
    const { terminal, token } = made.body as unknown as { terminal: { id: string }; token: string };
    const declared = await ask("POST", "/terminals/declaration", { cookie: mara, body: { token } });
    const cookie = cookieOf(declared);
    expect(String(declared.headers["set-cookie"])).toMatch(
      /^__Host-doppelwerk-terminal=[\w-]{43}; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Strict; Secure$/,
    );
    // whoever opened the link is logged out in that browser
    expect((await ask("GET", "/world", { cookie: mara })).status).toBe(401);
    mara = cookieOf(await ask("POST", "/session", { body: { login: "mara", password: PASSWORD } }));
    expect((await ask("POST", "/terminals/declaration", { body: { token } })).status).toBe(404);

    // nobody is signed in: it reads, and nothing else
    expect((await ask("GET", "/session", { cookie })).body).toEqual({ accounts: true, terminal: { name: "Packing 1" } });
    expect((await ask("GET", "/world", { cookie })).status).toBe(200);
    expect((await ask("POST", "/branches", { cookie, body: { name: "trial" } })).status).toBe(403);
    for (const [method, path] of [
      ["GET", "/accounts"],
      ["GET", "/terminals"],
      ["POST", "/terminals"],
      ["GET", "/transparency"],
    ] as const)
      expect((await ask(method, path, { cookie })).status, path).toBe(403);
    expect((await ask("PUT", "/session/pin", { cookie, body: { pin: "2580" } })).status).toBe(403);
    const room = enterRoom(server, { cookie });
    expect(await room.first).toMatchObject({ kind: "welcome", self: { name: "Packing 1" } });

    expect((await ask("PUT", "/session/pin", { cookie: otto, body: { pin: "2580" } })).status).toBe(204);
    expect((await ask("PUT", "/session/pin", { cookie: mara, body: { pin: "7413" } })).status).toBe(204);
    expect((await ask("PUT", `/accounts/${ottoId}/badge`, { cookie: mara, body: { badge: "04A22F1B" } })).status).toBe(204);
    const { people } = (await ask("GET", "/terminal/people", { cookie })).body as unknown as { people: { id: string; name: string }[] };
    expect(people.map(({ name }) => name)).toEqual(["Mara", "Otto"]);
    const maraId = people[0]!.id;
    // a PIN opens nothing anywhere else
    for (const elsewhere of [undefined, otto, "__Host-doppelwerk-terminal=AAAA"])
      expect([401, 403]).toContain(
        (await ask("POST", "/terminal/session", { cookie: elsewhere, body: { person: ottoId, pin: "2580" } })).status,
      );
    expect((await ask("POST", "/session", { body: { login: "otto", password: "2580" } })).status).toBe(401);
    for (const body of [{ person: ottoId, pin: "2581" }, { badge: "04A22F1C" }, { person: "person:nobody", pin: "2580" }])
      expect((await ask("POST", "/terminal/session", { cookie, body })).body.error?.code).toBe("DW_UNAUTHENTICATED");
    for (const body of [{}, { person: ottoId }, { badge: "04A22F1B", person: ottoId, pin: "1" }, { badge: 4 }])
      expect((await ask("POST", "/terminal/session", { cookie, body })).status).toBe(400);

    const asked = performance.now();
    const entered = await ask("POST", "/terminal/session", { cookie, body: { badge: "04a22f1b" } });
    console.info(`signed in by badge in ${Math.round(performance.now() - asked)} ms`);
    expect(entered.body["person"]).toMatchObject({ login: "otto" });
    const session = cookieOf(entered);
    expect((await ask("POST", "/branches", { cookie: both(cookie, session), body: { name: "trial" } })).status).toBeLessThan(300);
    // stolen, and taken to another browser
    expect((await ask("GET", "/world", { cookie: session })).status).toBe(401);
    for (const [method, path] of [
      ["PUT", "/session/password"],
      ["PUT", "/session/pin"],
      ["POST", "/session/passkeys/options"],
      ["POST", "/session/authenticator"],
    ] as const)
      expect((await ask(method, path, { cookie: both(cookie, session), body: { password: PASSWORD, next: PASSWORD } })).status, path).toBe(
        403,
      );
    // the next one signs the one before off; an administrator does not administer here, by password neither
    const byPin = cookieOf(await ask("POST", "/terminal/session", { cookie, body: { person: maraId, pin: "7413" } }));
    expect((await ask("GET", "/session", { cookie: both(cookie, session) })).body["person"]).toBeUndefined();
    const byPassword = cookieOf(await ask("POST", "/session", { cookie, body: { login: "mara", password: PASSWORD } }));
    for (const own of [byPin, byPassword]) {
      expect((await ask("GET", "/session", { cookie: both(cookie, own) })).body["person"]).toMatchObject({ login: "mara" });
      expect((await ask("GET", "/accounts", { cookie: both(cookie, own) })).status).toBe(403);
    }
    expect((await ask("POST", "/session/presence/options", { cookie: both(cookie, byPin) })).body["ways"]).toEqual(["pin", "password"]);
    expect((await ask("POST", "/session/presence", { cookie: both(cookie, byPin), body: { pin: "7414" } })).status).toBe(400);
    expect((await ask("POST", "/session/presence", { cookie: both(cookie, byPin), body: { pin: "7413" } })).status).toBe(204);
    expect((await ask("POST", "/session/presence", { cookie: mara, body: { pin: "7413" } })).status).toBe(400);
    // what was done has the terminal beside the person
    const { entries } = (await ask("GET", "/transparency/entries", { cookie: mara })).body as unknown as {
      entries: { operation?: string; terminal?: string; who?: { name: string } }[];
    };
    expect(entries.find(({ operation, terminal: on }) => operation?.endsWith("fork") === true && on === terminal.id)?.who?.name).toBe(
      "Otto",
    );

    const ownRoom = enterRoom(server, { cookie: both(cookie, byPin) });
    expect(await ownRoom.first).toMatchObject({ kind: "welcome", self: { name: "Mara" } });
    const removed = performance.now();
    expect((await ask("DELETE", `/terminals/${terminal.id}`, { cookie: mara })).status).toBe(204);
    const lasted = Math.max(await room.closed, await ownRoom.closed) - removed;
    console.info(`rooms of a terminal ended ${Math.round(lasted)} ms after its removal was sent`);
    expect(lasted).toBeLessThan(1_000);
    for (const own of [cookie, both(cookie, byPin), byPassword]) expect((await ask("GET", "/world", { cookie: own })).status).toBe(401);
  },
  AMPLE_MS,
);

test(
  "[E97] in a browser: the link makes it a terminal, big keys and a badge reader let people in, a countdown signs them off, and the board stays",
  async () => {
    const made = await ask("POST", "/terminals", { cookie: mara, body: { name: "Press", idleS: 20 } });
    const context = await browser.newContext({ viewport: { width: 1024, height: 768 } });
    const page = await context.newPage();
    await page.goto(`https://${NAME}:${server.port}/terminal#${String(made.body["token"])}`);
    await page.getByRole("button", { name: "Make this browser the terminal" }).click();
    const bar = page.getByRole("complementary", { name: "Shared terminal" });
    await bar.getByText("nobody is signed in").waitFor();
    await bar.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Otto" }).click();
    for (const digit of ["2", "5", "8", "0"]) {
      const key = page.getByRole("button", { name: digit, exact: true });
      const box = (await key.boundingBox())!;
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(48);
      await key.click();
    }
    const pressed = performance.now();
    await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
    await bar.getByText("Otto").waitFor();
    console.info(`signed in by PIN ${Math.round(performance.now() - pressed)} ms after the last key`);
    await bar.getByText(/signs off in \d+ s/).waitFor();
    // nobody touches it
    await bar.getByText("nobody is signed in").waitFor({ timeout: 60_000 });
    await page.locator(".dw-frame").waitFor();
    // as fast as a reader types
    await page.evaluate(
      `for (const key of [..."04A22F1B", "Enter"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))`,
    );
    await bar.getByText("Otto").waitFor();
    await bar.getByRole("button", { name: "Sign off" }).click();
    await bar.getByText("nobody is signed in").waitFor();
    await eventually(async () => (await page.getByRole("button", { name: "Sign in" }).isVisible()) || undefined, "the way in");
  },
  AMPLE_MS,
);
