import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServerProcess, type ServerProcess } from "../packages/connectors/src/opcua/test-plant.ts";
import { startBroker, type TestBroker } from "../packages/connectors/src/sparkplug/test-broker.ts";
import { ask, cookieOf, enterRoom, invitationOf, serveReached, type Answer, type Asked, type ReachedServer } from "./reached-server.ts";
import { watchPort, type WatchedPort } from "../packages/connectors/src/test-watched-port.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-opened-identities-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const AMPLE_MS = 180_000;
const SECOND_MS = 1_000;
/** So long nobody may come back by himself; a lost connection is tried again within a second. */
const QUIET_MS = 3_000;

let server: ReachedServer;
let cookie: string;
let plant: ServerProcess;
let broker: TestBroker;
/** In front of the plant, of a broker that is published to, and of a plant that never answers. */
let [live, told, dead]: WatchedPort[] = [];

beforeAll(async () => {
  plant = await startServerProcess({ pkiFolder: join(root, "pki"), variables: [{ name: "force", value: 7 }] });
  broker = await startBroker();
  live = await watchPort(Number(new URL(plant.url).port));
  told = await watchPort(broker.port);
  dead = await watchPort(undefined);
  const token = invitationOf(data, "mara", "administrator");
  server = await start();
  cookie = cookieOf(await ask(server, "POST", `${API}/session/join`, { body: { token, password: "seven green pumps" } }));
}, AMPLE_MS);
afterAll(async () => {
  await server?.stop();
  await Promise.all([plant?.stop(), broker?.stop(), live?.stop(), told?.stop(), dead?.stop()]);
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}, AMPLE_MS);

const start = (): Promise<ReachedServer> => serveReached(data, "--publish", `mqtt://127.0.0.1:${told!.port}`);
const call = (method: string, path: string, asked?: Asked): Promise<Answer> => ask(server, method, API + path, { cookie, ...asked });

interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly state: string;
  readonly did: string;
  readonly [more: string]: unknown;
}

async function identities(query = ""): Promise<readonly Listed[]> {
  const answer = await call("GET", `/identities${query}`);
  return answer.body["identities"] as readonly Listed[];
}

const called = async (name: string, query = ""): Promise<Listed> => (await identities(query)).find((each) => each.name === name)!;

/** Milliseconds until the other side saw nobody any more. */
async function endedAfter(id: string, port: WatchedPort): Promise<number> {
  const begun = performance.now();
  const answered = call("PUT", `/identities/${encodeURIComponent(id)}/open`, { body: { open: false } });
  const at = await port.empty();
  expect((await answered).status).toBe(204);
  return at - begun;
}

async function connectPlant(name: string, port: number): Promise<string> {
  const made = await call("POST", "/connections", { body: { url: `opc.tcp://127.0.0.1:${port}`, name } });
  expect(made.status, made.text).toBe(201);
  return String(made.body["id"]);
}

test(
  "[E163] [SV338] [SV339] a connection of the server has a key of its own; ended it is closed within a second, stays closed over a restart, and opens when somebody opens it",
  async () => {
    const record = await connectPlant("Press", live!.port);
    await expect.poll(async () => (await called("Press"))?.state, { timeout: 30_000, interval: 300 }).toBe("open");
    const press = await called("Press");
    expect(press).toMatchObject({
      id: `connection:default/${record}`,
      kind: "connector",
      did: expect.stringMatching(/^did:key:zDn/),
      enrolledBy: "mara",
      proof: "none",
      seen: { address: `127.0.0.1:${live!.port}`, time: expect.stringMatching(/^20/) },
    });
    expect(statSync(join(data, "connections.json")).mode & 0o077).toBe(0);
    const lasted = await endedAfter(press.id, live!);
    console.info(`a connection to a plant was closed ${Math.round(lasted)} ms after it was ended`);
    expect(lasted).toBeLessThan(SECOND_MS);
    const { ever } = live!;
    expect(await called("Press")).toMatchObject({ state: "disabled", did: press.did });
    const line = { kind: "connector", did: press.did, enrolledBy: "mara", ended: { why: "administrator", by: "mara" } };
    expect(await called("Press", "?state=ended")).toMatchObject(line);
    await pause(QUIET_MS);
    expect(live!.ever).toBe(ever);

    await server.stop();
    server = await start();
    await pause(QUIET_MS);
    expect([live!.ever, (await called("Press")).state]).toEqual([ever, "disabled"]);
    expect((await call("PUT", `/identities/${encodeURIComponent(press.id)}/open`, { body: { open: true } })).status).toBe(204);
    await expect.poll(async () => (await called("Press")).state, { timeout: 30_000, interval: 300 }).toBe("open");
    expect((await called("Press")).did).toBe(press.did);
    // a plant that hangs says no good-bye
    live!.hang();
    const hung = await endedAfter(press.id, live!);
    console.info(`one to a plant that hangs: ${Math.round(hung)} ms`);
    expect(hung).toBeLessThan(SECOND_MS);
  },
  AMPLE_MS,
);

