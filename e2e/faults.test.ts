import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeId } from "@doppelwerk/aas";
import { quality } from "@doppelwerk/world";
import type { Instant, RecordId } from "@doppelwerk/world";
import { descendantsOf, isRunning } from "./processes.ts";
import { clientOf, eventually, runCommand, startServer, startSite } from "./running-site.ts";
import type { Ended, RunningSite } from "./running-site.ts";

// Everything that can be pulled, killed, filled or taken away is, on real processes and sockets.
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-faults-"));
let site: RunningSite;

// The site's plant is dead when its server starts for the first time.
beforeAll(async () => {
  site = await startSite({ minimal: true, whenPlantIsReady: (plant) => plant.stop("SIGKILL") });
});
afterAll(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** One clear line on stderr, nothing on stdout, exit code 1. */
function expectRefusal(ended: Ended, about: RegExp): void {
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  const lines = ended.stderr.trimEnd().split("\n");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(about);
}

/** Hash of every file of a folder, the lease (which is taken and given back) left out. */
function bytesOf(directory: string): Readonly<Record<string, string>> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.startsWith("lease.sqlite"),
  );
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(directory, path), createHash("sha256").update(readFileSync(path)).digest("hex")]),
  );
}

const serve = (data: string, ...more: readonly string[]) =>
  runCommand(["serve", "--data", data, "--no-open", "--json", ...(more.includes("--port") ? more : ["--port", "0", ...more])]);

test("[E2] a server whose plant is off is ready anyway, says so, knows no values, and takes the plant in by itself when it comes", async () => {
  const ada = site.client("Ada");
  const status = await eventually(async () => {
    const connections = await ada.connections();
    return connections.length === 2 && connections.every(({ state }) => state === "reconnecting") ? connections : undefined;
  }, "both connections say that they try again");
  for (const { reason } of status) expect(reason).toMatch(/\S/);
  const snapshot = await ada.snapshot();
  expect(snapshot.stations.map(({ state }) => state)).toEqual(["unknown", "unknown", "unknown"]);
  expect(snapshot.stations.every(({ good, alarm }) => good === undefined && alarm === undefined)).toBe(true);
  expect(Array.from((await ada.at(snapshot.instant)).qualities).filter((value) => value !== quality.bad)).toEqual([]);

  await site.startPlant();
  await eventually(
    async () => ((await ada.connections()).every(({ state }) => state === "connected") ? true : undefined),
    "both connections come up by themselves",
  );
  await eventually(async () => {
    const { stations, shift } = await ada.snapshot();
    return stations.every(({ state }) => state !== "unknown") && (shift?.good ?? 0) > 20 ? true : undefined;
  }, "states and the shift's past are known");
});

test("[E3] what cannot be served ends at once with one clear line and exit code 1, and touches nothing", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const port = (other.address() as AddressInfo).port;
  const file = join(folder, "file");
  writeFileSync(file, "not a folder");
  const strange = join(folder, "strange");
  mkdirSync(strange);
  writeFileSync(join(strange, "thesis.doc"), "mine");
  const newer = join(folder, "newer");
  mkdirSync(newer);
  writeFileSync(join(newer, "format.json"), JSON.stringify({ product: "doppelwerk", format: 99 }));
  const before = { strange: bytesOf(strange), newer: bytesOf(newer) };

  expectRefusal(await serve(join(folder, "ported"), "--port", String(port)), new RegExp(`port ${port} .* in use`));
  const [inFile, below, foreign, future, second] = await Promise.all([
    serve(file),
    serve(join(file, "below")),
    serve(strange),
    serve(newer),
    serve(join(site.folder, "data")),
  ]);
  other.close();
  expectRefusal(inFile, /data folder cannot be/);
  expectRefusal(below, /data folder cannot be/);
  expectRefusal(foreign, /holds other things \(thesis\.doc\)/);
  expectRefusal(future, /newer Doppelwerk \(format 99/);
  expectRefusal(second, /another Doppelwerk is running on this folder/);
  expect({ strange: bytesOf(strange), newer: bytesOf(newer) }).toEqual(before);
  expect(readFileSync(file, "utf8")).toBe("not a folder");
  expect(await site.client("Ada").world()).toMatchObject({ empty: false });
});

