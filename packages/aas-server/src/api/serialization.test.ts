import { encodeId, type Environment, type Submodel } from "@doppelwerk/aas";
import { createAccessGate, createSeal } from "@doppelwerk/trust";
import { createMemoryBlobs, createMemoryChangeLog, createMemoryRecordStore } from "@doppelwerk/storage/memory";
import { coreKinds, importChanges, LIVE, openWorld } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AasLookups } from "./aas-lookups.ts";
import { aasSourceOfWorld } from "./aas-source-of-world.ts";
import { streamOf } from "./answers.ts";
import { environmentOf } from "./serialization-routes.ts";
import { ENGINEER, startTestServer, VIEWER, type TestServer } from "./test-server.fixture.ts";

const submodel = (id: string, value: string): Submodel => ({
  modelType: "Submodel",
  id,
  submodelElements: [{ modelType: "Property", idShort: "text", valueType: "xs:string", value }],
});
const environment: Environment = { submodels: [submodel("urn:a", "before"), submodel("urn:b", "before")] };
let server: TestServer;
beforeAll(async () => void (server = await startTestServer(environment)));
afterAll(() => server.close());

test("[API46] the documents of an environment are of one revision, whatever is written while it is served", async () => {
  const source = aasSourceOfWorld({
    view: server.world.view(ENGINEER),
    branch: LIVE,
    ids: { next: (kind) => `${kind}:none` },
    blobs: server.blobs,
    lookups: new AasLookups(),
    sample: () => undefined,
    samplesAt: async () => new Map(),
  });
  const frozen = source.frozen();
  expect(frozen.exportedSubmodel("urn:a")).toEqual(submodel("urn:a", "before"));
  const put = await server.call("PUT", `/submodels/${encodeId("urn:b")}`, submodel("urn:b", "after"));
  expect([put.status, put.text]).toEqual([204, ""]);
  expect((await server.call("DELETE", `/submodels/${encodeId("urn:a")}`)).status).toBe(204);
  expect((await server.call("POST", "/submodels", submodel("urn:c", "after"))).status).toBe(201);
  const heads = frozen.submodelHeads({ limit: 10 }, {}).items.map(({ id }) => id);
  expect(heads.map((id) => frozen.exportedSubmodel(id)).sort((a, b) => (a!.id < b!.id ? -1 : 1))).toEqual(environment.submodels);
  expect((JSON.parse((await server.call("GET", "/serialization")).text) as Environment).submodels?.map(({ id }) => id).sort()).toEqual([
    "urn:b",
    "urn:c",
  ]);
});

