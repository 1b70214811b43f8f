import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask as askServer, cookieOf, invitationOf, serveReached, type Answer, type Asked, type ReachedServer } from "./reached-server.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-state-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const AMPLE_MS = 120_000;
const PASSWORD = "seven green pumps";
const SECRET = "marker-of-a-secret-5c1f";

let server: ReachedServer;
let mara: string;
const ask = (method: string, path: string, asked?: Asked): Promise<Answer> => askServer(server, method, path, asked);

beforeAll(async () => {
  const token = invitationOf(data, "mara", "administrator");
  server = await serveReached(data);
  mara = cookieOf(await ask("POST", `${API}/session/join`, { body: { token, password: PASSWORD } }));
}, AMPLE_MS);

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

test(
  "[E124] administrators see the state of the server: a failed sign-in, its certificate, its files; nobody else does",
  async () => {
    expect((await ask("GET", `${API}/server`)).status).toBe(401);
    const invited = await ask("POST", `${API}/accounts`, { cookie: mara, body: { login: "ben", name: "Ben", roles: ["engineer"] } });
    const { token } = invited.body as { readonly token?: string };
    const ben = cookieOf(await ask("POST", `${API}/session/join`, { body: { token, password: "eight blue valves" } }));
    for (const path of ["/server", "/server/diagnostics"]) expect((await ask("GET", API + path, { cookie: ben })).status).toBe(403);
    expect((await ask("POST", `${API}/session`, { body: { login: "mara", password: "not hers" } })).status).toBe(401);
    const { status, body } = await ask("GET", `${API}/server`, { cookie: mara });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      version: expect.stringMatching(/^\d/),
      signIns: { open: 2, failedLastHour: 1, failedLastDay: 1 },
      worlds: [{ name: "default", state: "open" }],
      connections: [],
    });
    const { certificates, store, at, startedAt, latencies } = body as unknown as {
      readonly certificates: readonly { readonly name: string; readonly until: number }[];
      readonly store: { readonly freeBytes: number; readonly parts: readonly { readonly name: string; readonly bytes: number }[] };
      readonly at: number;
      readonly startedAt: number;
      readonly latencies: { readonly requests: { readonly count: number; readonly p95Ms: number } };
    };
    // its own, and that of the authority which signed it
    expect(certificates.map(({ name }) => name)).toEqual(["HTTPS", "TLS"]);
    expect(certificates[0]!.until).toBeGreaterThan(at);
    expect(at - startedAt).toBeGreaterThan(0);
    expect(store.freeBytes).toBeGreaterThan(0);
    expect(store.parts.map(({ name }) => name)).toEqual(expect.arrayContaining(["accounts.json", "tls", "transparency"]));
    expect(latencies.requests.count).toBeGreaterThan(3);
  },
  AMPLE_MS,
);

test(
  "[E125] the diagnostics have state, metrics and log, and no secret of the data folder, of a connection or of a request",
  async () => {
    const given = { body: { token: SECRET }, cookie: mara };
    expect((await ask("PUT", `${API}/secrets/press`, given)).status).toBeLessThan(300);
    const withSecret = { name: "Line", url: `mqtt://press:${SECRET}@127.0.0.1:9` };
    await ask("POST", `${API}/connections`, { cookie: mara, body: withSecret });
    await ask("POST", `${API}/session`, { body: { login: "mara", password: SECRET } });
    const machine = await ask("POST", `${API}/machines`, { cookie: mara, body: { name: "Edge", roles: ["viewer"] } });
    const { code } = (await ask("POST", `${API}/machines/${String(machine.body["id"])}/code`, { cookie: mara })).body as { code?: string };
    const { status, headers, text } = await ask("GET", `${API}/server/diagnostics`, { cookie: mara });
    expect(status).toBe(200);
    expect(headers["content-disposition"]).toMatch(/^attachment; filename=doppelwerk-diagnostics-\d{4}-\d\d-\d\d\.json$/);
    const parts = JSON.parse(text) as Record<string, unknown>;
    expect(parts).toMatchObject({
      state: { version: expect.any(String), worlds: [{ name: "default" }] },
      worlds: [
        { name: "default", features: expect.arrayContaining([expect.objectContaining({ id: "connect", state: { state: "open" } })]) },
      ],
      metrics: expect.arrayContaining([expect.stringMatching(/^doppelwerk_samples_ingested_total \d/)]),
    });
    const secrets = [SECRET, PASSWORD, String(code), mara.split("=")[1]!, ...privateTexts(data)];
    expect(secrets.length).toBeGreaterThan(6);
    for (const secret of secrets) expect(text.includes(secret), secret.slice(0, 12)).toBe(false);
  },
  AMPLE_MS,
);

/** Lines of every key, and hashes of every password and token, in the data folder. */
function privateTexts(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(pem|key|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      const text = readFileSync(path, "utf8");
      const keys = /PRIVATE KEY/.test(text) ? text.split("\n").filter((line) => line.length > 40 && !line.startsWith("--")) : [];
      const hashes = [...text.matchAll(/"(?:hash|salt|key|d|secret)":\s*"([^"]{16,})"/g)].map(([, hash]) => hash!);
      return [...keys, ...hashes];
    });
}
