import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@doppelwerk/client";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openProduct, serveAs } from "../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant } from "../../../packs/discrete-line/src/small-plant.fixture.ts";
import type { Reach } from "./tool.ts";
import { tools } from "./tools.ts";

// Two lines with stations of the same names in a hall, and a store without a line.
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-tools-of-lines-"));
let site: HostedWorld;
let served: Awaited<ReturnType<typeof serveAs>>;
let reach: Reach;

beforeAll(async () => {
  site = await openProduct(folder);
  await vi.waitUntil(() => site.features.states().every(({ state }) => state.state === "open"), { timeout: 60_000 });
  for (const [name, environment] of Object.entries({ one: smallPlant(), two: twin(smallPlant()), places: places() })) {
    const view = site.view(SYSTEM);
    await view.apply({ branch: LIVE, reason: name, changes: importChanges(view.reader(LIVE), environment, name).changes });
  }
  served = await serveAs(site, { id: "person:a", name: "A", verified: true, roles: ["engineer"] });
  const client = createClient({
    baseUrl: served.origin,
    person: { id: "a-secret", name: "A" },
    fetch: (url, init) => fetch(url, init as RequestInit),
  });
  reach = { client, sleep: (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds)) } as unknown as Reach;
}, 120_000);
afterAll(async () => {
  await served.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

function twin<Value>(value: Value): Value {
  const text = JSON.stringify(value).replaceAll("urn:test:", "urn:test:two:").replaceAll('"Line1"', '"Line2"');
  return JSON.parse(text.replaceAll('"text":"Line 1"', '"text":"Line 2"')) as Value;
}

function places(): Parameters<typeof importChanges>[1] {
  const shell = (id: string, en: string, zh: string, level: string, holds: readonly string[]) => ({
    shell: {
      modelType: "AssetAdministrationShell",
      id: `urn:test:shell:${id}`,
      idShort: id,
      displayName: [
        { language: "en", text: en },
        { language: "zh", text: zh },
      ],
      assetInformation: { assetKind: "Instance", globalAssetId: `urn:test:asset:${id}` },
      submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: `urn:test:shell:${id}:places` }] }],
    },
    submodel: {
      modelType: "Submodel",
      id: `urn:test:shell:${id}:places`,
      idShort: "HierarchicalStructures",
      submodelElements: [
        { modelType: "Property", idShort: "ArcheType", valueType: "xs:string", value: "OneDown" },
        { modelType: "Property", idShort: "EquipmentLevel", valueType: "xs:string", value: level },
        {
          modelType: "Entity",
          idShort: "EntryNode",
          entityType: "SelfManagedEntity",
          globalAssetId: `urn:test:asset:${id}`,
          statements: holds.map((asset, at) => ({
            modelType: "Entity",
            idShort: `Part${at}`,
            entityType: "SelfManagedEntity",
            globalAssetId: asset,
          })),
        },
      ],
    },
  });
  const made = [
    shell("Works", "Works", "工厂", "Site", ["urn:test:asset:Hall", "urn:test:asset:Store"]),
    shell("Hall", "Hall 7", "7 号厂房", "Area", ["urn:test:asset:Line1", "urn:test:two:asset:Line1"]),
    shell("Store", "Store", "仓库", "StorageZone", []),
  ];
  return {
    assetAdministrationShells: made.map((each) => each.shell),
    submodels: made.map((each) => each.submodel),
  } as unknown as Parameters<typeof importChanges>[1];
}

async function call(name: string, input: object = {}): Promise<never> {
  const tool = tools.find((each) => each.name === name)!;
  return (await tool.run(tool.input.parse(input) as never, reach)) as never;
}

interface Named {
  readonly id: string;
  readonly name: string;
}
interface Described {
  readonly title: string;
  readonly lines: readonly (Named & { readonly path: readonly string[] })[];
  readonly line: Named & { readonly stations: readonly { readonly id: string }[] };
  readonly places: readonly (Named & { readonly kind: string })[];
}

test("[MCP7] a plant of two lines is described with both and with its places; each is asked by its id, its name or its place", async () => {
  const plant: Described = await call("describe_plant");
  const [first, second] = plant.lines;
  expect(plant.lines.map(({ path }) => path.slice(0, 2))).toEqual([
    ["Works", "Hall 7"],
    ["Works", "Hall 7"],
  ]);
  expect(plant.title).toBe("Hall 7");
  expect(plant.line.id).toBe(first!.id);
  expect(plant.places.map(({ name, kind }) => [name, kind])).toEqual(
    expect.arrayContaining([
      ["Hall 7", "area"],
      ["Store", "storageZone"],
    ]),
  );
  const other: Described = await call("describe_plant", { line: second!.id });
  expect(other.line.stations.map(({ id }) => id)).toContain("Line2.S90");
  // the default stays the first, and says that there are others
  type State = { readonly line: Named; readonly otherLines?: readonly string[]; readonly stations: readonly { readonly id: string }[] };
  const state: State = await call("state_at");
  expect([state.line, state.otherLines]).toEqual([{ id: first!.id, name: first!.name }, [second!.id]]);
  const { places: found }: { readonly places: readonly (Named & { readonly line?: string })[] } = await call("places", {
    within: "7 号厂房",
  });
  const place = found.find(({ line }) => line === second!.id)!;
  for (const line of [second!.id, place.id]) {
    const named: State = await call("state_at", { line });
    expect([named.line.id, named.otherLines, named.stations.some(({ id }) => id === "Line2.S90")]).toEqual([second!.id, undefined, true]);
  }
  for (const tool of ["shifts", "backtest"]) expect(await call(tool, { line: second!.id })).toMatchObject({ line: { id: second!.id } });
  const factors: readonly { readonly key: string }[] = await call("factors", { branch: LIVE, line: second!.id });
  expect(factors.map(({ key }) => key)).toContain("Line2.S90/NumberOfPlaces");
});

test("[MCP7] a line or place that is not there, or that is not one, is refused with those that are", async () => {
  await expect(call("state_at", { line: "Hall 7" })).rejects.toThrow("holds several lines, of which one has to be named: Line1, Line2");
  await expect(call("kpis", { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", line: "Store" })).rejects.toThrow(
    "there is no line Store; there are Line1, Line2",
  );
  await expect(call("place_summary", { place: "Hall 9" })).rejects.toThrow("there is no place Hall 9");
  const fork = await reach.client.fork("both");
  await expect(call("run", { branch: fork.id, kind: "study", line: "Line1", lines: ["Line1", "Line2"] })).rejects.toThrow("not both");
});

test("[MCP7] a place is answered with the places in it, what adds up, and no spans of states", async () => {
  type Place = { readonly path: readonly string[]; readonly rows: readonly { readonly place: Named; readonly lines: readonly object[] }[] };
  const hall: Place = await call("place_summary", { place: "hall 7" });
  expect(hall.path).toEqual(["Works", "Hall 7"]);
  expect(hall.rows.map(({ lines }) => lines.length)).toEqual([1, 1]);
  expect(JSON.stringify(hall)).not.toContain('"states"');
  await expect(call("place_summary", { place: "Works", at: "1999-01-01T00:00:00Z" })).rejects.toThrow("no data at 1999");
});

test("[MCP7] two lines run at once on a fork, and the answer names both", async () => {
  const fork = await reach.client.fork("two at once");
  const result: { readonly run: { readonly lines: readonly string[]; readonly state: string } } = await call("run", {
    branch: fork.id,
    kind: "study",
    replications: 10,
    lines: ["Line1", "Line2"],
  });
  expect(result.run).toMatchObject({ state: "done", lines: ["Line1", "Line2"] });
});
