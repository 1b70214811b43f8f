import type { Environment, Submodel, SubmodelElement } from "@doppelwerk/aas";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../canonical-json.ts";
import { LIVE } from "../change.ts";
import type { Json } from "../record.ts";
import { coreKinds } from "../core-kinds.ts";
import { aWorld, seeded, type TestWorld } from "../world/a-world.fixture.ts";
import {
  childrenOfRecord,
  elementAtPath,
  elementOf,
  environmentOf,
  pathOfElement,
  recordOfAasId,
  recordsOfAasId,
  submodelOf,
} from "./document-of-records.ts";
import {
  createDocument,
  createElement,
  deleteDocument,
  deleteDocumentInTurns,
  deleteElement,
  updateDocument,
  updateElement,
} from "./element-changes.ts";
import type { ElementRecord } from "./element-record.ts";
import { followRename, keysOfElement, renameElement } from "./rename-element.ts";
import { importChanges, importChangesInTurns } from "./import-changes.ts";
import { isOrderKey, keyBetween, keysBetween, keysForSequence } from "./order-key.ts";
import { recordsOfEnvironment } from "./records-of-environment.ts";

const SOURCE = "plant.aasx";
const reference = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:x" }] } as const;

/** Every class of element, nested, with attributes nobody knows. */
function everything(): Environment {
  const elements: readonly Json[] = [
    { modelType: "Property", idShort: "Cycle", valueType: "xs:double", value: "12.50", category: "PARAMETER", future: { kept: true } },
    { modelType: "Property", idShort: "NoValue", valueType: "xs:int" },
    { modelType: "MultiLanguageProperty", idShort: "Name", value: [{ language: "de", text: "Füller" }] },
    { modelType: "Range", idShort: "Speed", valueType: "xs:double", min: "1", max: "2" },
    { modelType: "File", idShort: "Manual", contentType: "application/pdf", value: "/aasx/m.pdf" },
    { modelType: "Blob", idShort: "Icon", contentType: "image/png", value: "AA==" },
    { modelType: "ReferenceElement", idShort: "Ref", value: reference },
    { modelType: "RelationshipElement", idShort: "Rel", first: reference, second: reference },
    {
      modelType: "AnnotatedRelationshipElement",
      idShort: "ARel",
      first: reference,
      second: reference,
      annotations: [{ modelType: "Property", idShort: "why", valueType: "xs:string", value: "so" }],
    },
    {
      modelType: "Entity",
      idShort: "Robot",
      entityType: "SelfManagedEntity",
      globalAssetId: "urn:r",
      statements: [{ modelType: "Property", idShort: "Axes", valueType: "xs:int", value: "6" }],
    },
    { modelType: "Capability", idShort: "Fill" },
    {
      modelType: "Operation",
      idShort: "Start",
      inputVariables: [{ value: { modelType: "Property", idShort: "in", valueType: "xs:int" } }],
    },
    { modelType: "BasicEventElement", idShort: "Ev", observed: reference, direction: "output", state: "on" },
    { modelType: "SubmodelElementCollection", idShort: "Empty", value: [] },
    { modelType: "SubmodelElementCollection", idShort: "Absent" },
    {
      modelType: "SubmodelElementList",
      idShort: "Shifts",
      typeValueListElement: "SubmodelElementCollection",
      value: [
        {
          modelType: "SubmodelElementCollection",
          value: [{ modelType: "Property", idShort: "Begin", valueType: "xs:string", value: "06:00" }],
        },
        {
          modelType: "SubmodelElementCollection",
          value: [{ modelType: "Property", idShort: "Begin", valueType: "xs:string", value: "14:00" }],
        },
      ],
    },
  ];
  return {
    assetAdministrationShells: [
      {
        modelType: "AssetAdministrationShell",
        id: "urn:shell",
        idShort: "Filler",
        assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset" },
        submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: "urn:sm" }] }],
      },
      {
        modelType: "AssetAdministrationShell",
        id: "urn:odd",
        assetInformation: { assetKind: "Type" },
        submodels: [{ type: "ModelReference", referredSemanticId: reference, keys: [{ type: "Submodel", value: "urn:sm" }] }],
      },
    ],
    submodels: [
      { modelType: "Submodel", id: "urn:sm", idShort: "Technical", semanticId: reference, submodelElements: elements },
      { modelType: "Submodel", id: "urn:bare" },
    ],
    conceptDescriptions: [{ modelType: "ConceptDescription", id: "urn:cd", idShort: "Cycle" }],
  } as unknown as Environment;
}

