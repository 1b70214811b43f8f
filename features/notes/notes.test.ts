import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentChange, documentFaults, readDocument } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE, type WorldRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as notes from "./calls.ts";
import { noteKind, type NoteFields } from "./model/note-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-notes-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
const clients = new Map<string, Client>();

const as = (name: string): Client => clients.get(name)!;

beforeAll(async () => {
  site = await openProduct(folder);
  const signal = (name: string, more: object = {}): WorldRecord => ({
    id: `signal:${name}`,
    kind: "signal",
    name,
    valueType: "double",
    ...more,
  });
  const records = [signal("pressure"), signal("recipe", { readers: ["administrator"] })];
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "signals", changes: records.map((record) => ({ op: "create", record })) });
  const people = [
    ["vera", "viewer"],
    ["otto", "operator"],
    ["eva", "engineer"],
    ["ada", "administrator"],
  ] as const;
  for (const [name, role] of people) clients.set(name, await clientAs(site, name, role, closes));
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const T = 1_790_000_000_000_000;
const FIELDS: NoteFields = { from: T, to: T + 600e6, text: "Compressor 2 was being serviced.", subjects: ["signal:pressure"] };
const within = (name: string, from = T, to = T + 1, branch = LIVE) => notes.list(as(name), { query: { branch, from, to } });

test("[NO1] [NO2] who may comment writes a note on live; all who may read its subject see it in its span, and nowhere else", async () => {
  const note = await notes.add(as("vera"), { body: FIELDS });
  expect(note).toMatchObject({ ...FIELDS, isMine: true });
  expect(note.written).toBeLessThanOrEqual(site.now());
  expect(await within("otto")).toEqual([{ ...note, isMine: false }]);
  expect(await within("otto", T - 100, T)).toEqual([]);
  expect(await within("otto", T + 600e6, T + 700e6)).toEqual([]);
  await notes.remove(as("vera"), { params: { id: note.id } });
  expect(await within("otto")).toEqual([]);
});

test("[NO2] a note about a signal that one may not read is not there for him, and none can be written", async () => {
  const secret = await notes.add(as("ada"), { body: { ...FIELDS, subjects: ["signal:pressure", "signal:recipe"] } });
  expect(await within("eva")).toEqual([]);
  const params = { id: secret.id };
  await expect(notes.edit(as("eva"), { params, body: FIELDS })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(notes.remove(as("eva"), { params })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  for (const subject of ["signal:recipe", "signal:none"])
    await expect(notes.add(as("eva"), { body: { ...FIELDS, subjects: [subject] } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  expect(site.view(SYSTEM).reader(LIVE).get(secret.id)).toMatchObject({ readers: ["administrator"] });
  const [entry] = await site.plantView({ id: "person:eva", name: "eva", verified: true, roles: ["engineer"] }).logBefore(1_000_000, 1);
  expect(JSON.stringify(entry ?? {})).not.toContain(FIELDS.text);
  await notes.remove(as("ada"), { params });
});

test("[NO3] only its author changes a note, and who it is about is asked again; administrators delete it", async () => {
  const { id, written } = await notes.add(as("otto"), { body: FIELDS });
  const params = { id };
  await expect(notes.edit(as("eva"), { params, body: FIELDS })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(notes.remove(as("eva"), { params })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(notes.edit(as("ada"), { params, body: FIELDS })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  const edited = await notes.edit(as("otto"), { params, body: { ...FIELDS, text: "It was compressor 1.", subjects: [] } });
  expect(edited).toMatchObject({ id, written, text: "It was compressor 1.", subjects: [] });
  expect(edited.edited).toBeGreaterThanOrEqual(written);
  await notes.remove(as("ada"), { params });
  expect(await within("otto")).toEqual([]);
});

test.each<[string, object]>([
  ["without a text", { text: "  " }],
  ["on a span that ends before it begins", { to: T }],
  ["without a span", { from: undefined }],
])("[NO1] a note %s is refused and nothing is stored", async (_, change) => {
  await expect(notes.add(as("eva"), { body: { ...FIELDS, ...change } as NoteFields })).rejects.toMatchObject({ code: "DW_INVALID" });
  expect(await within("eva")).toEqual([]);
});

test("[NO4] notes of a branch stay there until they are merged, beside those of live, and go out and in again", async () => {
  const view = site.view(SYSTEM);
  const { id: branch } = await view.fork({ name: "notes", parent: LIVE, instant: site.now(), reason: "test" });
  const onBranch = await notes.add(as("eva"), { query: { branch }, body: { ...FIELDS, text: "on the branch" } });
  await notes.add(as("otto"), { body: { ...FIELDS, text: "on live" } });
  expect((await within("eva", T, T + 1, branch)).map(({ text }) => text)).toEqual(["on the branch"]);
  expect((await within("eva")).map(({ text }) => text)).toEqual(["on live"]);
  const { changes, conflicts } = view.planMerge(branch);
  expect(conflicts).toEqual([]);
  await view.apply({ branch: LIVE, reason: "merge", changes });
  const record = view.reader(LIVE).get(onBranch.id)!;
  await view.apply({ branch: LIVE, reason: "out", changes: [{ op: "delete", record }] });
  await view.apply({ branch: LIVE, reason: "in", changes: [{ op: "create", record }] });
  expect((await within("eva")).map(({ text }) => text).toSorted()).toEqual(["on live", "on the branch"]);
  const old = JSON.parse(readFileSync(new URL("./fixtures/note-1.json", import.meta.url), "utf8"));
  expect(documentFaults(noteKind, old)).toEqual([]);
  expect(readDocument(noteKind, old)).toMatchObject({ text: "Compressor 2 was being serviced.", author: "person:eva" });
  const now = JSON.parse(readFileSync(new URL("./fixtures/note-2.json", import.meta.url), "utf8"));
  expect(documentFaults(noteKind, now)).toEqual([]);
  expect(documentChange(noteKind, now.id, now, readDocument(noteKind, now)!)).toBeUndefined();
});

test("[NO6] the Rail has the notes of live that one may read", async () => {
  const rail = await as("eva").rail(T - 60e6, T + 60e6, 100);
  expect(rail.notes?.map(({ at, text }) => [at, text]).toSorted()).toEqual([
    [T, "on live"],
    [T, "on the branch"],
  ]);
});

test("[NO7] the text of a note is sealed in its document; once its author is erased the note is nowhere, and one of before stays as it is", async () => {
  const note = await notes.add(as("vera"), { body: { ...FIELDS, text: "a text to be erased" } });
  const view = site.view(SYSTEM);
  const { text } = view.reader(LIVE).get(note.id)! as { readonly text?: string };
  expect(text).toMatch(/^sealed:1:/);
  const { id: branch } = await view.fork({ name: "erased", parent: LIVE, instant: site.now(), reason: "test" });
  expect((await within("eva", T, T + 1, branch)).map(({ id }) => id)).toContain(note.id);
  site.personal.texts.erase("person:vera");
  for (const each of [LIVE, branch]) expect((await within("eva", T, T + 1, each)).map(({ id }) => id)).not.toContain(note.id);
  await expect(notes.remove(as("ada"), { params: { id: note.id } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  // whoever writes again has another key
  const again = await notes.add(as("vera"), { body: { ...FIELDS, text: "a text of afterwards" } });
  expect((await within("eva")).map(({ id }) => id)).toContain(again.id);
});
