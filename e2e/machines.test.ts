import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  ask as askServer,
  command,
  cookieOf,
  enterRoom,
  serveReached,
  type Answer,
  type Asked,
  type ReachedServer,
} from "./reached-server.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-machines-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const AMPLE_MS = 120_000;
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

let server: ReachedServer;
let mara: string;

const ask = (method: string, path: string, asked?: Asked): Promise<Answer> => askServer(server, method, path, asked);
const origin = (): string => `https://127.0.0.1:${server.port}`;
/** What a request of a test says its host is, so that proofs name it. */
const host = (): Record<string, string> => ({ host: `127.0.0.1:${server.port}` });

interface Key {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  readonly algorithm: "EdDSA" | "ES256";
}

async function newKey(algorithm: "EdDSA" | "ES256" = "EdDSA"): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  return { privateKey, jwk: await exportJWK(publicKey), algorithm };
}

interface Claims {
  readonly htm?: string;
  readonly htu?: string;
  readonly ath?: string;
  readonly jti?: string;
  readonly iat?: number;
}

/** RFC 9449, 4.2, by the test's own hand. */
function proof(key: Key, method: string, path: string, { token, ...claims }: Claims & { readonly token?: string } = {}): Promise<string> {
  const ath = token === undefined ? {} : { ath: createHash("sha256").update(token).digest("base64url") };
  return new SignJWT({ htm: method, htu: origin() + path, jti: randomUUID(), iat: Math.floor(Date.now() / 1_000), ...ath, ...claims })
    .setProtectedHeader({ alg: key.algorithm, typ: "dpop+jwt", jwk: key.jwk })
    .sign(key.privateKey);
}

function assertion(key: Key, id: string, claims: Record<string, unknown> = {}): Promise<string> {
  const nowS = Math.floor(Date.now() / 1_000);
  return new SignJWT({ iss: id, sub: id, aud: origin(), jti: randomUUID(), exp: nowS + 60, ...claims })
    .setProtectedHeader({ alg: key.algorithm, typ: "JWT" })
    .sign(key.privateKey);
}

async function tokenOf(key: Key, id: string, claims?: Record<string, unknown>): Promise<Answer> {
  const path = `${API}/machines/token`;
  return askServer(server, "POST", path, {
    form: { grant_type: "client_credentials", client_assertion_type: ASSERTION_TYPE, client_assertion: await assertion(key, id, claims) },
    headers: { ...host(), dpop: await proof(key, "POST", path) },
  });
}

async function bound(key: Key, token: string, method: string, path: string, claims?: Claims): Promise<Record<string, string>> {
  return { ...host(), authorization: `DPoP ${token}`, dpop: await proof(key, method, path, { token, ...claims }) };
}

/** Adds a machine and enrols a key. */
async function enrolled(name: string, roles: readonly string[], key: Key): Promise<{ readonly id: string; readonly did: string }> {
  const { id } = (await ask("POST", `${API}/machines`, { cookie: mara, body: { name, roles } })).body as unknown as { id: string };
  const { code } = (await ask("POST", `${API}/machines/${id}/code`, { cookie: mara })).body as unknown as { code: string };
  const path = `${API}/machines/enrolment`;
  const answer = await ask("POST", path, { body: { code }, headers: { ...host(), dpop: await proof(key, "POST", path) } });
  expect([answer.status, answer.body["id"]]).toEqual([200, id]);
  return answer.body as unknown as { id: string; did: string };
}

beforeAll(async () => {
  const made = command(["accounts", "create", "mara", "--role", "administrator", "--data", data, "--json"]);
  expect(made.stderr).toBe("");
  const token = (JSON.parse(made.stdout) as { path: string }).path.replace("/join#", "");
  server = await serveReached(data);
  mara = cookieOf(await ask("POST", `${API}/session/join`, { body: { token, password: "seven green pumps" } }));
}, AMPLE_MS);

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

