import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Secret, TOTP } from "otpauth";
import { ask as askServer, command, cookieOf, serveReached, type Answer, type Asked, type ReachedServer } from "./reached-server.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-presence-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const PASSWORD = "seven green pumps";
const AMPLE_MS = 120_000;

let server: ReachedServer;
const ask = (method: string, path: string, asked?: Asked): Promise<Answer> => askServer(server, method, `${API}${path}`, asked);
const coded = async (asking: Promise<Answer>) => {
  const { status, body } = await asking;
  return [status, body.error?.code];
};

async function joined(login: string, role: string): Promise<string> {
  const { path } = JSON.parse(command(["accounts", "create", login, "--role", role, "--data", data, "--json"]).stdout) as { path: string };
  return path.replace("/join#", "");
}

/** Every session proved its presence an hour ago. */
async function letProofsAge(by = 3_600_000): Promise<void> {
  await server.stop();
  const file = join(data, "sessions.json");
  const kept = JSON.parse(readFileSync(file, "utf8")) as { readonly proved: number }[];
  writeFileSync(file, JSON.stringify(kept.map((session) => ({ ...session, proved: session.proved - by }))));
  server = await serveReached(data);
}

let mara: string;
let again: string;
let otto: string;

beforeAll(async () => {
  const tokens = [await joined("mara", "administrator"), await joined("otto", "operator")];
  server = await serveReached(data);
  [mara, otto] = (await Promise.all(
    tokens.map(async (token) => cookieOf(await ask("POST", "/session/join", { body: { token, password: PASSWORD } }))),
  )) as [string, string];
  again = cookieOf(await ask("POST", "/session", { body: { login: "mara", password: PASSWORD } }));
}, AMPLE_MS);

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

const ida = { login: "ida", name: "Ida", roles: ["viewer"] };

test(
  "[E95] what needs a fresh proof of presence is refused until it is given, by the password, for this session alone, and is never asked of whom it is not permitted",
  async () => {
    expect(await coded(ask("POST", "/accounts", { cookie: mara, body: { ...ida, login: "first" } }))).toEqual([200, undefined]);
    const machine = (await ask("POST", "/machines", { cookie: mara, body: { name: "Scada", roles: ["operator"] } })).body["id"] as string;
    const { token } = (await ask("POST", `/machines/${machine}/token`, { cookie: mara })).body;
    await letProofsAge();
    const wanting: readonly (readonly [string, string, unknown?])[] = [
      ["POST", "/accounts", ida],
      ["PATCH", "/accounts/person:1", { roles: ["administrator"] }],
      ["POST", "/accounts/person:1/invitation"],
      ["DELETE", "/accounts/person:1"],
      ["POST", `/machines/${machine}/code`],
      ["POST", `/machines/${machine}/token`],
      ["POST", "/access/sets", { name: "All", text: "", enabled: false }],
      ["GET", "/transparency/evidence?from=0"],
    ];
    for (const [method, path, body] of wanting) {
      const refused = await ask(method, path, { cookie: mara, body });
      expect([refused.status, refused.body.error], `${method} ${path}`).toEqual([
        403,
        expect.objectContaining({ code: "DW_PRESENCE", details: { maxAgeS: 900 } }),
      ]);
      expect(await coded(ask(method, path, { cookie: otto, body })), `${method} ${path}`).toEqual([403, "DW_FORBIDDEN"]);
    }
    expect(await coded(ask("GET", "/accounts", { cookie: mara }))).toEqual([200, undefined]);
    expect((await ask("POST", "/session/presence/options", { cookie: mara })).body).toEqual({ ways: ["password"] });
    const prove = (body: unknown, cookie = mara) => coded(ask("POST", "/session/presence", { cookie, body }));
    expect(await prove({ password: "seven green pump" })).toEqual([400, "DW_INVALID"]);
    for (const body of [{}, { password: PASSWORD, code: "000000" }, { code: "" }, { proved: 1 }, { password: null }])
      expect(await prove(body), JSON.stringify(body)).toEqual([400, "DW_INVALID"]);
    expect(await coded(ask("POST", "/accounts", { cookie: mara, body: ida }))).toEqual([403, "DW_PRESENCE"]);
    expect(await prove({ password: PASSWORD })).toEqual([204, undefined]);
    expect(await coded(ask("POST", "/accounts", { cookie: again, body: ida }))).toEqual([403, "DW_PRESENCE"]);
    expect(await coded(ask("POST", "/accounts", { cookie: mara, body: ida }))).toEqual([200, undefined]);
    // nobody is there to prove it for a machine
    const headers = { authorization: `Bearer ${String(token)}` };
    expect((await ask("POST", "/session/presence", { headers, body: { password: PASSWORD } })).status).toBe(401);
  },
  AMPLE_MS,
);

test(
  "[E95] who has an authenticator proves presence by a code, each once, not by the password; guessing is slowed, and a clock that was set back proves nothing",
  async () => {
    const { secret } = (await ask("POST", "/session/authenticator", { cookie: mara, body: { password: PASSWORD } })).body;
    const totp = new TOTP({ secret: Secret.fromBase32(String(secret)) });
    const now = Date.now();
    expect((await ask("PUT", "/session/authenticator", { cookie: mara, body: { code: totp.generate({ timestamp: now }) } })).status).toBe(
      200,
    );
    await letProofsAge(-3_600_000);
    expect((await ask("POST", "/session/presence/options", { cookie: mara })).body).toEqual({ ways: ["code"] });
    expect(await coded(ask("POST", "/accounts/x/invitation", { cookie: mara }))).toEqual([403, "DW_PRESENCE"]);
    const prove = (body: unknown) => coded(ask("POST", "/session/presence", { cookie: mara, body }));
    expect(await prove({ password: PASSWORD })).toEqual([400, "DW_INVALID"]);
    // it was shown when the authenticator was added
    expect(await prove({ code: totp.generate({ timestamp: now }) })).toEqual([400, "DW_INVALID"]);
    expect((await ask("GET", "/session", { cookie: mara })).body["person"]).toMatchObject({ login: "mara" });
    expect(await prove({ code: totp.generate({ timestamp: now + 30_000 }) })).toEqual([204, undefined]);
    expect(await coded(ask("POST", "/accounts/x/invitation", { cookie: mara }))).toEqual([404, "DW_NOT_FOUND"]);
    const guessed = [];
    for (let n = 0; n < 8; n++) guessed.push((await prove({ code: "000000" }))[1]);
    expect(guessed).toEqual([...Array(5).fill("DW_INVALID"), ...Array(3).fill("DW_TOO_OFTEN")]);
  },
  AMPLE_MS,
);
