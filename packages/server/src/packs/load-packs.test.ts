import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { SYSTEM } from "../compose/index.ts";
import { openApiDocument } from "../http/openapi.ts";
import { loadPacks } from "./load-packs.ts";
import { addPack, listPacks, packFolder, removePack } from "./pack-store.ts";
import { readPack } from "./pack-source.ts";
import { smallPack, writePack } from "./packs.fixture.ts";
import { block, operation, servePacks, type ServedPacks } from "./served-packs.fixture.ts";

let served: ServedPacks | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const counting = smallPack(
  {
    "server/open.js": `
      export const open = async (ctx) => ({
        handlers: {
          "brewery.count": async ({ query }) => {
            const count = ((await ctx.store.get("count")) ?? 0) + query.by;
            await ctx.store.set("count", count);
            return { count, world: ctx.world.name };
          },
          "brewery.refuse": async () => { throw Object.assign(new Error("no such tank"), { code: "DW_NOT_FOUND" }); },
          "brewery.lie": async () => ({ count: "many" }),
        },
      });`,
  },
  block([
    operation("count", {
      query: { type: "object", properties: { by: { type: "integer", default: 1 } } },
      answer: { type: "object", properties: { count: { type: "integer" }, world: { type: "string" } }, required: ["count"] },
    }),
    operation("refuse", { errors: ["DW_NOT_FOUND"] }),
    operation("lie", { answer: { type: "object", properties: { count: { type: "integer" } }, required: ["count"] } }),
  ]),
);

test.each(["added", "folder"] as const)(
  "[PK6] a pack that is %s opens like a feature: listed, called by its schemas, switched off and on",
  async (from) => {
    served = await servePacks(from === "added" ? [counting] : [], from === "folder" ? [counting] : []);
    const { call } = served;
    expect((await call("GET", "/features")).body.features).toEqual([{ id: "brewery", perWorld: true, state: { state: "open" } }]);
    expect((await call("GET", "/packs")).body.packs).toEqual([
      expect.objectContaining({
        name: "@brewco/doppelwerk-brewery",
        version: "0.1.0",
        from,
        permissions: ["read"],
        features: ["brewery"],
        state: "loaded",
      }),
    ]);
    expect(await call("GET", "/packs/brewery/count?by=2")).toEqual({ status: 200, body: { count: 2, world: "default" } });
    expect((await call("GET", "/packs/brewery/count")).body.count).toBe(3);
    expect((await call("GET", "/packs/brewery/count?by=many")).status).toBe(400);
    expect(await call("GET", "/packs/brewery/refuse")).toMatchObject({
      status: 404,
      body: { error: { code: "DW_NOT_FOUND", message: "no such tank" } },
    });
    expect((await call("GET", "/packs/brewery/lie")).status).toBe(500);
    const { paths } = openApiDocument(
      "0",
      "/api",
      served.site.features.features.flatMap(({ contract }) => contract),
    ) as { readonly paths: object };
    expect(paths).toMatchObject({
      "/api/packs/brewery/count": {
        get: { parameters: [{ name: "by", in: "query", required: false, schema: { type: "integer", default: 1 } }] },
      },
    });
    await call("PUT", "/features/brewery", { body: { on: false } });
    expect((await call("GET", "/packs/brewery/count")).status).toBe(404);
    await call("PUT", "/features/brewery", { body: { on: true } });
    expect((await call("GET", "/packs/brewery/count")).body.count).toBe(4);
  },
);

test("[PK6] what does not fit is left out with its reason: damaged, a name that is there, a port that nobody provides; the server runs", async () => {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-load-packs-"));
  const data = join(root, "data");
  const installed = await addPack(data, readPack(writePack(join(root, "a"), smallPack())), new Date(0));
  const same = writePack(
    join(root, "same"),
    smallPack({ "package.json": Buffer.from(smallPack().get("package.json")!).toString().replace("doppelwerk-brewery", "other") }),
  );
  const loaded = await loadPacks(data, [same, join(root, "gone")], []);
  expect(loaded.features.map(({ feature }) => feature.id)).toEqual(["brewery"]);
  expect(loaded.packs.map(({ name, refused }) => [name, refused?.code])).toEqual([
    ["@brewco/doppelwerk-brewery", undefined],
    ["@brewco/other", "packs.nameTaken"],
    [join(root, "gone"), "packs.cannotRead"],
  ]);
  writeFileSync(join(packFolder(data, installed), "server/open.js"), "");
  served = await servePacks([], [], data);
  const { packs } = (await served.call("GET", "/packs")).body;
  expect(packs).toEqual([expect.objectContaining({ state: "refused", reason: expect.stringContaining("changed: server/open.js") })]);
  expect((await served.call("GET", "/features")).body.features).toEqual([]);
  writeFileSync(join(data, "packs/packs.json"), "{");
  expect((await loadPacks(data, [], [])).packs).toEqual([
    expect.objectContaining({ refused: expect.objectContaining({ code: "packs.indexUnreadable" }) }),
  ]);
  rmSync(root, { recursive: true, force: true });
});

