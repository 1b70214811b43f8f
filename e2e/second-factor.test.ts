import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, TOTP } from "otpauth";
import { afterAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { ask as askServer, command, cookieOf, invitationOf, serveReached, type Asked } from "./reached-server.ts";

const API = "/api/doppelwerk/v1";
const PASSWORD = "seven green pumps at dawn";
const root = mkdtempSync(join(tmpdir(), "doppelwerk-second-factor-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("[E178, SV367] with --second-factor an administrator with a password alone administers nothing; with a code of an authenticator he does", async () => {
  const data = join(root, "data");
  const invitation = invitationOf(data, "mara", "administrator");
  const server = await serveReached(data, "--second-factor", "--idle-minutes", "30");
  const ask = (method: string, path: string, asked?: Asked) => askServer(server, method, path, asked);
  try {
    const joined = await ask("POST", `${API}/session/join`, { body: { token: invitation, password: PASSWORD } });
    const mara = cookieOf(joined);
    expect((await ask("GET", `${API}/session`, { cookie: mara })).body["person"]).toMatchObject({ roles: ["engineer"] });
    for (const path of ["accounts", "server", "transparency/entries"])
      expect((await ask("GET", `${API}/${path}`, { cookie: mara })).status, path).toBe(403);
    expect(
      (await ask("POST", `${API}/accounts`, { cookie: mara, body: { login: "eve", name: "Eve", roles: ["administrator"] } })).status,
    ).toBe(403);
    const { secret } = (await ask("POST", `${API}/session/authenticator`, { cookie: mara, body: { password: PASSWORD } })).body as {
      readonly secret: string;
    };
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    const { recoveryCodes } = (await ask("PUT", `${API}/session/authenticator`, { cookie: mara, body: { code: totp.generate() } }))
      .body as {
      readonly recoveryCodes: readonly string[];
    };
    // the session began with the password, and stays what it was
    expect((await ask("GET", `${API}/accounts`, { cookie: mara })).status).toBe(403);
    // a code of an authenticator counts once, a recovery code stands for another
    const entered = await ask("POST", `${API}/session`, { body: { login: "mara", password: PASSWORD, code: recoveryCodes[0] } });
    const strong = cookieOf(entered);
    expect((await ask("GET", `${API}/accounts`, { cookie: strong })).status).toBe(200);
    expect((await ask("GET", `${API}/session`, { cookie: strong })).body["person"]).toMatchObject({ roles: ["administrator"] });
    await keptNowhere(ask, strong);
    await refusedSocket(server.port, mara);
    await vi.waitUntil(
      async () => (await ask("GET", `${API}/transparency/entries?limit=100`, { cookie: strong })).text.includes('"operation":"WebSocket"'),
      { timeout: 30_000, interval: 250 },
    );
    const left = await ask("DELETE", `${API}/session`, { cookie: strong });
    expect([left.status, left.headers["clear-site-data"]]).toEqual([204, '"cache"']);
  } finally {
    await server.stop();
  }
  const refused = command(["serve", "--data", data, "--idle-minutes", "721"]);
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(/--idle-minutes is from 1 to 720/) });
}, 240_000);

/** [SV367] Whatever is answered: nobody keeps it, but for files of the studio. */
async function keptNowhere(
  ask: (method: string, path: string, asked?: Asked) => ReturnType<typeof askServer>,
  cookie: string,
): Promise<void> {
  for (const path of [
    `${API}/accounts`,
    `${API}/server`,
    `${API}/world`,
    "/api/v3/shells",
    `${API}/nothing`,
    "/healthz",
    `${API}/controls/report`,
  ])
    expect((await ask("GET", path, { cookie })).headers["cache-control"], path).toBe("no-store");
  expect((await ask("GET", "/guide/accounts", { cookie })).headers["cache-control"]).toBe("no-cache");
}

/** A page of another origin is refused its room. */
function refusedSocket(port: number, cookie: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`wss://127.0.0.1:${port}/ws`, {
      rejectUnauthorized: false,
      headers: { cookie, origin: "https://elsewhere.example.com" },
    });
    socket.once("error", () => resolve());
    socket.once("close", () => resolve());
  });
}
