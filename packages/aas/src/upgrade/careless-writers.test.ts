import { expect, test } from "vitest";
import { parseEnvironment } from "../json/parse-environment.ts";
import { validateBytes } from "../import/validate-bytes.ts";
import type { Environment } from "../metamodel.ts";
import { validate } from "../validation/validate.ts";
import { valueTypeOf } from "./value-type-of.ts";

const model = (...path: [string, string][]) => ({ type: "ModelReference", keys: path.map(([type, value]) => ({ type, value })) });

test("[A28] careless writers of release 3 are understood: missing types, lists as one item, pages of an API, bare lists", () => {
  const submodel = {
    modelType: "Submodel",
    id: "urn:sm",
    submodelElements: { modelType: "Property", idShort: "p1", valueType: "string", value: true },
  };
  const expected: Environment = {
    submodels: [
      {
        modelType: "Submodel",
        id: "urn:sm",
        submodelElements: [{ modelType: "Property", idShort: "p1", valueType: "xs:string", value: "true" }],
      },
    ],
  };
  for (const shape of [
    submodel,
    [submodel],
    { result: [submodel], paging_metadata: {} },
    { submodels: [submodel] },
    { submodels: submodel },
  ])
    expect(parseEnvironment(shape).environment).toEqual(expected);
  const { environment, findings } = parseEnvironment({
    submodels: [
      {
        id: "urn:sm",
        idShort: "",
        semanticId: { keys: [{ type: "GlobalReference", value: "urn:s" }] },
        description: "A text",
        submodelElements: [
          { idShort: "f1", contentType: "text/plain", value: "/a.txt" },
          { idShort: "c1", value: [{ idShort: "r1", valueType: "xs:int", min: 1 }] },
          { idShort: "what" },
        ],
      },
      { idShort: "nameless", submodelElements: [] },
    ],
  });
  expect(environment.submodels).toEqual([
    {
      modelType: "Submodel",
      id: "urn:sm",
      semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:s" }] },
      description: [{ language: "en", text: "A text" }],
      submodelElements: [
        { modelType: "File", idShort: "f1", contentType: "text/plain", value: "/a.txt" },
        {
          modelType: "SubmodelElementCollection",
          idShort: "c1",
          value: [{ modelType: "Range", idShort: "r1", valueType: "xs:int", min: "1" }],
        },
      ],
    },
    { modelType: "Submodel", id: "urn:imported:submodel:nameless", idShort: "nameless" },
  ]);
  expect(findings.filter(({ severity }) => severity === "error")).toMatchObject([
    { path: "submodels[0].submodelElements[2]", constraint: "structure", severity: "error", message: expect.stringContaining("left out") },
  ]);
});

test("[A28] attributes in other letters are understood, and a thumbnail that is written as a file element", () => {
  const shell = { modelType: "AssetAdministrationShell", id: "urn:aas" };
  const { environment, findings } = parseEnvironment({
    assetAdministrationShells: [
      {
        ...shell,
        AssetInformation: {
          assetKind: "Instance",
          globalassetid: "urn:a",
          defaultThumbNail: { idShort: "t1", mimeType: "image/png", value: "/t.png" },
        },
      },
    ],
  });
  expect(environment.assetAdministrationShells).toEqual([
    {
      ...shell,
      assetInformation: { assetKind: "Instance", globalAssetId: "urn:a", defaultThumbnail: { path: "/t.png", contentType: "image/png" } },
    },
  ]);
  expect(findings.map(({ severity }) => severity)).toEqual(Array(5).fill("repaired"));
  expect(findings.map(({ message }) => message)).toContain("A thumbnail is no element any more: its idShort is left out.");
});

test("[A27] a shell that refers to one asset and holds another keeps the first; the second is told, and a second reading changes nothing", () => {
  const old = { modelType: { name: "AssetAdministrationShell" }, idShort: "pump", identification: { idType: "IRI", id: "urn:aas" } };
  const to = (value: string) => ({ keys: [{ type: "Asset", local: true, value, idType: "IRI" }] });
  const read = (more: object) => parseEnvironment({ assetAdministrationShells: [{ ...old, ...more }] });
  const both = read({ assetRef: to("urn:one"), asset: { ...to("urn:two"), modelType: { name: "Asset" }, kind: "Instance" } });
  expect(both.environment.assetAdministrationShells).toEqual([
    {
      modelType: "AssetAdministrationShell",
      idShort: "pump",
      id: "urn:aas",
      assetInformation: { assetKind: "NotApplicable", globalAssetId: "urn:one" },
    },
  ]);
  expect(both.findings.map(({ message }) => message)).toContain('A shell has one asset: a second, "urn:two", is left out.');
  expect(parseEnvironment(both.environment).environment).toBe(both.environment);
  const inline = read({ assetRef: to("urn:one"), asset: { identification: { id: "urn:one" }, kind: "Instance", idShort: "motor" } });
  expect(inline.environment.assetAdministrationShells![0]).toMatchObject({
    assetInformation: { assetKind: "Instance", globalAssetId: "urn:one" },
    extensions: [{ name: "asset", value: '{"idShort":"motor"}' }],
  });
  expect(inline.findings.filter(({ message }) => message.includes("second"))).toEqual([]);
});