test(
  "[E70] a machine enrols a key of its own by a code, once, and gets tokens for ten minutes that nobody uses without the key",
  async () => {
    const key = await newKey();
    const { body: machine } = await ask("POST", `${API}/machines`, { cookie: mara, body: { name: "Edge box 3", roles: ["operator"] } });
    expect(machine).toMatchObject({ name: "Edge box 3", state: "waiting", createdBy: "mara", open: 0 });
    const id = machine["id"] as string;
    const { code } = (await ask("POST", `${API}/machines/${id}/code`, { cookie: mara })).body as unknown as { code: string };
    const path = `${API}/machines/enrolment`;
    const enrol = async (typed: string, by = key): Promise<Answer> =>
      ask("POST", path, { body: { code: typed }, headers: { ...host(), dpop: await proof(by, "POST", path) } });
    expect((await ask("POST", path, { body: { code } })).status).toBe(401);
    expect((await enrol("ABCD-EFGH-JKMN-PQRS")).status).toBe(404);
    const taken = await enrol(` ${code.toLowerCase().replaceAll("-", " ")} `);
    expect(taken.body).toMatchObject({ id, name: "Edge box 3", roles: ["operator"] });
    expect(taken.body["did"]).toMatch(/^did:key:z6Mk[\w]{44}$/);
    expect((await enrol(code, await newKey())).status).toBe(404);

    const answer = await tokenOf(key, id);
    expect(answer.body).toMatchObject({ token_type: "DPoP", expires_in: 600 });
    expect(answer.headers["cache-control"]).toBe("no-store");
    const token = answer.body["access_token"] as string;
    const read = async (headers: Record<string, string>): Promise<number> => (await ask("GET", `${API}/world`, { headers })).status;
    expect(await read(await bound(key, token, "GET", `${API}/world`))).toBe(200);
    // another world, and the AAS API, by the same token
    expect((await ask("GET", "/api/v3/shells", { headers: await bound(key, token, "GET", "/api/v3/shells") })).status).toBe(200);

    const other = await newKey();
    const spent = await bound(key, token, "GET", `${API}/world`);
    expect(await read(spent)).toBe(200);
    const refusals: Record<string, Record<string, string>> = {
      "the same proof again": spent,
      "no proof": { ...host(), authorization: `DPoP ${token}` },
      "as a bearer token": { ...host(), authorization: `Bearer ${token}` },
      "another key": await bound(other, token, "GET", `${API}/world`),
      "another method": await bound(key, token, "POST", `${API}/world`),
      "another path": await bound(key, token, "GET", `${API}/person`),
      "another host": await bound(key, token, "GET", `${API}/world`, { htu: `https://evil.example${API}/world` }),
      "another token": await bound(key, token, "GET", `${API}/world`, { ath: createHash("sha256").update("x").digest("base64url") }),
      "an old proof": await bound(key, token, "GET", `${API}/world`, { iat: Math.floor(Date.now() / 1_000) - 120 }),
      "a proof of the future": await bound(key, token, "GET", `${API}/world`, { iat: Math.floor(Date.now() / 1_000) + 120 }),
      "no signature": await bound(key, `${token.split(".").slice(0, 2).join(".")}.`, "GET", `${API}/world`),
      "another algorithm": await bound(
        key,
        [Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url"), token.split(".")[1], ""].join("."),
        "GET",
        `${API}/world`,
      ),
    };
    const answered: Record<string, number> = {};
    for (const [what, headers] of Object.entries(refusals)) answered[what] = await read(headers);
    expect(answered).toEqual(Object.fromEntries(Object.keys(refusals).map((what) => [what, 401])));
    const listed = (await ask("GET", `${API}/machines`, { cookie: mara })).body as unknown as { machines: readonly unknown[] };
    expect(listed.machines).toMatchObject([{ name: "Edge box 3", state: "active", credential: "key", seen: { address: "127.0.0.1" } }]);
    expect(statSync(join(data, "machines.json")).mode & 0o077).toBe(0);
    expect(readFileSync(join(data, "machines.json"), "utf8")).not.toContain(code);
  },
  AMPLE_MS,
);

test(
  "[E71] an assertion is of the key that was enrolled, for this server, once and for minutes; errors are those of RFC 6749",
  async () => {
    const key = await newKey("ES256");
    const { id, did } = await enrolled("Gateway", ["viewer"], key);
    expect(did).toMatch(/^did:key:zDn/);
    expect((await tokenOf(key, did)).status).toBe(200);
    const nowS = Math.floor(Date.now() / 1_000);
    const wrong: Record<string, Answer> = {
      "another key": await tokenOf(await newKey("ES256"), id),
      "another machine": await tokenOf(key, "machine:00000000-0000-0000-0000-000000000000"),
      "another server": await tokenOf(key, id, { aud: "https://evil.example" }),
      "another issuer": await tokenOf(key, id, { iss: "somebody" }),
      over: await tokenOf(key, id, { exp: nowS - 300 }),
      "for a day": await tokenOf(key, id, { exp: nowS + 86_400 }),
      "without jti": await tokenOf(key, id, { jti: undefined }),
    };
    for (const [what, { status, body }] of Object.entries(wrong)) expect([status, body.error], what).toEqual([401, "invalid_client"]);
    const jti = randomUUID();
    expect([(await tokenOf(key, id, { jti })).status, (await tokenOf(key, id, { jti })).status]).toEqual([200, 401]);
    const path = `${API}/machines/token`;
    const malformed = await askServer(server, "POST", path, {
      form: { grant_type: "password" },
      headers: { ...host(), dpop: await proof(key, "POST", path) },
    });
    expect([malformed.status, malformed.body.error]).toEqual([400, "invalid_request"]);
  },
  AMPLE_MS,
);

test(
  "[E75] a machine brings values to a connection by its own right, without the token of the connection; a viewer brings none",
  async () => {
    const connection = { id: "connection:press", kind: "connection", name: "Press", protocol: "push", url: "push:press" };
    const signal = { id: "signal:force", kind: "signal", name: "Force", valueType: "double", connection: connection.id, address: "force" };
    const changes = [connection, signal].map((record) => ({ op: "create", record }));
    expect((await ask("POST", `${API}/branches/live/changes`, { cookie: mara, body: { reason: "a press", changes } })).status).toBe(200);
    const path = `${API}/connections/connection:press`;
    expect((await ask("PATCH", path, { cookie: mara, body: { enabled: true } })).status).toBe(204);
    const bring = async (role: string): Promise<number> => {
      const key = await newKey();
      const { id } = await enrolled(`Edge of a ${role}`, [role], key);
      const token = (await tokenOf(key, id)).body["access_token"] as string;
      const headers = await bound(key, token, "POST", `${path}/samples`);
      const { status } = await ask("POST", `${path}/samples`, { body: { values: [{ address: "force", value: 3 }] }, headers });
      await ask("DELETE", `${API}/machines/${id}`, { cookie: mara });
      return status;
    };
    await expect.poll(() => bring("operator"), { timeout: 20_000, interval: 500 }).toBe(202);
    expect(await bring("viewer")).toBe(403);
    // nobody who is not known, and no session without the token of the connection
    expect((await ask("POST", `${path}/samples`, { body: { values: [] } })).status).toBe(401);
    expect((await ask("POST", `${path}/samples`, { cookie: mara, body: { values: [{ address: "force", value: 3 }] } })).status).toBe(403);
  },
  AMPLE_MS,
);

test(
  "[E72] what a machine has open ends within a second of its end; roles hold, and it never approves nor administers",
  async () => {
    const key = await newKey();
    const { id } = await enrolled("Press", ["engineer"], key);
    const token = (await tokenOf(key, id)).body["access_token"] as string;
    const headersOf = (method: string, path: string) => bound(key, token, method, path);
    const room = enterRoom(server, await headersOf("GET", "/ws"));
    expect(await room.first).toMatchObject({ kind: "welcome", self: { name: "Press", verified: true } });
    for (const path of ["/machines", "/accounts"])
      expect((await ask("GET", API + path, { headers: await headersOf("GET", API + path) })).body.error?.code, path).toBe("DW_FORBIDDEN");
    const streamed = headersOf("GET", `${API}/branches/live/events`).then((headers) =>
      ask("GET", `${API}/branches/live/events`, { headers }).then(
        () => performance.now(),
        () => performance.now(),
      ),
    );
    await ask("GET", `${API}/world`, { headers: await headersOf("GET", `${API}/world`) });
    const asked = performance.now();
    expect((await ask("PATCH", `${API}/machines/${id}`, { cookie: mara, body: { disabled: true } })).body["state"]).toBe("disabled");
    const lasted = Math.max(await room.closed, await streamed) - asked;
    console.info(`a room and a stream of events ended ${Math.round(lasted)} ms after a machine was disabled`);
    expect(lasted).toBeLessThan(1_000);
    expect((await ask("GET", `${API}/world`, { headers: await headersOf("GET", `${API}/world`) })).status).toBe(401);
    expect((await tokenOf(key, id)).status).toBe(401);
    expect((await ask("PATCH", `${API}/machines/${id}`, { cookie: mara, body: { disabled: false } })).status).toBe(200);
    // another key takes the place of the one of before, whose tokens hold no more
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const { code } = (await ask("POST", `${API}/machines/${id}/code`, { cookie: mara })).body as unknown as { code: string };
    const next = await newKey();
    const path = `${API}/machines/enrolment`;
    expect((await ask("POST", path, { body: { code }, headers: { ...host(), dpop: await proof(next, "POST", path) } })).status).toBe(200);
    expect((await ask("GET", `${API}/world`, { headers: await headersOf("GET", `${API}/world`) })).status).toBe(401);
    expect((await ask("DELETE", `${API}/machines/${id}`, { cookie: mara })).status).toBe(204);
    expect((await tokenOf(next, id)).status).toBe(401);
    expect((await ask("DELETE", `${API}/machines/${id}`, { cookie: mara })).status).toBe(404);
  },
  AMPLE_MS,
);

test(
  "[E73] an access token is one header, expires within a year, and is replaced or ended at once",
  async () => {
    const made = await ask("POST", `${API}/machines`, { cookie: mara, body: { name: "SCADA", roles: ["viewer"] } });
    const id = made.body["id"] as string;
    const give = async (): Promise<string> =>
      ((await ask("POST", `${API}/machines/${id}/token`, { cookie: mara })).body as unknown as { token: string }).token;
    const token = await give();
    const status = async (bearer: string, path = "/api/v3/shells"): Promise<number> =>
      (await ask("GET", path, { headers: { authorization: `Bearer ${bearer}` } })).status;
    expect([await status(token), await status(`${token.slice(0, -1)}_`), await status("dwm_x")]).toEqual([200, 401, 401]);
    const fork = await ask("POST", `${API}/branches`, { headers: { authorization: `Bearer ${token}` }, body: { name: "x" } });
    expect(fork.body.error?.code).toBe("DW_FORBIDDEN");
    const endless = await ask("PATCH", `${API}/machines/${id}`, { cookie: mara, body: { expires: null } });
    expect(endless.body.error?.code).toBe("DW_INVALID");
    const next = await give();
    expect([await status(token), await status(next)]).toEqual([401, 200]);
    await ask("PATCH", `${API}/machines/${id}`, { cookie: mara, body: { expires: new Date(Date.now() - 1_000).toISOString() } });
    expect(await status(next)).toBe(401);
    expect(readFileSync(join(data, "machines.json"), "utf8")).not.toContain(next);
    for (const body of [
      { name: "SCADA", roles: ["viewer"] },
      { name: "x", roles: ["administrator"] },
      { name: " ", roles: ["viewer"] },
    ])
      expect([400, 409]).toContain((await ask("POST", `${API}/machines`, { cookie: mara, body })).status);
  },
  AMPLE_MS,
);

test(
  "[E74] the commands connect with the key of a file or an access token; machines outlive a restart and are managed without a server",
  async () => {
    const trusting = { NODE_EXTRA_CA_CERTS: join(data, "tls", "authority.pem") };
    const url = origin();
    const { id } = (await ask("POST", `${API}/machines`, { cookie: mara, body: { name: "Script", roles: ["operator"] } }))
      .body as unknown as {
      id: string;
    };
    const { code } = (await ask("POST", `${API}/machines/${id}/code`, { cookie: mara })).body as unknown as { code: string };
    const key = join(root, "script.jwk");
    const enrolling = command(["machines", "enrol", code, "--server", url, "--key", key], trusting);
    expect(enrolling.stderr).toBe("");
    expect(enrolling.stdout).toMatch(/^Script is enrolled with the roles operator as\n {2}did:key:z6Mk/);
    expect(statSync(key).mode & 0o077).toBe(0);
    const again = command(["machines", "enrol", code, "--server", url, "--key", key], trusting);
    expect([again.status, again.stderr]).toMatchObject([1, expect.stringContaining("the code does not hold")]);
    const listed = command(["jobs", "--server", url, "--key", key], trusting);
    expect([listed.stderr, listed.status]).toEqual(["", 0]);
    const without = command(["jobs", "--server", url], trusting);
    expect([without.status, without.stderr]).toMatchObject([1, expect.stringContaining("the key or the access token of a machine")]);
    expect(command(["machines", "add", "Late", "--data", data]).stderr).toMatch(/a server runs on this folder/);
    await server.stop();
    const added = command(["machines", "add", "Historian", "--token", "--data", data, "--json"]);
    const { token } = JSON.parse(added.stdout) as { token: string };
    writeFileSync(join(root, "token"), `${token}\n`);
    expect(command(["machines", "disable", "Gateway", "--data", data]).stdout).toBe("Gateway is disabled\n");
    expect(command(["machines", "add", "x", "--role", "administrator", "--data", data]).stderr).toMatch(
      /administrator is no role of a machine/,
    );
    server = await serveReached(data);
    const here = origin();
    for (const file of [key, join(root, "token")])
      expect(command(["jobs", "--server", here, "--key", file], trusting), file).toMatchObject({ status: 0, stderr: "" });
    const states = JSON.parse(command(["machines", "list", "--data", data, "--json"]).stdout) as { machines: readonly { name: string }[] };
    expect(states.machines.map(({ name }) => name)).toEqual(["Edge box 3", "Gateway", "Historian", "SCADA", "Script"]);
  },
  AMPLE_MS,
);

test(
  "[SV215] a machine that asks too much is refused with the time to come again, while a person is answered",
  async () => {
    await server.stop();
    server = await serveReached(data, "--rate", "2");
    const made = await ask("POST", `${API}/machines`, { cookie: mara, body: { name: "Poller", roles: ["viewer"] } });
    const path = `${API}/machines/${made.body["id"] as string}/token`;
    const { token } = (await ask("POST", path, { cookie: mara })).body as unknown as { token: string };
    const send = (): Promise<Answer> => ask("GET", `${API}/world`, { headers: { authorization: `Bearer ${token}` } });
    const refused = (await Promise.all(Array.from({ length: 60 }, send))).filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(Number(refused[0]!.headers["retry-after"])).toBeGreaterThan(0);
    expect(refused[0]!.body.error?.code).toBe("DW_TOO_OFTEN");
    expect((await ask("GET", `${API}/world`, { cookie: mara })).status).toBe(200);
  },
  AMPLE_MS,
);
