import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { createShiftCalendar, zoneOffsetOf } from "@doppelwerk/operations";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { lineModels } from "@doppelwerk/ports";
import { DAY, importChanges, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import { info } from "../line/calls.ts";
import * as shifts from "./calls.ts";
import type { KnownCalendar } from "./contract.ts";
import type { CalendarFields } from "./model/calendar-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-calendars-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;

beforeAll(async () => {
  site = await openProduct(folder);
  const view = site.view(SYSTEM);
  await view.apply({ branch: LIVE, reason: "a line", changes: importChanges(view.reader(LIVE), smallPlant(), "file").changes });
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
  await vi.waitUntil(() => shifts.list(engineer).catch(() => undefined), { timeout: 60_000 });
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const theOne = async (branch = LIVE): Promise<KnownCalendar> => (await shifts.calendars(engineer, { query: { branch } }))[0]!;
const ROUND: CalendarFields = {
  shifts: [
    { name: "Day", startMinute: 360, endMinute: 1_080, days: [1, 2, 3, 4, 5, 6, 7], breaks: [{ startMinute: 720, minutes: 30 }] },
    { name: "Night", startMinute: 1_080, endMinute: 360, days: [1, 2, 3, 4, 5, 6, 7], breaks: [] },
  ],
  exceptions: [],
};
/** The calendar that the line of a branch is folded with. */
const calendarOf = async (branch = LIVE) => {
  const { definition } = await info(engineer, { query: { branch } });
  return createShiftCalendar(definition.shifts, zoneOffsetOf(definition.timeZone));
};

test("[SH3] the calendar of the line is listed as shipped until somebody stores one, and again when that is removed", async () => {
  const shipped = await theOne();
  expect(shipped).toMatchObject({ isStored: false, fields: shipped.shipped });
  expect(shipped.shipped.shifts.length).toBeGreaterThan(0);
  const params = { id: shipped.id };
  const stored = await shifts.storeCalendar(engineer, { params, body: { fields: ROUND, expected: shipped.fields } });
  expect(stored).toMatchObject({ ...shipped, fields: ROUND, isStored: true });
  expect(await theOne()).toEqual(stored);
  // somebody else edited from what holds no more
  await expect(shifts.storeCalendar(engineer, { params, body: { fields: ROUND, expected: shipped.fields } })).rejects.toMatchObject({
    code: "DW_CONFLICT",
  });
  await shifts.removeCalendar(engineer, { params });
  expect(await theOne()).toMatchObject({ isStored: false, fields: shipped.fields });
  await expect(shifts.removeCalendar(engineer, { params })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[SH6] an edited calendar is that of the line from its instant on, and what was planned before stays", async () => {
  const before = await calendarOf();
  const now = site.now();
  const { id } = await theOne();
  const { holdsFrom } = await shifts.storeCalendar(engineer, { params: { id }, body: { fields: ROUND } });
  expect(holdsFrom).toBeGreaterThanOrEqual(now);
  const after = await calendarOf();
  for (let back = 0; back < 14 * 24; back++) {
    const at = now - back * 3_600_000_000;
    const { to, ...planned } = before.segmentAt(at);
    // what runs now may end earlier: at a weekend the first shift of the edited calendar ends it
    expect(after.segmentAt(at)).toEqual({ ...planned, to: to > now ? expect.any(Number) : to });
  }
  const first = after.nextShift(holdsFrom! - 1)!;
  expect(first.start - holdsFrom!).toBeLessThan(12 * 3_600_000_000);
  for (let ahead = 0; ahead < 48; ahead++) expect(["Day", "Night"]).toContain(after.shiftAt(first.start + ahead * 3_600_000_000)?.name);
  // what the fold works with, as the snapshot shows it
  const inForce = after.shiftAt(site.now())?.name;
  await expect.poll(async () => (await engineer.snapshot()).shift?.name).toBe(inForce);
  await shifts.removeCalendar(engineer, { params: { id } });
});

test("[SH6] stored on a branch it holds there; merged, it holds on live from then on", async () => {
  const { id: branch } = await site.view(SYSTEM).fork({ name: "round the clock", parent: LIVE, instant: site.now(), reason: "test" });
  const before = await theOne();
  await shifts.storeCalendar(engineer, { params: { id: before.id }, query: { branch }, body: { fields: ROUND } });
  expect((await theOne(branch)).fields).toEqual(ROUND);
  expect(await theOne()).toEqual(before);
  const merged = site.now();
  const plan = site.view(SYSTEM).planMerge(branch);
  expect(plan.conflicts).toEqual([]);
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "merge", changes: plan.changes });
  const live = await theOne();
  expect(live.fields).toEqual(ROUND);
  expect(live.holdsFrom).toBeGreaterThanOrEqual(merged);
  await shifts.removeCalendar(engineer, { params: { id: live.id } });
});

test("[LN3] an experiment on a branch works the shifts that its calendar plans, live its own", async () => {
  const { id: branch } = await site.view(SYSTEM).fork({ name: "closed tomorrow", parent: LIVE, instant: site.now(), reason: "test" });
  const { id, fields } = await theOne();
  const after = (await calendarOf()).nextShift(site.now() + DAY)!;
  const exceptions = [{ kind: "closed", date: after.day, title: "Stocktaking" }] as const;
  await shifts.storeCalendar(engineer, { params: { id }, query: { branch }, body: { fields: { ...fields, exceptions } } });
  const made = await site.features.port(lineModels).experiment(SYSTEM, branch, { kind: "study", seed: 1, shifts: 9 });
  expect(made.live.nominal.calendar?.kind).toBe("weekly");
  expect(made.same).toBe(false);
  const { calendar } = made.branch.edited;
  const onDay =
    calendar?.kind === "list" ? calendar.shifts.filter(({ start }) => start >= after.start && start < after.start + DAY / 2) : [];
  expect(calendar?.kind).toBe("list");
  expect(onDay.map(({ start }) => start)).not.toContain(after.start);
});

test("[SH4] the document goes out and in again as it is; one of a newer version, or that does not fit, is refused by whatever way", async () => {
  const { id } = await theOne();
  await shifts.storeCalendar(engineer, { params: { id }, body: { fields: ROUND } });
  const view = site.view(SYSTEM);
  const record = view.reader(LIVE).get(id)!;
  await view.apply({ branch: LIVE, reason: "out", changes: [{ op: "delete", record }] });
  const bad = [
    { ...record, version: 2 },
    { ...record, shifts: "none" },
  ];
  for (const one of bad)
    await expect(view.apply({ branch: LIVE, reason: "bad", changes: [{ op: "create", record: one }] })).rejects.toMatchObject({
      code: "DW_INVALID",
    });
  await view.apply({ branch: LIVE, reason: "in", changes: [{ op: "create", record }] });
  expect((await theOne()).fields).toEqual(ROUND);
  await shifts.removeCalendar(engineer, { params: { id } });
});

test("[SH5] a calendar with a fault is refused with the fault, and nothing is stored", async () => {
  const { id, fields } = await theOne();
  const [day, night] = ROUND.shifts;
  const bad = { ...ROUND, shifts: [{ ...day!, endMinute: 1_140 }, night!] };
  await expect(shifts.storeCalendar(engineer, { params: { id }, body: { fields: bad } })).rejects.toMatchObject({
    code: "DW_INVALID",
    reason: { code: "shifts.fault.overlap" },
  });
  const unreadable = { ...ROUND, exceptions: [{ kind: "closed", date: "24.12.2026" }] } as unknown as CalendarFields;
  await expect(shifts.storeCalendar(engineer, { params: { id }, body: { fields: unreadable } })).rejects.toMatchObject({
    code: "DW_INVALID",
  });
  await expect(shifts.storeCalendar(engineer, { params: { id: "shiftCalendar:none" }, body: { fields: ROUND } })).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });
  expect(await theOne()).toMatchObject({ fields, isStored: false });
});

test("[SH3] operators read calendars and store them on branches alone", async () => {
  const { id } = (await shifts.calendars(operator))[0]!;
  const params = { id };
  await expect(shifts.storeCalendar(operator, { params, body: { fields: ROUND } })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(shifts.removeCalendar(operator, { params })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
});