test(
  "[E163] [SV339] what publishes to a broker is ended the same way, and stays ended over a restart that asks for it again",
  async () => {
    const name = `mqtt://127.0.0.1:${told!.port}`;
    await expect.poll(async () => (await called(name))?.state, { timeout: 30_000, interval: 300 }).toBe("open");
    const service = await called(name);
    expect(service).toMatchObject({ id: "connection:default/mqtt", kind: "service", did: expect.stringMatching(/^did:key:zDn/) });
    const lasted = await endedAfter(service.id, told!);
    console.info(`what publishes was closed ${Math.round(lasted)} ms after it was ended`);
    expect(lasted).toBeLessThan(SECOND_MS);
    await server.stop();
    const { ever } = told!;
    server = await start();
    await pause(QUIET_MS);
    expect([told!.ever, (await called(name)).state]).toEqual([ever, "disabled"]);
    await call("PUT", `/identities/${encodeURIComponent(service.id)}/open`, { body: { open: true } });
    await expect.poll(async () => (await called(name)).state, { timeout: 30_000, interval: 300 }).toBe("open");
    told!.hang();
    const hung = await endedAfter(service.id, told!);
    console.info(`one to a broker that hangs: ${Math.round(hung)} ms`);
    expect(hung).toBeLessThan(SECOND_MS);
  },
  AMPLE_MS,
);

test(
  "[E163] [SV338] one that is still connecting to a plant that never answers is ended within a second, and what is removed stands among what ended",
  async () => {
    const changes = [
      {
        op: "create",
        record: {
          id: "connection:dead",
          kind: "connection",
          name: "Dead",
          protocol: "opcua",
          url: `opc.tcp://127.0.0.1:${dead!.port}`,
          enabled: true,
        },
      },
      {
        op: "create",
        record: { id: "signal:dead", kind: "signal", name: "x", valueType: "double", connection: "connection:dead", address: "i=85" },
      },
    ];
    const made = await call("POST", "/branches/live/changes", { body: { reason: "test", changes } });
    expect(made.status, made.text).toBeLessThan(300);
    await expect.poll(() => dead!.open, { timeout: 15_000 }).toBe(1);
    const { id, did, state } = await called("Dead");
    expect(state).toBe("waiting");
    const lasted = await endedAfter(id, dead!);
    console.info(`one to a plant that never answered: ${Math.round(lasted)} ms`);
    expect(lasted).toBeLessThan(SECOND_MS);
    const { ever } = dead!;
    await pause(QUIET_MS);
    expect(dead!.ever).toBe(ever);
    const removed = [
      {
        op: "delete",
        record: { id: "signal:dead", kind: "signal", name: "x", valueType: "double", connection: "connection:dead", address: "i=85" },
      },
      { op: "delete", record: { ...changes[0]!.record, enabled: false } },
    ];
    const gone = await call("POST", "/branches/live/changes", { body: { reason: "test", changes: removed } });
    expect(gone.status, gone.text).toBeLessThan(300);
    expect(await called("Dead")).toMatchObject({ state: "ended", did, ended: { why: "removed", by: "mara" } });
    const again = await call("PUT", `/identities/${encodeURIComponent(id)}/open`, { body: { open: true } });
    expect(again.status).toBe(404);
  },
  AMPLE_MS,
);

