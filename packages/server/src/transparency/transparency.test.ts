import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verbatim } from "@doppelwerk/messages";
import { openJournal } from "@doppelwerk/storage/journal";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import { verifyEd25519 } from "@doppelwerk/storage/tile-log";
import { createMerkleHash, entriesOfBundle, parseKeyText, verifyInclusion } from "@doppelwerk/trust/log";
import { DoppelwerkError, LIVE, quality, type SampleBatch } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterAll, expect, test, vi } from "vitest";
import { createWorldsApp, openWorlds, type OpenWorlds } from "../compose/index.ts";
import { verifyDataFolder } from "../compose/verify-folder.ts";
import { entryBytes, entryOf, type Entry } from "./entry.ts";
import { verifyEvidence } from "./evidence.ts";
import { Refusals } from "./refusals.ts";
import { Salts } from "./salts.ts";
import { TransparencyLog } from "./transparency-log.ts";
import { WorldFeed } from "./world-feed.ts";
import { evidenceOfFolder } from "./write-evidence.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-transparency-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const logger = pino({ level: "silent" });
const API = "/api/doppelwerk/v1";
const WAIT = { timeout: 30_000, interval: 20 };

interface Shown {
  readonly index: number;
  readonly what: string;
  readonly operation?: string;
  readonly revision?: number;
  readonly kinds?: readonly string[];
  readonly did?: string;
  readonly file?: string;
  readonly status?: number;
  readonly who?: { readonly id: string; readonly name: string };
  readonly erased: boolean;
  readonly bytes: string;
}

class Server {
  readonly worlds: OpenWorlds;
  readonly app: FastifyInstance;

  private constructor(worlds: OpenWorlds, app: FastifyInstance) {
    this.worlds = worlds;
    this.app = app;
  }

  static async start(data: string, transparency = true): Promise<Server> {
    const access = () => ({ rolesOf: ({ name }: { readonly name: string }) => (name === "Eve" ? ["viewer"] : ["administrator"]) });
    const worlds = await openWorlds({ dataDirectory: data, logger, workers: 1, transparency, access });
    return new Server(worlds, await createWorldsApp(worlds));
  }

  get log(): TransparencyLog {
    return this.worlds.home.transparency!;
  }

