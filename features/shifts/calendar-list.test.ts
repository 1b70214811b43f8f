import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import * as shifts from "./calls.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-calendar-list-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let line: string;

beforeAll(async () => {
  site = await openProduct(folder);
  const view = site.view(SYSTEM);
  await view.apply({ branch: LIVE, reason: "a line", changes: importChanges(view.reader(LIVE), smallPlant(), "file").changes });
  engineer = await clientAs(site, "eva", "engineer", closes);
  await vi.waitUntil(() => shifts.list(engineer).catch(() => undefined), { timeout: 60_000 });
  line = (await theOne()).line;
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const theOne = async () => (await shifts.calendars(engineer, { query: {} }))[0]!;
interface Preview {
  readonly findings: readonly { readonly line?: number; readonly column?: string; readonly message: { readonly code: string } }[];
}
const LIST = "/lists/shiftCalendars";
const query = { name: "calendars.csv" };
const previewOf = (body: Uint8Array) => engineer.requester.json<Preview>("POST", `${LIST}/preview`, { query, body });
const bodyOf = (rows: readonly string[]) =>
  new TextEncoder().encode(["id,kind,days,start,end,breaks,title", ...rows.map((row) => `${line}/${row}`)].join("\r\n"));
const preview = (...rows: readonly string[]) => previewOf(bodyOf(rows));
const store = (...rows: readonly string[]) => engineer.requester.json("POST", `${LIST}/rows`, { query, body: bodyOf(rows) });

test("[SH12] calendars are a list: shifts, holidays, extra shifts and the period go out and in again as they are; a row that is removed goes", async () => {
  const shipped = await theOne();
  const removed = shipped.fields.shifts.flatMap(({ name }) => (["Early", "Night"].includes(name) ? [] : [`${name},removed,,,,,`]));
  await store(
    ...removed,
    "Early,shift,Mon Tue Wed Thu Fri,06:00,14:00,09:00 15; 12:00 30,",
    "Night,shift,1 2 3 4,22:00,6:00,,",
    "2026-12-24,closed,,,,,Christmas",
    "2026-12-19/Saturday,extra,,06:00,12:00,,",
    "period,period,,2026-12-01,,,",
  );
  const breaks = [
    { startMinute: 540, minutes: 15 },
    { startMinute: 720, minutes: 30 },
  ];
  expect((await theOne()).fields).toEqual({
    shifts: [
      { name: "Early", startMinute: 360, endMinute: 840, days: [1, 2, 3, 4, 5], breaks },
      { name: "Night", startMinute: 1_320, endMinute: 360, days: [1, 2, 3, 4], breaks: [] },
    ],
    exceptions: [
      { kind: "closed", date: "2026-12-24", title: "Christmas" },
      { kind: "extra", date: "2026-12-19", name: "Saturday", startMinute: 360, endMinute: 720, breaks: [] },
    ],
    validFrom: "2026-12-01",
  });
  for (const format of ["csv", "xlsx"] as const)
    for (const language of ["en", "zh"] as const) {
      const body = await engineer.requester.bytes(`${LIST}/file`, { query: { format, language } });
      expect(await previewOf(body), `${format} ${language}`).toMatchObject({
        created: [],
        changed: [],
        unchanged: 5,
        findings: [],
      });
    }
  // a holiday goes, a break is longer
  await store("2026-12-24,removed,,,,,", "Early,shift,Mon Tue Wed Thu Fri,06:00,14:00,09:00 20; 12:00 30,");
  const { shifts: kept, exceptions } = (await theOne()).fields;
  expect([kept[0]!.breaks[0]!.minutes, exceptions.length]).toEqual([20, 1]);
});

test("[SH12] what a calendar cannot be is named with its row and column, and nothing is stored", async () => {
  const before = await theOne();
  const columnOf = async (row: string) => {
    const { findings } = await preview(row);
    const found = findings.find(({ column }) => column !== undefined) ?? findings[0];
    return [found?.line, found?.column, found?.message.code];
  };
  expect(await columnOf("Late,shift,Mon,25:00,22:00,,")).toEqual([2, "start", "shifts.list.time"]);
  expect(await columnOf("Late,shift,Someday,14:00,22:00,,")).toEqual([2, "days", "shifts.list.days"]);
  expect(await columnOf("Late,shift,Mon,14:00,22:00,noon,")).toEqual([2, "breaks", "shifts.list.breaks"]);
  expect(await columnOf("2026-13-01,closed,,,,,")).toEqual([2, "id", "shifts.list.date"]);
  expect(await columnOf("period,period,,soon,,,")).toEqual([2, "start", "shifts.list.day"]);
  expect((await preview("Late,shift,Mon,13:00,22:00,,")).findings.map(({ message }) => message.code)).toContain("shifts.fault.overlap");
  const elsewhere = new TextEncoder().encode("id,kind\r\nNowhere/Early,removed");
  expect((await previewOf(elsewhere)).findings[0]).toMatchObject({
    message: { code: "shifts.list.noLine" },
  });
  await expect(store("Late,shift,Mon,13:00,22:00,,")).rejects.toMatchObject({ code: "DW_INVALID" });
  expect(await theOne()).toEqual(before);
});