test("[E4] a plant that is killed leaves uncertain, then bad values since when it was lost, and no state that looks good; back again, its gap is filled from its archive", async () => {
  const ada = site.client("Ada");
  const signals = (await ada.line()).stations.flatMap((station) => [...Object.values(station.signals), ...station.processValues]);
  const qualities = async () => {
    const last = await ada.at((await ada.world()).now);
    return Array.from(last.qualities);
  };
  const killedAt = (await ada.world()).now;
  await site.plant.stop("SIGKILL");

  await eventually(
    async () => ((await ada.connections()).every(({ state }) => state === "reconnecting") ? true : undefined),
    "the connections say that they are lost",
  );
  await eventually(async () => ((await qualities()).includes(quality.uncertain) ? true : undefined), "values are uncertain at first");
  await eventually(
    async () => ((await ada.snapshot()).stations.every(({ state }) => state === "unknown") ? true : undefined),
    "no station claims a state",
  );
  const lost = await ada.snapshot();
  for (const { since } of lost.stations) expect(since).toBeGreaterThan(killedAt - 30_000_000);
  for (const { since, reason } of await ada.connections()) {
    expect(since).toBeGreaterThan(killedAt - 5_000_000);
    expect(reason).toMatch(/\S/);
  }

  await site.startPlant();
  const backAt = await eventually(
    async () => ((await ada.connections()).every(({ state }) => state === "connected") ? (await ada.world()).now : undefined),
    "both connections are back",
  );
  await eventually(
    async () => ((await ada.snapshot()).stations.every(({ state }) => state !== "unknown") ? true : undefined),
    "the stations tell their states again",
  );
  const gap = { from: killedAt + 3_000_000, to: backAt - 3_000_000 };
  expect(gap.to).toBeGreaterThan(gap.from);
  await eventually(async () => {
    const filled = await goodRows(signals, gap.from, gap.to);
    return filled > 5 ? filled : undefined;
  }, "the gap holds good samples from the plant's archive");

  async function goodRows(ids: readonly RecordId[], from: Instant, to: Instant): Promise<number> {
    const batch = await ada.window(ids, from, to);
    let good = 0;
    for (let row = 0; row < batch.count; row++) if (batch.qualities[row] === quality.good && batch.sourceTimes[row]! >= from) good++;
    return good;
  }
});

test("[E5] a killed server is back within seconds with its past, its documents and its people, and no process is left behind by SIGKILL or SIGTERM", async () => {
  const ada = site.client("Ada");
  const branch = await ada.fork("kept over a crash");
  const then = branch.instant - 20 * 60_000_000;
  // counts are told once the archive before that instant is read
  const before = await eventually(async () => {
    const { stations } = await ada.snapshot(then);
    return stations.every(({ state, good }) => state !== "unknown" && good !== undefined) ? { stations } : undefined;
  }, "the past is known with its counts");
  const children = descendantsOf(site.server.child.pid!);
  expect(children.length).toBeGreaterThan(0);

  await site.restartServer("SIGKILL");
  const answered = await ada.world();
  expect(answered.revision).toBeGreaterThan(0);
  expect((await ada.branches()).map(({ id }) => id)).toContain(branch.id);
  const after = await eventually(async () => {
    const { stations } = await ada.snapshot(then);
    return stations.every(({ state, good }) => state !== "unknown" && good !== undefined) ? { stations } : undefined;
  }, "the past is told again");
  expect(after.stations.map(({ id, state, cause, good }) => ({ id, state, cause, good }))).toEqual(
    before.stations.map(({ id, state, cause, good }) => ({ id, state, cause, good })),
  );
  expect((await ada.log({ limit: 5 })).find(({ kind }) => kind === "fork")).toMatchObject({ name: "Ada" });
  await eventually(() => (children.some(isRunning) ? undefined : true), "the killed server's own processes end");

  await eventually(
    async () => ((await ada.connections()).every(({ state }) => state === "connected") ? true : undefined),
    "the plant is connected again",
  );
  const own = [site.server.child.pid!, ...descendantsOf(site.server.child.pid!)];
  expect(own.length).toBeGreaterThan(1);
  await site.server.stop("SIGTERM");
  expect(site.server.child.exitCode).toBe(0);
  expect(own.filter(isRunning)).toEqual([]);
});

test("[E22] a server that is told to stop ends although a viewer that answers nothing, one that comes back at once, an idle connection and a half-sent request hold on to it", async () => {
  await site.restartServer("SIGTERM");
  const { hostname, port } = new URL(site.url);
  const held: Socket[] = [];
  const hold = async (text: string) => {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    held.push(socket);
    await once(socket, "connect");
    socket.write(text);
    return socket;
  };
  const host = `host: ${hostname}:${port}\r\n`;
  const silent = await hold(
    `GET /ws HTTP/1.1\r\n${host}connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${Buffer.alloc(16).toString("base64")}\r\n\r\n`,
  );
  const idle = await hold(`GET /healthz HTTP/1.1\r\n${host}\r\n`);
  await hold(`POST /api/v3/shells HTTP/1.1\r\n${host}content-type: application/json\r\ncontent-length: 100\r\n\r\n{`);
  expect(String((await once(silent, "data"))[0])).toMatch(/^HTTP\/1\.1 101/);
  expect(String((await once(idle, "data"))[0])).toMatch(/^HTTP\/1\.1 200/);
  const viewer = site.client("Ada").live();
  await eventually(() => (viewer.state().kind === "online" ? true : undefined), "a viewer is there");
  await site.server.stop("SIGTERM");
  expect(site.server.child.exitCode).toBe(0);
  viewer.close();
  for (const socket of held) socket.destroy();
});