test("[PK6] a feature with a module runs for a folder of an author only, and declares what package.json declares", async () => {
  const module = (route: string) => `
    const may = { kind: "port", key: "shifts.calendars@1" };
    export const brewery = {
      id: "brewery", perWorld: true, needs: { ports: [], may: [may] }, offers: { ports: [], slots: [] },
      contract: [{ id: "brewery.whole", route: ${JSON.stringify(route)}, summary: "whole", action: "read", answer: undefined }],
      topics: [], kinds: [], folds: [], jobs: [], server: "./open.js", words: "./words",
    };`;
  const packOf = (route: string) =>
    smallPack(
      {
        "code/feature.js": module(route),
        "code/open.js": `export const open = async (ctx) => ({ handlers: { "brewery.whole": async () => {} }, ports: {}, close: async () => {} });`,
      },
      block([operation("whole")], { module: "./code/feature.js", server: undefined, needs: { may: ["shifts.calendars@1"] } }),
    );
  served = await servePacks([], [packOf("GET /packs/brewery/whole")]);
  expect((await served.call("GET", "/packs/brewery/whole")).status).toBe(204);
  await served.close();
  served = await servePacks([], [packOf("GET /packs/brewery/other")]);
  expect((await served.call("GET", "/packs")).body.packs[0].reason).toMatch(/declare different things: route GET/);
  await served.close();
  served = await servePacks([packOf("GET /packs/brewery/whole")]);
  expect((await served.call("GET", "/packs")).body.packs[0].reason).toMatch(/runs in the server/);
});

test("[PK3] documents of a pack that was removed stay readable", async () => {
  const kind = { id: "brewery.recipe", schema: { type: "object", properties: { plato: { type: "number" } }, required: ["plato"] } };
  const pack = smallPack({}, block([operation("batches")], { kinds: [kind] }));
  served = await servePacks([pack]);
  const { data, site } = served;
  const create = (record: object) =>
    site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: [{ op: "create", record: record as never }] });
  await create({ id: "brewery.recipe:1", kind: "brewery.recipe", plato: 12 });
  await expect(create({ id: "brewery.recipe:2", kind: "brewery.recipe", plato: "12" })).rejects.toMatchObject({ code: "DW_INVALID" });
  await site.close();
  const [installed] = listPacks(data);
  await removePack(data, installed!.name);
  const again = await servePacks([], [], data);
  expect(again.site.view(SYSTEM).reader(LIVE).get("brewery.recipe:1")).toMatchObject({ plato: 12 });
  await again.close();
  served = undefined;
});

test("[PK91] [PK92] documents are of the version of the pack that is there: brought up by a newer one, passed over by an older one, and never lost", async () => {
  const code = `
    export const open = async () => ({
      handlers: {
        "brewery.list": async ({ view }) => view.query({ kind: "brewery.tank" }),
        "brewery.edit": async ({ view, body }) => ({ revision: await view.apply({ reason: "test", changes: body.changes }) }),
        "brewery.note": async ({ view, body }) => view.record(body.events),
      },
    });`;
  const changes = { type: "object" };
  const edit = { route: "POST /packs/brewery/edit", action: "edit", body: changes };
  const note = { route: "POST /packs/brewery/note", action: "edit", body: changes };
  const packOf = (version: string, kind: object) =>
    smallPack(
      { "server/open.js": code },
      block(
        [operation("list"), operation("edit", edit), operation("note", note)],
        { kinds: [{ id: "brewery.tank", ...kind }], events: [{ type: "brewery.cleaned", keys: [] }] },
        ["read", "edit", "record"],
      ),
      version,
    );
  const first = packOf("0.1.0", { schema: { type: "object", properties: { litres: { type: "number" } }, required: ["litres"] } });
  const second = packOf("0.2.0", {
    version: 2,
    schema: { type: "object", properties: { hectolitres: { type: "number" } }, required: ["hectolitres"] },
    upcast: {
      1: [
        { do: "rename", field: "litres", to: "hectolitres" },
        { do: "scale", field: "hectolitres", by: 0.01 },
      ],
    },
  });
  const post = (body: object) => served!.call("POST", "/packs/brewery/edit", { body });
  const list = async () => (await served!.call("GET", "/packs/brewery/list")).body;
  const tank = (id: number, fields: object) => ({ op: "create", record: { id: `brewery.tank:${id}`, kind: "brewery.tank", ...fields } });
  served = await servePacks([first]);
  const { data } = served;
  expect((await post({ changes: [tank(1, { litres: 2_000 }), tank(2, { litres: 500 })] })).status).toBe(200);
  // an event that is none is refused by its field, and is no fault of the server
  const bad = await served.call("POST", "/packs/brewery/note", { body: { events: [{ type: "brewery.cleaned", time: 1 }] } });
  expect([bad.status, bad.body.error.message]).toEqual([400, expect.stringContaining("0.id")]);
  await served.site.close();
  served = await servePacks([second], [], data);
  expect(await list()).toEqual([
    { id: "brewery.tank:1", kind: "brewery.tank", version: 2, hectolitres: 20 },
    { id: "brewery.tank:2", kind: "brewery.tank", version: 2, hectolitres: 5 },
  ]);
  const fields = { hectolitres: { from: 20, to: 25 } };
  expect((await post({ changes: [{ op: "update", id: "brewery.tank:1", fields }, tank(3, { hectolitres: 1 })] })).status).toBe(200);
  const stale = { hectolitres: { from: 4, to: 6 } };
  expect((await post({ changes: [{ op: "update", id: "brewery.tank:2", fields: stale }] })).status).toBe(409);
  expect(served.site.view(SYSTEM).reader(LIVE).get("brewery.tank:1")).toEqual({
    id: "brewery.tank:1",
    kind: "brewery.tank",
    version: 2,
    hectolitres: 25,
  });
  await served.site.close();
  served = await servePacks([first], [], data);
  expect(await list()).toEqual([{ id: "brewery.tank:2", kind: "brewery.tank", litres: 500 }]);
  expect(served.site.view(SYSTEM).reader(LIVE).get("brewery.tank:3")).toMatchObject({ hectolitres: 1 });
});