function sorted(environment: Environment): string {
  const byId = (list: readonly { readonly id: string }[] | undefined) => [...(list ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { assetAdministrationShells, submodels, conceptDescriptions } = environment;
  return canonicalJson([byId(assetAdministrationShells), byId(submodels), byId(conceptDescriptions)] as unknown as Json);
}

function numbers(values: readonly string[]): Environment {
  return {
    submodels: [
      {
        modelType: "Submodel",
        id: "urn:n",
        idShort: "N",
        submodelElements: values.map((text) => ({
          modelType: "Property",
          idShort: text.split("=")[0]!,
          valueType: "xs:string",
          value: text.split("=")[1] ?? "",
        })),
      },
    ],
  };
}

async function importInto({ world }: TestWorld, environment: Environment): Promise<ReturnType<typeof importChanges>> {
  const result = importChanges(world.reader(LIVE), environment, SOURCE);
  if (result.changes.length > 0) await world.apply({ branch: LIVE, actor: "import", reason: "import", changes: result.changes });
  return result;
}

function shown({ world }: TestWorld): readonly string[] {
  const record = recordOfAasId(world.reader(LIVE), "submodel", "urn:n")!;
  return childrenOfRecord(world.reader(LIVE), record.id).map(({ idShort, value }) => `${idShort}=${value as string}`);
}

const elementId = ({ world }: TestWorld, path: string): string =>
  elementAtPath(world.reader(LIVE), recordOfAasId(world.reader(LIVE), "submodel", "urn:n")!.id, path)!.id;

describe("documents as records", () => {
  test("[D1] an environment goes into records and comes back word for word", async () => {
    const made = await aWorld();
    await importInto(made, everything());
    expect(sorted(environmentOf(made.world.reader(LIVE)))).toBe(sorted(everything()));
  });

  test("[D2] one record an element, ids hashed from source and path, parents first", () => {
    const records = recordsOfEnvironment(everything(), SOURCE);
    expect(records.map(({ id }) => id)).toEqual(recordsOfEnvironment(everything(), SOURCE).map(({ id }) => id));
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(recordsOfEnvironment(everything(), "other.aasx").some(({ id }) => records.some((record) => record.id === id))).toBe(false);
    const seen = new Set<string>();
    for (const record of records) {
      if (record.kind === "element") expect(seen.has(record["parent"] as string)).toBe(true);
      seen.add(record.id);
    }
    const [cycle, speed, shifts] = ["Cycle", "Speed", "Shifts"].map(
      (idShort) => records.find((record) => record["idShort"] === idShort && record.kind === "element") as ElementRecord,
    );
    expect([cycle!.value, speed!.value, shifts!.value]).toEqual(["12.50", { min: "1", max: "2" }, undefined]);
  });

  test("[D3] elements are found by idShortPath and know their path", async () => {
    const made = await aWorld();
    await importInto(made, everything());
    const reader = made.world.reader(LIVE);
    const submodel = recordOfAasId(reader, "submodel", "urn:sm")!.id;
    const found = elementAtPath(reader, submodel, "Shifts[1].Begin")!;
    expect([found.value, pathOfElement(reader, found)]).toEqual(["14:00", ["Shifts", 1, "Begin"]]);
    expect(["Shifts[2]", "Nope", "Shifts[1", ""].map((path) => elementAtPath(reader, submodel, path))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(elementAtPath(reader, submodel, "Robot.Axes")?.value).toBe("6");
  });

  test("[D4] elements are created in place, replaced with their ids kept, deleted with all below", async () => {
    const made = await aWorld();
    const { world, options } = made;
    const apply = (changes: Parameters<typeof world.apply>[0]["changes"]) =>
      world.apply({ branch: LIVE, actor: "ann", reason: "edit", changes });
    await apply(createDocument(numbers(["a=1", "c=3"]).submodels![0]!, options.ids));
    const submodel = recordOfAasId(world.reader(LIVE), "submodel", "urn:n")!.id;
    const element = { modelType: "Property", idShort: "b", valueType: "xs:string", value: "2" } as const;
    await apply(createElement(world.reader(LIVE), { parent: submodel, element, before: elementId(made, "c") }, options.ids));
    expect(shown(made)).toEqual(["a=1", "b=2", "c=3"]);
    expect(() => createElement(world.reader(LIVE), { parent: submodel, element }, options.ids)).toThrow(
      expect.objectContaining({ code: "DW_CONFLICT" }),
    );
    expect(() => createElement(world.reader(LIVE), { parent: elementId(made, "a"), element }, options.ids)).toThrow(
      expect.objectContaining({ code: "DW_INVALID" }),
    );

    const kept = elementId(made, "c");
    await apply(updateDocument(world.reader(LIVE), submodel, numbers(["c=30", "a=1", "d=4"]).submodels![0]!, options.ids));
    expect(shown(made)).toEqual(["c=30", "a=1", "d=4"]);
    expect(elementId(made, "c")).toBe(kept);
    expect(canonicalJson(submodelOf(world.reader(LIVE), submodel) as unknown as Json)).toBe(
      canonicalJson(numbers(["c=30", "a=1", "d=4"]).submodels![0] as unknown as Json),
    );

    const nested: SubmodelElement = { modelType: "SubmodelElementCollection", idShort: "a", value: [element] };
    await apply(updateElement(world.reader(LIVE), elementId(made, "a"), nested, options.ids));
    expect(canonicalJson(elementOf(world.reader(LIVE), elementId(made, "a")) as unknown as Json)).toBe(
      canonicalJson(nested as unknown as Json),
    );
    await apply(deleteElement(world.reader(LIVE), elementId(made, "a")));
    expect(shown(made)).toEqual(["c=30", "d=4"]);
    await apply(deleteDocument(world.reader(LIVE), submodel));
    expect(world.reader(LIVE).query({ kind: "element" })).toEqual([]);
  });

  test("[D4] replacing a submodel by any other gives exactly the other, whatever stood before", async () => {
    const made = await aWorld();
    const { world, options } = made;
    const random = seeded(11);
    await world.apply({ branch: LIVE, actor: "a", reason: "", changes: createDocument(numbers([]).submodels![0]!, options.ids) });
    const submodel = recordOfAasId(world.reader(LIVE), "submodel", "urn:n")!.id;
    for (let round = 0; round < 60; round++) {
      const next: Submodel = {
        modelType: "Submodel",
        id: "urn:n",
        idShort: "N",
        ...(random.below(9) === 0 ? {} : { submodelElements: randomElements(random, 0) }),
      };
      const changes = updateDocument(world.reader(LIVE), submodel, next, options.ids);
      if (changes.length > 0) await world.apply({ branch: LIVE, actor: "a", reason: "", changes });
      expect(canonicalJson(submodelOf(world.reader(LIVE), submodel) as unknown as Json)).toBe(canonicalJson(next as unknown as Json));
    }
  });
});

function randomElements(random: ReturnType<typeof seeded>, depth: number): SubmodelElement[] {
  const names = ["a", "b", "c", "d", "e"].filter(() => random.below(2) === 0).sort(() => random.below(3) - 1);
  return (names.length === 0 ? ["z"] : names).map((idShort) =>
    depth < 2 && random.below(3) === 0
      ? { modelType: "SubmodelElementCollection", idShort, value: randomElements(random, depth + 1) }
      : depth < 2 && random.below(5) === 0
        ? {
            modelType: "SubmodelElementList",
            idShort,
            typeValueListElement: "Property",
            valueTypeListElement: "xs:string",
            value: [1, 2, 3]
              .slice(random.below(3))
              .map(() => ({ modelType: "Property", valueType: "xs:string", value: String(random.below(4)) })),
          }
        : { modelType: "Property", idShort, valueType: "xs:string", value: String(random.below(4)) },
  );
}

describe("importing again", () => {
  test("[D5] the same file again changes nothing", async () => {
    const made = await aWorld();
    await importInto(made, everything());
    expect(await importInto(made, everything())).toEqual({ changes: [], conflicts: [] });
  });

  test("[D6] what only the file changed is taken, what only a person changed stays, what both changed stays and is told", async () => {
    const made = await aWorld();
    await importInto(made, numbers(["a=1", "b=1", "c=1"]));
    await made.set(LIVE, elementId(made, "b"), { value: "person" });
    await made.set(LIVE, elementId(made, "c"), { value: "person" });
    const { conflicts } = await importInto(made, numbers(["a=2", "b=1", "c=2"]));
    expect(shown(made)).toEqual(["a=2", "b=person", "c=person"]);
    expect(conflicts).toMatchObject([{ field: "value", reason: "edit/edit", ours: "person", theirs: "2" }]);
    // It is told again until one side gives in.
    expect((await importInto(made, numbers(["a=2", "b=1", "c=2"]))).conflicts).toHaveLength(1);
    await made.set(LIVE, elementId(made, "c"), { value: "2" });
    expect((await importInto(made, numbers(["a=2", "b=1", "c=2"]))).conflicts).toEqual([]);
    await importInto(made, numbers(["a=2", "b=1", "c=3"]));
    expect(shown(made)).toEqual(["a=2", "b=person", "c=3"]);
  });

  test("[D7] what the file drops goes unless someone worked on it; what a person deleted stays deleted and is told", async () => {
    const made = await aWorld();
    await importInto(made, numbers(["a=1", "b=1", "c=1"]));
    await made.set(LIVE, elementId(made, "b"), { value: "person" });
    await made.remove(LIVE, elementId(made, "c"));
    const { conflicts } = await importInto(made, numbers(["c=1", "d=1"]));
    expect(shown(made)).toEqual(["b=person", "d=1"]);
    expect(conflicts.map(({ reason }) => reason).sort()).toEqual(["delete/edit", "edit/delete"]);
  });

  test("[D13] of several documents of one id the first is imported; what an earlier import stored of the others goes with the next one", async () => {
    const concept = (idShort: string) => ({ modelType: "ConceptDescription", id: "urn:cd", idShort }) as const;
    const twice: Environment = {
      submodels: [...numbers(["a=1"]).submodels!, ...numbers(["b=2"]).submodels!],
      conceptDescriptions: [concept("First"), concept("Second"), concept("First")],
    };
    const fresh = await aWorld();
    await importInto(fresh, twice);
    expect(environmentOf(fresh.world.reader(LIVE)).conceptDescriptions).toEqual([concept("First")]);
    expect(shown(fresh)).toEqual(["a=1"]);
    expect((await importInto(fresh, twice)).changes).toEqual([]);

    // As versions before stored it: each of them, under ids of their own.
    const old = await aWorld({ kinds: coreKinds.map(({ unique: _unique, ...kind }) => kind) });
    const stored = importChanges(old.world.reader(LIVE), twice, SOURCE).changes;
    const again = stored.flatMap((change) =>
      change.op === "create" && change.record.kind === "conceptDescription" ? [change.record] : [],
    );
    await old.world.apply({ branch: LIVE, actor: "import", reason: "import", changes: stored });
    await old.create(LIVE, ...again.flatMap((record) => ["0", "z"].map((more) => ({ ...record, id: `conceptDescription:${more}` }))));
    const ids = recordsOfAasId(old.world.reader(LIVE), "conceptDescription", "urn:cd").map(({ id }) => id);
    expect(ids).toEqual(["conceptDescription:0", again[0]!.id, "conceptDescription:z"]);
    expect(recordOfAasId(old.world.reader(LIVE), "conceptDescription", "urn:cd")?.id).toBe(ids[0]);
    expect((await importInto(old, twice)).changes.map(({ op }) => op)).toEqual(["delete", "delete"]);
    expect(recordsOfAasId(old.world.reader(LIVE), "conceptDescription", "urn:cd").map(({ id }) => id)).toEqual([again[0]!.id]);
  });

  test("[D8] an insertion in the file moves nothing else, a move in the file moves one; a person's order stays", async () => {
    const made = await aWorld();
    await importInto(made, numbers(["a", "b", "c", "d"]));
    const inserted = await importInto(made, numbers(["a", "x", "b", "c", "d"]));
    expect(inserted.changes).toHaveLength(1);
    const moved = await importInto(made, numbers(["d", "a", "x", "b", "c"]));
    expect(moved.changes).toHaveLength(1);
    expect(shown(made).map((text) => text[0])).toEqual(["d", "a", "x", "b", "c"]);
    await made.set(LIVE, elementId(made, "c"), { order: "Zz" });
    await importInto(made, numbers(["d", "a", "x", "b", "c=new"]));
    expect(shown(made)[0]).toBe("c=new");
  });

  test("[D9] a document made here and imported from its own export is met, not doubled", async () => {
    const made = await aWorld();
    await made.world.apply({
      branch: LIVE,
      actor: "ann",
      reason: "",
      changes: createDocument(numbers(["a=1", "b=2"]).submodels![0]!, made.options.ids),
    });
    const result = await importInto(made, environmentOf(made.world.reader(LIVE)));
    expect(result.conflicts).toEqual([]);
    expect(result.changes.every(({ op }) => op === "update")).toBe(true);
    await importInto(made, numbers(["a=5", "b=2"]));
    expect(shown(made)).toEqual(["a=5", "b=2"]);
  });
});

describe("order keys", () => {
  test("[D11] an import in turns says the same as one at once, and lets others come between", async () => {
    const reader = (await aWorld()).world.reader(LIVE);
    const many: Environment = {
      submodels: Array.from({ length: 30 }, (_, i) => ({ ...(everything().submodels![0] as Submodel), id: `urn:turns:${i}` })),
    };
    let turns = 0;
    const inTurns = await importChangesInTurns(reader, many, SOURCE, async () => void turns++);
    expect(inTurns).toEqual(importChanges(reader, many, SOURCE));
    expect(turns).toBeGreaterThan(3);
  });

  test("[D11] a deletion in turns gives the changes of one at once, deepest first, and lets others come between", async () => {
    const test = await aWorld();
    const group = (i: number): SubmodelElement => ({
      modelType: "SubmodelElementCollection",
      idShort: `g${i}`,
      value: numbers(Array.from({ length: 300 }, (_, j) => `p${j}`)).submodels![0]!.submodelElements!,
    });
    const flat = numbers(Array.from({ length: 1_200 }, (_, j) => `q${j}`)).submodels![0]!;
    await importInto(test, { submodels: [{ ...flat, submodelElements: [group(1), group(2), ...flat.submodelElements!] }] });
    const reader = test.world.reader(LIVE);
    const id = recordOfAasId(reader, "submodel", "urn:n")!.id;
    let turns = 0;
    const changes = await deleteDocumentInTurns(reader, id, async () => void turns++);
    expect(changes).toEqual(deleteDocument(reader, id));
    expect([changes.length, changes.at(-1)]).toEqual([1_803, { op: "delete", record: reader.get(id) }]);
    expect(turns).toBeGreaterThan(4);
    await test.world.apply({ branch: LIVE, actor: "ann", reason: "delete", changes });
    expect(environmentOf(test.world.reader(LIVE)).submodels).toEqual([]);
  });

  test("[D10] between any two keys there is another, and appending stays short (seed 3)", () => {
    const random = seeded(3);
    const keys: string[] = [keyBetween(undefined, undefined)];
    for (let i = 0; i < 3000; i++) {
      const at = random.below(4) === 0 ? random.below(2) * keys.length : random.below(keys.length + 1);
      const key = keyBetween(keys[at - 1], keys[at]);
      expect(isOrderKey(key)).toBe(true);
      if (at > 0) expect(key > keys[at - 1]!).toBe(true);
      if (at < keys.length) expect(key < keys[at]!).toBe(true);
      keys.splice(at, 0, key);
    }
    expect(Math.max(...keysBetween(undefined, undefined, 10_000).map(({ length }) => length))).toBeLessThanOrEqual(4);
    expect(() => keyBetween("a1", "a1")).toThrow();
  });

  test("[D10] a sequence keeps as many keys as it can", () => {
    expect(keysForSequence(["a0", "a1", undefined, "a2"])).toMatchObject(["a0", "a1", expect.stringMatching(/^a1./), "a2"]);
    const moved = keysForSequence(["a3", "a0", "a1", "a2"]);
    expect(moved.slice(1)).toEqual(["a0", "a1", "a2"]);
    expect(moved.toSorted()).toEqual(moved);
    expect(keysForSequence([])).toEqual([]);
  });

  test("[D12] a renamed element keeps its record, and the references to it and through it lead there again; items of lists and taken names are refused", async () => {
    const made = await aWorld();
    const to = (...values: readonly string[]) => ({
      type: "ModelReference",
      keys: values.map((value, index) => ({
        type: index === 0 ? "Submodel" : index === 1 ? "SubmodelElementCollection" : "Property",
        value,
      })),
    });
    const property = (idShort: string) => ({ modelType: "Property", idShort, valueType: "xs:string" });
    await importInto(made, {
      submodels: [
        {
          modelType: "Submodel",
          id: "urn:n",
          submodelElements: [
            { modelType: "SubmodelElementCollection", idShort: "Motor", value: [property("Speed"), property("Torque")] },
            { modelType: "ReferenceElement", idShort: "Same", value: to("urn:n", "Motor", "Speed") },
            { modelType: "ReferenceElement", idShort: "Other", value: to("urn:other", "Motor", "Speed") },
            { modelType: "RelationshipElement", idShort: "Both", first: to("urn:n", "Motor"), second: to("urn:n", "Same") },
            { modelType: "BasicEventElement", idShort: "Ev", observed: to("urn:n", "Motor"), direction: "output", state: "on" },
            {
              modelType: "SubmodelElementList",
              idShort: "List",
              typeValueListElement: "Property",
              value: [{ modelType: "Property", valueType: "xs:string" }],
            },
          ],
        },
      ],
    } as unknown as Environment);
    const reader = made.world.reader(LIVE);
    const motor = reader.get(elementId(made, "Motor")) as ElementRecord;
    const keys = keysOfElement(reader, motor);
    const all = reader.query({ kind: "element" }) as readonly ElementRecord[];
    const changes = [renameElement(reader, motor, "Drive"), ...all.flatMap((record) => followRename(record, keys, "Drive") ?? [])];
    await made.world.apply({ branch: LIVE, actor: "ada", reason: "rename", changes });
    expect(elementId(made, "Drive")).toBe(motor.id);
    const shownAt = (path: string) => elementOf(made.world.reader(LIVE), elementId(made, path));
    expect(shownAt("Same")).toMatchObject({ value: to("urn:n", "Drive", "Speed") });
    expect(shownAt("Other")).toMatchObject({ value: to("urn:other", "Motor", "Speed") });
    expect(shownAt("Both")).toMatchObject({ first: to("urn:n", "Drive"), second: to("urn:n", "Same") });
    expect(shownAt("Ev")).toMatchObject({ observed: to("urn:n", "Drive") });
    const now = made.world.reader(LIVE);
    const item = now.get(elementId(made, "List[0]")) as ElementRecord;
    expect(() => renameElement(now, item, "First")).toThrow("an item of a list has no name");
    expect(() => renameElement(now, now.get(motor.id) as ElementRecord, "Same")).toThrow("taken among its siblings: Same");
  });
});