test("[E6] a log with a damaged byte in its middle is refused by serve and by verify, which name the file, and stays as it is", async () => {
  const data = join(folder, "damaged");
  cpSync(join(site.folder, "data"), data, { recursive: true });
  const log = readdirSync(join(data, "changes")).map((name) => join(data, "changes", name))[0]!;
  const bytes = readFileSync(log);
  bytes[Math.floor(statSync(log).size / 3)]! ^= 0x40;
  writeFileSync(log, bytes);
  const before = bytesOf(data);
  const [served, verified] = await Promise.all([serve(data), runCommand(["verify", join(site.folder, "data")])]);
  expectRefusal(served, /change log is damaged .*changes-/);
  expect(verified).toMatchObject({ code: 0 });
  expect(bytesOf(data)).toEqual(before);
  const found = await runCommand(["verify", data]);
  expect(found).toMatchObject({ code: 1, stderr: "" });
  expect(found.stdout).toMatch(/^damaged in changes.* at revision \d+: the change log is damaged .*changes-/m);
  expect(bytesOf(data)).toEqual(before);
});

test("[E7] every change that was acknowledged over HTTP is there after kill -9, at any moment, and verify calls the folder good", async () => {
  const data = join(folder, "killed");
  const rounds = process.env["SOAK"] ? 200 : 10;
  const acknowledged = new Map<number, string>();
  const values = { sent: 0, acknowledged: 0 };
  let port = 0;
  for (let round = 0; round < rounds; round++) {
    const server = await startServer(data, port === 0 ? [] : ["--port", String(port)]);
    const url = String(server.ready["url"]);
    port = Number(new URL(url).port);
    if (round === 0) expect((await post(`${url}/api/v3/submodels`, submodel)).status).toBe(201);
    else await expectKept(url, acknowledged, values);
    const killed = new Promise<void>((resolve) => server.child.once("exit", () => resolve()));
    // Each round dies at another point of the stream of writes.
    const enough = 3 + ((round * 7) % 23);
    let done = 0;
    const told = () => ++done === enough && server.child.kill("SIGKILL");
    await Promise.all([
      writeValues(url, values, told),
      ...[1, 2].map((writer) => writeRecords(url, `round ${round} writer ${writer}`, acknowledged, told)),
      killed,
    ]);
  }
  const server = await startServer(data, ["--port", String(port)]);
  await expectKept(String(server.ready["url"]), acknowledged, values);
  await server.stop();
  expect(acknowledged.size).toBeGreaterThan(rounds);
  expect(values.acknowledged).toBeGreaterThan(0);
  const verified = await runCommand(["verify", data]);
  expect(verified).toMatchObject({ code: 0, stderr: "" });
  expect(verified.stdout).toMatch(/^good: /m);
});

const counted = "urn:doppelwerk:e2e:counted";
const submodel = {
  modelType: "Submodel",
  id: counted,
  idShort: "Counted",
  submodelElements: [{ modelType: "Property", idShort: "Count", valueType: "xs:int", value: "0" }],
};
const countUrl = `/api/v3/submodels/${encodeId(counted)}/submodel-elements/Count/$value`;

function post(url: string, body: unknown, method = "POST"): Promise<Response> {
  return fetch(url, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** PATCHes one value upwards until the server is gone. */
async function writeValues(url: string, values: { sent: number; acknowledged: number }, told: () => void): Promise<void> {
  for (;;) {
    const value = ++values.sent;
    try {
      const answer = await post(`${url}${countUrl}`, String(value), "PATCH");
      if (!answer.ok) throw new Error(`PATCH was answered ${answer.status}: ${await answer.text()}`);
    } catch (error) {
      if (error instanceof TypeError) return;
      throw error;
    }
    values.acknowledged = value;
    told();
  }
}

/** Creates records until the server is gone; remembers the hash of every acknowledged revision. */
async function writeRecords(url: string, who: string, acknowledged: Map<number, string>, told: () => void): Promise<void> {
  for (let n = 0; ; n++) {
    let entry: { readonly revision: number; readonly hash: string };
    try {
      const answer = await post(`${url}/api/doppelwerk/v1/branches/live/changes`, {
        reason: `${who} write ${n}`,
        changes: [{ op: "create", record: { id: `note:${who.replaceAll(" ", "-")}-${n}`, kind: "note", text: who } }],
      });
      if (!answer.ok) throw new Error(`the write was answered ${answer.status}: ${await answer.text()}`);
      entry = (await answer.json()) as typeof entry;
    } catch (error) {
      if (error instanceof TypeError) return;
      throw error;
    }
    acknowledged.set(entry.revision, entry.hash);
    told();
  }
}

async function expectKept(
  url: string,
  acknowledged: ReadonlyMap<number, string>,
  values: { readonly sent: number; readonly acknowledged: number },
): Promise<void> {
  const value = Number(await (await fetch(`${url}${countUrl}`)).json());
  expect(value).toBeGreaterThanOrEqual(values.acknowledged);
  expect(value).toBeLessThanOrEqual(values.sent);
  const client = clientOf(url, "Ada");
  const kept = new Map<number, string>();
  for (let before: number | undefined; ;) {
    const page = await client.log({ limit: 500, ...(before === undefined ? {} : { before }) });
    for (const { revision, hash } of page) kept.set(revision, hash);
    if (page.length < 500) break;
    before = page.at(-1)!.revision;
  }
  for (const [revision, hash] of acknowledged) expect(kept.get(revision), `revision ${revision} was acknowledged`).toBe(hash);
}
