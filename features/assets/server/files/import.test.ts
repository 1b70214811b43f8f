import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import { installationSubmodel, standsIn, swapped } from "@doppelwerk/operations";
import { createSiteApp, type HostedWorld } from "@doppelwerk/server/site";
import { coreKinds, LIVE, recordOfAasId, recordsOfAasId } from "@doppelwerk/world";
import type { Change, LogEntry, Principal, ShellRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct } from "../../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { ENGINEER, startTestServer, VIEWER } from "../../../../packages/aas-server/src/api/test-server.fixture.ts";
import type { DocumentVersion, ShellCard } from "../../contract.ts";
import { bytesOf, sourceOf } from "./file-source.ts";
import { createImporter } from "./importer.ts";
import { createFileReader, readHere } from "./read-beside.ts";

const broken = JSON.stringify({
  submodels: [
    {
      modelType: "Submodel",
      id: "urn:sm",
      submodelElements: [{ modelType: "Property", idShort: "on", valueType: "xs:boolean", value: "Yes" }],
    },
  ],
});

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-import-"));
let site: HostedWorld;
let app: Awaited<ReturnType<typeof createSiteApp>>;
let base = "";
let principal: Principal = ENGINEER;
const view = () => site.view(ENGINEER);

beforeAll(async () => {
  site = await openProduct(folder);
  app = await createSiteApp(Object.assign(Object.create(site) as HostedWorld, { person: () => principal }));
  base = `${await app.listen({ port: 0, host: "127.0.0.1" })}/api/doppelwerk/v1`;
});
afterAll(async () => {
  await app.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

// oxlint-disable-next-line no-explicit-any -- an answer has no type before it is judged
async function call(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly json: any }> {
  const response = await fetch(`${new URL(base).origin}/api/v3${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  return { status: response.status, json: text === "" ? undefined : JSON.parse(text) };
}

async function post(path: string, body: string): Promise<{ status: number; json: Record<string, unknown> }> {
  const response = await fetch(base + path, { method: "POST", headers: { "content-type": "application/octet-stream" }, body });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

test("[AF5] a report says what is wrong and what can be done, and changes nothing", async () => {
  const { status, json } = await post("/import/report", broken);
  expect(status).toBe(200);
  expect(json).toMatchObject({
    format: "json",
    submodels: 1,
    elements: 1,
    valid: false,
    findings: [{ constraint: "lexical", repairs: [{ kind: "plain" }, { kind: "guess" }] }],
  });
  expect((await call("GET", "/submodels")).json.result).toEqual([]);
  expect((await post("/import/report?repair=plain", broken)).json).toMatchObject({
    valid: true,
    repaired: [{ constraint: "lexical" }],
    findings: [],
  });
  expect((await post("/import/report", "<nonsense")).json).toMatchObject({ submodels: 0, valid: false });
});

test("[AF5] a single finding is repaired in the way that was chosen, the others are not", async () => {
  const two = JSON.stringify({
    submodels: [
      {
        modelType: "Submodel",
        id: "urn:two",
        submodelElements: ["on", "off"].map((idShort) => ({ modelType: "Property", idShort, valueType: "xs:boolean", value: "Yes" })),
      },
    ],
  });
  const { json } = await post("/import/report", two);
  const offered = json["findings"] as { path: string; repairs: { how: string }[] }[];
  expect(offered).toHaveLength(2);
  for (const [request, at] of [
    ["@1", 0],
    ["@1.1", 1],
  ] as const)
    expect((await post(`/import/report?repair=${request}`, two)).json).toMatchObject({
      findings: [{ path: offered[0]!.path }],
      repaired: [{ path: offered[1]!.path, how: offered[1]!.repairs[at]!.how }],
    });
  expect((await post("/import/report?repair=@9,@1.7,@x", two)).json).toMatchObject({ findings: [{}, {}], repaired: [] });
});

test("[AF5] an import keeps what was not asked to be repaired, and repairs what was", async () => {
  const value = async () =>
    (await call("GET", `/submodels/${Buffer.from("urn:sm").toString("base64url")}/submodel-elements/on`)).json.value as string;
  expect((await post("/import?name=a.json", broken)).json).toMatchObject({ findings: [{ constraint: "lexical", severity: "error" }] });
  expect(await value()).toBe("Yes");
  expect((await post("/import?name=a.json&repair=plain", broken)).json).toMatchObject({ findings: [] });
  expect(await value()).toBe("true");
});

test("[AF9] an import keeps the first document of an id and says where the others were; what an older one stored of them goes, and is reported", async () => {
  const concept = (idShort: string) => ({ modelType: "ConceptDescription", id: "urn:cd:twice", idShort });
  const file = JSON.stringify({ conceptDescriptions: [concept("First"), concept("Second"), concept("First")] });
  const where = [
    { path: "conceptDescriptions[1].id", message: expect.stringContaining("with other content") },
    { path: "conceptDescriptions[2].id", message: expect.stringContaining("with the same content") },
  ];
  // As versions before stored it: the second under an id of its own.
  const old = await startTestServer(
    {},
    ENGINEER,
    {},
    "strict",
    coreKinds.map(({ unique: _unique, ...kind }) => kind),
  );
  try {
    const importer = createImporter(old.blobs);
    const view = old.world.view(ENGINEER);
    const bytes = Buffer.from(file);
    expect(await importer.importFile(view, "twice.json", bytes)).toMatchObject({ created: 1, findings: where });
    expect(await importer.importFile(view, "twice.json", bytes)).toMatchObject({ created: 0, changed: 0, findings: where });
    const [kept] = recordsOfAasId(view.reader(LIVE), "conceptDescription", "urn:cd:twice");
    const again = (id: string): Change => ({ op: "create", record: { ...kept!, id: `conceptDescription:${id}` } });
    await view.apply({ branch: LIVE, reason: "import", changes: [again("0"), again("z")] });
    expect(await importer.importFile(view, "twice.json", bytes)).toMatchObject({
      changed: 2,
      findings: [...where, { constraint: "id", message: expect.stringMatching(/stored 3 documents .*"urn:cd:twice"/) }],
    });
    expect((await old.call("GET", "/concept-descriptions")).json.result).toEqual([concept("First")]);
    await view.apply({ branch: LIVE, reason: "import", changes: [again("0"), again("z")] });
    const path = `/concept-descriptions/${encodeId("urn:cd:twice")}`;
    expect((await old.call("DELETE", path)).status).toBe(204);
    expect((await old.call("GET", path)).status).toBe(404);
  } finally {
    await old.close();
  }
});

test("[AF5] who may not import gets no report either", async () => {
  principal = VIEWER;
  for (const path of ["/import/report", "/import?name=a.json"]) expect((await post(path, broken)).status).toBe(403);
  principal = ENGINEER;
});

test("[AF6] a large file is read beside the live plant, and comes over whole; one that takes too much is refused and ends nothing else", async () => {
  const text = JSON.stringify({
    note: "nobody knows this",
    submodels: Array.from({ length: 200 }, (_, i) => ({
      modelType: "Submodel",
      id: `urn:large:${i}`,
      submodelElements: Array.from({ length: 20 }, (_, j) => ({
        modelType: "Property",
        idShort: `p${j}`,
        valueType: "xs:int",
        value: `${i}`,
      })),
    })),
  });
  const bytes = new TextEncoder().encode(text);
  const take = async (contentType: string, pieces: AsyncIterable<Uint8Array>) => ({
    contentType,
    bytes: await bytesOf({ pieces: () => pieces }),
  });
  expect(await createFileReader()(sourceOf(bytes), "none", take)).toEqual(readHere(bytes, "none"));
  const report = await createImporter(site.blobs).importFile(view(), "large.json", bytes);
  expect(report).toMatchObject({ created: 200 * 21, conflicts: 0 });
  const revision = view().revision();
  const small = createImporter(site.blobs, { heapMb: 16, beside: 0 });
  const huge = new TextEncoder().encode(JSON.stringify({ submodels: Array.from({ length: 40 }, () => JSON.parse(text).submodels).flat() }));
  const importing = small.importFile(view(), "huge.json", huge);
  await expect(importing).rejects.toMatchObject({ code: "DW_INVALID", message: expect.stringContaining("16 MB") });
  const slow = createImporter(site.blobs, { withinMs: 1, beside: 0 });
  await expect(slow.importFile(view(), "slow.json", bytes)).rejects.toMatchObject({ code: "DW_INVALID" });
  expect(view().revision()).toBe(revision);
});

test("[AF7] an import of more than 20,000 changes goes in parts of whole documents, and importing it again brings nothing", async () => {
  const submodels = Array.from({ length: 100 }, (_, i) => ({
    modelType: "Submodel",
    id: `urn:parts:${i}`,
    submodelElements: Array.from({ length: 210 }, (_, j) => ({
      modelType: "Property",
      idShort: `p${j}`,
      valueType: "xs:int",
      value: `${i}`,
    })),
  }));
  const bytes = new TextEncoder().encode(JSON.stringify({ submodels }));
  const importer = createImporter(site.blobs);
  const entries: LogEntry[] = [];
  const stop = view().onCommit(({ entry }) => entries.push(entry));
  expect(await importer.importFile(view(), "parts.json", bytes)).toMatchObject({ created: 21_100 });
  stop();
  expect(entries.map(({ reason }) => reason)).toEqual(Array.from({ length: 10 }, (_, i) => `Imported parts.json, part ${i + 1} of 10`));
  for (const { changes } of entries) expect(changes.length % 211).toBe(0);
  const revision = view().revision();
  expect(await importer.importFile(view(), "parts.json", bytes)).toMatchObject({ created: 0, changed: 0 });
  expect(view().revision()).toBe(revision);
});

test("[API32] an element is renamed with the references of other submodels, in one transaction that undo takes back; a shell has its versions", async () => {
  const reference = {
    type: "ModelReference",
    keys: [
      { type: "Submodel", value: "urn:named" },
      { type: "Property", value: "Old" },
    ],
  };
  const other = { ...reference, keys: [reference.keys[0]!, { type: "Property", value: "Older" }] };
  const environment = {
    assetAdministrationShells: [
      { modelType: "AssetAdministrationShell", id: "urn:shell", assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset" } },
    ],
    submodels: [
      {
        modelType: "Submodel",
        id: "urn:named",
        submodelElements: [
          { modelType: "Property", idShort: "Old", valueType: "xs:int", value: "1" },
          { modelType: "ReferenceElement", idShort: "Beside", value: reference },
        ],
      },
      {
        modelType: "Submodel",
        id: "urn:referring",
        semanticId: reference,
        submodelElements: [
          { modelType: "ReferenceElement", idShort: "To", value: reference },
          { modelType: "RelationshipElement", idShort: "Both", first: other, second: reference, semanticId: reference },
          {
            modelType: "Property",
            idShort: "Qualified",
            valueType: "xs:int",
            qualifiers: [{ type: "like", valueType: "xs:int", valueId: reference }],
          },
          { modelType: "ReferenceElement", idShort: "Other", value: other },
        ],
      },
    ],
  };
  await post("/import?name=n.json", JSON.stringify(environment));
  const rename = async (request: object) => {
    const response = await fetch(`${base}/submodels/${encodeId("urn:named")}/rename`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  expect(await rename({ path: "Old", idShort: "1 new" })).toMatchObject({ status: 400 });
  expect(await rename({ path: "Nothing", idShort: "New" })).toMatchObject({ status: 404 });
  expect(await rename({ path: "Old", idShort: "New", reason: "a better word" })).toEqual({
    status: 200,
    json: { path: "New", references: 5, lookedThrough: true },
  });
  const followed = (await call("GET", `/submodels/${encodeId("urn:referring")}`)).json as object;
  const before = environment.submodels[1]!;
  expect(followed).toEqual(JSON.parse(JSON.stringify(before).replaceAll('"value":"Old"', '"value":"New"')));
  expect((await call("GET", `/submodels/${encodeId("urn:named")}/submodel-elements/Beside`)).json.value.keys[1].value).toBe("New");
  const at = (submodel: string, path: string) => call("GET", `/submodels/${encodeId(submodel)}/submodel-elements/${path}`);
  expect((await at("urn:named", "New")).json).toMatchObject({ idShort: "New", value: "1" });
  expect((await at("urn:referring", "To")).json.value.keys[1]).toEqual({ type: "Property", value: "New" });
  await view().undo(LIVE);
  expect((await at("urn:named", "Old")).status).toBe(200);
  expect((await at("urn:referring", "To")).json.value).toEqual(reference);
  await call("PUT", `/shells/${encodeId("urn:shell")}`, {
    ...environment.assetAdministrationShells[0],
    assetInformation: { assetKind: "Type", globalAssetId: "urn:asset" },
  });
  const versions = (await (await fetch(`${base}/shells/${encodeId("urn:shell")}/versions`)).json()) as DocumentVersion[];
  expect(versions.map(({ reason }) => reason)).toEqual([expect.stringContaining("AAS API"), "Imported n.json"]);
  expect(versions[1]!.message).toEqual({ code: "changes.logImport", params: { name: "n.json" } });
  expect((await fetch(`${base}/shells/${encodeId("urn:none")}/versions`)).status).toBe(404);
});

test("[AF8] the card of a place has the nameplate of what stands there, as of the instant asked for, and tells which and since when", async () => {
  const year = (of: number): number => Date.UTC(of, 0, 1) * 1_000;
  const reference = (type: string, value: string) => ({ type: "ModelReference", keys: [{ type, value }] });
  const machines = ["A-1", "B-2"].map((serial) => ({
    shell: {
      modelType: "AssetAdministrationShell",
      id: `urn:machine:${serial}`,
      idShort: `SN_${serial}`,
      displayName: [{ language: "zh", text: `压机 ${serial}` }],
      assetInformation: { assetKind: "Instance", globalAssetId: `urn:asset:${serial}` },
      submodels: [reference("Submodel", `urn:plate:${serial}`)],
    },
    plate: {
      modelType: "Submodel",
      id: `urn:plate:${serial}`,
      idShort: "Nameplate",
      submodelElements: [
        { modelType: "Property", idShort: "SerialNumber", valueType: "xs:string", value: serial },
        {
          modelType: "MultiLanguageProperty",
          idShort: "Family",
          value: [
            { language: "en", text: "Press" },
            { language: "zh", text: "压机" },
          ],
        },
      ],
    },
  }));
  const periods = swapped(swapped([], "urn:machine:A-1", year(2020)), "urn:machine:B-2", year(2024));
  const place = {
    modelType: "AssetAdministrationShell",
    id: "urn:place",
    idShort: "P10",
    assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset:place" },
    submodels: [reference("Submodel", "urn:place/installation")],
  };
  const environment = {
    assetAdministrationShells: [place, ...machines.map(({ shell }) => shell)],
    submodels: [installationSubmodel("urn:place/installation", periods), ...machines.map(({ plate }) => plate)],
  };
  await post("/import?name=places.json", JSON.stringify(environment));
  const cardOf = async (id: string) => (await (await fetch(`${base}/shells/${encodeId(id)}/card`)).json()) as ShellCard;
  const card = await cardOf("urn:place");
  expect(card.installed).toEqual({ aasId: "urn:machine:B-2", name: { en: "SN_B-2", zh: "压机 B-2" }, from: year(2024) });
  expect(card.nameplate.map(({ value, text }) => [value, text])).toEqual([
    ["B-2", undefined],
    ["Press", { en: "Press", zh: "压机" }],
  ]);
  expect(card.properties).toEqual([]);
  expect(await cardOf("urn:machine:A-1")).toMatchObject({ nameplate: [{ value: "A-1" }, { value: "Press" }] });
  expect(await cardOf("urn:machine:A-1")).not.toHaveProperty("installed");
  const reader = view().reader(LIVE);
  const shell = recordOfAasId(reader, "shell", "urn:place") as ShellRecord;
  expect([2019, 2020, 2023, 2024].map((of) => standsIn(reader, shell, year(of))?.shell)).toEqual([
    undefined,
    "urn:machine:A-1",
    "urn:machine:A-1",
    "urn:machine:B-2",
  ]);
});
