import type { AddressInfo } from "node:net";
import { text as wholeText } from "node:stream/consumers";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Client } from "@doppelwerk/client";
import { zoneOffsetOf } from "@doppelwerk/operations";
import { lineFlow } from "@doppelwerk/ports";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { HOUR, LIVE, MINUTE } from "@doppelwerk/world";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import type { BoardAct, ShownBoard } from "./contract.ts";
import type { Sharing } from "./model/board-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-boards-"));
const closes: (() => Promise<unknown>)[] = [];
const clients = new Map<string, Client>();
const WAIT = { timeout: 60_000 };
let site: HostedWorld;
let begin: number;

const as = (name: string): Client => clients.get(name)!;
const PEOPLE = [
  ["vera", "viewer"],
  ["otto", "operator"],
  ["olga", "operator"],
  ["eva", "engineer"],
  ["ada", "administrator"],
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
beforeAll(async () => {
  await open();
  begin = await bringPlantOfHours(site);
  const signal = {
    id: "signal:secret",
    kind: "signal",
    name: "secret",
    valueType: "double",
    connection: "connection:bench",
    address: "secret",
    readers: ["administrator"],
  };
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "a signal", changes: [{ op: "create", record: signal }] });
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const CMAPS = fileURLToPath(new URL("../../node_modules/pdfjs-dist/cmaps/", import.meta.url));
const page = { of: "page" } as const;
const tileOf = (name: string) => `boardTile:${name}`;
const at = (row: number, column = 0) => [
  { key: row, size: 1 },
  { key: column, size: 1 },
];
const text = (words: string) => ({ kind: "boards.text", settings: { text: words }, moment: page });
const put = (name: string, row: number, words = name): BoardAct => ({
  act: "put",
  tile: tileOf(name),
  fields: text(words),
  place: at(row),
});
const make = (name: string, title: string, sharing: Sharing = { with: "everybody" }, editors: "owner" | "readers" = "readers") =>
  calls.add(as(name), { query: {}, body: { title, sharing, editors } });
const act = (name: string, id: string, ...acts: BoardAct[]): Promise<ShownBoard> =>
  calls.act(as(name), { params: { id }, query: {}, body: { acts } });
const read = (name: string, id: string, revision?: number): Promise<ShownBoard> =>
  calls.read(as(name), { params: { id }, query: { ...(revision !== undefined && { revision }) } });
const table = (name: string, kind: string, settings = {}, more: { readonly branch?: string; readonly at?: number } = {}) =>
  calls.table(as(name), { params: { kind }, body: { settings, ...more } });

test("[BD1] operators make boards on live, viewers look at them; acts put, set, place and remove tiles, all of them or none", async () => {
  await expect(make("vera", "mine")).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  const board = await make("otto", "Line", { with: "everybody" }, "owner");
  expect(board).toMatchObject({ title: "Line", owner: "otto", isMine: true, mayEdit: true, tiles: [] });
  await act("otto", board.id, put("a1", 0), put("a2", 1));
  await act("otto", board.id, { act: "place", places: [{ tile: tileOf("a2"), place: at(0, 1) }] }, { act: "remove", tile: tileOf("a1") });
  const seen = await read("vera", board.id);
  expect(seen).toMatchObject({ mayEdit: false, isMine: false });
  expect(seen.tiles.map(({ id, place }) => [id, place])).toEqual([[tileOf("a2"), at(0, 1)]]);
  await expect(act("vera", board.id, put("a3", 2))).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(act("olga", board.id, put("a3", 2))).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  // one of several that is refused takes none of them
  const missing: BoardAct = { act: "set", tile: tileOf("none"), fields: text("x") };
  await expect(act("otto", board.id, put("a4", 3), missing)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  expect((await read("otto", board.id)).tiles).toHaveLength(1);
  // who may edit the plant lays it out too
  expect((await act("eva", board.id, put("a5", 4))).tiles).toHaveLength(2);
});

test("[BD3] two people who change different tiles at one moment lose nothing, nor does who sends the same again after a break", async () => {
  const board = await make("otto", "Together");
  await act("otto", board.id, ...Array.from({ length: 10 }, (_, index) => put(`t${index}`, index)));
  const edits = Array.from({ length: 10 }, (_, index) =>
    act(
      index % 2 === 0 ? "otto" : "olga",
      board.id,
      { act: "set", tile: tileOf(`t${index}`), fields: text(`by ${index}`) },
      put(`n${index}`, 20 + index),
    ),
  );
  await Promise.all(edits);
  const now = await read("eva", board.id);
  expect(now.tiles).toHaveLength(20);
  for (let index = 0; index < 10; index++)
    expect(now.tiles.find(({ id }) => id === tileOf(`t${index}`))!.settings).toEqual({ text: `by ${index}` });
  const again = await act("olga", board.id, { act: "set", tile: tileOf("t1"), fields: text("by 1"), expected: text("t1") }, put("n1", 21));
  expect(again.tiles).toEqual(now.tiles);
  expect(again.revision).toBe(now.revision);
});

test("[BD3] who sets a tile that somebody set otherwise meanwhile is refused, and nothing of either is gone", async () => {
  const board = await make("otto", "Conflict");
  await act("otto", board.id, put("c1", 0, "one"));
  await act("otto", board.id, { act: "set", tile: tileOf("c1"), fields: text("otto"), expected: text("one") });
  const late: BoardAct = { act: "set", tile: tileOf("c1"), fields: text("olga"), expected: text("one") };
  await expect(act("olga", board.id, late)).rejects.toMatchObject({ code: "DW_CONFLICT" });
  expect((await read("olga", board.id)).tiles[0]!.settings).toEqual({ text: "otto" });
});

test("[BD4] versions of a board say when, by whom and how many tiles; one is looked at and made again, and the present one stays among them", async () => {
  const board = await make("otto", "Versions");
  await act("otto", board.id, put("v1", 0), put("v2", 1));
  await act("olga", board.id, { act: "remove", tile: tileOf("v1") }, { act: "board", fields: { title: "Renamed" } });
  const versions = await calls.versions(as("vera"), { params: { id: board.id }, query: {} });
  expect(versions.map(({ by, tiles, title }) => [by, tiles, title])).toEqual([
    ["olga", 1, "Renamed"],
    ["otto", 2, "Versions"],
    ["otto", 0, "Versions"],
  ]);
  const { revision } = versions[1]!;
  expect((await read("vera", board.id, revision)).tiles).toHaveLength(2);
  const restored = await calls.restore(as("olga"), { params: { id: board.id }, query: {}, body: { revision } });
  expect(restored.title).toBe("Versions");
  expect(restored.tiles.map(({ id }) => id)).toEqual([tileOf("v1"), tileOf("v2")]);
  expect(await calls.versions(as("vera"), { params: { id: board.id }, query: {} })).toHaveLength(4);
});

test("[BD5] a board is seen by whom it is shared with, and for others it is not there; what is not for all is sealed in the change log", async () => {
  const secret = "nobody else should read this title";
  const own = await make("otto", secret, { with: "nobody" });
  await act("otto", own.id, put("p1", 0, secret));
  const ofRoles = await make("otto", `roles ${secret}`, { with: "roles", roles: ["engineer"] });
  const nowhere = await make("otto", `place ${secret}`, { with: "place", shell: "urn:nowhere" });
  for (const name of ["vera", "olga", "eva", "ada"]) {
    await expect(read(name, own.id)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
    await expect(act(name, own.id, put("p2", 1))).rejects.toMatchObject({ code: name === "vera" ? "DW_FORBIDDEN" : "DW_NOT_FOUND" });
    await expect(read(name, nowhere.id)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  }
  expect((await read("eva", ofRoles.id)).title).toContain(secret);
  await expect(read("olga", ofRoles.id)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  const listed = await calls.list(as("olga"), { query: {} });
  expect(listed.some(({ title }) => title.includes(secret))).toBe(false);
  const records = ["board", "boardTile"].flatMap((kind) => site.view(SYSTEM).reader(LIVE).query({ kind }));
  expect(JSON.stringify(records)).not.toContain(secret);
  // shared with all it is open, and closed again it is not
  await act("otto", own.id, { act: "board", fields: { sharing: { with: "everybody" } } });
  expect((await read("vera", own.id)).tiles[0]!.settings).toEqual({ text: secret });
  await act("otto", own.id, { act: "board", fields: { sharing: { with: "nobody" } } });
  const closed = site.view(SYSTEM).reader(LIVE).query({ kind: "boardTile" });
  expect(JSON.stringify(closed)).not.toContain(secret);
});

test("[BD6] templates make boards of real tiles, and each of their tiles has data or says why it has none", async () => {
  const { kinds, templates } = await calls.kinds(as("vera"), {});
  const known = new Set(kinds.map(({ id }) => id));
  expect([...known].toSorted()).toEqual(
    [
      "alarms.active",
      "andon.open",
      "boards.text",
      "history.trend",
      "history.values",
      "kpis.figures",
      "kpis.value",
      "line.states",
      "losses.pareto",
      "notes.list",
      "places.areas",
      "shiftPage.overview",
    ].toSorted(),
  );
  expect(templates.map(({ id }) => id)).toEqual(["shiftLead", "maintenance", "manager", "wall"]);
  for (const { id } of templates) {
    const board = await calls.add(as("otto"), { query: {}, body: { title: id, template: id } });
    expect(board.tiles.length).toBeGreaterThan(3);
    for (const { kind, settings } of board.tiles) {
      expect(known.has(kind), kind).toBe(true);
      const { rows, note } = await table("otto", kind, settings);
      expect(rows.length > 0 || note !== undefined, kind).toBe(true);
    }
  }
});

test("[BD7] a tile shows what its features know live, and at an instant of the past what was known of it then", async () => {
  const available = async (minute: number) =>
    (await table("otto", "kpis.value", { kpi: "availability" }, { at: begin + 2 * HOUR + minute * MINUTE })).rows[0]?.["value"] ?? 0;
  await expect.poll(() => available(9), WAIT).toBeGreaterThan(50);
  // it fails from minute 10 to 16
  expect(await available(16)).toBeLessThan((await available(9)) as number);
  const states = await table("otto", "line.states", { hours: 3 });
  expect(new Set(states.rows.map(({ state }) => state))).toContain("failed");
  const losses = await table("otto", "losses.pareto", { hours: 3 });
  expect(losses.rows[0]!["value"]).toBeGreaterThan(100);
  const total = "signal:S90.Total";
  const trend = await table("otto", "history.trend", { signals: [total], hours: 2 }, { at: begin + 2 * HOUR });
  const values = trend.rows.flatMap(({ s0 }) => (typeof s0 === "number" ? [s0] : []));
  expect(values.length).toBeGreaterThan(30);
  expect(values.at(-1)).toBeGreaterThan(values[0]!);
  const [value] = (await table("otto", "history.values", { signals: [total] }, { at: begin + HOUR })).rows;
  expect(value!["value"]).toBeLessThan(values.at(-1)!);
  await expect(table("otto", "boards.text", {}, { at: site.now() + HOUR })).rejects.toMatchObject({ code: "DW_INVALID" });
});

test("[BD7] on a branch a tile shows what holds there: measured values up to the fork, no forecast without a run", async () => {
  const branch = await site.view(SYSTEM).fork({ name: "what if", parent: LIVE, instant: Math.floor(begin + 2 * HOUR), reason: "try" });
  const [value] = (await table("eva", "history.values", { signals: ["signal:S90.Total"] }, { branch: branch.id })).rows;
  const [live] = (await table("eva", "history.values", { signals: ["signal:S90.Total"] })).rows;
  expect(value!["value"]).toBeLessThan(live!["value"] as number);
  const kpi = await table("eva", "kpis.value", { kpi: "oee" }, { branch: branch.id });
  expect(kpi).toMatchObject({ rows: [], isSimulated: false, note: { en: "Nothing was simulated on this branch yet" } });
  await expect(table("eva", "kpis.value", {}, { branch: "branch:none" })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[BD8] a tile shows what its viewer may read and nothing else, whoever laid out the board", async () => {
  const settings = { signals: ["signal:secret", "signal:S90.Total"] };
  expect((await table("ada", "history.values", settings)).rows).toHaveLength(2);
  const seen = await table("otto", "history.values", settings);
  expect(seen.rows).toHaveLength(1);
  expect(JSON.stringify(seen.rows)).not.toContain("secret");
  expect(seen.note?.en).toContain("not yours to read");
  const board = await make("ada", "Both");
  await act("ada", board.id, { act: "put", tile: tileOf("b1"), fields: { kind: "history.values", settings, moment: page }, place: at(0) });
  const csv = new TextDecoder().decode(await calls.file(as("otto"), { params: { id: board.id }, query: {} }));
  expect(csv).not.toContain("secret");
  expect(new TextDecoder().decode(await calls.file(as("ada"), { params: { id: board.id }, query: {} }))).toContain("secret");
});

test("[BD9] the CSV of a board has the data behind each tile; one that fails has its reason, and no text becomes a formula", async () => {
  const board = await make("otto", "=cmd|'/c calc'!A1");
  const then = begin + 2 * HOUR + 9 * MINUTE;
  await expect.poll(async () => (await table("otto", "kpis.value", { kpi: "availability" }, { at: then })).rows.length, WAIT).toBe(1);
  const broken: BoardAct = { act: "put", tile: tileOf("f2"), fields: { kind: "gone.kind", settings: {}, moment: page }, place: at(1) };
  const kpi: BoardAct = {
    act: "put",
    tile: tileOf("f3"),
    fields: { kind: "kpis.value", settings: { kpi: "availability" }, moment: { of: "instant", at: then } },
    place: at(2),
  };
  await act("otto", board.id, put("f1", 0, "=1+1"), broken, kpi);
  const of = (query = {}) => calls.file(as("vera"), { params: { id: board.id }, query });
  const csv = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await of());
  expect(csv.startsWith("\u{FEFF}'=cmd")).toBe(true);
  expect(csv).toContain("'=1+1");
  expect(csv).toContain("gone.kind");
  expect(csv).toContain("Availability");
  expect(csv.split("\r\n").filter((line) => /^[=+@]/.test(line.replace("\u{FEFF}", "")))).toEqual([]);
  const [, good] = (await new TextDecoder().decode(await of({ tile: tileOf("f3"), language: "zh" }))).split("可用率,");
  expect(Number(good!.split(",")[0])).toBeGreaterThan(0);
  await expect(of({ tile: tileOf("nothing") })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[BD18] a board goes out as a PDF that readers open, with its tiles, in Chinese too", async () => {
  const board = await calls.add(as("otto"), {
    query: {},
    body: { title: "Früh 早班", template: "shiftLead", sharing: { with: "everybody" } },
  });
  await act("otto", board.id, put("pdf1", 9, "Größe 尺寸\nsecond line"));
  const { getDocument } = await import("pdfjs-dist/legacy/build/pdf.mjs");
  for (const [language, head] of [
    ["en", "Losses"],
    ["zh", "损失"],
  ] as const) {
    const bytes = await calls.file(as("vera"), { params: { id: board.id }, query: { format: "pdf", language } });
    const pdf = await getDocument({ data: bytes.slice(), cMapUrl: CMAPS, cMapPacked: true, verbosity: 0 }).promise;
    const texts: string[] = [];
    for (let page = 1; page <= pdf.numPages; page++)
      texts.push(...(await (await pdf.getPage(page)).getTextContent()).items.map((item) => ("str" in item ? item.str : "")));
    const all = texts.join("");
    for (const part of ["Früh 早班", "Größe 尺寸", "second line", head]) expect(all).toContain(part);
  }
});

test(
  "[BD19] a person gets a board by mail at its time, with what that person may read; who takes it back gets no more",
  { timeout: 400_000 },
  async () => {
    const board = await make("otto", "By mail");
    const settings = { signals: ["signal:S90.Total"] };
    await act("otto", board.id, {
      act: "put",
      tile: tileOf("mail1"),
      fields: { kind: "history.values", settings, moment: page },
      place: at(0),
    });
    const of = { params: { id: board.id } };
    expect(await calls.mail(as("otto"), of)).toEqual({ isReachable: false });
    const mails: string[] = [];
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onData: (stream, _session, done) => void wholeText(stream).then((mail) => done((mails.push(mail), undefined))),
    });
    await new Promise<void>((done) => smtp.listen(0, "127.0.0.1", done));
    const { port } = smtp.server.address() as AddressInfo;
    const channel = {
      kind: "smtp",
      name: "Mail",
      host: "127.0.0.1",
      port,
      security: "none",
      from: "doppelwerk@plant.example",
      allowPrivate: true,
    };
    await as("ada").requester.json("POST", "/notification-channels", { body: channel });
    await as("otto").requester.json("PUT", "/notifications/own", { body: { mail: ["otto@plant.example"], timeZone: "UTC" } });
    await expect(calls.setMail(as("vera"), { ...of, body: {} })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    const [line] = (await site.features.port(lineFlow).lines()).lines;
    const offset = zoneOffsetOf(line!.timeZone);
    const soon = site.now() + MINUTE;
    const local = new Date((soon + offset(soon) * MINUTE) / 1_000).toISOString();
    const mail = { at: local.slice(11, 16), days: [0, 1, 2, 3, 4, 5, 6] };
    expect(await calls.setMail(as("otto"), { ...of, body: { mail } })).toEqual({ mail, isReachable: true });
    await expect.poll(() => mails.length, { timeout: 180_000, interval: 1_000 }).toBe(1);
    expect(mails[0]).toContain("otto@plant.example");
    expect(mails[0]).toContain("By mail.pdf");
    expect(mails[0]).toContain("By mail.csv");
    expect(await calls.setMail(as("otto"), { ...of, body: {} })).toEqual({ isReachable: true });
    await new Promise<void>((done) => smtp.close(() => done()));
  },
);

test("[BD10] what no board can be is refused: too many tiles, a place of nothing, settings that are too large, a tile of another board", async () => {
  const board = await make("otto", "Limits");
  const other = await make("otto", "Other");
  await act("otto", other.id, put("x1", 0));
  await expect(act("otto", board.id, put("x1", 0))).rejects.toMatchObject({ code: "DW_CONFLICT" });
  const many = Array.from({ length: 61 }, (_, index) => put(`m${index}`, index));
  await expect(act("otto", board.id, ...many)).rejects.toMatchObject({ code: "DW_INVALID" });
  const bad = (place: unknown, settings: unknown = {}) =>
    act("otto", board.id, { act: "put", tile: tileOf("y"), fields: { kind: "boards.text", settings, moment: page }, place } as BoardAct);
  for (const place of [[], [{ key: 1e300, size: 1 }], [{ key: 0, size: 0 }], Array.from({ length: 9 }, () => ({ key: 0, size: 1 }))])
    await expect(bad(place)).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(bad(at(0), { text: "x".repeat(20_001) })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(calls.add(as("otto"), { query: {}, body: { title: "  " } })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(calls.add(as("otto"), { query: {}, body: { title: "t", template: "none" } })).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });
});

test("[BD11] boards on a branch are the branch's own, and merge tile by tile", async () => {
  const board = await make("eva", "Merged");
  await act("eva", board.id, put("g1", 0, "one"), put("g2", 1, "two"));
  const system = site.view(SYSTEM);
  const branch = await system.fork({ name: "layout", parent: LIVE, instant: site.now(), reason: "try" });
  const onBranch = (...acts: BoardAct[]) =>
    calls.act(as("eva"), { params: { id: board.id }, query: { branch: branch.id }, body: { acts } });
  await onBranch({ act: "set", tile: tileOf("g1"), fields: text("on the branch") }, put("g3", 2, "three"));
  await act("eva", board.id, { act: "set", tile: tileOf("g2"), fields: text("on live") });
  expect((await read("eva", board.id)).tiles).toHaveLength(2);
  const plan = system.planMerge(branch.id);
  expect(plan.conflicts).toEqual([]);
  expect(plan.changes.map((change) => (change.op === "update" ? change.id : change.record.id)).toSorted()).toEqual([
    tileOf("g1"),
    tileOf("g3"),
  ]);
});

test("[BD12] boards are there after the server ended, sealed ones for their owner too", async () => {
  const own = await make("otto", "Kept", { with: "nobody" });
  await act("otto", own.id, put("k1", 0, "kept"));
  await close();
  await open();
  expect((await read("otto", own.id)).tiles[0]!.settings).toEqual({ text: "kept" });
  await expect(read("olga", own.id)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await calls.remove(as("otto"), { params: { id: own.id }, query: {} });
  await expect(read("otto", own.id)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});
