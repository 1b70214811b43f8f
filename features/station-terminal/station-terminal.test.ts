import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, HOUR, MINUTE, readDocument, SECOND } from "@doppelwerk/kit";
import { signOns } from "@doppelwerk/ports";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as terminal from "./calls.ts";
import { workBadge } from "./model/badge-kind.ts";
import { defectCode } from "./model/defect-kind.ts";
import type { NewTerminalEntry } from "./model/entry.ts";

const WAIT = { timeout: 60_000, interval: 200 };
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-station-terminal-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let administrator: Client;
let engineer: Client;
let operator: Client;
let viewer: Client;

async function open(): Promise<void> {
  site = await openProduct(folder);
  administrator = await clientAs(site, "ada", "administrator", closes);
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
  viewer = await clientAs(site, "vera", "viewer", closes);
}
async function close(): Promise<void> {
  for (const end of closes.splice(0)) await end();
  await site?.close();
}
beforeAll(async () => {
  await open();
  await bringPlantOfHours(site);
  await terminal.storeBadge(administrator, { body: { number: "04A1B2C3", name: "Hanna Engel" } });
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

type Fields = NewTerminalEntry extends infer Entry ? (Entry extends unknown ? Omit<Entry, "id" | "deviceTime" | "station"> : never) : never;
const entryOf = (fields: Fields, at = site.now(), station = "S90"): NewTerminalEntry =>
  ({ id: crypto.randomUUID(), station, deviceTime: at, ...fields }) as NewTerminalEntry;
const send = (entries: readonly NewTerminalEntry[], deviceNow = site.now(), by = operator) =>
  terminal.enter(by, { body: { deviceNow, entries: [...entries] } });
const picture = (by = operator, station = "S90") => terminal.picture(by, { params: { station } });
const eventsOf = async (type: string) => (await site.view(SYSTEM).events.query({ branch: LIVE, types: [type], limit: 1_000 })).events;

test("[TM1] a badge signs a person on and off; numbers are in no answer and in no document", async () => {
  const on = entryOf({ kind: "signOn", badge: "04A1B2C3" });
  const { results } = await send([on]);
  expect(results).toMatchObject([{ id: on.id, status: "done", person: { name: "Hanna Engel" } }]);
  const { person } = results[0]!;
  expect((await picture()).signedOn).toMatchObject([{ id: on.id, person: person!.id, name: "Hanna Engel" }]);
  const [event] = await eventsOf("terminal.signedOn");
  expect(event).toMatchObject({ actor: person!.id, origin: "entered", payload: { entry: on.id, station: "S90" } });
  expect(JSON.stringify([event, await terminal.badges(administrator)])).not.toMatch(/04A1B2C3|hash/);
  // what she enters is hers, and nobody is taken for her by an entry that is not a sign-on
  const own = entryOf({ kind: "defect", code: "surface", signOn: on.id });
  const other = entryOf({ kind: "defect", code: "surface", signOn: own.id });
  await send([own, other]);
  const defects = await eventsOf("terminal.defect");
  expect(defects.map(({ actor }) => actor).toSorted()).toEqual(["person:otto", person!.id].toSorted());
  await send([entryOf({ kind: "signOff", signOn: on.id })]);
  expect((await picture()).signedOn).toEqual([]);
  const port = site.features.port(signOns);
  const asked = { from: site.now() - HOUR, to: site.now() + SECOND };
  expect(await port.within(SYSTEM, asked)).toMatchObject([{ person: person!.id, station: "S90", to: expect.any(Number) }]);
  const nobody = { ...SYSTEM, id: "person:none", roles: [] };
  await expect(port.within(nobody, asked)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[TM1] a badge that is another's, withdrawn or unknown is refused; who guesses is stopped; only administrators give badges", async () => {
  const body = { number: "1234-5678", name: "Jo" };
  for (const by of [engineer, operator, viewer])
    await expect(terminal.storeBadge(by, { body })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  const { id, tail } = await terminal.storeBadge(administrator, { body });
  expect(tail).toBe("78");
  await expect(terminal.storeBadge(administrator, { body: { ...body, name: "Kim" } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await terminal.withdrawBadge(administrator, { params: { badge: id } });
  const { results } = await send([entryOf({ kind: "signOn", badge: "1234-5678" })]);
  expect(results).toMatchObject([{ status: "refused" }]);
  const guesses = Array.from({ length: 30 }, (_, at) => entryOf({ kind: "signOn", badge: `guess-${at}` }));
  const answer = await send(guesses);
  expect(answer.results.at(-1)).toMatchObject({ status: "later" });
  expect(answer.results.length).toBeLessThan(25);
});

test("[TM2] an entry is recorded once, however often and at the same moment it is sent; what follows one that is refused is taken [level: faults]", async () => {
  const before = (await eventsOf("terminal.defect")).length;
  const bad = entryOf({ kind: "defect", code: "no-such-code" });
  const entries = [
    entryOf({ kind: "defect", code: "missing", serial: "26-114-0871" }),
    bad,
    entryOf({ kind: "defect", code: "fit", count: 3 }),
  ];
  const answers = await Promise.all([send(entries), send(entries), send(entries)]);
  for (const { results } of answers) expect(results.map(({ status }) => status)).toEqual(["done", "refused", "done"]);
  expect(answers.flatMap(({ results }) => results).filter(({ isDuplicate }) => isDuplicate)).toHaveLength(4);
  const recorded = await eventsOf("terminal.defect");
  expect(recorded).toHaveLength(before + 2);
  expect(recorded.slice(-2).map(({ payload }) => payload)).toMatchObject([
    { code: "missing", serial: "26-114-0871", count: 1 },
    { code: "fit", count: 3 },
  ]);
  // of another station it is the same entry too
  expect((await send([{ ...entries[0]!, station: "S10" }])).results).toMatchObject([{ status: "done", isDuplicate: true }]);
  await expect(send([entryOf({ kind: "defect", code: "fit" })], site.now(), viewer)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  for (const wrong of [
    { ...bad, id: "1" },
    { ...bad, deviceTime: -1 },
    { ...bad, kind: "none" },
    { ...bad, station: "" },
  ])
    await expect(send([wrong as NewTerminalEntry])).rejects.toMatchObject({ code: "DW_INVALID" });
  const unknown = await send([entryOf({ kind: "help", reason: "help" }, site.now(), "S999")]);
  expect(unknown.results).toMatchObject([{ status: "refused", why: { code: "stationTerminal.noStation" } }]);
});

test("[TM3] a clock that is wrong is measured: the record has the instant of the server and the offset, never the future", async () => {
  const ahead = 2 * HOUR;
  const begun = site.now();
  const entry = entryOf({ kind: "defect", code: "dirt" }, begun + ahead - 10 * MINUTE);
  const future = entryOf({ kind: "defect", code: "dirt" }, begun + ahead + HOUR);
  const answer = await send([entry, future], begun + ahead);
  expect(answer.isWrongClock).toBe(true);
  expect(answer.clockOffsetS).toBeGreaterThan(7_100);
  const found = (await eventsOf("terminal.defect")).filter(({ payload }) => payload["code"] === "dirt");
  expect(found[0]!.at).toBeGreaterThanOrEqual(begun - 10 * MINUTE);
  expect(found[0]!.at).toBeLessThan(begun - 9 * MINUTE);
  expect(found[0]!.payload).toMatchObject({ clockOffsetS: answer.clockOffsetS, deviceTime: entry.deviceTime });
  expect(found[1]!.at).toBeLessThanOrEqual(site.now());
  const old = await send([entryOf({ kind: "defect", code: "dirt" }, site.now() - 100 * 24 * HOUR)]);
  expect(old.results).toMatchObject([{ status: "refused", why: { code: "stationTerminal.tooOld" } }]);
  expect((await send([entryOf({ kind: "defect", code: "other" })])).isWrongClock).toBe(false);
});

test("[TM4] [TM5] the picture has stop, reasons, defects and calls; a reason is given once, and another one of somebody else stands", async () => {
  expect((await terminal.stations(viewer)).map(({ station }) => station)).toContain("S90");
  await expect(picture(operator, "S999")).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect.poll(async () => (await picture()).stop !== undefined, WAIT).toBe(true);
  // states of the past are derived in their own time
  await expect.poll(async () => (await picture()).state !== undefined, WAIT).toBe(true);
  const { reasons, defects } = await picture();
  expect(defects.map(({ code }) => code)).toContain("surface");
  const stops = (await operator.requester.json("GET", `/stops?from=${site.now() - 3 * HOUR}&to=${site.now()}&station=S90`)) as {
    readonly stops: readonly { readonly from: number; readonly seconds: number; readonly reason?: string }[];
  };
  const stop = stops.stops.find(({ seconds }) => seconds > 300)!;
  const chosen = reasons!.at(-1)!.code;
  const entry = entryOf({ kind: "reason", stopFrom: stop.from, reason: chosen });
  expect((await send([entry])).results).toMatchObject([{ status: "done" }]);
  // the one that is frequent here comes first from now on
  expect((await picture()).reasons![0]!.code).toBe(chosen);
  const again = await send([entryOf({ kind: "reason", stopFrom: stop.from, reason: reasons![0]!.code })]);
  expect(again.results).toMatchObject([{ status: "refused" }]);
  expect((await send([entryOf({ kind: "reason", stopFrom: stop.from + 1, reason: chosen })])).results).toMatchObject([
    { status: "refused" },
  ]);
  const help = entryOf({ kind: "help", reason: "material", text: "seals are out" });
  expect((await send([help, help])).results).toMatchObject([{ status: "done" }, { status: "done", isDuplicate: true }]);
  expect((await picture()).help).toMatchObject([{ station: "S90", reason: "material", text: "seals are out" }]);
});

test("[TM7] codes of defects are documents; one that is retired is offered no more, and they are a list", async () => {
  const fields = { title: { en: "Seal missing", zh: "缺密封圈" }, order: 1, stations: ["S90"], isRetired: false };
  const store = (by: Client, code: string, change = {}) =>
    terminal.storeDefectCode(by, { params: { code }, query: {}, body: { fields: { ...fields, ...change } } });
  await expect(store(operator, "seal.missing")).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(store(engineer, "no code!")).rejects.toMatchObject({ code: "DW_INVALID" });
  await store(engineer, "seal.missing");
  expect((await picture()).defects[0]).toMatchObject({ code: "seal.missing" });
  expect((await picture(operator, "S10")).defects.map(({ code }) => code)).not.toContain("seal.missing");
  await store(engineer, "seal.missing", { isRetired: true });
  expect((await picture()).defects.map(({ code }) => code)).not.toContain("seal.missing");
  const all = await engineer.requester.json<readonly { readonly id: string; readonly rows: number }[]>("GET", "/lists");
  expect(all.find(({ id }) => id === "defectCodes")?.rows).toBe(9);
  await terminal.removeDefectCode(engineer, { params: { code: "seal.missing" }, query: {} });
  await expect(terminal.removeDefectCode(engineer, { params: { code: "seal.missing" }, query: {} })).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });
});

test("[TM1] [TM2] after the world is opened again the same entries are duplicates and the badge is known", async () => {
  const entry = entryOf({ kind: "signOn", badge: "04A1B2C3" });
  await new Promise((resolve) => setTimeout(resolve, 0));
  await close();
  await open();
  expect((await send([entry])).results).toMatchObject([{ status: "done" }]);
  await close();
  await open();
  expect((await send([entry])).results).toMatchObject([{ status: "done", isDuplicate: true, person: { name: "Hanna Engel" } }]);
});

test("[TM1] [TM7] documents of every version are read", () => {
  for (const [kind, file] of [
    [workBadge, "stationTerminal.badge-v1.json"],
    [defectCode, "stationTerminal.defectCode-v1.json"],
  ] as const) {
    const record = JSON.parse(readFileSync(new URL(`./fixtures/${file}`, import.meta.url), "utf8"));
    expect(documentFaults(kind as typeof workBadge, record)).toEqual([]);
    expect(readDocument(kind as typeof workBadge, record)).toBeDefined();
  }
});
