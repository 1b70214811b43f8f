import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, readDocument } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { DAY, HOUR, LIVE, MINUTE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import type { Entry } from "./model/entry.ts";
import { inspectionRound, RoundFields } from "./model/round-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-rounds-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let [eva, otto, vera]: Client[] = [];
let shell = "";

async function open(): Promise<void> {
  site = await openProduct(folder);
  eva = await clientAs(site, "eva", "engineer", closes);
  otto = await clientAs(site, "otto", "operator", closes);
  vera = await clientAs(site, "vera", "viewer", closes);
}
async function close(): Promise<void> {
  for (const end of closes.splice(0)) await end();
  await site.close();
}
beforeAll(async () => {
  await open();
  await bringPlantOfHours(site);
  shell = site
    .view(SYSTEM)
    .reader(LIVE)
    .query({ kind: "shell" })
    .map((record) => String(record["aasId"] ?? ""))
    .find((id) => id !== "")!;
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const round = (code: string, more: object = {}): RoundFields =>
  RoundFields.parse({
    code,
    title: { en: `Round ${code}`, zh: `巡检 ${code}` },
    points: [
      {
        id: "press",
        title: { en: "Press", zh: "压机" },
        shell,
        code: "QR-PRESS",
        checks: [
          { id: "oil", title: { en: "Oil pressure", zh: "油压" }, kind: "value", unit: "bar", low: 4, high: 6 },
          { id: "leak", title: { en: "Leaks", zh: "泄漏" }, kind: "yesNo", good: false, isRequired: false },
          { id: "photo", title: { en: "Picture", zh: "照片" }, kind: "photo", isRequired: false },
        ],
      },
      { id: "belt", title: { en: "Belt", zh: "皮带" }, checks: [{ id: "ok", title: { en: "In order", zh: "正常" }, kind: "yesNo" }] },
    ],
    ...more,
  });
const store = (code: string, more: object = {}, by = eva!) =>
  calls.store(by, { params: { round: code }, query: {}, body: { fields: round(code, more) } });
type Said = Entry extends infer Each ? (Each extends unknown ? Omit<Each, "entry" | "round"> & { readonly entry?: string } : never) : never;
const say = (code: string, entries: readonly (Said & { readonly at?: number })[], { deviceNow = site.now(), by = otto! } = {}) =>
  calls.record(by, {
    params: { round: code },
    body: {
      deviceNow,
      entries: entries.map(({ at = deviceNow, ...entry }) => ({ at, entry: { entry: randomUUID(), ...entry, round: code } as Entry })),
    },
  });
const walksOf = async (code: string) => calls.walks(vera!, { params: { round: code }, query: {} });

test("[RD1] [RD9] engineers store rounds, operators walk them, viewers read; what is no round is refused", async () => {
  await store("RD-1");
  await expect(store("RD-1b", {}, otto)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  const walk = randomUUID();
  await expect(say("RD-1", [{ kind: "started", walk }], { by: vera! })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(say("none", [{ kind: "started", walk }])).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(store("RD-1", { schedule: { kind: "week", timeZone: "Mars/Base" } })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(
    calls.store(eva!, { params: { round: "RD-1" }, query: {}, body: { fields: round("RD-1"), expected: null } }),
  ).rejects.toMatchObject({
    code: "DW_CONFLICT",
  });
});

test("[RD2] [RD3] [RD6] a walk is recorded entry by entry, each once, over a restart too; a point without its code is not scanned", async () => {
  await store("RD-2");
  const walk = randomUUID();
  const [first, second] = [randomUUID(), randomUUID()];
  const entries = [
    { kind: "started", walk, entry: first },
    { kind: "answered", walk, entry: second, point: "press", answers: { oil: 5 }, scanned: "QR-PRESS", how: "camera" },
  ] as const;
  expect(await say("RD-2", entries)).toEqual({ taken: 2, known: 0, refused: [] });
  expect(await say("RD-2", entries)).toEqual({ taken: 0, known: 2, refused: [] });
  await close();
  await open();
  const rest = [
    ...entries,
    { kind: "answered", walk, point: "belt", answers: { ok: true }, scanned: "QR-OTHER", how: "typed" },
    { kind: "answered", walk, entry: second, point: "press", answers: { oil: 4 } },
    { kind: "answered", walk, point: "belt", answers: { ok: "perhaps" } },
    { kind: "answered", walk, point: "none", answers: {} },
    { kind: "finished", walk },
  ] as const;
  const told = await say("RD-2", rest);
  expect(told).toMatchObject({ taken: 2, known: 2 });
  expect(told.refused.map(({ reason }) => reason.code)).toEqual(["rounds.otherEntry", "rounds.fault.answer", "rounds.fault.answer"]);
  const [seen] = await walksOf("RD-2");
  expect(seen).toMatchObject({ walk, by: expect.any(String) });
  expect(seen!.finishedAt).toBeDefined();
  expect(seen!.points.map(({ point, isScanned, how }) => [point, isScanned, how])).toEqual([
    ["press", true, "camera"],
    ["belt", false, "typed"],
  ]);
  const { rounds } = await calls.list(vera!, { query: {} });
  expect(rounds.find((each) => each.round === "RD-2")!.lastWalk).toMatchObject({ notScanned: 1, beyond: 0, isFinished: true });
});

test("[RD4] what waited in a device whose clock is wrong stands where it happened, never in the future, and what is too old is refused", async () => {
  await store("RD-4");
  const now = site.now();
  const walk = randomUUID();
  // the phone is three hours behind: by its clock it answered two hours before it sends
  const deviceNow = now - 3 * HOUR;
  await say("RD-4", [{ kind: "answered", walk, point: "belt", answers: { ok: true }, at: deviceNow - 2 * HOUR }], { deviceNow });
  // and ahead
  await say("RD-4", [{ kind: "finished", walk, at: now + 5 * HOUR }], { deviceNow: now + 5 * HOUR });
  const [seen] = await walksOf("RD-4");
  expect(Math.abs(seen!.points[0]!.at - (now - 2 * HOUR))).toBeLessThan(MINUTE);
  expect(seen!.finishedAt).toBeLessThanOrEqual(site.now());
  expect(await say("RD-4", [{ kind: "started", walk, at: now - 90 * DAY }])).toMatchObject({
    taken: 0,
    refused: [{ reason: { code: "rounds.fault.tooOld" } }],
  });
});

test("[RD7] [RD8] a value beyond its limits is marked, is a trend with its limits, and opens one work order for its asset", async () => {
  await store("RD-7");
  const walk = randomUUID();
  await say("RD-7", [
    { kind: "answered", walk: randomUUID(), point: "press", answers: { oil: 5 }, at: site.now() - HOUR },
    { kind: "answered", walk, point: "press", answers: { oil: 6.5 }, scanned: "QR-PRESS", how: "camera", note: "hissing" },
  ]);
  const trend = await calls.trend(vera!, { params: { round: "RD-7", point: "press", check: "oil" }, query: {} });
  expect(trend).toMatchObject({
    unit: "bar",
    low: 4,
    high: 6,
    values: [
      { value: 5, isBeyond: false },
      { value: 6.5, isBeyond: true },
    ],
  });
  const order = { params: { round: "RD-7" }, body: { walk, point: "press", check: "oil" } };
  await expect(calls.openWorkOrder(vera!, order)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  const opened = await calls.openWorkOrder(otto!, order);
  expect(opened.isNew).toBe(true);
  expect(await calls.openWorkOrder(otto!, order)).toEqual({ id: opened.id, isNew: false });
  expect((await walksOf("RD-7"))[0]!.points[0]).toMatchObject({ workOrder: opened.id });
  await expect(calls.openWorkOrder(otto!, { ...order, body: { ...order.body, check: "leak" } })).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });
});

test("[RD10] a photo is a JPEG or PNG by its bytes, is shown of its round alone, and nothing else ever is", async () => {
  await store("RD-10");
  await store("RD-10b");
  const params = { round: "RD-10" };
  const png = Uint8Array.from(
    Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64"),
  );
  const { photo } = await calls.addPhoto(otto!, { params, body: png });
  for (const text of ["<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "<html></html>", ""])
    await expect(calls.addPhoto(otto!, { params, body: new TextEncoder().encode(text) as Uint8Array<ArrayBuffer> })).rejects.toMatchObject({
      code: "DW_INVALID",
    });
  await expect(calls.photo(vera!, { params: { ...params, photo } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await say("RD-10", [{ kind: "answered", walk: randomUUID(), point: "press", answers: { oil: 5, photo } }]);
  expect(Buffer.from((await calls.photo(vera!, { params: { ...params, photo } })) as Uint8Array).equals(Buffer.from(png))).toBe(true);
  await expect(calls.photo(vera!, { params: { round: "RD-10b", photo } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[RD5] a round of each shift is due in it, and is as it was known at an instant of the past [level: whole]", async () => {
  await store("RD-5", { schedule: { kind: "shift" } });
  const seen = async (query: object = {}) => (await calls.list(vera!, { query })).rounds.find((each) => each.round === "RD-5")!;
  await expect.poll(async () => ((await seen()).due ?? []).length, { timeout: 60_000 }).toBeGreaterThan(0);
  const walk = randomUUID();
  await say("RD-5", [
    { kind: "started", walk },
    { kind: "finished", walk },
  ]);
  expect((await seen()).lastWalk).toMatchObject({ walk, isFinished: true });
  // the shift that runs is due to its planned end, and done by this walk; those of before were missed
  await expect
    .poll(
      async () => {
        const { due = [] } = await seen();
        const running = due.find(({ from, to }) => from <= site.now() && to > site.now());
        return running === undefined ? due.length > 0 : running.state === "done" && running.walk === walk;
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  await expect(calls.walks(vera!, { params: { round: "RD-5" }, query: { t: site.now() - DAY } })).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });
});

test("[RD11] checks go out as a list and in again; a row that is none is named, whatever is in it [level: round trip]", async () => {
  const list = "/lists/inspectionChecks";
  const preview = (text: string | Uint8Array) =>
    eva!.requester.json<{
      readonly created: readonly string[];
      readonly changed: readonly unknown[];
      readonly findings: readonly { readonly isFault: boolean }[];
    }>("POST", `${list}/preview`, {
      query: { name: "checks.csv" },
      body: typeof text === "string" ? new TextEncoder().encode(text) : text,
    } as never);
  const file = await eva!.requester.bytes(`${list}/file`, { query: { format: "csv" } });
  expect(await preview(file)).toMatchObject({ created: [], changed: [], findings: [] });
  const head = "key,point.en,point.zh,check.en,check.zh,kind,low,high,choices\n";
  expect(await preview(`${head}NEW/pump/oil,Pump,泵,Oil,油,value,1,2,\n`)).toMatchObject({ created: ["NEW/pump/oil"], findings: [] });
  expect(
    (await preview(`${head}NEW/pump/oil,Pump,泵,Oil,油,value,2,1,\nNEW,Pump,泵,Oil,油,value,,,\n`)).findings.filter(
      ({ isFault }) => isFault,
    ),
  ).toHaveLength(2);
  const seed = Number(process.env["FUZZ_SEED"] ?? 55);
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const pieces = ["A/b/c", "key", ",", "\n", '"', "//", "value", "choice", "1;2", "-1", "=1+1", "\u0000", "巡检", "__proto__/a/b", " "];
  for (let run = 0; run < 120; run++) {
    const text = head + Array.from({ length: next(40) }, () => pieces[next(pieces.length)]!).join("");
    await preview(text).catch((error: { readonly code?: string }) => expect(error.code, JSON.stringify(text)).toBe("DW_INVALID"));
  }
});

test("[RD1] documents of every version are read", () => {
  const record = JSON.parse(readFileSync(new URL("./fixtures/rounds.round-v1.json", import.meta.url), "utf8"));
  expect(documentFaults(inspectionRound, record)).toEqual([]);
  expect(readDocument(inspectionRound, record)).toBeDefined();
});
