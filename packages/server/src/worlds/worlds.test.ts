import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeId } from "@doppelwerk/aas";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { attachWorlds, createWorldsApp, openWorlds, SYSTEM, type OpenWorlds } from "../compose/index.ts";
import { verifyDataFolder } from "../compose/verify-folder.ts";

// Whole worlds of the kernel, over real sockets.
const root = mkdtempSync(join(tmpdir(), "doppelwerk-worlds-http-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const logger = pino({ level: "silent" });
const API = "/api/doppelwerk/v1";
const isEve = (name: string): boolean => name === "Eve";

class Server {
  readonly worlds: OpenWorlds;
  readonly app: FastifyInstance;
  readonly origin: string;

  private constructor(worlds: OpenWorlds, app: FastifyInstance, origin: string) {
    this.worlds = worlds;
    this.app = app;
    this.origin = origin;
  }

  static async start(data: string): Promise<Server> {
    const worlds = await openWorlds({
      dataDirectory: data,
      logger,
      workers: 1,
      // who is called Eve knows of no world but the default one and her own
      mayEnter: ({ name }, world) => !isEve(name) || ["default", "eves"].includes(world),
      // on a machine that is busy with other work opening takes long
      registry: { maxWaitMs: 600_000 },
      access: () => ({ rolesOf: ({ name }) => (isEve(name) ? ["viewer"] : ["administrator"]) }),
    });
    const app = await createWorldsApp(worlds);
    attachWorlds(app.server, worlds);
    const origin = await app.listen({ port: 0, host: "127.0.0.1" });
    return new Server(worlds, app, origin);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.worlds.close();
  }

  async ask(method: string, path: string, body?: unknown, name = "Ada") {
    const response = await fetch(this.origin + path, {
      method,
      headers: {
        "doppelwerk-person": `secret of ${name}`,
        "doppelwerk-name": name,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, headers: response.headers, json: () => JSON.parse(text) };
  }

  async states(name = "Ada"): Promise<Record<string, string>> {
    const { worlds } = (await this.ask("GET", `${API}/worlds`, undefined, name)).json() as { worlds: { name: string; state: string }[] };
    return Object.fromEntries(worlds.map((world) => [world.name, world.state]));
  }

  /** The first message after a hello, or the status that the upgrade was answered with. */
  hello(path: string, name = "Ada"): Promise<Record<string, unknown> | number> {
    const socket = new WebSocket(this.origin.replace("http", "ws") + path);
    return new Promise((resolve, reject) => {
      socket.on("unexpected-response", (_, response) => resolve(response.statusCode ?? 0));
      socket.on("error", reject);
      socket.on("open", () =>
        socket.send(JSON.stringify({ kind: "hello", protocol: 2, samplesFrame: 2, name, client: `secret of ${name}`, branch: "live" })),
      );
      socket.on("message", (data) => {
        socket.close();
        resolve(JSON.parse(String(data)) as Record<string, unknown>);
      });
    });
  }
}

const submodel = (id: string) => ({
  modelType: "Submodel",
  id,
  submodelElements: [{ modelType: "Property", idShort: "Speed", valueType: "xs:int", value: "1" }],
});
const idsOf = (answer: { json(): unknown }) => (answer.json() as { result: { id: string }[] }).result.map(({ id }) => id);

describe("worlds of one server", () => {
  const data = join(root, "shared");
  let server: Server;
  beforeAll(async () => {
    server = await Server.start(data);
    for (const name of ["north", "south", "eves"]) expect((await server.ask("POST", `${API}/worlds`, { name })).status).toBe(201);
  });
  afterAll(() => server.stop());

  test("[WD4] documents, streams and branches of one world are those of no other; the short addresses are of the default world", async () => {
    const bases = { default: "/api/v3", north: "/worlds/north/api/v3", south: "/worlds/south/api/v3" };
    for (const [name, base] of Object.entries(bases))
      expect((await server.ask("POST", `${base}/submodels`, submodel(`urn:of:${name}`))).status).toBe(201);
    for (const [name, base] of Object.entries(bases))
      expect(idsOf(await server.ask("GET", `${base}/submodels`))).toEqual([`urn:of:${name}`]);
    expect(idsOf(await server.ask("GET", "/worlds/default/api/v3/submodels"))).toEqual(["urn:of:default"]);
    expect((await server.ask("GET", `/worlds/south/api/v3/submodels/${encodeId("urn:of:north")}`)).status).toBe(404);
    const infos = await Promise.all(["", "/worlds/default", "/worlds/north"].map((of) => server.ask("GET", `${API}${of}/world`)));
    expect(infos.map((info) => info.json().world)).toEqual(["default", "default", "north"]);
    expect(infos[2]!.json().title).toEqual({ en: "north", zh: "north" });
    expect(await server.hello("/ws")).toMatchObject({ kind: "welcome", world: "default" });
    expect(await server.hello("/worlds/default/ws")).toMatchObject({ kind: "welcome", world: "default" });
    expect(await server.hello("/worlds/north/ws")).toMatchObject({ kind: "welcome", world: "north" });
    expect(await server.hello("/worlds/nowhere/ws")).toBe(404);
    expect(await server.hello("/worlds/ws/ws")).toBe(404);
  });

  test("[WD4] events of a world name its own addresses", async () => {
    const stop = new AbortController();
    const of = (world: string) => `${server.origin}${API}${world}/branches/live/events?after=0`;
    const first = async (world: string): Promise<string> => {
      const response = await fetch(of(world), { signal: stop.signal });
      let text = "";
      for await (const chunk of response.body!) {
        text += new TextDecoder().decode(chunk);
        if (text.includes("data: ")) return text;
      }
      return text;
    };
    expect(await first("/worlds/north")).toContain(`${server.origin}/worlds/north/api/v3`);
    const short = await first("");
    expect(short).toContain(`${server.origin}/api/v3`);
    expect(short).not.toContain("/worlds/");
    stop.abort();
  });

  test("[WD4] an asynchronous request of one world has no handle in another", async () => {
    const asked = await server.ask("DELETE", "/worlds/north/api/v3/bulk/shell-descriptors", ["urn:nothing"]);
    const location = asked.headers.get("location");
    expect([asked.status, location]).toEqual([202, expect.stringContaining("status/")]);
    const handle = location!.slice(location!.lastIndexOf("/") + 1);
    expect((await server.ask("GET", `/worlds/north/api/v3/bulk/status/${handle}`)).status).not.toBe(404);
    expect((await server.ask("GET", `/worlds/south/api/v3/bulk/status/${handle}`)).status).toBe(404);
    expect((await server.ask("GET", `/api/v3/bulk/status/${handle}`)).status).toBe(404);
  });

  test("[WD8] a world that one may not enter is answered like one that is not there, under each of its addresses", async () => {
    expect(await server.states("Eve")).toEqual({ default: "open", eves: "closed" });
    for (const path of ["/worlds/NAME/api/v3/submodels", `${API}/worlds/NAME/world`, `${API}/worlds/NAME/jobs`]) {
      const [hidden, none] = await Promise.all(
        ["north", "nowhere"].map((name) => server.ask("GET", path.replace("NAME", name), undefined, "Eve")),
      );
      expect(hidden!.status, path).toBe(404);
      const plain = (text: string, name: string) => text.replaceAll(name, "NAME").replace(/"(timestamp|correlationId)":"[^"]*"/g, "");
      expect(plain(hidden!.text, "north")).toBe(plain(none!.text, "nowhere"));
    }
    expect(await server.hello("/worlds/north/ws", "Eve")).toMatchObject({ kind: "refused", code: "DW_NOT_FOUND" });
    expect((await server.ask("GET", `${API}/worlds/eves/world`, undefined, "Eve")).status).toBe(200);
    expect(await server.hello("/worlds/eves/ws", "Eve")).toMatchObject({ kind: "welcome", world: "eves" });
    const changes = [
      ["POST", "", { name: "mine" }],
      ["PATCH", "/eves", { archived: true }],
      ["DELETE", "/eves", undefined],
      ["GET", "/eves", undefined],
    ] as const;
    for (const [method, path, body] of changes)
      expect((await server.ask(method, `${API}/worlds${path}`, body, "Eve")).status, `${method} ${path}`).toBe(403);
  });

  test("[WD1] bad names and a second world of one name are refused over HTTP with what is wrong", async () => {
    const create = async (name: unknown, title?: unknown) => (await server.ask("POST", `${API}/worlds`, { name, title })).status;
    expect(await create("n".repeat(300))).toBe(400);
    expect(await create("../escape")).toBe(400);
    expect(await create(7)).toBe(400);
    expect(await create("north")).toBe(409);
    expect(await create("default")).toBe(409);
    const twice = await Promise.all([create("twin"), create("twin"), create("twin")]);
    expect(twice.toSorted()).toEqual([201, 409, 409]);
    expect((await server.ask("GET", `/worlds/${"n".repeat(300)}/api/v3/shells`)).status).toBe(404);
    expect((await server.ask("GET", `${API}/worlds/%E0%A4%A/world`)).status).toBe(404);
  });

  test("[WD2] rename, archive, restore, delete over HTTP; what goes is listed first", async () => {
    await server.ask("POST", `${API}/worlds`, { name: "plan", title: "A plan" });
    await server.ask("POST", "/worlds/plan/api/v3/submodels", submodel("urn:plan"));
    const renamed = await server.ask("PATCH", `${API}/worlds/plan`, { name: "plan-b", title: "Plan B" });
    expect(renamed.json()).toMatchObject({ name: "plan-b", title: "Plan B" });
    expect((await server.ask("GET", "/worlds/plan/api/v3/submodels")).status).toBe(404);
    expect(idsOf(await server.ask("GET", "/worlds/plan-b/api/v3/submodels"))).toEqual(["urn:plan"]);
    await server.ask("PATCH", `${API}/worlds/plan-b`, { archived: true });
    expect((await server.ask("GET", "/worlds/plan-b/api/v3/submodels")).status).toBe(409);
    expect((await server.states())["plan-b"]).toBe("archived");
    await server.ask("PATCH", `${API}/worlds/plan-b`, { archived: false });
    expect(idsOf(await server.ask("GET", "/worlds/plan-b/api/v3/submodels"))).toEqual(["urn:plan"]);
    const content = (await server.ask("GET", `${API}/worlds/plan-b`)).json() as { files: number; bytes: number; parts: { part: string }[] };
    expect(content.parts.map(({ part }) => part)).toEqual(expect.arrayContaining(["documents", "history"]));
    expect(content.bytes).toBeGreaterThan(0);
    expect((await server.ask("DELETE", `${API}/worlds/plan-b`)).json()).toMatchObject({ name: "plan-b" });
    expect((await server.ask("GET", "/worlds/plan-b/api/v3/submodels")).status).toBe(404);
    expect((await server.ask("DELETE", `${API}/worlds/default`)).status).toBe(409);
    expect((await server.ask("PATCH", `${API}/worlds/default`, { title: "Plant 1" })).json()).toMatchObject({
      title: "Plant 1",
      state: "open",
    });
    expect((await server.ask("GET", `${API}/world`)).json().title).toEqual({ en: "Plant 1", zh: "Plant 1" });
  });

  test("[WD10] verify reads each world", async () => {
    const copy = join(root, "verified");
    const other = await Server.start(copy);
    await other.ask("POST", `${API}/worlds`, { name: "good" });
    await other.ask("POST", `${API}/worlds`, { name: "bad" });
    for (const name of ["good", "bad"]) await other.ask("POST", `/worlds/${name}/api/v3/submodels`, submodel(`urn:${name}`));
    await other.stop();
    const whole = await verifyDataFolder(copy);
    expect(whole.findings).toEqual([]);
    expect(whole.worlds.map(({ name, revisions }) => [name, revisions > 0])).toEqual([
      ["bad", true],
      ["good", true],
    ]);
    const changes = join(copy, "worlds", "bad", "changes");
    const log = readdirSync(changes).find((name) => name.endsWith(".log"))!;
    truncateSync(join(changes, log), 40);
    const { findings } = await verifyDataFolder(copy);
    expect(findings.length).toBeGreaterThan(0);
    for (const { file } of findings) expect(file).toMatch(/^worlds\/bad\//);
  });
});

test("[WD7] two damaged worlds beside nine sound ones: the server starts, they are named, the others answer, and one opens once it is whole", async () => {
  const data = join(root, "damaged");
  const sound = ["one", "four", "five", "six", "seven", "eight", "nine", "ten"];
  const names = [...sound, "two", "three"];
  const first = await Server.start(data);
  for (const name of names) {
    await first.ask("POST", `${API}/worlds`, { name });
    await first.ask("POST", `/worlds/${name}/api/v3/submodels`, submodel(`urn:${name}`));
  }
  await first.stop();
  const changes = join(data, "worlds", "two", "changes");
  const log = join(
    changes,
    readdirSync(changes).find((name) => name.endsWith(".log"))!,
  );
  const bytes = readFileSync(log);
  writeFileSync(
    log,
    bytes.map((byte, at) => (at === 100 ? byte ^ 0xff : byte)),
  );
  const worldFile = join(data, "worlds", "three", "world.json");
  truncateSync(worldFile, 10);

  const server = await Server.start(data);
  const ask = async (name: string) => (await server.ask("GET", `/worlds/${name}/api/v3/submodels`)).status;
  const all = await Promise.all([...sound, "default", "two", "three"].map(ask));
  expect(all).toEqual([...sound.map(() => 200), 200, 500, 500]);
  for (const name of sound) expect(idsOf(await server.ask("GET", `/worlds/${name}/api/v3/submodels`))).toEqual([`urn:${name}`]);
  const listed = (await server.ask("GET", `${API}/worlds`)).json() as { worlds: { name: string; state: string; message?: string }[] };
  expect(listed.worlds.find(({ name }) => name === "two")).toMatchObject({ state: "failed", message: expect.stringContaining("changes") });
  expect(listed.worlds.find(({ name }) => name === "three")).toMatchObject({
    state: "failed",
    message: expect.stringContaining("world.json"),
  });
  writeFileSync(log, bytes);
  await expect.poll(() => ask("two"), { timeout: 30_000, interval: 500 }).toBe(200);
  expect((await server.ask("DELETE", `${API}/worlds/three`)).status).toBe(200);
  expect(Object.keys(await server.states()).toSorted()).toEqual(["default", ...sound, "two"].toSorted());
  await server.stop();
}, 60_000);

const past = fileURLToPath(new URL("../compose/fixtures/past-folders/", import.meta.url));

test.each(readdirSync(past))(
  "[WD9] %s of an earlier release: its documents answer at every address, old and new, and worlds are made beside it",
  async (archive) => {
    const data = join(root, archive);
    mkdirSync(data);
    execFileSync("tar", ["xzf", join(past, archive), "-C", data]);
    const server = await Server.start(data);
    const bodyAt = async (path: string) => {
      const { status, text } = await server.ask("GET", path);
      expect([path, status]).toEqual([path, 200]);
      return JSON.parse(text.replace(/"now":\d+,/, ""));
    };
    const branch = server.worlds.home
      .view(SYSTEM)
      .branches()
      .find(({ name }) => name === "what-if")!;
    const ids = ((await bodyAt("/api/v3/submodels")) as { readonly result: readonly { readonly id: string }[] }).result.map(({ id }) => id);
    expect(ids).toHaveLength(5);
    const one = encodeId(ids[0]!);
    for (const path of ["submodels", `submodels/${one}`, `submodels/${one}/submodel-elements`, `submodels/${one}/$value`, "description"])
      expect(await bodyAt(`/worlds/default/api/v3/${path}`)).toEqual(await bodyAt(`/api/v3/${path}`));
    await bodyAt(`/worlds/default/branches/${branch.id}/api/v3/submodels`);
    for (const path of ["/world", "/jobs", "/features"])
      expect(await bodyAt(`${API}/worlds/default${path}`)).toEqual(await bodyAt(`${API}${path}`));
    for (const path of ["/ws", "/worlds/default/ws"]) expect(await server.hello(path)).toMatchObject({ kind: "welcome", world: "default" });
    expect(await server.states()).toEqual({ default: "open" });
    expect((await server.ask("POST", `${API}/worlds`, { name: "beside" })).status).toBe(201);
    expect(idsOf(await server.ask("GET", "/worlds/beside/api/v3/submodels"))).toEqual([]);
    await server.stop();
    expect((await verifyDataFolder(data)).findings).toEqual([]);
  },
  60_000,
);

test("[WD5] 50 worlds asked for at once all answer, and the server ends with them", async () => {
  const server = await Server.start(join(root, "fifty"));
  const names = Array.from({ length: 50 }, (_, at) => `w${at}`);
  for (const name of names) expect((await server.ask("POST", `${API}/worlds`, { name })).status).toBe(201);
  const answers = await Promise.all(
    names.map(async (name) => (await server.ask("GET", `${API}/worlds/${name}/world`)).json().world as string),
  );
  expect(answers).toEqual(names);
  expect(Object.values(await server.states()).filter((state) => state === "open")).toHaveLength(51);
  await server.stop();
}, 120_000);
