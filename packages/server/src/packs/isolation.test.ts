import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { hashedId, LIVE, type Principal, type WorldRecord } from "@doppelwerk/world";
import { SYSTEM } from "../compose/index.ts";
import type { PackLimits } from "./pack-process.ts";
import { smallPack } from "./packs.fixture.ts";
import { block, operation, servePacks, type ServedPacks } from "./served-packs.fixture.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-isolation-"));
const secret = join(root, "secret.txt");
writeFileSync(secret, "the secret of the plant");
afterAll(() => rmSync(root, { recursive: true, force: true }));

let served: ServedPacks | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

/** A pack whose operation `try` runs this JavaScript; `view`, `ctx` and `query` are there. */
const packThat = (code: string, more: object = {}, permissions: readonly string[] = ["read"]) =>
  smallPack(
    {
      "server/open.js": `export const open = async (ctx) => ({ handlers: { "brewery.try": async ({ view, query, principal }) => { ${code} }, "brewery.good": async () => ({ good: true }) } });`,
    },
    block([operation("try"), operation("good")], more, permissions),
  );

async function trying(code: string, more: object = {}, permissions: readonly string[] = ["read"], limits?: Partial<PackLimits>) {
  served = await servePacks([packThat(code, more, permissions)], [], undefined, limits && { limits });
  return served.call("GET", "/packs/brewery/try");
}

test.each<[string, RegExp, string]>([
  [
    "reads a file outside of its folder",
    /may not import node:fs/,
    `const fs = await import("node:fs"); return fs.readFileSync(${JSON.stringify(secret)}, "utf8");`,
  ],
  [
    "loads a file outside of its folder as a module",
    /./,
    `return Object.keys(await import(${JSON.stringify(`file://${secret}`)}, { with: { type: "json" } }));`,
  ],
  ["asks the process for a module", /./, `return process.getBuiltinModule("fs").readFileSync(${JSON.stringify(secret)}, "utf8");`],
  [
    "writes through node:sqlite",
    /No such built-in module: node:sqlite/,
    `const { DatabaseSync } = await import("node:sqlite"); new DatabaseSync(${JSON.stringify(join(root, "written.sqlite"))}).exec("CREATE TABLE t (a)");`,
  ],
  ["signals the server", /may not use process\.kill/, `process.kill(process.ppid, "SIGTERM");`],
  ["opens the debugger of the server", /may not use process\._debugProcess/, `process._debugProcess(process.ppid);`],
  ["starts a process", /may not import node:child_process/, `(await import("node:child_process")).spawn("true");`],
  ["starts a thread", /may not import node:worker_threads/, `new (await import("node:worker_threads")).Worker("1", { eval: true });`],
  ["becomes another program", /./, `process.execve("/bin/true", ["true"], {});`],
  ["loads a library of the system", /may not import node:ffi/, `await import("node:ffi");`],
  ["asks for a module by another module", /may not import node:module/, `(await import("node:module")).createRequire("/")("node:fs");`],
  ["loads native code", /may not use process\.dlopen/, `process.dlopen({ exports: {} }, "/tmp/x.node");`],
])("[PK8] a pack that %s is refused and named in the log; the server and its other operations go on", async (_, words, code) => {
  expect((await trying(code)).status).toBe(500);
  expect(served!.logged.join("\n")).toMatch(/the pack @brewco\/doppelwerk-brewery failed/);
  expect(served!.logged.join("\n")).toMatch(words);
  expect(served!.logged.join("\n")).not.toContain("the secret of the plant");
  expect(await served!.call("GET", "/packs/brewery/good")).toEqual({ status: 200, body: { good: true } });
});

test("[PK8] a pack reaches no socket by the class of its own pipe either: none of the network, and none in the file system", async () => {
  let connected = 0;
  const servers = [join(root, "plant.sock"), 0].map((at) => createServer(() => connected++).listen(at));
  await Promise.all(
    servers.map((server) => new Promise((resolve) => (server.listening ? resolve(undefined) : server.once("listening", resolve)))),
  );
  const { port } = servers[1]!.address() as { readonly port: number };
  const made = join(root, "made.sock");
  const code = `
    const connect = (at) => new Promise((resolve) => { const socket = new process.stdin.constructor(); socket.on("connect", () => resolve("connected")); socket.on("error", (error) => resolve(error.code)); socket.connect(at); });
    const tried = await Promise.all([{ port: ${port}, host: "127.0.0.1" }, { path: ${JSON.stringify(join(root, "plant.sock"))} }].map(connect));
    const pipe = new process.stdin._handle.constructor(1);
    try { tried.push(pipe.bind(${JSON.stringify(made)})); } catch (error) { tried.push(error.code); }
    return tried;`;
  const { status, body } = await trying(code);
  for (const server of servers) server.close();
  expect([status, connected, existsSync(made)]).toEqual([200, 0, false]);
  expect(body).toEqual(["ERR_ACCESS_DENIED", "ERR_ACCESS_DENIED", expect.anything()]);
});