test(
  "[E164] [SV338] the certificate of a connection is of its own key, another one is another identity, and its DID document is answered once it is published",
  async () => {
    const press = await called("Press");
    const record = press.id.replace("connection:default/", "");
    await call("PUT", "/secrets/press", { body: { username: "u" } });
    await call("PATCH", `/connections/${record}`, { body: { secret: "press" } });
    expect(await called("Press")).toMatchObject({ proof: "secret", did: press.did });
    const first = await call("POST", "/secrets/press/identity");
    expect(first.body["did"]).toBe(press.did);
    expect(await called("Press")).toMatchObject({ proof: "certificate", did: press.did });
    const second = await call("POST", "/secrets/press/identity");
    expect(second.body["did"]).not.toBe(press.did);
    expect((await called("Press")).did).toBe(second.body["did"]);
    expect((await identities(`?state=ended&text=${press.did}`)).map(({ ended }) => (ended as { why: string }).why)).toContain("replaced");

    const publish = (published: boolean) => call("PUT", `/identities/${encodeURIComponent(press.id)}/published`, { body: { published } });
    expect((await publish(true)).status).toBe(409);
    await call("PUT", "/credentials/publication", { body: { host: "plant.example" } });
    expect((await publish(true)).status).toBe(204);
    const { publishedAs } = (await called("Press")) as unknown as { publishedAs: string };
    expect(publishedAs).toMatch(/^did:web:plant\.example:did:[0-9a-f-]{36}$/);
    const path = `/did/${publishedAs.split(":").at(-1)}/did.json`;
    const document = await ask(server, "GET", path);
    expect(document.body).toMatchObject({ id: publishedAs });
    expect(document.text).toContain(String(second.body["did"]).replace("did:key:", ""));
    expect((await publish(false)).status).toBe(204);
    expect((await ask(server, "GET", path)).status).toBe(404);
    expect(readFileSync(join(data, "connections.json"), "utf8")).toContain("PRIVATE KEY");
  },
  AMPLE_MS,
);

test(
  "[E164] [SV340] an avatar is of its person and ends with its session, a link is listed with who gave it and ends for good, and nobody else ends anything",
  async () => {
    const account = await call("POST", "/accounts", { body: { login: "ben", name: "Ben", roles: ["viewer"] } });
    const { token } = account.body as { token?: string };
    const invited = token ?? String((account.body as { path?: string }).path).replace("/join#", "");
    const ben = cookieOf(await ask(server, "POST", `${API}/session/join`, { body: { token: invited, password: "four slow pallets" } }));
    const room = enterRoom(server, { cookie: ben });
    expect(await room.first).toMatchObject({ kind: "welcome" });
    const [avatar] = await identities("?kind=avatar");
    expect(avatar).toMatchObject({
      name: "Ben",
      place: "default",
      did: expect.stringMatching(/^did:web:plant\.example\/people\/[0-9a-f-]+#default-s\d+$/),
    });
    const { session, person } = avatar as unknown as { session: string; person: string };
    for (const path of [`/identities/${encodeURIComponent("connection:default/mqtt")}/open`, "/identities/x/open"])
      expect((await call("PUT", path, { body: { open: false }, cookie: ben })).status).toBe(403);
    const begun = performance.now();
    await call("DELETE", `/accounts/${person}/sessions/${session}`);
    expect((await room.closed) - begun).toBeLessThan(SECOND_MS);
    expect(await identities("?kind=avatar")).toEqual([]);

    const press = (await called("Press")).id.replace("connection:default/", "");
    const { body } = await call("GET", `/connections/${press}/signals`);
    const [signal] = body["signals"] as readonly { id: string }[];
    const granted = await call("POST", "/grants", { body: { label: "Customer", places: [], shells: [], signals: [signal!.id] } });
    expect(granted.status, granted.text).toBeLessThan(300);
    const link = await called("Customer");
    expect(link).toMatchObject({
      kind: "link",
      enrolledBy: "mara",
      state: "open",
      did: expect.stringContaining("did:web:plant.example/links/"),
    });
    const guest = enterRoom(server, { authorization: `Bearer ${String(granted.body["key"])}` });
    void guest;
    const end = (open: boolean) => call("PUT", `/identities/${encodeURIComponent(link.id)}/open`, { body: { open } });
    expect((await end(true)).status).toBe(400);
    expect((await end(false)).status).toBe(204);
    expect(await called("Customer")).toMatchObject({ state: "ended", kind: "link", ended: { why: "administrator", by: "mara" } });
    expect((await end(false)).status).toBe(404);
  },
  AMPLE_MS,
);

test(
  "[SV342] a person keeps the language with the account, and nobody without one does",
  async () => {
    expect((await call("GET", "/session")).body["person"]).not.toHaveProperty("language");
    expect((await call("PUT", "/session/language", { body: { language: "zh" } })).status).toBe(204);
    expect((await call("GET", "/session")).body["person"]).toMatchObject({ name: "mara", language: "zh" });
    expect((await call("PUT", "/session/language", { body: { language: "de" } })).status).toBe(400);
    expect((await ask(server, "PUT", `${API}/session/language`, { body: { language: "en" } })).status).toBe(401);
  },
  AMPLE_MS,
);
