import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import type { HostedWorld } from "@doppelwerk/server/site";
import { HOUR } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import { bringCountedLine, countPieces } from "./counted-station.fixture.ts";
import type { TaskFields } from "./model/task-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-workload-"));
const closes: (() => Promise<unknown>)[] = [];
const WAIT = { timeout: 60_000 };
let site: HostedWorld;
let eva: Client;
let otto: Client;
let from = 0;
let date = "";

beforeAll(async () => {
  site = await openProduct(folder);
  eva = await clientAs(site, "eva", "engineer", closes);
  otto = await clientAs(site, "otto", "operator", closes);
  await bringCountedLine(site);
  from = Math.floor(site.now() / HOUR) * HOUR - 6 * HOUR;
  date = new Date(from / 1_000).toISOString().slice(0, 10);
  for (const worker of ["P1", "P2"]) await calls.storeWorker(eva, { params: { worker }, body: { name: `Worker ${worker}` } });
  const places = ["P1", "P2"].map((worker) => ({ station: "S10", worker }));
  const fields = { from, to: from + 4 * HOUR, places };
  await calls.storeShift(eva, { params: { date, shift: "Short" }, query: {}, body: { fields } });
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const task: TaskFields = {
  task: "tub",
  station: "S10",
  title: { en: "Lift the tub", zh: "搬起内筒" },
  method: "niosh",
  weightKg: 8,
  perPiece: 2,
  horizontalCm: 40,
  verticalCm: 75,
  distanceCm: 30,
  angleDeg: 30,
  coupling: "good",
  twisted: 0,
  away: 0,
  raised: 0,
  overhead: 0,
};
const stations = async (client = eva, more: object = {}) =>
  (await calls.workload(client, { query: { date, ...more } })).shifts[0]?.stations ?? [];

test("[PE12] a task of a station has its load from the pieces that the station counted and the people on the roster; without pieces it is unknown", async () => {
  await calls.storeTask(eva, { query: {}, body: task });
  expect(await stations()).toMatchObject([{ station: "S10", people: 2, loads: [{ task: "tub", missing: ["pieces"] }] }]);
  await countPieces(site, from, 120);
  // 120 pieces in 4 hours, 2 lifts each by two people: 30 an hour, 0.5 a minute over 4 hours: FM 0.81
  await expect.poll(async () => (await stations())[0]?.pieces, WAIT).toBe(120);
  const [station] = await stations();
  expect(station).toMatchObject({ hours: 4, range: 1, loads: [{ perHour: 30, factor: "HM", factorValue: 0.625 }] });
  // 23 × 0.625 × 1 × 0.97 × 0.904 × 0.81 = 10.2102 kg
  expect(station!.loads[0]!.value).toBeCloseTo(8 / 10.2102, 4);
});

test("[PE12] [PE7] what if: a heavier load on a branch has another range there and not on live", async () => {
  const { id: fork } = await eva.fork("heavier");
  await calls.storeTask(eva, { query: { branch: fork }, body: { ...task, weightKg: 22 } });
  expect(await stations(eva, { branch: fork })).toMatchObject([{ range: 3, loads: [{ range: 3 }] }]);
  expect(await stations()).toMatchObject([{ range: 1 }]);
  await calls.removeTask(eva, { params: { station: "S10" }, query: { branch: fork, task: "tub" } });
  expect(await stations(eva, { branch: fork })).toEqual([]);
  await expect(calls.removeTask(eva, { params: { station: "S10" }, query: { task: "none" } })).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });
  await expect(calls.storeTask(eva, { query: {}, body: { ...task, posture: 4 } })).rejects.toMatchObject({ code: "DW_INVALID" });
});

test("[PE8] [PE12] counts and figures of fewer than five people are left out for others, who see the range and its factor", async () => {
  const [station] = await stations(otto);
  expect(station).toMatchObject({ isWhole: false, range: 1, loads: [{ range: 1, factor: "HM" }] });
  for (const key of ["pieces", "perHour", "value", "rwlKg"]) expect(JSON.stringify(station)).not.toContain(`"${key}"`);
  await calls.storeWorker(eva, { params: { worker: "P2" }, body: { name: "Otto", account: "person:otto" } });
  expect((await stations(otto))[0]).toMatchObject({ isWhole: true, pieces: 120 });
});

test("[PE13] [PE14] a rotation is proposed for who keeps the roster, names what is missing, and becomes the roster by way of a branch", async () => {
  for (const worker of ["P3", "P4"]) await calls.storeWorker(eva, { params: { worker }, body: { name: `Worker ${worker}` } });
  await calls.storeSkill(eva, { params: { skill: "weld" }, query: {}, body: { title: { en: "Welding", zh: "焊接" } } });
  const places = [
    { line: "Line1", station: "S10", role: "operator", worker: "P1" },
    { line: "Line1", station: "S20", role: "operator", worker: "P2" },
    { line: "Line1", station: "S20", role: "technician", worker: "P3" },
  ];
  const fields = { from, to: from + 4 * HOUR, places };
  await calls.storeShift(eva, { params: { date, shift: "Turn" }, query: {}, body: { fields } });
  const body = { date, shift: "Turn", line: "Line1" };
  const proposed = await calls.proposeRotation(eva, { body });
  expect(proposed).toMatchObject({ isFeasible: true, unknown: ["S20"], isOptimal: true });
  expect(proposed.plan!.places.map(({ worker }) => worker).toSorted()).toEqual(["P1", "P2", "P3"]);
  await calls.storeRequirement(eva, { query: {}, body: { station: "S20", skill: "weld", level: 2, people: 1 } });
  expect(await calls.proposeRotation(eva, { body })).toMatchObject({
    isFeasible: false,
    gap: { stations: ["S20"], needed: 1, workers: [] },
  });
  await calls.storeQualification(eva, { query: {}, body: { worker: "P1", skill: "weld", level: 3 } });
  const changed = await calls.proposeRotation(eva, { body });
  expect(changed.places!.map(({ station, worker }) => [station, worker]).toSorted()).toEqual([
    ["S10", "P2"],
    ["S20", "P1"],
  ]);
  const { id: fork } = await eva.fork("rotation");
  const given = { params: { date, shift: "Turn" }, query: { branch: fork }, body: { fields: changed.plan!, expected: changed.edition } };
  await calls.storeShift(eva, given);
  const shown = async (branch: string) =>
    (await calls.roster(eva, { query: { date, branch } })).shifts
      .find(({ shift }) => shift === "Turn")!
      .places.find(({ station }) => station === "S10");
  expect([(await shown("live"))?.worker, (await shown(fork))?.worker]).toEqual(["P1", "P2"]);
  await expect(calls.proposeRotation(otto, { body })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(calls.proposeRotation(eva, { body: { ...body, shift: "None" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});