  async ask(method: string, path: string, body?: unknown, name = "Ada") {
    const answer = await this.app.inject({
      method: method as "GET",
      url: path,
      headers: {
        host: "127.0.0.1",
        "doppelwerk-person": `secret of ${name}`,
        "doppelwerk-name": name,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, text: answer.payload, octets: answer.rawPayload, json: () => JSON.parse(answer.payload) };
  }

  async entries(): Promise<readonly Shown[]> {
    const { entries } = (await this.ask("GET", `${API}/transparency/entries?limit=500`)).json() as { entries: readonly Shown[] };
    return entries.toReversed();
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.worlds.close();
  }
}

const submodel = (name: string) => ({ modelType: "Submodel", id: `urn:${name}`, idShort: name });
const post = (server: Server, name: string, by?: string) => server.ask("POST", "/api/v3/submodels", submodel(name), by);
const folderOf = (name: string): string => join(root, name);
const copyOf = (from: string, name: string): string => {
  cpSync(from, folderOf(name), { recursive: true });
  return folderOf(name);
};

test("[SV191] an entry is JSON in the one form of RFC 8785; other bytes of the same value are none", () => {
  const entry: Entry = { what: "request", v: 1, operation: "kernel.logIn", time: 17, nonce: "a.1", status: 200, world: "default" };
  const bytes = entryBytes(entry);
  expect(new TextDecoder().decode(bytes)).toBe(
    '{"nonce":"a.1","operation":"kernel.logIn","status":200,"time":17,"v":1,"what":"request","world":"default"}',
  );
  expect(entryOf(bytes)).toEqual(entry);
  const other = (text: string) => entryOf(new TextEncoder().encode(text));
  expect(other(JSON.stringify(entry))).toBeUndefined();
  expect(other(`${new TextDecoder().decode(bytes)} `)).toBeUndefined();
  expect(other("[]")).toBeUndefined();
  expect(entryOf(Uint8Array.of(0xff))).toBeUndefined();
});

test("[SV192] a commitment opens with its salt alone, differs from entry to entry, and with the salt erased nobody knows whose it is", () => {
  const path = join(root, "salts.json");
  const salts = new Salts(path);
  const [one, two] = [salts.commit("person:ada", "n.1", "who", "person:ada"), salts.commit("person:ada", "n.2", "who", "person:ada")];
  expect(one).not.toBe(two);
  expect(salts.commit("person:eve", "n.1", "who", "person:ada")).not.toBe(one);
  expect(new Salts(path).open("person:ada", "n.1", "who", "person:ada", one)?.value).toBe("person:ada");
  for (const [owner, nonce, field, value] of [
    ["person:eve", "n.1", "who", "person:ada"],
    ["person:ada", "n.2", "who", "person:ada"],
    ["person:ada", "n.1", "whom", "person:ada"],
    ["person:ada", "n.1", "who", "person:eve"],
  ] as const)
    expect(salts.open(owner, nonce, field, value, one), `${owner} ${nonce} ${field} ${value}`).toBeUndefined();
  salts.erase("person:ada");
  expect(readFileSync(path, "utf8")).not.toContain("ada");
  expect(new Salts(path).open("person:ada", "n.1", "who", "person:ada", one)).toBeUndefined();
  writeFileSync(path, "{");
  expect(() => new Salts(path)).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
});

test("[SV193] commits, requests with another effect, exports and refusals are entries, without a call in any route; reading is none", async () => {
  const server = await Server.start(folderOf("logged"));
  expect((await post(server, "Pump")).status).toBe(201);
  await server.ask("GET", `${API}/world`);
  await server.ask("GET", "/api/v3/submodels");
  const made = await server.ask("POST", `${API}/worlds`, { name: "trial", title: "A trial of Ada" });
  expect(made.status).toBe(201);
  expect((await server.ask("POST", `${API}/worlds`, { name: "mine" }, "Eve")).status).toBe(403);
  expect((await server.ask("GET", `${API}/transparency/evidence?from=0`)).status).toBe(200);
  expect((await server.ask("POST", `${API}/worlds`, { name: "Not a name" })).status).toBe(400);
  await vi.waitFor(async () => expect((await server.entries()).some(({ what }) => what === "commit")).toBe(true), WAIT);
  const entries = await server.entries();
  expect(entries.map(({ what, operation, status }) => [what, operation, status])).toEqual(
    expect.arrayContaining([
      ["start", undefined, undefined],
      ["before", undefined, undefined],
      ["commit", undefined, undefined],
      ["request", "kernel.createWorld", 201],
      ["refused", "kernel.createWorld", 403],
      ["export", "transparency.evidence", 200],
    ]),
  );
  expect(entries).toHaveLength(6);
  expect(entries.find(({ what }) => what === "commit")).toMatchObject({
    revision: 1,
    did: "change",
    kinds: ["submodel"],
    who: { name: "Ada" },
  });
  expect(entries.find(({ what }) => what === "refused")).toMatchObject({ who: { name: "Eve" } });
  // nothing of a person, and nothing that a person wrote
  const all = entries.map(({ bytes }) => Buffer.from(bytes, "base64").toString()).join("\n");
  expect(all).not.toMatch(/person:|Ada|Eve|trial|Pump/);
  await server.stop();
  // stopping is an entry too, and all are signed
  const report = await verifyDataFolder(folderOf("logged"));
  expect(report.findings).toEqual([]);
  expect(report.transparency).toMatchObject({ entries: 7, signed: 7 });
});

test("[SV194] the log goes on where it was: what a crash or a run without it kept from it is added at the next start, each commit once", async () => {
  const data = folderOf("resumed");
  const first = await Server.start(data);
  await post(first, "One");
  await first.stop();
  const without = await Server.start(data, false);
  expect((await without.ask("GET", `${API}/transparency`)).status).toBe(404);
  for (let n = 0; n < 1_200; n++) await post(without, `More${n}`);
  await without.stop();
  // the state that is kept beside the entries is made again of them
  rmSync(join(data, "transparency", "positions.json"));
  const again = await Server.start(data);
  await post(again, "Last");
  await vi.waitFor(() => expect(again.log.positions.of("default")!.revision).toBe(1_202), { timeout: 60_000 });
  await again.stop();
  const { findings, notices, transparency } = await verifyDataFolder(data);
  expect([findings, notices.filter(({ file }) => file.startsWith("transparency"))]).toEqual([[], []]);
  // 1,202 commits, what was before (nothing), two starts and stops
  expect(transparency!.entries).toBe(1_202 + 1 + 4);
}, 120_000);

test("[SV194] a log whose key is gone, or that holds less than it signed, keeps the server from starting and is not touched", async () => {
  const data = folderOf("refused");
  const server = await Server.start(data);
  await post(server, "One");
  await server.stop();
  const [withoutKey, cut] = [copyOf(data, "without-key"), copyOf(data, "cut")];
  rmSync(join(withoutKey, "transparency", "key.json"));
  await expect(Server.start(withoutKey)).rejects.toMatchObject({ code: "DW_DAMAGED" });
  expect(existsSync(join(withoutKey, "transparency", "key.json"))).toBe(false);
  const journal = join(cut, "transparency", "log", "journal");
  writeFileSync(journal, readFileSync(journal).subarray(0, 200));
  await expect(Server.start(cut)).rejects.toMatchObject({ code: "DW_DAMAGED" });
  expect(readFileSync(journal)).toHaveLength(200);
  // the folder is free again
  cpSync(join(data, "transparency"), join(cut, "transparency"), { recursive: true });
  await (await Server.start(cut)).stop();
});

test("[SV195] of one person's refusals the first is an entry at once and the others of a minute are one more, with their number", async () => {
  vi.useFakeTimers();
  try {
    const written: Record<string, unknown>[] = [];
    const log = {
      salts: { commit: (owner: string) => owner },
      append: async (describe: (nonce: string) => object) => written.push(describe("n") as Record<string, unknown>),
    } as unknown as TransparencyLog;
    const refusals = new Refusals(log, () => {});
    const refusal = { operation: "kernel.logIn", status: 401, world: "default", person: "person:ada" };
    for (let n = 0; n < 500; n++) refusals.add(refusal);
    refusals.add({ ...refusal, person: undefined });
    expect(written.map(({ count, who }) => [count, who === undefined])).toEqual([
      [1, false],
      [1, true],
    ]);
    vi.advanceTimersByTime(60_000);
    expect(written.slice(2).map(({ count }) => count)).toEqual([499]);
    // of very many different ones the person is not named
    for (let n = 0; n < 5_000; n++) refusals.add({ ...refusal, person: `person:${n}` });
    expect(written.length).toBeLessThan(3 + 1_002);
    vi.advanceTimersByTime(60_000);
    expect(written.reduce((sum, { count }) => sum + (count as number), 0)).toBe(500 + 1 + 5_000);
  } finally {
    vi.useRealTimers();
  }
});

test("[SV196] while the disk refuses entries, nothing is done that would be one; reading and editing go on, and commits are added afterwards", async () => {
  const server = await Server.start(folderOf("full"));
  const { log } = server;
  const refused = vi.spyOn(log, "append").mockImplementation(async () => {
    throw new DoppelwerkError("DW_UNAVAILABLE", verbatim("no space left on device"));
  });
  const first = await server.ask("POST", `${API}/worlds`, { name: "first" });
  expect(first.status).toBe(503);
  refused.mockRestore();
  const refusing = vi.spyOn(log, "isRefusing", "get").mockReturnValue(true);
  const second = await server.ask("POST", `${API}/worlds`, { name: "second" });
  expect([second.status, second.json().error.code]).toEqual([503, "DW_UNAVAILABLE"]);
  expect((await post(server, "Pump")).status).toBe(201);
  refusing.mockRestore();
  const { worlds } = (await server.ask("GET", `${API}/worlds`)).json() as { worlds: { name: string }[] };
  expect(worlds.map(({ name }) => name)).toEqual(["default", "first"]);
  await vi.waitFor(() => expect(log.positions.of("default")!.revision).toBe(1), WAIT);
  await server.stop();
});

test("[SV197] evidence is verified without the log: any flipped bit is found and the part of it named; another key is refused", async () => {
  const data = folderOf("evidence");
  const server = await Server.start(data);
  for (const name of ["One", "Two", "Three"]) await post(server, name);
  await vi.waitFor(() => expect(server.log.positions.of("default")!.revision).toBe(3), WAIT);
  const online = await server.ask("GET", `${API}/transparency/evidence?from=0&to=2`);
  expect(verifyEvidence(online.octets)).toMatchObject({ entries: 3, findings: [] });
  await server.stop();
  const { text, count } = evidenceOfFolder(data, { from: 0, to: Number.MAX_SAFE_INTEGER });
  expect(count).toBe(7);
  const bytes = new TextEncoder().encode(text);
  const good = verifyEvidence(bytes);
  expect(good).toMatchObject({ entries: 7, size: 7, findings: [] });
  expect(text).toContain("person:");
  const passed: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    bytes[at]! ^= 1 << (at % 8);
    if (verifyEvidence(bytes).findings.length === 0) passed.push(at);
    bytes[at]! ^= 1 << (at % 8);
  }
  expect(passed).toEqual([]);
  const parts = (changed: string) => verifyEvidence(new TextEncoder().encode(changed)).findings.map(({ part }) => part);
  const pack = JSON.parse(text) as { entries: { entry: string; openings: Record<string, { value: string }> }[]; key: string };
  expect(parts(text.replace(pack.entries[2]!.entry, `A${pack.entries[2]!.entry.slice(1)}`))).toContain("entry 2");
  const opened = pack.entries.findIndex(({ openings }) => openings["who"] !== undefined);
  expect(parts(text.replace(pack.entries[opened]!.openings["who"]!.value, "person:somebody-else"))).toContain(`who of entry ${opened}`);
  const other = evidenceOfFolder(folderOf("logged"), { entry: 0 }).text;
  expect(parts(text.replace(pack.key, (JSON.parse(other) as { key: string }).key))).toContain("checkpoint");
  expect(verifyEvidence(bytes, (JSON.parse(other) as { key: string }).key).findings).toMatchObject([{ part: "key" }]);
  expect(() => evidenceOfFolder(data, { entry: 7 })).toThrow(expect.objectContaining({ code: "DW_NOT_FOUND" }));
}, 120_000);

test("[SV198] verify holds the store to the log: a commit that was exchanged, a segment that is another or gone, a log that was replaced", async () => {
  const data = folderOf("compared");
  const server = await Server.start(data);
  for (const name of ["One", "Two", "Three"]) await post(server, name);
  await server.stop();
  await writeSegment(data);
  await (await Server.start(data)).stop();
  const whole = await verifyDataFolder(data);
  expect(whole.findings).toEqual([]);
  const segment = readdirSync(join(data, "history")).find((name) => name.endsWith(".seg"))!;
  const found = async (name: string, change: (folder: string) => void, expected = {}) => {
    const folder = copyOf(data, name);
    change(folder);
    return (await verifyDataFolder(folder, expected)).findings.filter(({ kind }) => kind === "transparency");
  };
  expect(await found("gone-segment", (folder) => rmSync(join(folder, "history", segment)))).toMatchObject([
    { file: `history/${segment}`, message: expect.stringContaining("missing") },
  ]);
  // whole in itself, with other samples
  const otherSegment = folderOf("other-history");
  await writeSegment(otherSegment, 7);
  const [exchanged] = readdirSync(join(otherSegment, "history")).filter((name) => name.endsWith(".seg"));
  expect(
    await found("other-segment", (folder) => cpSync(join(otherSegment, "history", exchanged!), join(folder, "history", segment))),
  ).toMatchObject([{ file: `history/${segment}`, message: expect.stringContaining("not the file") }]);
  // another plant's documents in its place, whole in themselves
  const other = folderOf("logged");
  expect(
    await found("other-documents", (folder) => {
      for (const part of ["changes", "changes.checkpoint.json", "records.sqlite"]) {
        rmSync(join(folder, part), { recursive: true, force: true });
        if (existsSync(join(other, part))) cpSync(join(other, part), join(folder, part), { recursive: true });
      }
    }),
  ).toMatchObject([{ file: "changes", revision: 1 }]);
  // a log begun anew says what it wants; who noted key or checkpoint sees it
  const earlier = readFileSync(join(data, "transparency", "log", "checkpoint"), "utf8");
  const begunAnew = async (folder: string): Promise<void> => {
    renameSync(join(folder, "transparency"), join(folder, "..", "put-away"));
    await (await Server.start(folder)).stop();
  };
  const anew = copyOf(data, "anew");
  await begunAnew(anew);
  expect((await verifyDataFolder(anew)).findings).toEqual([]);
  expect((await verifyDataFolder(anew, { key: whole.transparency!.key })).findings).toMatchObject([{ file: "transparency/key.json" }]);
  expect((await verifyDataFolder(anew, { checkpoint: earlier })).findings).toMatchObject([{ file: "transparency/key.json" }]);
  expect((await verifyDataFolder(data, { checkpoint: earlier, key: whole.transparency!.key })).findings).toEqual([]);
}, 120_000);

test("[SV198] what the journals of a world hold is held to its entries; a step that was altered or taken away is named", async () => {
  const data = folderOf("journals");
  await (await Server.start(data)).stop();
  const log = await TransparencyLog.open({ data, version: "0", clock: { now: () => Date.now() * 1_000 }, logger });
  const feed = new WorldFeed(log, { id: "default", log: { lastRevision: async () => 0, async *read() {} }, history: undefined, logger });
  const journal = openJournal<{ readonly id: string; readonly state: string; readonly value: number }>(
    join(data, "commands.jsonl"),
    "commands",
  );
  for (const state of ["requested", "writing", "done"])
    for (const id of ["command:1", "command:2"]) {
      const item = { id, state, value: 42 };
      journal.put(item);
      feed.recorded("commands", item);
    }
  // its process ended before the entry of this one was written
  journal.put({ id: "command:3", state: "requested", value: 7 });
  journal.close();
  await feed.close();
  await log.close();
  expect((await verifyDataFolder(data)).findings).toEqual([]);
  const path = join(data, "commands.jsonl");
  const whole = readFileSync(path, "utf8");
  const found = async (text: string) => {
    writeFileSync(path, text);
    return (await verifyDataFolder(data)).findings.map(({ file, message }) => [file, /command:\d/.exec(message)?.[0]]);
  };
  expect(await found(whole.replace('"command:2","state":"done","value":42', '"command:2","state":"done","value":43'))).toEqual([
    ["commands.jsonl", "command:2"],
  ]);
  expect(await found("")).toEqual([
    ["commands.jsonl", "command:1"],
    ["commands.jsonl", "command:2"],
  ]);
});

async function writeSegment(data: string, first = 0): Promise<void> {
  const directory = join(data, "history");
  const history = await openSegmentHistory({ directory });
  const batch: SampleBatch = {
    origin: "measured",
    count: 100,
    signals: new Uint32Array(100),
    sourceTimes: Float64Array.from({ length: 100 }, (_, n) => n * 1_000),
    serverTimes: new Float64Array(100),
    values: Float64Array.from({ length: 100 }, (_, n) => first + n),
    texts: new Map(),
    qualities: new Uint8Array(100).fill(quality.good),
  } as unknown as SampleBatch;
  await history.append(LIVE, batch, ["signal:a"]);
  await history.settle();
  await history.close();
}

test("[SV199] tiles, bundles, checkpoint and proofs are answered in the layout of C2SP tlog-tiles, to administrators alone", async () => {
  const server = await Server.start(folderOf("served"));
  await post(server, "One");
  await vi.waitFor(() => expect(server.log.positions.of("default")!.revision).toBe(1), WAIT);
  const head = (await server.ask("GET", `${API}/transparency`)).json() as { key: string; size: number; signed: number };
  expect(head).toMatchObject({ size: 3, signed: 3 });
  const bundle = await server.ask("GET", `${API}/transparency/tile/entries/000.p/3`);
  const entries = entriesOfBundle(new Uint8Array(bundle.octets))!;
  expect(entries).toHaveLength(3);
  expect((await server.ask("GET", `${API}/transparency/tile/0/000.p/3`)).octets).toHaveLength(96);
  for (const path of ["0/000", "0/000.p/4", "0/001.p/1", "0/x000/000.p/1", "1/000.p/1", "entries/0", "x/000.p/1"])
    expect((await server.ask("GET", `${API}/transparency/tile/${path}`)).status, path).toBe(404);
  const key = parseKeyText(head.key)!;
  const checkpoint = (await server.ask("GET", `${API}/transparency/checkpoint`)).text;
  expect(checkpoint).toMatch(new RegExp(`^${key.name}\n3\n`));
  for (const [index, entry] of entries.entries()) {
    const proof = (await server.ask("GET", `${API}/transparency/entries/${index}/proof`)).text;
    expect(verifyInclusion(createMerkleHash(), proof, entry, [key], verifyEd25519)).toMatchObject({ isIncluded: true, size: 3 });
  }
  expect((await server.ask("GET", `${API}/transparency/entries/3/proof`)).status).toBe(404);
  expect((await server.ask("GET", `${API}/transparency/entries/-1/proof`)).status).toBe(400);
  for (const path of ["", "/checkpoint", "/tile/0/000.p/3", "/entries", "/entries/0/proof", "/evidence?from=0"])
    expect((await server.ask("GET", `${API}/transparency${path}`, undefined, "Eve")).status, path).toBe(403);
  await server.stop();
});

test("[SV200] who is erased is in no entry any more, the tree is as it was, and verify calls it good", async () => {
  const data = folderOf("erased");
  const server = await Server.start(data);
  await post(server, "One");
  await post(server, "Two", "Ida");
  await vi.waitFor(() => expect(server.log.positions.of("default")!.revision).toBe(2), WAIT);
  const before = await server.entries();
  const ofIda = before.find(({ who }) => who?.name === "Ida")!;
  const proof = (await server.ask("GET", `${API}/transparency/entries/${ofIda.index}/proof`)).text;
  expect((await server.ask("DELETE", `${API}/person/name`, undefined, "Ida")).status).toBe(204);
  const after = (await server.entries()).find(({ index }) => index === ofIda.index)!;
  expect([after.who, after.erased, after.bytes]).toEqual([undefined, true, ofIda.bytes]);
  expect((await server.entries()).find(({ who }) => who?.name === "Ada")).toBeDefined();
  const { key } = (await server.ask("GET", `${API}/transparency`)).json() as { key: string };
  const bytes = new Uint8Array(Buffer.from(after.bytes, "base64"));
  expect(verifyInclusion(createMerkleHash(), proof, bytes, [parseKeyText(key)!], verifyEd25519)).toMatchObject({ isIncluded: true });
  await server.stop();
  expect(readFileSync(join(data, "transparency", "salts.json"), "utf8")).not.toContain(ofIda.who!.id);
  expect((await verifyDataFolder(data)).findings).toEqual([]);
});
