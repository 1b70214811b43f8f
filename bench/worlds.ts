import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, type Program } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = 3;
const CLOSED = 200;
const OPEN = 8;
const SIGNALS = 1_000;
/** A sample of each signal a second. */
const RECORD_S = 30;
const SETTLE_MS = 8_000;
const ELEMENTS = 100_000;
const ELEMENTS_OF_SUBMODEL = 50;
const OPENINGS = 5;

/**
 * Worlds of a server process: what a closed one costs (bar ≤ 0.2 MB), what each open one costs that records 1,000 signals, a sample of each a second (bar
 * ≤ 25 MB), both as resident memory of the process with and without; and how long the first request takes to a closed world of 100,000 elements (bar ≤ 1 s).
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-worlds-"));
  const values = { closed: [] as number[], disk: [] as number[], empty: [] as number[], recording: [] as number[] };
  try {
    for (let run = 0; run < RUNS; run++) {
      const data = join(root, String(run));
      const server = await startServer(data);
      try {
        const url = String(server.ready["url"]);
        await fetch(`${url}/api/doppelwerk/v1/world`);
        const before = await settled(server);
        for (let at = 0; at < CLOSED; at++) await send(url, "POST", "/worlds", { name: `closed-${at}` });
        await send(url, "GET", "/worlds");
        const withClosed = await settled(server);
        values.closed.push((withClosed - before) / CLOSED);
        values.disk.push(bytesBelow(join(data, "worlds", "closed-0")) / 1e6);
        for (let at = 0; at < OPEN; at++) await send(url, "GET", `/worlds/closed-${at}/world`);
        const withOpen = await settled(server);
        values.empty.push((withOpen - withClosed) / OPEN);
        await Promise.all(Array.from({ length: OPEN }, (_, at) => record(url, `closed-${at}`)));
        values.recording.push(((await settled(server)) - withClosed) / OPEN);
      } finally {
        await server.stop();
      }
    }
    reportMedian(report, "worlds", "resident memory a closed world", "MB", values.closed);
    reportMedian(report, "worlds", "disk an empty world", "MB", values.disk);
    reportMedian(report, "worlds", "resident memory an open world, empty", "MB", values.empty);
    reportMedian(report, "worlds", "resident memory an open world that records 1,000 signals", "MB", values.recording);
    reportMedian(report, "worlds", "first request to a closed world of 100,000 elements", "s", await openings(join(root, "large")));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function record(url: string, world: string): Promise<void> {
  await send(url, "PUT", `/worlds/${world}/secrets/push`, { token: "t" });
  const signals = Array.from({ length: SIGNALS }, (_, at) => ({ address: `s${at}`, valueType: "double" }));
  const connection = { url: "push:bench", name: "bench", protocol: "push", secret: "push", settings: { signals } };
  const { id } = (await send(url, "POST", `/worlds/${world}/connections`, connection)) as { readonly id: string };
  for (let second = 0; second < RECORD_S; second++) {
    const time = Date.now() * 1_000;
    const samples = signals.map(({ address }, at) => ({ address, value: Math.round(1_000 * Math.sin(second + at)) / 100, time }));
    await send(url, "POST", `/worlds/${world}/connections/${encodeURIComponent(id)}/samples`, { judged: true, values: samples });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Each by a server of its own: a closed world is one that this process has not opened before. */
async function openings(data: string): Promise<readonly number[]> {
  const first = await startServer(data);
  const url = String(first.ready["url"]);
  await send(url, "POST", "/worlds", { name: "large" });
  for (let at = 0; at < ELEMENTS / ELEMENTS_OF_SUBMODEL; at++)
    await aas(`${url}/worlds/large/api/v3/submodels`, {
      modelType: "Submodel",
      id: `urn:bench:${at}`,
      submodelElements: Array.from({ length: ELEMENTS_OF_SUBMODEL }, (_, element) => ({
        modelType: "Property",
        idShort: `P${element}`,
        valueType: "xs:double",
        value: String(at + element / 100),
      })),
    });
  await first.stop();
  const seconds: number[] = [];
  for (let run = 0; run < OPENINGS; run++) {
    const server = await startServer(data);
    try {
      const begin = performance.now();
      await send(String(server.ready["url"]), "GET", "/worlds/large/world");
      seconds.push((performance.now() - begin) / 1_000);
    } finally {
      await server.stop();
    }
  }
  return seconds;
}

async function aas(url: string, submodel: object): Promise<void> {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(submodel) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
}

async function send(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${url}/api/doppelwerk/v1${path}`, {
    method,
    headers: { authorization: "Bearer t", ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** MB resident once nothing was asked for a while. */
async function settled({ child }: Program): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))![1]) / 1_000;
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
