import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSecretStore } from "@doppelwerk/connectors";
import { afterAll, afterEach, expect, test } from "vitest";
import { listenTo } from "../../packages/connectors/src/publish/test-listener.ts";
import { startBroker } from "../../packages/connectors/src/sparkplug/test-broker.ts";
import { DiskBuffer } from "./server/disk-buffer.ts";
import { ReceivedMarks } from "./server/received-marks.ts";
import { readEdgeConfig } from "./server/edge-config.ts";
import { runCommand, startProgram, startServer, type Program } from "../../e2e/running-site.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-edge-"));
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function call(url: string, method: string, path: string, body: unknown): Promise<Response> {
  const answer = await fetch(`${url}/api/doppelwerk/v1${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.ok, `${method} ${path} ${answer.status}`).toBe(true);
  return answer;
}

/** Values of the signal in the server's history, in the order of their times. */
async function stored(url: string, signals = "all"): Promise<readonly number[]> {
  const now = Date.now() * 1_000;
  const answer = await fetch(
    `${url}/api/doppelwerk/v1/export/samples?signals=${encodeURIComponent(signals)}&from=${now - 3_600_000_000}&to=${now + 60_000_000}`,
  );
  expect(answer.ok, await answer.clone().text()).toBe(true);
  const [head, ...lines] = (await answer.text()).trim().split("\r\n");
  const [value, grade] = ["value", "quality"].map((name) => head!.split(",").indexOf(name)) as [number, number];
  return lines
    .map((line) => line.split(","))
    .filter((cells) => cells[grade] === "good")
    .map((cells) => Number(cells[value]));
}

async function until(what: string, holds: () => Promise<boolean> | boolean, tenths = 2_400): Promise<void> {
  for (let tries = 0; tries < tenths; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`never: ${what}`);
}

test("[ED1] the server is killed and away while the plant speaks, then the edge is killed too: afterwards every value is there", async () => {
  const broker = await startBroker();
  stops.push(() => broker.stop());
  const device = await listenTo(broker.url, "plant/none");
  const data = join(root, "data");
  let server: Program = await startServer(data);
  stops.push(() => server.stop().catch(() => {}));
  const url = String(server.ready["url"]);
  await call(url, "PUT", "/secrets/edge", { token: "edge-token" });
  const created = await call(url, "POST", "/connections", {
    url: "push:edge",
    name: "edge",
    protocol: "push",
    secret: "edge",
    settings: { signals: [{ address: "A.Count", valueType: "integer" }] },
  });
  const { id } = (await created.json()) as { readonly id: string };

  const folder = join(root, "edge");
  mkdirSync(folder);
  openSecretStore(join(folder, "kept", "connectors")).put("edge", { token: "edge-token" });
  const config = join(folder, "edge.json");
  const edgeConfig = {
    connection: id,
    secret: "edge",
    data: "kept",
    bufferMB: 100,
    sources: [
      {
        name: "cell A",
        protocol: "mqtt",
        url: broker.url,
        signals: [{ address: "plant/a/count#/value", as: "A.Count", valueType: "integer" }],
      },
    ],
  };
  writeFileSync(config, JSON.stringify(edgeConfig));
  const startEdge = () => startProgram("apps/doppelwerk/src/main.ts", ["edge", "--server", url, "--config", config, "--json"]);
  let edge = await startEdge();
  stops.push(() => edge.stop().catch(() => {}));

  let count = 0;
  const speak = async (values: number) => {
    for (const end = count + values; count < end;) {
      await device.say("plant/a/count", JSON.stringify({ value: ++count, timestamp: new Date().toISOString() }));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  // what was said before it had subscribed nobody heard
  await until("the edge hears", async () => {
    await speak(1);
    return (await stored(url)).length > 0;
  });
  const first = Math.min(...(await stored(url)));
  await speak(100);
  await server.stop("SIGKILL");
  await speak(300);
  expect(readdirSync(join(folder, "kept", "buffer")).length).toBeGreaterThan(0);
  // all that was said is on the edge's disk within a second
  await until("on disk", () =>
    readdirSync(join(folder, "kept", "buffer")).some(
      (file) => file.endsWith(".json") && readFileSync(join(folder, "kept", "buffer", file), "utf8").includes(`"value":${count},`),
    ),
  );
  await edge.stop("SIGKILL");
  edge = await startEdge();
  server = await startServer(data, ["--port", new URL(url).port]);
  const expected = () => Array.from({ length: count - first + 1 }, (_, at) => first + at);
  await until("all of it", async () => new Set(await stored(url)).size >= expected().length);
  const before = count;
  await until("heard again", async () => {
    await speak(1);
    return (await stored(url)).some((value) => value > before);
  });
  const values = await stored(url);
  const known = values.filter((value) => value <= before);
  // sent again with the time it had, a value is the same sample
  expect(known).toEqual(expected().slice(0, before - first + 1));
  await device.end();
});

// A hundred signals, a row each a second: five minutes of them, in soak a day (8.6 million rows).
const SECONDS = process.env["SOAK"] === undefined ? 300 : 86_400;

test(`[ED4] the server is away for ${SECONDS} s of a hundred signals by amount: nothing is missing after, nothing twice`, async () => {
  const broker = await startBroker();
  stops.push(() => broker.stop());
  const device = await listenTo(broker.url, "plant/none");
  const data = join(root, "long-data");
  let server: Program = await startServer(data);
  stops.push(() => server.stop().catch(() => {}));
  const url = String(server.ready["url"]);
  await call(url, "PUT", "/secrets/edge", { token: "edge-token" });
  const names = Array.from({ length: 100 }, (_, n) => `s${n}`);
  const created = await call(url, "POST", "/connections", {
    url: "push:long",
    name: "long",
    protocol: "push",
    secret: "edge",
    settings: { signals: names.map((address) => ({ address, valueType: "integer" })) },
  });
  const { id } = (await created.json()) as { readonly id: string };
  const folder = join(root, "long-edge");
  mkdirSync(folder);
  openSecretStore(join(folder, "kept", "connectors")).put("edge", { token: "edge-token" });
  const config = join(folder, "edge.json");
  const signals = names.map((name) => ({ address: `plant/all#/${name}`, as: name, valueType: "integer" }));
  const source = { name: "all", protocol: "mqtt", url: broker.url, signals };
  writeFileSync(config, JSON.stringify({ connection: id, secret: "edge", data: "kept", bufferMB: 2_000, sources: [source] }));
  const edge = await startProgram("apps/doppelwerk/src/main.ts", ["edge", "--server", url, "--config", config, "--json"]);
  stops.push(() => edge.stop().catch(() => {}));
  const say = (second: number): Promise<void> =>
    device.say(
      "plant/all",
      JSON.stringify({ ...Object.fromEntries(names.map((name, n) => [name, second * 100 + n])), timestamp: new Date().toISOString() }),
    );
  let heard = 0;
  await until("the edge hears", async () => {
    await say(--heard);
    return (await stored(url)).length > 0;
  });
  await server.stop("SIGKILL");
  for (let second = 0; second < SECONDS;) {
    const last = Math.min(second + 20, SECONDS);
    const said: Promise<void>[] = [];
    for (; second < last; second++) said.push(say(second));
    await Promise.all(said);
  }
  server = await startServer(data, ["--port", new URL(url).port]);
  const { id: live } = ((await (await fetch(`${url}/api/doppelwerk/v1/connections`)).json()) as { readonly id: string }[])[0]!;
  expect(live).toBe(id);
  const kept = join(folder, "kept", "buffer");
  // what is acknowledged is on the server's disk: only then the edge forgets it
  await until("all is there", () => readdirSync(kept).length === 0, 12_000);
  const { signals: taken } = (await (
    await fetch(`${url}/api/doppelwerk/v1/connections/${encodeURIComponent(id)}/signals?limit=100`)
  ).json()) as { readonly signals: readonly { readonly id: string; readonly address: string }[] };
  expect(taken.length).toBe(100);
  for (const { id: signal, address } of taken) {
    // several were said in one millisecond: those have no order
    const values = (await stored(url, signal)).filter((value) => value >= 0).toSorted((a, b) => a - b);
    const first = Number(address.slice(1));
    expect(values.length, address).toBe(SECONDS);
    expect(
      values.every((value, second) => value === second * 100 + first),
      address,
    ).toBe(true);
  }
  await device.end();
}, 1_800_000);

