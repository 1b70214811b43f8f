import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE } from "@doppelwerk/world";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { SYSTEM } from "../compose/index.ts";
import { openWorlds, type OpenWorlds } from "../compose/open-worlds.ts";
import { createWorldsApp } from "../compose/register-routes.ts";
import { followPacks } from "./follow-packs.ts";
import { loadPacks } from "./load-packs.ts";
import { readPack } from "./pack-source.ts";
import { addPack, removePack } from "./pack-store.ts";
import { smallPack, writePack } from "./packs.fixture.ts";
import { block, operation } from "./served-packs.fixture.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-follow-packs-"));
const ends: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
});

const WAIT = { timeout: 120_000, interval: 100 };
const kind = { id: "brewery.recipe", schema: { type: "object", properties: { plato: { type: "number" } }, required: ["plato"] } };

function packThat(says: string, version: string): Map<string, Uint8Array> {
  const code = `
    export const open = async () => ({
      handlers: {
        "brewery.try": async () => ({ says: ${JSON.stringify(says)} }),
        "brewery.tank": async ({ params }) => ({ tank: params.tank }),
      },
    });`;
  const endpoints = [operation("try"), operation("tank", { route: "GET /packs/brewery/tanks/:tank" })];
  return smallPack({ "server/open.js": code }, block(endpoints, { kinds: [kind] }), version);
}

test("[PK55] a pack that is added, replaced or removed is there, another one or gone in every open world, without a restart", async () => {
  const data = join(root, "data");
  const logger = pino({ level: "silent" });
  const loaded = await loadPacks(data, [], []);
  const worlds: OpenWorlds = await openWorlds({ dataDirectory: data, logger, workers: 1, features: loaded.features, packs: loaded.packs });
  ends.push(() => worlds.close());
  const app = await createWorldsApp(worlds);
  ends.push(() => app.close());
  ends.push(followPacks({ data, folders: [], product: [], loaded, logger, everyMs: 50, worlds }));
  await worlds.registry.create("second");
  const { world: second, leave } = await worlds.registry.enter("second");
  ends.push(leave);
  const get = async (path: string) => {
    const { statusCode, payload } = await app.inject({ method: "GET", url: path, headers: { host: "localhost" } });
    return { status: statusCode, body: JSON.parse(payload) as Record<string, never> };
  };
  const api = "/api/doppelwerk/v1";
  const add = (files: ReadonlyMap<string, Uint8Array>) => {
    const folder = writePack(mkdtempSync(join(root, "pack-")), files);
    return addPack(data, readPack(folder), new Date());
  };
  expect((await get(`${api}/packs/brewery/try`)).status).toBe(404);
  await add(packThat("first", "0.1.0"));
  for (const base of [api, `${api}/worlds/second`])
    await expect.poll(() => get(`${base}/packs/brewery/try`), WAIT).toEqual({ status: 200, body: { says: "first" } });
  expect((await get(`${api}/packs/brewery/tanks/T%2F7`)).body).toEqual({ tank: "T/7" });
  expect((await get(`${api}/packs/brewery/tanks/`)).status).toBe(404);
  expect(Object.keys((await get("/openapi.json")).body["paths"]!)).toContain(`${api}/packs/brewery/tanks/{tank}`);
  expect((await get(`${api}/packs`)).body["packs"]).toEqual([expect.objectContaining({ version: "0.1.0", state: "loaded" })]);
  // documents of the pack are held to its schema from now on
  const create = (id: string, plato: unknown) =>
    second.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: [{ op: "create", record: { id, kind: kind.id, plato } as never }] });
  await expect(create("brewery.recipe:1", "12")).rejects.toMatchObject({ code: "DW_INVALID" });
  await create("brewery.recipe:1", 12);
  await add(packThat("second", "0.2.0"));
  for (const base of [api, `${api}/worlds/second`])
    await expect.poll(() => get(`${base}/packs/brewery/try`), WAIT).toEqual({ status: 200, body: { says: "second" } });
  await removePack(data, "@brewco/doppelwerk-brewery");
  await expect.poll(async () => (await get(`${api}/packs/brewery/try`)).status, WAIT).toBe(404);
  expect((await get(`${api}/packs`)).body["packs"]).toEqual([]);
  expect(Object.keys((await get("/openapi.json")).body["paths"]!)).not.toContain(`${api}/packs/brewery/try`);
  expect(second.view(SYSTEM).reader(LIVE).get("brewery.recipe:1")).toMatchObject({ plato: 12 });
}, 300_000);

test("[PK90] a folder that is being written stands in the place of the added pack of its name, and its server part and manifest follow each change", async () => {
  const data = join(root, "data");
  const logged: string[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => void logged.push(line) });
  await addPack(data, readPack(writePack(join(root, "added"), packThat("added", "0.2.0"))), new Date());
  const folder = writePack(join(root, "folder"), packThat("first", "0.1.0"));
  const loaded = await loadPacks(data, [folder], []);
  const worlds = await openWorlds({ dataDirectory: data, logger, workers: 1, features: loaded.features, packs: loaded.packs });
  ends.push(() => worlds.close());
  const app = await createWorldsApp(worlds);
  ends.push(() => app.close());
  ends.push(followPacks({ data, folders: [folder], product: [], loaded, logger, everyMs: 50, worlds }));
  const get = async (path: string) => {
    const { payload } = await app.inject({ method: "GET", url: `/api/doppelwerk/v1/packs${path}`, headers: { host: "localhost" } });
    return JSON.parse(payload) as Record<string, never>;
  };
  const says = () => expect.poll(() => get("/brewery/try"), WAIT);
  await says().toEqual({ says: "first" });
  expect((await get(""))["packs"]).toEqual([
    expect.objectContaining({ from: "added", state: "refused", reason: expect.stringContaining(folder) }),
    expect.objectContaining({ from: "folder", state: "loaded", version: "0.1.0" }),
  ]);
  writePack(folder, packThat("second", "0.1.0"));
  await says().toEqual({ says: "second" });
  // a manifest that cannot be read for now changes nothing, and is reported once
  writeFileSync(join(folder, "package.json"), "{");
  writeFileSync(join(folder, "server/open.js"), "export const open = async () => ({ handlers: {} });");
  await expect.poll(() => logged.filter((line) => line.includes("is not loaded")).length, WAIT).toBe(1);
  expect(await get("/brewery/try")).toEqual({ says: "second" });
  writePack(folder, packThat("third", "0.3.0"));
  await says().toEqual({ says: "third" });
  expect((await get(""))["packs"]).toContainEqual(expect.objectContaining({ from: "folder", version: "0.3.0" }));
}, 300_000);