test("[A27] what drafts and release 2 wrote beside a reference, a thumbnail or a name is left out and told", () => {
  const { environment, findings } = parseEnvironment({
    assetAdministrationShells: [
      {
        modelType: "AssetAdministrationShell",
        idShort: "pump",
        checksum: "",
        id: "urn:aas",
        assetInformation: {
          assetKind: "Instance",
          globalAssetId: "urn:a",
          defaultThumbnail: { modelType: "File", kind: "Instance", idShort: "t1", contentType: "image/png", path: "/t.png" },
        },
        submodels: [
          { keys: [{ type: "Submodel", local: true, value: "urn:sm", idType: "IRI" }], idShort: "sm", identification: { id: "urn:sm" } },
        ],
      },
    ],
  });
  expect(environment.assetAdministrationShells).toEqual([
    {
      modelType: "AssetAdministrationShell",
      idShort: "pump",
      id: "urn:aas",
      assetInformation: { assetKind: "Instance", globalAssetId: "urn:a", defaultThumbnail: { contentType: "image/png", path: "/t.png" } },
      submodels: [model(["Submodel", "urn:sm"])],
    },
  ]);
  const told = findings.map(({ message }) => message).join("\n");
  const list = { modelType: "SubmodelElementList", typeValueListElement: "Property", valueTypeListElement: "xs:int" };
  const flags = [
    { ...list, idShort: "l1", ordered: "false", allowDuplicates: "false" },
    { ...list, idShort: "l2", ordered: true, allowDuplicates: true, orderRelevant: false },
  ];
  expect(
    parseEnvironment({ submodels: [{ modelType: "Submodel", id: "urn:sm", submodelElements: flags }] }).environment.submodels![0]!
      .submodelElements,
  ).toEqual([
    { ...list, idShort: "l1", orderRelevant: false },
    {
      ...list,
      idShort: "l2",
      orderRelevant: false,
      extensions: ["ordered", "allowDuplicates"].map((name) => ({ name, valueType: "xs:boolean", value: "true" })),
    },
  ]);
  for (const name of ["checksum", "its kind", "its idShort", "state the idShort", "state the identification"]) expect(told).toContain(name);
});

test("[A24] a modelType of release 2, an object with a name, tells the class of a bare element", () => {
  const told = validateBytes(
    new TextEncoder().encode(JSON.stringify({ modelType: { name: "Property" }, idShort: "p1", valueType: "string" })),
  );
  expect(told.map(({ path, constraint }) => `${constraint} ${path}`)).toEqual(["structure ", "enumeration valueType"]);
});

test("[A28] a submodel inside a shell moves to the environment", () => {
  const { environment } = parseEnvironment({
    assetAdministrationShells: [
      {
        modelType: "AssetAdministrationShell",
        id: "urn:aas",
        assetInformation: { assetKind: "Instance", globalAssetId: "urn:a" },
        submodels: [{ modelType: "Submodel", id: "urn:sm" }],
      },
    ],
  });
  expect(environment.submodels).toEqual([{ modelType: "Submodel", id: "urn:sm" }]);
  expect(environment.assetAdministrationShells![0]!.submodels).toEqual([model(["Submodel", "urn:sm"])]);
});

test("[A27] value types of every release and spelling", () => {
  const cases = {
    string: "xs:string",
    "xsd:int": "xs:int",
    "rdf:langString": "xs:string",
    dateTimeStamp: "xs:dateTime",
    Integer: "xs:integer",
    "http://www.w3.org/2001/XMLSchema#double": "xs:double",
    dayTimeDuration: "xs:duration",
  };
  for (const [name, type] of Object.entries(cases)) expect(valueTypeOf(name), name).toBe(type);
  expect(valueTypeOf("nothing")).toBeUndefined();
});

test("[A15] what the fuzz found: only unknown attributes, an asset with an empty idShort, a submodel without an id inside a shell", () => {
  const found: readonly unknown[] = [
    { assetAdministrationShells: [[]], constructor: [{ modelType: "Submodel", id: "urn:sm" }] },
    { constructor: ["x"], assets: [{ identification: { id: "urn:a" }, kind: "Instance", idShort: "" }] },
    {
      assetAdministrationShells: [
        { modelType: { name: "AssetAdministrationShell" }, identification: { id: "urn:aas" }, submodels: [{ modelType: "Submodel" }] },
      ],
    },
  ];
  for (const json of found) {
    const { environment } = parseEnvironment(json);
    expect(parseEnvironment(environment).environment).toBe(environment);
    expect(validate(environment, "Environment").filter(({ constraint }) => ["type", "structure", "required"].includes(constraint))).toEqual(
      [],
    );
  }
});