test("[ED2] the buffer is bounded: the oldest rows go and are counted; it is the same after a restart, and half a file is none", () => {
  const folder = join(root, "buffer");
  const buffer = new DiskBuffer(folder, 1_000);
  const text = JSON.stringify(["x".repeat(196)]);
  for (let at = 0; at < 20; at++) buffer.put(text, 10, at);
  expect([buffer.dropped, buffer.rows, buffer.bytes]).toEqual([150, 50, 1_000]);
  writeFileSync(join(folder, "000000000021-10-0.json.new"), "[");
  const again = new DiskBuffer(folder, 1_000);
  expect([again.rows, again.first?.sequence]).toEqual([50, 16]);
  again.removeUpTo(18);
  again.put(text, 10, 0);
  expect([again.first?.sequence, again.rows, readdirSync(folder).length]).toEqual([19, 30, 3]);
  again.removeUpTo(21);
  expect([again.first, again.rows, readdirSync(folder)]).toEqual([undefined, 0, []]);
});

test("[ED6] each source has a mark of its own: one that was away while others spoke is asked for its own gap after a restart", () => {
  const file = join(root, "heard.json");
  const first = new ReceivedMarks(file);
  expect(first.of("plc")).toBeUndefined();
  first.mark(["plc", "meter"], 1_790_000_000_000_000);
  first.mark(["meter"], 1_790_003_600_000_000);
  first.mark([], 1_790_009_999_000_000);
  const again = new ReceivedMarks(file);
  // with what was on its way to the disk
  expect([again.of("plc"), again.of("meter"), again.of("constructor")]).toEqual([
    1_790_000_000_000_000 - 5_000_000,
    1_790_003_600_000_000 - 5_000_000,
    undefined,
  ]);
  for (const torn of ["{", "1790000000000000", '{"plc":"yesterday"}']) {
    writeFileSync(file, torn);
    expect(new ReceivedMarks(file).of("plc")).toBeUndefined();
  }
});