test("[API46] an answer is made no faster than it is read", async () => {
  let made = 0;
  const pieces = function* () {
    for (; made < 10_000; made++) yield "x".repeat(10_000);
  };
  const stream = streamOf(pieces());
  await new Promise((resolve) => stream.once("readable", resolve));
  // others have had their turn many times
  for (let turn = 0; turn < 1_000; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(made).toBeLessThan(50);
  let size = 0;
  for await (const piece of stream) size += (piece as Buffer).length;
  expect([made, size]).toEqual([10_000, 100_000_000]);
});

test("[SV348] what is hidden, or may not be exported any more, while a long export is under way is not in the rest of it", async () => {
  const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_130);
  console.log(`export under changing rules: FUZZ_SEED=${seed}`);
  let state = seed >>> 0;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const [hidden, kept] = [new Set<string>(), new Set<string>()];
  const idOf = (id: unknown): string => String(id);
  const places: NonNullable<Parameters<typeof createAccessGate>[0]["places"]> = {
    isEmpty: () => false,
    isStrict: () => true,
    isOf: (action) => action === "export",
    decide: (_, _action, at) => {
      const subject = typeof at === "string" ? "" : String(at.subject);
      return kept.has(subject) ? { allowed: false, roles: [], places: [] } : { allowed: true, role: "x", place: "*" };
    },
  };
  const gate = createAccessGate({ rolesOf: ({ roles }) => roles, places, mayRead: (_, record) => !hidden.has(idOf(record["aasId"])) });
  const world = await openWorld({
    store: createMemoryRecordStore(coreKinds),
    log: createMemoryChangeLog(),
    leaseEpoch: 1,
    clock: { now: () => 1_760_000_000_000_000 },
    ids: { next: (kind) => `${kind}:none` },
    seal: createSeal(),
    kinds: coreKinds,
    gate,
  });
  const shellIds = Array.from({ length: 20 }, (_, n) => `urn:aas:${n}`);
  const submodels = Array.from({ length: 20 }, (_, n) => submodel(`urn:sm:${n}`, "x"));
  const assetAdministrationShells = shellIds.map(
    (id) => ({ modelType: "AssetAdministrationShell", id, assetInformation: { assetKind: "Instance" } }) as const,
  );
  const own = world.view(ENGINEER);
  const { changes } = importChanges(own.reader(LIVE), { assetAdministrationShells, submodels }, "test");
  await own.apply({ branch: LIVE, reason: "import", changes });
  const records = new Map(
    ["shell", "submodel"].flatMap((kind) =>
      own
        .reader(LIVE)
        .query({ kind })
        .map((one) => [idOf(one["aasId"]), one.id] as const),
    ),
  );
  let [left, ended] = [0, 0];
  for (let round = 0; round < 60; round++) {
    hidden.clear();
    kept.clear();
    const source = aasSourceOfWorld({
      view: world.view(VIEWER),
      branch: LIVE,
      ids: { next: (kind) => `${kind}:none` },
      blobs: createMemoryBlobs(),
      lookups: new AasLookups(),
      sample: () => undefined,
      samplesAt: async () => new Map(),
    });
    const environment = environmentOf(source, undefined, undefined, true);
    const gone = new Set<string>();
    const served: string[] = [];
    for (const one of allOf(environment)) {
      served.push(one);
      if (random(4) > 0) continue;
      const id = random(2) === 0 ? `urn:aas:${random(20)}` : `urn:sm:${random(20)}`;
      if (served.includes(id)) continue;
      gone.add(id);
      if (random(2) === 0) hidden.add(id);
      else kept.add(records.get(id)!);
    }
    expect(
      served.filter((id) => gone.has(id)),
      `round ${round}`,
    ).toEqual([]);
    expect(served.length + gone.size).toBe(40);
    ended += gone.size;
    left += served.length;
  }
  expect(ended).toBeGreaterThan(100);
  expect(left).toBeGreaterThan(500);
  // who names it is told; of what he cannot read he learns nothing
  kept.clear();
  hidden.clear();
  kept.add(records.get("urn:sm:3")!);
  hidden.add("urn:sm:4");
  const view = world.view(VIEWER);
  const source = aasSourceOfWorld({
    view,
    branch: LIVE,
    ids: { next: (kind) => `${kind}:none` },
    blobs: createMemoryBlobs(),
    lookups: new AasLookups(),
    sample: () => undefined,
    samplesAt: async () => new Map(),
  });
  expect(() => environmentOf(source, undefined, ["urn:sm:3"], true)).toThrow(expect.objectContaining({ code: "DW_FORBIDDEN" }));
  expect(() => environmentOf(source, undefined, ["urn:sm:4"], true)).toThrow(expect.objectContaining({ status: 404 }));
  expect(() => environmentOf(source, undefined, ["urn:sm:none"], true)).toThrow(expect.objectContaining({ status: 404 }));
  expect(environmentOf(source, undefined, undefined, true).submodelIds).toHaveLength(18);
});

function* allOf(environment: ReturnType<typeof environmentOf>): Generator<string> {
  for (const { id } of environment.assetAdministrationShells()) yield id;
  for (const { id } of environment.submodels()) yield id;
}
