import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentChange, documentFaults, readDocument } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { HOUR, LIVE, type WorldRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import { handoverNote, handoverSignature } from "./model/handover-kinds.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-shift-page-"));
const WAIT = { timeout: 60_000 };
const closes: (() => Promise<unknown>)[] = [];
const clients = new Map<string, Client>();
let site: HostedWorld;

const as = (name: string): Client => clients.get(name)!;
const PEOPLE = [
  ["vera", "viewer"],
  ["otto", "operator"],
  ["olga", "operator"],
] as const;

async function open(): Promise<void> {
  site = await openProduct(folder);
  for (const [name, role] of PEOPLE) {
    site.accounts.remember(`person:${name}`, name);
    clients.set(name, await clientAs(site, name, role, closes));
  }
}
async function close(): Promise<void> {
  for (const end of closes.splice(0)) await end();
  await site.close();
}
beforeAll(open);
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const pageOf = (shift?: number, branch = LIVE) => calls.page(as("vera"), { query: { branch, ...(shift !== undefined && { shift }) } });
/** The beginning of the newest whole hour that is over. */
let over = 0;

test("[SP1] without a line the page is 404; without a shift it is empty and says so", async () => {
  await expect(pageOf()).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[SP1] a shift has its figures, plan, like shifts with their median and best, and its neighbours; of one that began at no instant there is none", async () => {
  const now = site.now();
  await bringPlantOfHours(site);
  over = (Math.floor(now / HOUR) - 1) * HOUR;
  await expect.poll(async () => (await pageOf(over)).shift?.produced, WAIT).toBe(46);
  const page = await pageOf(over);
  // by hand: a part a minute, but for the seven minutes of each half hour in which it stops
  expect(page.shift).toMatchObject({ from: over, end: over + HOUR, isRunning: false, produced: 46, constraint: "S90" });
  expect(page.before).toMatchObject({ from: over - HOUR, to: over });
  expect([page.median, page.like.length]).toEqual([undefined, 0]);
  const running = await pageOf();
  expect(running.shift).toMatchObject({ from: over + HOUR, end: over + 2 * HOUR, isRunning: true });
  // seen from the middle of the past hour it runs, up to there
  const then = await calls.page(as("vera"), { query: { t: over + HOUR / 2 } });
  expect(then.shift).toMatchObject({ from: over, isRunning: true, end: over + HOUR });
  expect(then.shift!.produced).toBeLessThanOrEqual(24);
  await expect(calls.page(as("vera"), { query: { line: "none" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  expect((await pageOf(5)).shift).toBeUndefined();
});

test("[SP2] operators write notes and open items; an open item stands on the page of later shifts until somebody closes it, and is closed once", async () => {
  const body = { shift: over - HOUR, text: "Roll 2 jams when a splice passes.", isItem: true };
  await expect(calls.addNote(as("vera"), { body })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(calls.addNote(as("otto"), { body: { ...body, shift: over + 1 } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(calls.addNote(as("otto"), { body: { ...body, text: " " } })).rejects.toMatchObject({ code: "DW_INVALID" });
  const item = await calls.addNote(as("otto"), { body });
  expect(item).toMatchObject({ author: "otto", isItem: true, text: body.text });
  await calls.addNote(as("otto"), { body: { ...body, text: "quiet shift", isItem: false } });
  expect((await pageOf(over - HOUR)).notes.map(({ text }) => text)).toEqual(["quiet shift"]);
  const later = await pageOf(over);
  expect([later.notes, later.items.map(({ id }) => id)]).toEqual([[], [item.id]]);
  const params = { id: item.id };
  expect((await calls.closeItem(as("olga"), { params, body: { isDone: true } })).done).toMatchObject({ by: "olga" });
  await expect(calls.closeItem(as("otto"), { params, body: { isDone: true } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  // what was closed stands as done in the shift in which it was
  expect((await pageOf(over)).items[0]!.done).toMatchObject({ by: "olga" });
  await calls.closeItem(as("olga"), { params, body: { isDone: false } });
  expect((await pageOf(over)).items[0]!.done).toBeUndefined();
  // its text is sealed
  expect(site.view(SYSTEM).reader(LIVE).get(item.id)!["text"]).toMatch(/^sealed:1:/);
});

test("[SP3] a signature is of the figures and notes that the signer saw: others are refused; it is given once and never changes", async () => {
  const page = await pageOf(over);
  const { good, revision } = page.shift!;
  const seen = { good, revision, notes: page.notes.length };
  const body = { shift: over, role: "handsOver" as const, seen };
  for (const other of [{ good: good + 1 }, { revision: revision + 1 }, { notes: 7 }])
    await expect(calls.sign(as("otto"), { body: { ...body, seen: { ...seen, ...other } } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await expect(calls.sign(as("vera"), { body })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  expect((await pageOf(over)).signatures).toEqual([]);
  const signature = await calls.sign(as("otto"), { body });
  expect(signature).toMatchObject({ by: "otto", role: "handsOver", figures: { good, produced: 46, revision }, notesSince: 0 });
  await expect(calls.sign(as("otto"), { body })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await calls.addNote(as("olga"), { body: { shift: over, text: "added afterwards", isItem: false } });
  await calls.sign(as("olga"), { body: { ...body, role: "takesOver", seen: { ...seen, notes: seen.notes + 1 } } });
  expect((await pageOf(over)).signatures.map(({ by, role, notesSince }) => [by, role, notesSince])).toEqual([
    ["otto", "handsOver", 1],
    ["olga", "takesOver", 0],
  ]);
});

test("[SP4] [level: whole] a branch has its own notes until it is merged", async () => {
  const view = site.view(SYSTEM);
  const { id: branch } = await view.fork({ name: "notes", parent: LIVE, instant: site.now(), reason: "test" });
  await calls.addNote(as("otto"), { query: { branch }, body: { shift: over, text: "on the branch", isItem: false } });
  expect((await pageOf(over, branch)).notes.map(({ text }) => text)).toEqual(["added afterwards", "on the branch"]);
  expect((await pageOf(over)).notes.map(({ text }) => text)).toEqual(["added afterwards"]);
  expect(view.planMerge(branch).conflicts).toEqual([]);
});

test("[SP4] [level: round trip] notes and signatures go out and in again as they are", () => {
  const stored = (name: string) =>
    JSON.parse(readFileSync(new URL(`./fixtures/shift-page.${name}-v1.json`, import.meta.url), "utf8")) as WorldRecord;
  const [note, signature] = [stored("note"), stored("signature")];
  expect([documentFaults(handoverNote, note), documentFaults(handoverSignature, signature)]).toEqual([[], []]);
  expect(documentChange(handoverNote, note.id, note, readDocument(handoverNote, note)!)).toBeUndefined();
  expect(documentChange(handoverSignature, signature.id, signature, readDocument(handoverSignature, signature)!)).toBeUndefined();
});

test("[SP4] [level: faults] after a restart notes, items and signatures stand", async () => {
  const before = await pageOf(over);
  await close();
  await open();
  await expect.poll(async () => (await pageOf(over)).signatures, WAIT).toEqual(before.signatures);
  const { notes, items } = await pageOf(over);
  expect({ notes, items }).toEqual({ notes: before.notes, items: before.items });
});
