import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { DAY, documentFaults, HOUR, MINUTE, readDocument } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as terminal from "./calls.ts";
import type { NewTerminalEntry } from "./model/entry.ts";
import { workInstruction, type InstructionFields } from "./model/instruction-kind.ts";
import { lifeItem } from "./model/life-kind.ts";

const WAIT = { timeout: 60_000, interval: 300 };
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-instructions-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;
let begin: number;

beforeAll(async () => {
  site = await openProduct(folder);
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
  begin = await bringPlantOfHours(site);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const fields: InstructionFields = {
  product: "",
  station: "S90",
  needsFirstPiece: true,
  steps: [
    { title: { en: "Press the seal in", zh: "压入密封圈" } },
    { title: { en: "Measure the gap", zh: "测量间隙" }, check: { kind: "value", unit: "mm", low: 1.5, high: 2.5 } },
  ],
};
const picture = () => terminal.picture(operator, { params: { station: "S90" } });
const store = (by: Client, change: Partial<InstructionFields> = {}, branch = LIVE) =>
  terminal.storeInstruction(by, { query: { branch }, body: { fields: { ...fields, ...change } } });
const send = (entry: object) =>
  terminal.enter(operator, {
    body: {
      deviceNow: site.now(),
      entries: [{ id: crypto.randomUUID(), station: "S90", deviceTime: site.now(), ...entry } as NewTerminalEntry],
    },
  });

test("[TM9] an instruction is shown at its station, with its pictures; what is no picture and what is another file is refused", async () => {
  await expect(store(operator)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  const { id } = await store(engineer);
  expect((await picture()).instruction).toMatchObject({ id, fields: { steps: [{}, { check: { unit: "mm" } }] } });
  const params = { instruction: id, step: "0" };
  const wrong = Uint8Array.from(Buffer.from("<svg onload=alert(1)>"));
  await expect(terminal.setPicture(engineer, { params, query: {}, body: wrong })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(
    terminal.setPicture(engineer, { params: { ...params, step: "7" }, query: {}, body: Uint8Array.from(PNG) }),
  ).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  const set = await terminal.setPicture(engineer, { params, query: {}, body: Uint8Array.from(PNG) });
  const shown = set.fields.steps[0]!.picture!;
  expect(shown.type).toBe("image/png");
  const bytes = await terminal.stepPicture(operator, { params: { instruction: id, picture: shown.hash }, query: {} });
  expect(Buffer.from(bytes).equals(PNG)).toBe(true);
  const other = { hash: "0".repeat(64), type: "image/png" } as const;
  await expect(store(engineer, { steps: [{ ...fields.steps[0]!, picture: other }] })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(terminal.stepPicture(operator, { params: { instruction: id, picture: other.hash }, query: {} })).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });
  // on a branch it is another one, and live stays
  const branch = await operator.fork("steps");
  await store(operator, { steps: [fields.steps[0]!] }, branch.id);
  expect((await terminal.instructions(operator, { query: { branch: branch.id } }))[0]!.fields.steps).toHaveLength(1);
  expect((await picture()).instruction!.fields.steps).toHaveLength(2);
});

test("[TM9] a step that is done is recorded with what was measured, also beyond its limits", async () => {
  const { id } = (await picture()).instruction!;
  const step = { kind: "step", instruction: id, step: 1, product: "WM9", serial: "26-1" };
  for (const value of [2, 3]) expect((await send({ ...step, value })).results).toMatchObject([{ status: "done" }]);
  expect((await send({ ...step, step: 9 })).results).toMatchObject([{ status: "refused" }]);
  const { events } = await site.view(SYSTEM).events.query({ branch: LIVE, types: ["terminal.step"] });
  expect(events.map(({ payload }) => [payload["value"], payload["isWithin"], payload["serial"]])).toEqual([
    [2, true, "26-1"],
    [3, false, "26-1"],
  ]);
});

test("[TM10] the first piece of an order is released by who may approve; another order needs another release", async () => {
  const order = (number: string, sequence: number) =>
    engineer.requester.json("PUT", `/orders/${number}`, {
      body: { fields: { number, line: "Line3", product: "WM9", quantity: 1_000_000, sequence }, expected: null },
    });
  const { line } = (await picture()).place;
  await engineer.requester
    .json("PUT", "/orders/P1", { body: { fields: { number: "P1", line, product: "WM9", quantity: 1_000, sequence: 0 } } })
    .catch(() => order("P1", 0));
  await expect.poll(async () => (await picture()).firstPiece?.state, WAIT).toBe("missing");
  const [running] = (await picture()).orders!;
  const body = { product: running!.product, order: running!.id, verdict: "released" as const };
  const params = { station: "S90" };
  await expect(terminal.judgeFirstPiece(operator, { params, body })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(terminal.judgeFirstPiece(engineer, { params: { station: "S999" }, body })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await terminal.judgeFirstPiece(engineer, { params, body: { ...body, verdict: "rejected", note: "clip at 7 o’clock" } });
  expect((await picture()).firstPiece).toMatchObject({ state: "rejected", mayJudge: false, note: "clip at 7 o’clock" });
  expect(await terminal.judgeFirstPiece(engineer, { params, body })).toMatchObject({ state: "released" });
  expect((await picture()).firstPiece).toMatchObject({ state: "released" });
  expect(await terminal.judgeFirstPiece(engineer, { params, body: { ...body, order: "P2", verdict: "rejected" } })).toMatchObject({
    state: "rejected",
  });
  expect((await picture()).firstPiece).toMatchObject({ state: "released" });
});

test("[TM11] life is counted by cycles, hours and days from its reset on, and a list has it", async () => {
  const item = (unit: "cycles" | "hours" | "days", since: number) => ({
    name: `Jaw by ${unit}`,
    what: "tool" as const,
    station: "S90",
    unit,
    limit: 20,
    warnAt: 0.5,
    since,
  });
  const put = (code: string, unit: "cycles" | "hours" | "days", since: number) =>
    terminal.storeLife(engineer, { params: { code }, query: {}, body: { fields: item(unit, since) } });
  // from minute 0 of a half hour on: 23 parts in 30 minutes, less what fails
  await put("J1", "cycles", begin);
  await put("J2", "hours", begin);
  await put("J3", "days", site.now() - 10 * DAY);
  await put("J4", "cycles", site.now() + HOUR);
  await expect.poll(async () => (await picture()).life.find(({ code }) => code === "J1")?.used ?? 0, WAIT).toBeGreaterThan(100);
  // states of the past are derived in their own time
  await expect.poll(async () => (await terminal.lives(operator)).find(({ code }) => code === "J2")?.used ?? 0, WAIT).toBeGreaterThan(1);
  const life = new Map((await terminal.lives(operator)).map((each) => [each.code, each]));
  expect(life.get("J1")).toMatchObject({ state: "due" });
  expect(life.get("J3")).toMatchObject({ state: "soon" });
  expect(life.get("J3")!.used).toBeCloseTo(10, 2);
  expect(life.get("J2")!.used).toBeLessThan((site.now() - begin) / HOUR);
  expect(life.get("J4")).toMatchObject({ used: 0, state: "good" });
  expect((await send({ kind: "lifeReset", item: "J1", text: "new jaw" })).results).toMatchObject([{ status: "done" }]);
  await expect.poll(async () => (await picture()).life.find(({ code }) => code === "J1")?.state, WAIT).toBe("good");
  const { events } = await site.view(SYSTEM).events.query({ branch: LIVE, types: ["terminal.lifeReset"] });
  expect(events[0]!.payload["used"]).toBeGreaterThan(100);
  expect((await send({ kind: "lifeReset", item: "none" })).results).toMatchObject([{ status: "refused" }]);
  const file = Buffer.from(await operator.requester.bytes("/lists/lifeItems/file?format=csv&language=en")).toString("utf8");
  expect(file).toContain("Jaw by hours");
  expect(MINUTE).toBe(60_000_000);
});

test("[TM12] labels are made in both formats; an unknown format and control characters are refused", async () => {
  const query = { kind: "serial", value: "26-114-0871^XZ", product: "WM9" } as const;
  const pdf = Buffer.from(await terminal.label(operator, { params: { format: "pdf" }, query })).toString("latin1");
  expect(pdf.startsWith("%PDF-1.7")).toBe(true);
  const zpl = Buffer.from(await terminal.label(operator, { params: { format: "zpl" }, query: { ...query, copies: 2 } })).toString("utf8");
  expect(zpl).toContain("26-114-0871_5EXZ");
  expect(zpl).toContain("^PQ2");
  await expect(terminal.label(operator, { params: { format: "exe" }, query })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(terminal.label(operator, { params: { format: "zpl" }, query: { ...query, value: "a\nb" } })).rejects.toMatchObject({
    code: "DW_INVALID",
  });
});

test("[TM9] [TM11] instructions and lives of every version are read", () => {
  for (const [kind, file] of [
    [workInstruction, "stationTerminal.instruction-v1.json"],
    [lifeItem, "stationTerminal.life-v1.json"],
  ] as const) {
    const record = JSON.parse(readFileSync(new URL(`./fixtures/${file}`, import.meta.url), "utf8"));
    expect(documentFaults(kind as typeof lifeItem, record)).toEqual([]);
    expect(readDocument(kind as typeof lifeItem, record)).toBeDefined();
  }
});
