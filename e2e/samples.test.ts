import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { eventually, startServer, type Program } from "./running-site.ts";

// What a sender was told is stored is on disk: the server is killed, and its disk filled, while samples are pushed.
const root = mkdtempSync(join(tmpdir(), "doppelwerk-samples-"));
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SENDERS = 6;
const ROWS = 20;
const KILLS = process.env["SOAK"] === undefined ? 8 : 100;

const LONG_AGO = (Date.now() - 7_200_000) * 1_000;

interface Row {
  readonly address: string;
  readonly value: number;
  readonly time: number;
}

function send(url: string, method: string, path: string, body: unknown): Promise<Response> {
  return fetch(`${url}/api/doppelwerk/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: "Bearer push-token" },
    body: JSON.stringify(body),
  });
}

async function connect(url: string, names: readonly string[], protocol: "push" | "entered" = "push"): Promise<string> {
  if (protocol === "push") expect((await send(url, "PUT", "/secrets/push", { token: "push-token" })).ok).toBe(true);
  const made = await send(url, "POST", "/connections", {
    url: `${protocol}:a`,
    name: protocol,
    protocol,
    ...(protocol === "push" ? { secret: "push" } : {}),
    settings: { signals: names.map((address) => ({ address, valueType: "integer" })) },
  });
  expect(made.status, await made.clone().text()).toBe(201);
  return ((await made.json()) as { readonly id: string }).id;
}

const push = (url: string, id: string, values: readonly Row[], more: object = {}) =>
  send(url, "POST", `/connections/${encodeURIComponent(id)}/samples`, { values, judged: true, ...more });

async function signalsOf(url: string, id: string): Promise<readonly { readonly id: string; readonly address: string }[]> {
  const listed = await fetch(`${url}/api/doppelwerk/v1/connections/${encodeURIComponent(id)}/signals?limit=1000`);
  return ((await listed.json()) as { readonly signals: readonly { readonly id: string; readonly address: string }[] }).signals;
}

/** "name value time" of every good sample of a connection that the server has. */
async function stored(url: string, id: string, from: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { id: signal, address } of await signalsOf(url, id)) {
    const to = Date.now() * 1_000 + 60_000_000;
    const answer = await fetch(`${url}/api/doppelwerk/v1/export/samples?signals=${encodeURIComponent(signal)}&from=${from}&to=${to}`);
    expect(answer.ok, await answer.clone().text()).toBe(true);
    const [head = "", ...lines] = (await answer.text()).trim().split("\r\n");
    const columns = head.split(",");
    const [value, time, worth] = ["value", "time", "quality"].map((name) => columns.indexOf(name)) as [number, number, number];
    for (const cells of lines.map((line) => line.split(",")))
      if (cells[worth] === "good") found.push(`${address} ${cells[value]} ${Date.parse(cells[time]!)}`);
  }
  return found;
}

const textOf = ({ address, value, time }: Row) => `${address} ${value} ${Math.floor(time / 1_000)}`;

/** What senders were told is stored, and how many answers it took. */
interface Told {
  readonly rows: Set<string>;
  readonly counts: number[];
  answers: number;
}

/** Pushes batch after batch of a signal, every third late by hours, every fourth with the one before again, until the server is gone. */
async function pushUntilGone(url: string, id: string, sender: number, told: Told, onAnswer: () => void): Promise<void> {
  const address = `s${sender}`;
  let last: readonly Row[] = [];
  for (let n = 0; ; n++) {
    const late = n % 3 === 2;
    const now = Date.now() * 1_000;
    const fresh = Array.from({ length: ROWS }, (): Row => {
      const value = told.counts[sender]!++;
      return { address, value, time: late ? LONG_AGO + value * 1_000 : now };
    });
    const rows = n % 4 === 3 ? [...last, ...fresh] : fresh;
    try {
      const answer = await push(url, id, rows, late ? { late: true } : {});
      expect(answer.status, await answer.clone().text()).toBe(202);
      expect(await answer.json()).toEqual({ accepted: rows.length, refused: [] });
    } catch (error) {
      if (error instanceof TypeError) return;
      throw error;
    }
    for (const row of rows) told.rows.add(textOf(row));
    last = fresh;
    onAnswer();
  }
}

/** Types in value after value until the server is gone. */
async function enterUntilGone(url: string, signal: string, told: Told, onAnswer: () => void): Promise<void> {
  for (;;) {
    try {
      const answer = await send(url, "POST", "/entries", { signal, value: told.counts[SENDERS]!++ });
      expect(answer.status, await answer.clone().text()).toBe(201);
      const { value, sampleTime } = (await answer.json()) as { readonly value: number; readonly sampleTime: number };
      told.rows.add(textOf({ address: "typed", value, time: sampleTime }));
    } catch (error) {
      if (error instanceof TypeError) return;
      throw error;
    }
    onAnswer();
  }
}

test(`[E31] samples and entries that were acknowledged are there after kill -9, ${KILLS} times at any moment, none of them twice`, async () => {
  const data = join(root, "killed");
  let server: Program = await startServer(data);
  stops.push(() => server.stop("SIGKILL"));
  const url = String(server.ready["url"]);
  const id = await connect(
    url,
    Array.from({ length: SENDERS }, (_, n) => `s${n}`),
  );
  const typed = await connect(url, ["typed"], "entered");
  const signal = (await signalsOf(url, typed))[0]!.id;
  const told: Told = { rows: new Set(), counts: Array.from({ length: SENDERS + 1 }, () => 0), answers: 0 };
  for (let kill = 0; kill < KILLS; kill++) {
    const enough = told.answers + 15 + ((kill * 37) % 60);
    const onAnswer = () => void (++told.answers === enough && server.child.kill("SIGKILL"));
    await Promise.all([
      enterUntilGone(url, signal, told, onAnswer),
      ...Array.from({ length: SENDERS }, (_, sender) => pushUntilGone(url, id, sender, told, onAnswer)),
    ]);
    await server.stop();
    server = await startServer(data, ["--port", new URL(url).port]);
  }
  const found = [...(await stored(url, id, LONG_AGO)), ...(await stored(url, typed, LONG_AGO))];
  const there = new Set(found);
  const lost = [...told.rows].filter((row) => !there.has(row));
  expect(lost.length, `lost of ${told.rows.size}: ${lost.slice(0, 5).join("; ")}`).toBe(0);
  expect(found.length).toBe(there.size);
  expect(told.rows.size).toBeGreaterThan(KILLS * ROWS * 10);
}, 1_800_000);

/** A mount that only the server sees: a disk of its own that can be full. */
const mounts = spawnSync("unshare", ["-Urm", "mount", "-t", "tmpfs", "tmpfs", root]).status === 0;
const MOUNT = 'mount -t tmpfs -o size=48m tmpfs "$0" && exec "$@"';

test.skipIf(!mounts)(
  "[E32] a full disk: 503 with Retry-After and nothing else, every address of health says so, nothing acknowledged is lost, and it goes on",
  async () => {
    const disk = join(root, "disk");
    mkdirSync(disk);
    const launcher = ["unshare", "-Urm", "sh", "-c", MOUNT, disk];
    const server = await startServer(join(disk, "data"), [], launcher);
    stops.push(() => server.stop("SIGKILL"));
    const url = String(server.ready["url"]);
    const id = await connect(url, ["s0"]);
    const acknowledged: string[] = [];
    let value = 0;
    const next = async (): Promise<Response> => {
      const rows = Array.from({ length: 2_000 }, (): Row => ({ address: "s0", value: value++, time: Date.now() * 1_000 }));
      const answer = await push(url, id, rows);
      if (answer.status === 202) for (const row of rows) acknowledged.push(textOf(row));
      return answer;
    };
    const health = async (path: string) => {
      const answer = await fetch(`${url}${path}`);
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    expect((await next()).status).toBe(202);
    expect(await health("/healthz")).toEqual({ status: 200, body: { ok: true } });
    // the disk as its own process sees it
    const filler = `/proc/${server.child.pid}/root${disk}/filler`;
    try {
      writeFileSync(filler, new Uint8Array(64 << 20));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
    }
    const refused: Response[] = [];
    for (let tries = 0; refused.length < 5; tries++) {
      expect(tries, "the disk never becomes full").toBeLessThan(500);
      const answer = await next();
      if (answer.status !== 202) refused.push(answer);
    }
    for (const answer of refused) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({ error: { code: "DW_UNAVAILABLE", message: expect.stringMatching(/the disk is full/) } });
    }
    expect(await health("/healthz")).toMatchObject({
      status: 503,
      body: { ok: false, degraded: [expect.stringMatching(/the disk is full/)] },
    });
    expect(await health("/readyz")).toMatchObject({
      status: 503,
      body: { ready: false, reasons: [expect.stringMatching(/the disk is full/)] },
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain("doppelwerk_history_refusing 1\n");
    expect(metrics).toMatch(/doppelwerk_pushes_refused_total [1-9]/);

    truncateSync(filler, 0);
    await eventually(async () => ((await next()).status === 202 ? true : undefined), "samples are taken again");
    await eventually(async () => ((await health("/healthz")).status === 200 ? true : undefined), "the health says so");
    const there = new Set(await stored(url, id, LONG_AGO));
    expect(acknowledged.filter((row) => !there.has(row))).toEqual([]);
    expect(there.size).toBe(acknowledged.length);
  },
  600_000,
);