test("[PK8] a pack reaches no socket, by fetch neither, and sees nothing of the environment of the server", async () => {
  let connected = 0;
  const server = createServer((socket) => {
    connected++;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { readonly port: number };
  process.env["DOPPELWERK_TEST_SECRET"] = "hidden";
  const code = `
    const tried = [];
    try { await fetch("http://127.0.0.1:${port}"); tried.push("fetched"); } catch (error) { tried.push(String(error.cause?.code ?? error.message)); }
    try { await new Promise((resolve, reject) => { const socket = new WebSocket("ws://127.0.0.1:${port}"); socket.onopen = resolve; socket.onerror = () => reject(new Error("no socket")); }); tried.push("opened"); } catch (error) { tried.push(error.message); }
    return { tried, environment: Object.keys(process.env), text: JSON.stringify(process.env) };`;
  const { status, body } = await trying(code);
  delete process.env["DOPPELWERK_TEST_SECRET"];
  server.close();
  expect([status, connected]).toEqual([200, 0]);
  expect(body.tried).toHaveLength(2);
  expect(body.text).not.toContain("hidden");
});

test.each<[string, RegExp, string]>([
  ["ends its process", /its process ended \(3\)/, `process.exit(3);`],
  [
    "throws where nobody catches it",
    /its process ended \(1\).*/,
    `setTimeout(() => { throw new Error("out of nowhere"); }); await new Promise(() => {});`,
  ],
  ["hangs", /has not answered for 5 s/, `for (;;);`],
  [
    "floods the server",
    /sends more than the server takes/,
    `for (;;) await Promise.all(Array.from({ length: 500 }, () => ctx.store.get("x")));`,
  ],
  [
    "asks without waiting",
    /sends more than the server takes/,
    `for (let at = 0; at < 50000; at++) void ctx.store.get("x"); await new Promise(() => {});`,
  ],
  [
    "writes over the line to the server",
    /stdout, which belongs to the server/,
    `process.stdout.write("hello\\n"); await new Promise(() => {});`,
  ],
  ["sends a message that is too long", /more than 4 MB/, `return "x".repeat(5_000_000);`],
  ["leaks on its heap", /MB of memory/, `const held = []; for (;;) held.push(new Array(10_000).fill(Math.random()));`],
  [
    "leaks beside its heap",
    /more than 256 MB of memory/,
    `globalThis.held = []; for (;;) { globalThis.held.push(new Uint8Array(10_000_000).fill(1)); await new Promise((resolve) => setTimeout(resolve, 5)); }`,
  ],
])("[PK9] a pack that %s is stopped and named; the server goes on, and the feature opens again", async (_, words, code) => {
  // only what hangs is to be found by the time that it takes
  const answered = await trying(code, {}, ["read"], words.source.includes("has not answered") ? { callMs: 240_000 } : undefined);
  expect(answered).toMatchObject({ status: 503, body: { error: { code: "DW_UNAVAILABLE" } } });
  expect(answered.body.error.message).toMatch(words);
  expect(answered.body.error.message).toContain("@brewco/doppelwerk-brewery");
  expect((await served!.call("GET", "/features")).status).toBe(200);
  await expect.poll(() => served!.stateOf("brewery")).toBe("open");
  await expect.poll(async () => (await served!.call("GET", "/packs/brewery/good")).body).toEqual({ good: true });
});

test("[PK9] a pack that fails while it opens has failed with its reason, and one that ends again and again opens at growing intervals", async () => {
  const bad = smallPack({ "server/open.js": `export const open = async () => { throw new Error("no tanks"); };` });
  served = await servePacks([bad], [], undefined, { fails: true });
  const [{ state }] = (await served.call("GET", "/features")).body.features;
  expect(state).toMatchObject({ state: "failed", reason: expect.stringMatching(/no tanks|was not open/) });
});

test("[PK7] a pack does what its manifest asks for and no more, for itself and for its callers", async () => {
  const code = `
    const tried = {};
    for (const [name, act] of Object.entries({
      read: () => view.query({ kind: "signal" }),
      edit: () => view.apply({ reason: "test", changes: [{ op: "create", record: { id: "brewery.x:1", kind: "brewery.x" } }] }),
      own: () => ctx.own.apply({ reason: "test", changes: [{ op: "create", record: { id: "brewery.x:1", kind: "brewery.x" } }] }),
      record: () => view.record([{ type: "brewery.tapped", subject: "asset:1", at: 0, payload: {} }]),
      publish: () => ctx.publish("brewery.changed", {}),
      malformed: () => view.query({ kind: 7 }),
      late: () => globalThis.last === undefined ? (globalThis.last = view, "kept") : globalThis.last.query({ kind: "signal" }),
    })) tried[name] = await Promise.resolve().then(act).then(() => "done", (error) => error.code + " " + error.message);
    return tried;`;
  const { body } = await trying(code);
  expect(body).toMatchObject({ read: "done", malformed: expect.stringContaining("DW_INVALID"), late: "done" });
  for (const name of ["edit", "own", "record", "publish"]) expect(body[name]).toMatch(/^DW_FORBIDDEN .*does not ask for the permission/);
  // the plant of a caller ends with his call
  expect((await served!.call("GET", "/packs/brewery/try")).body.late).toMatch(/^DW_NOT_FOUND .*this call has ended/);
});

test("[PK7] with its permissions a pack edits, records and publishes what its manifest declares, as itself", async () => {
  const code = `
    const tried = {};
    for (const [name, act] of Object.entries({
      own: () => ctx.own.apply({ reason: "test", changes: [{ op: "create", record: { id: "brewery.recipe:1", kind: "brewery.recipe", plato: 12 } }] }),
      bad: () => ctx.own.apply({ reason: "test", changes: [{ op: "create", record: { id: "brewery.recipe:2", kind: "brewery.recipe", plato: "12" } }] }),
      publish: () => ctx.publish("brewery.changed", { tank: "T1" }),
      foreign: () => ctx.publish("alarms.changed", {}),
    })) tried[name] = await Promise.resolve().then(act).then(() => "done", (error) => error.code + " " + error.message);
    return tried;`;
  const more = {
    topics: [{ id: "brewery.changed", summary: "A tank changed", action: "read", payload: { type: "object" } }],
    kinds: [{ id: "brewery.recipe", schema: { type: "object", properties: { plato: { type: "number" } }, required: ["plato"] } }],
  };
  const { body } = await trying(code, more, ["read", "edit", "publish"]);
  expect(body).toMatchObject({ own: "done", publish: "done" });
  expect(body.bad).toMatch(/^DW_INVALID/);
  expect(body.foreign).toMatch(/^DW_INVALID .*does not declare the topic/);
  const actors = new Set<string>();
  const { site } = served!;
  for await (const { actor } of site.logAfter(site.view(SYSTEM), 0)) actors.add(actor);
  expect([...actors]).toEqual(["pack:@brewco/doppelwerk-brewery"]);
});

test("[PK10] a record that the caller may not read, or of another world, never leaves in an answer", async () => {
  const code = `return globalThis.kept ??= await view.query({ kind: "signal" });`;
  served = await servePacks([packThat(code)]);
  const { site } = served;
  const signal = (id: string, more: object = {}) => ({ id, kind: "signal", name: id, valueType: "double", ...more }) as WorldRecord;
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "test",
    changes: [signal("signal:pressure"), signal("signal:recipe", { readers: ["administrator"] })].map((record) => ({
      op: "create",
      record,
    })),
  });
  const viewer: Principal = { id: "person:vera", name: "vera", verified: true, roles: ["viewer"] };
  expect((await served.call("GET", "/packs/brewery/try")).body).toHaveLength(2);
  // what the pack remembers of an administrator
  const refused = await served.call("GET", "/packs/brewery/try", { as: viewer });
  expect(refused).toMatchObject({ status: 403 });
  expect(JSON.stringify(refused.body)).not.toMatch(/valueType/);
  await served.close();
  // one that was made, and one that was imported
  const others = ["signal:01993f2e-7b1c-7def-8abc-0123456789ab", hashedId("shell", "file.aasx", "urn:shell")];
  const records = others.map((id) => ({ id, kind: id.split(":")[0], name: "of another world" }));
  served = await servePacks([
    packThat(`globalThis.turn = (globalThis.turn ?? -1) + 1; return { deep: [${JSON.stringify(records)}[globalThis.turn]] };`),
  ]);
  for (const { id } of records) {
    const answer = await served.call("GET", "/packs/brewery/try");
    expect([id, answer.status]).toEqual([id, 403]);
    expect(JSON.stringify(answer.body)).not.toContain("of another world");
  }
});

test("[PK8] the process of a pack ends with its world", async () => {
  const code = `return { pid: process.pid };`;
  served = await servePacks([packThat(code)]);
  const { pid } = (await served.call("GET", "/packs/brewery/try")).body as { readonly pid: number };
  await served.close();
  served = undefined;
  expect(isRunning(pid)).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