test("[ED3] a bad configuration is one line; an edge has no way to write to a machine", async () => {
  const good = {
    connection: "connection:1",
    secret: "none",
    data: "d",
    sources: [{ name: "a", protocol: "mqtt", url: "mqtt://a", signals: [{ address: "t" }] }],
  };
  const file = join(root, "bad.json");
  const refused = async (config: string) => {
    writeFileSync(file, config);
    const { code, stderr } = await runCommand(["edge", "--server", "http://127.0.0.1:1", "--config", file]);
    expect([code, stderr.trim().split("\n").length]).toEqual([1, 1]);
    return stderr;
  };
  const wrong = (config: string) => () => {
    writeFileSync(file, config);
    readEdgeConfig(file);
  };
  expect(wrong("{")).toThrow(/is a JSON file .*bad\.json/);
  expect(wrong(JSON.stringify({ ...good, sources: [{ ...good.sources[0], url: "mqtt://a:b@c" }] }))).toThrow(/no user and no password/);
  expect(wrong(JSON.stringify({ ...good, sources: [good.sources[0], good.sources[0]] }))).toThrow(/two signals are sent as t/);
  expect(await refused(JSON.stringify(good))).toMatch(/no secret of this name in the store: none/);
  expect((await runCommand(["edge", "--server", "ftp://x", "--config", file])).code).toBe(2);
  const sources = join(import.meta.dirname, "server");
  for (const name of readdirSync(sources))
    expect(readFileSync(join(sources, name), "utf8")).not.toMatch(/connectors\/command|\.\.\/commands\//);
});

/** The source behind an import of a package, or of a part of it. */
function exported(folder: string, part: string | undefined): string {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly exports: Record<string, string> };
  const target = exports[part === undefined ? "." : `./${part}`] ?? exports["./*"]?.replace("*", part ?? "");
  return join(folder, target!);
}

test("[ED5] everything that an edge can load, as far as imports lead, has no function that writes to a machine", () => {
  const packages = join(import.meta.dirname, "../../packages");
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = readFileSync(file, "utf8");
    // static ones, lazy ones, and the programs that are started as processes of their own
    const targets = source.matchAll(/(?:from|import\(|import|new URL\()\s*"((?:\.|@doppelwerk\/)[^"]+)"/g);
    for (const [, target = ""] of targets) {
      const room = /^@doppelwerk\/([a-z-]+)(?:\/([a-z-]+))?$/.exec(target);
      const path = room === null ? join(file, "..", target) : exported(join(packages, room[1]!), room[2]);
      if (path.endsWith(".ts")) visit(path);
    }
  };
  visit(join(import.meta.dirname, "server/command.ts"));
  visit(join(packages, "connectors/src/host/host-main.ts"));
  const names = [...seen].map((file) => file.slice(packages.length + 1));
  // the walk went where the plants are spoken to
  for (const known of ["connectors/src/opcua/link.ts", "connectors/src/modbus/modbus-client.ts", "connectors/src/s7/s7-client.ts"])
    expect(names).toContain(known);
  expect(names.filter((name) => /\/commands?\/|write-order|write-main/.test(name))).toEqual([]);
  const writes = /\bsession\.write\(|writeSingleNode|\bWriteRequest\b|commandSuffix\}|writeSingleRegister|writeMultiple/;
  const guilty = [...seen].filter((file) => writes.test(readFileSync(file, "utf8")));
  expect(guilty).toEqual([]);
});
