import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE, quality, type SignalRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { openProduct, serveAs, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import type { Entry } from "./contract.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-entries-"));
const data = join(root, "data");
let site: HostedWorld;
let origin: string;
let closeApp: () => Promise<void>;

async function start(): Promise<void> {
  site = await openProduct(data);
  const app = await createSiteApp(site);
  closeApp = async () => void (await app.close());
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
}
beforeAll(async () => {
  await start();
  const settings = {
    signals: [
      { address: "scrap", name: "Scrap", valueType: "integer", unit: "1" },
      { address: "remark", name: "Remark", valueType: "string" },
    ],
  };
  const made = await own("POST", "/connections", { url: "entered:shift-book", name: "Shift book", protocol: "entered", settings });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
});
afterAll(async () => {
  await closeApp();
  await site.close();
  rmSync(root, { recursive: true, force: true });
});

// oxlint-disable-next-line no-explicit-any -- an answer has no type before it is judged
async function own(method: string, path: string, body?: unknown, as = "anna"): Promise<{ readonly status: number; readonly body: any }> {
  const answer = await fetch(`${origin}/api/doppelwerk/v1${path}`, {
    method,
    headers: {
      "doppelwerk-person": `secret of ${as}`,
      "doppelwerk-name": as,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}
const signal = (name: string): SignalRecord => site.signals.records().find((record) => record.name === name)!;
const HOUR = 3_600_000_000;

/** Good values and their times of the last ten hours, from the history. */
async function stored(): Promise<readonly string[]> {
  const now = site.now();
  const id = encodeURIComponent(signal("Scrap").id);
  const text = await (
    await fetch(`${origin}/api/doppelwerk/v1/export/samples?signals=${id}&from=${now - 10 * HOUR}&to=${now + HOUR}`)
  ).text();
  const [head, ...lines] = text.trim().split("\r\n");
  const [value, grade] = ["value", "quality"].map((name) => head!.split(",").indexOf(name)) as [number, number];
  return lines.map((line) => line.split(",")).map((cells) => `${cells[value]} ${cells[grade]}`);
}

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 12_000; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never: ${what}`);
}

test("[EN1] what is typed in stands in the history at the time it was of, marked as entered, however many of it come late", async () => {
  const now = site.now();
  const entries: Entry[] = [];
  for (let hour = 8; hour >= 1; hour--) {
    const { status, body } = await own("POST", "/entries", {
      signal: signal("Scrap").id,
      value: hour,
      time: now - hour * HOUR,
      note: "late",
    });
    expect(status, JSON.stringify(body)).toBe(201);
    entries.push(body);
  }
  expect(entries[0]).toMatchObject({ value: 8, unit: "1", enteredByName: "anna", time: now - 8 * HOUR, note: "late" });
  await until("the history has them", async () => (await stored()).length === 8);
  expect(await stored()).toEqual([8, 7, 6, 5, 4, 3, 2, 1].map((value) => `${value} good`));
  expect(site.signals.live(signal("Scrap").id)).toMatchObject({ value: 1, quality: quality.good, sourceTime: now - HOUR });
});

test("[EN2] a correction and a withdrawal are entries of their own: the first stays readable, the newest counts, and only once", async () => {
  const [last] = (await own("GET", `/entries?limit=1&signal=${encodeURIComponent(signal("Scrap").id)}`)).body as Entry[];
  const correct = (value: number | null, corrects: string, as?: string) =>
    own("POST", "/entries", { signal: signal("Scrap").id, value, corrects, note: "miscounted" }, as);
  const first = await correct(11, last!.id, "ben");
  expect(first).toMatchObject({ status: 201, body: { value: 11, corrects: last!.id, enteredByName: "ben", time: last!.time } });
  expect(await correct(12, last!.id)).toMatchObject({
    status: 409,
    body: { error: { message: expect.stringMatching(/already been corrected/) } },
  });
  await until("corrected", () => site.signals.live(signal("Scrap").id)?.value === 11);
  const gone = await correct(null, first.body.id);
  expect(gone.status).toBe(201);
  await until("withdrawn", () => site.signals.live(signal("Scrap").id)?.quality === quality.bad);
  await until("all three are stored", async () => (await stored()).slice(-3).join() === "1 good,11 good, bad");
  const list = (await own("GET", "/entries?limit=3")).body as Entry[];
  expect(list.map(({ value, correctedBy }) => [value, correctedBy])).toEqual([
    [undefined, undefined],
    [11, gone.body.id],
    [1, first.body.id],
  ]);
});

test("[EN3] what cannot be is refused in one line: another type, the future, a signal of a plant, a reader, a withdrawal of nothing", async () => {
  const request = (more: object) => ({ signal: signal("Scrap").id, value: 1, ...more });
  for (const [body, status, why] of [
    [request({ value: "seven" }), 400, /of type integer and does not accept "seven"/],
    [request({ value: 1.5 }), 400, /of type integer and does not accept 1\.5/],
    [request({ time: site.now() + 60_000_000 }), 400, /not be in the future/],
    [request({ time: 5 }), 400, /1990 or later/],
    [request({ value: null }), 400, /only an existing entry/],
    [request({ corrects: "entry:none" }), 404, /no entry of this id/],
    [request({ signal: "signal:none" }), 404, /there is no signal:none/],
    [request({ note: "x".repeat(501) }), 400, /note/],
  ] as const)
    expect(await own("POST", "/entries", body)).toMatchObject({ status, body: { error: { message: expect.stringMatching(why) } } });
  const viewer = await serveAs(site, { ...SYSTEM, id: "person:v", roles: ["viewer"] });
  const refused = await fetch(`${viewer.origin}/api/doppelwerk/v1/entries`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request({})),
  });
  expect(refused.status).toBe(403);
  await viewer.close();
  const plant: SignalRecord = { id: "signal:plant", kind: "signal", name: "Speed", valueType: "double" };
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "a test", changes: [{ op: "create", record: plant }] });
  expect(await own("POST", "/entries", request({ signal: plant.id }))).toMatchObject({ status: 403 });
});

test("[EN4] entries outlive a restart and are sent again without becoming two; switched off, nothing is taken", async () => {
  const { body: remark } = await own("POST", "/entries", { signal: signal("Remark").id, value: "Kühlung zu 冷却关闭" });
  const before = await stored();
  await closeApp();
  await site.close();
  await start();
  expect((await own("GET", "/entries?limit=1")).body).toMatchObject([{ id: remark.id, value: "Kühlung zu 冷却关闭" }]);
  await until("it stands again", () => site.signals.live(signal("Remark").id)?.value === "Kühlung zu 冷却关闭");
  expect(await stored()).toEqual(before);
  const lines = readFileSync(join(data, "entries.jsonl"), "utf8").trim().split("\n");
  expect(lines.length).toBe(13);
  const { id } = (await plantsOf(site).list()).find(({ name }) => name === "Shift book")!;
  expect((await own("PATCH", `/connections/${encodeURIComponent(id)}`, { enabled: false })).status).toBe(204);
  expect(await own("POST", "/entries", { signal: signal("Scrap").id, value: 3 })).toMatchObject({
    status: 503,
    body: { error: { message: expect.stringMatching(/switched off/) } },
  });
  expect((await plantsOf(site).list()).find(({ name }) => name === "Shift book")).toMatchObject({ enabled: false, state: "closed" });
});

test("[EN5] what a signal means is declared by people: unknown stays unknown until then; counters, bands and intervals are checked", async () => {
  const scrap = signal("Scrap").id;
  const path = `/signals/${encodeURIComponent(scrap)}`;
  const patch = { unit: "pcs", counter: { type: "totaliser", width: 16 }, aliveS: 3_600, deadband: 2, minIntervalS: 1, low: 0, high: 50 };
  expect((await own("PATCH", path, patch)).status).toBe(204);
  expect(signal("Scrap")).toMatchObject(patch);
  expect((await own("PATCH", path, { unit: null, counter: null, deadband: null, minIntervalS: null })).status).toBe(204);
  expect([signal("Scrap").unit, signal("Scrap").counter, signal("Scrap").aliveS]).toEqual([undefined, undefined, 3_600]);
  for (const [body, why] of [
    [{ low: 60 }, /lower display limit/],
    [{ counter: { type: "totaliser", width: 8 } }, /width/],
    [{ aliveS: 0 }, /aliveS/],
    [{ commandWhen: [{ signal: scrap, equals: 1 }] }, /cannot be its own condition/],
    [{ commandWhen: [{ signal: "signal:none", equals: 1 }] }, /no signal of this id as a condition/],
    [{}, /nothing to change/],
  ] as const)
    expect(await own("PATCH", path, body)).toMatchObject({ status: 400, body: { error: { message: expect.stringMatching(why) } } });
  expect(await own("PATCH", `/signals/${encodeURIComponent(signal("Remark").id)}`, { counter: { type: "shiftReset" } })).toMatchObject({
    status: 400,
  });
  const { id } = (await plantsOf(site).list()).find(({ name }) => name === "Shift book")!;
  const listed = (await own("GET", `/connections/${encodeURIComponent(id)}/signals?search=scr`)).body;
  expect(listed).toMatchObject({ total: 1, signals: [{ name: "Scrap", aliveS: 3_600 }] });
  expect((await own("GET", `/connections/${encodeURIComponent(id)}`)).body).toMatchObject({
    name: "Shift book",
    allowCommands: false,
    commandable: false,
    drops: [],
    clockOffsets: [],
  });
});
