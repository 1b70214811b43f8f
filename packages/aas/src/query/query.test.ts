import { isMessage, textOf } from "@doppelwerk/messages";
import { describe, expect, test } from "vitest";
import type { Reference, Shell, Submodel, SubmodelElement } from "../metamodel.ts";
import {
  holds,
  isQueryProblem,
  lookupPlan,
  neededTexts,
  parseField,
  parseQuery,
  QueryTooWide,
  type QuerySubject,
  type QueryTarget,
} from "./index.ts";
import { literalsOf } from "./pattern-literals.ts";
import { compilePattern } from "./pattern.ts";
import { cast, valueOfText } from "./values.ts";

/** The shell of the examples in IDTA-01002 3.1, Query Language, "Comparison Operators". */
const shell = {
  modelType: "AssetAdministrationShell",
  id: "https://example.com/asset-administration-shell-1",
  assetInformation: {
    assetKind: "Instance",
    globalAssetId: "urn:asset-administration-shell-1",
    specificAssetIds: [
      { name: "supplierId", value: "aas-1" },
      { name: "customerId", value: "aas-2" },
    ],
  },
  submodels: ["https://example.com/submodel-1", "https://example.com/submodel-2"].map((value) => ({
    type: "ModelReference",
    keys: [{ type: "Submodel", value }],
  })),
} as unknown as Shell;

const property = (idShort: string, value?: string, semanticId?: string): SubmodelElement =>
  ({
    modelType: "Property",
    idShort,
    valueType: "xs:string",
    ...(value !== undefined && { value }),
    ...(semanticId !== undefined && { semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: semanticId }] } }),
  }) as SubmodelElement;

const technicalData: Submodel = {
  modelType: "Submodel",
  id: "https://example.com/submodel-1",
  idShort: "TechnicalData",
  semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:technical" }] },
  submodelElements: [
    {
      modelType: "SubmodelElementCollection",
      idShort: "ProductClassifications",
      value: [
        {
          modelType: "SubmodelElementCollection",
          idShort: "ProductClassificationItem",
          value: [property("ProductClassId", "27-37-09-05"), property("System", "ECLASS")],
        },
        {
          modelType: "SubmodelElementCollection",
          idShort: "ProductClassificationItem",
          value: [property("ProductClassId", "EC000066"), property("System", "ETIM")],
        },
      ],
    },
    property("Width", "45.0", "0173-1#02-BAF016#006"),
    property("Height", "210", "0173-1#02-BAA020#006"),
    property("Note", "n/a"),
    {
      modelType: "MultiLanguageProperty",
      idShort: "Name",
      value: [
        { language: "de", text: "Anlasser" },
        { language: "en", text: "Starter" },
      ],
    },
  ] as readonly SubmodelElement[],
};

const documents: Submodel = {
  modelType: "Submodel",
  id: "https://example.com/submodel-2",
  idShort: "HandoverDocumentation",
  submodelElements: [
    {
      modelType: "SubmodelElementList",
      idShort: "Documents",
      value: [
        { modelType: "SubmodelElementCollection", value: [property("ClassId", "03-01"), property("Language", "nl")] },
        { modelType: "SubmodelElementCollection", value: [property("ClassId", "02-01"), property("Language", "de")] },
      ],
    },
  ] as unknown as readonly SubmodelElement[],
};

const ofShell: QuerySubject = { kind: "shell", shell, submodels: () => [technicalData, documents] };
const ofSubmodel = (submodel: Submodel): QuerySubject => {
  const { submodelElements = [], ...head } = submodel;
  return { kind: "submodel", submodel: head as Submodel, elements: () => submodelElements, shells: () => [shell] };
};

function ask(condition: unknown, subject: QuerySubject = ofShell): boolean {
  const target: QueryTarget = subject.kind === "shell" ? "shells" : "submodels";
  const query = parseQuery({ $condition: condition }, target);
  if (isQueryProblem(query)) throw new Error(`${query.path}: ${textOf(query.reason)}`);
  return holds(query.condition, subject);
}

const field = (text: string) => ({ $field: text });
const text = (value: string) => ({ $strVal: value });
const number = (value: number) => ({ $numVal: value });

describe("[A60] comparisons give what the table of the standard says", () => {
  test.each([
    [field("$aas#idShort"), "$eq", field("$aas#assetInformation.assetType"), true],
    [field("$aas#idShort"), "$le", field("$aas#assetInformation.assetType"), true],
    [field("$aas#idShort"), "$ne", field("$aas#assetInformation.assetType"), false],
    [number(1), "$le", number(2), true],
    [number(1), "$gt", number(2), false],
    [number(13), "$eq", text("13"), false],
    [text("a"), "$lt", text("b"), true],
    [text("1"), "$gt", text("2"), false],
    [text("11"), "$gt", text("2"), false],
    [field("$aas#assetInformation.assetKind"), "$eq", field("$aas#submodels"), false],
    [field("$aas#assetInformation.assetKind"), "$ne", field("$aas#submodels"), true],
    [field("$aas#assetInformation.assetKind"), "$eq", field("$aas#assetInformation.assetKind"), true],
    [field("$aas#assetInformation.assetKind"), "$ne", field("$aas#assetInformation.assetKind"), false],
    [field("$aas#submodels"), "$eq", field("$aas#submodels"), true],
    [field("$aas#assetInformation.assetKind"), "$eq", number(17), false],
    [field("$aas#assetInformation.assetKind"), "$ne", number(17), true],
    [field("$aas#assetInformation.assetKind"), "$le", field("$aas#assetInformation.assetKind"), true],
    [{ $boolCast: text("true") }, "$ge", { $boolCast: text("true") }, true],
    [{ $boolCast: text("true") }, "$gt", { $boolCast: text("true") }, false],
    [field("$aas#id"), "$contains", text("https://example.com/asset-administration"), true],
    [field("$aas#id"), "$starts-with", text("https://"), true],
    [field("$aas#id"), "$ends-with", text("-2"), false],
    [field("$aas#id"), "$regex", text("shell-[0-9]+$"), true],
    [text("shell"), "$regex", { $strCast: text("^s.+l$") }, true],
    [field("$aas#id"), "$regex", field("$aas#id"), true],
    [text("a"), "$regex", { $strCast: text("(a") }, false],
    [text("a"), "$regex", { $strCast: text("x".repeat(1001)) }, false],
    [{ $timeCast: text("11:30:15.250") }, "$lt", { $timeVal: "11:31:00.5" }, true],
    [{ $hexVal: "16#0F" }, "$lt", { $hexVal: "16#FF" }, true],
    [{ $hexVal: `16#${"F".repeat(64)}` }, "$lt", { $hexVal: `16#1${"0".repeat(64)}` }, true],
    [{ $dateTimeCast: text("2026-02-28T12:00:00+01:00") }, "$eq", { $dateTimeVal: "2026-02-28T11:00:00Z" }, true],
    [{ $timeCast: { $dateTimeVal: "2026-02-28T11:30:00Z" } }, "$lt", { $timeVal: "12:00" }, true],
    [{ $dayOfWeek: "2026-11-24T00:00:00Z" }, "$eq", number(2), true],
    // Sunday is 0 (IDTA-01004)
    [{ $dayOfWeek: "2026-11-29T23:59:59Z" }, "$eq", number(0), true],
    [{ $year: { $dateTimeVal: "1969-12-31T23:59:59Z" } }, "$eq", number(1969), true],
    [{ $numCast: text("0x10") }, "$lt", number(100), false],
  ])("%j %s %j", (left, operator, right, expected) => {
    expect(ask({ [operator]: [left, right] })).toBe(expected);
  });
});

describe("[A61] $match is about one element of a list, $and about any", () => {
  const supplierIs = (value: string) => [
    { $eq: [field("$aas#assetInformation.specificAssetIds[].name"), text("supplierId")] },
    { $eq: [field("$aas#assetInformation.specificAssetIds[].value"), text(value)] },
  ];
  test("asset ids", () => {
    expect(ask({ $match: supplierIs("aas-1") })).toBe(true);
    expect(ask({ $match: supplierIs("aas-2") })).toBe(false);
    expect(ask({ $and: supplierIs("aas-2") })).toBe(true);
    expect(ask({ $or: [{ $match: supplierIs("aas-2") }, { $match: supplierIs("aas-1") }] })).toBe(true);
    expect(ask({ $eq: [field("$aas#assetInformation.specificAssetIds[1].name"), text("customerId")] })).toBe(true);
  });

  test("elements of lists, elements found anywhere, and collections of one name", () => {
    const both = (classId: string, language: string) => ({
      $match: [
        { $eq: [field("$sme.Documents[].ClassId#value"), text(classId)] },
        { $match: [{ $eq: [field("$sme.Documents[].Language#value"), text(language)] }] },
      ],
    });
    expect([both("03-01", "nl"), both("03-01", "de")].map((one) => ask(one, ofSubmodel(documents)))).toEqual([true, false]);
    const width = (limit: number, semanticId = "0173-1#02-BAF016#006") => ({
      $match: [{ $eq: [field("$sme#semanticId"), text(semanticId)] }, { $lt: [field("$sme#value"), number(limit)] }],
    });
    expect([width(100), width(45), width(100, "0173-1#02-BAA020#006")].map((one) => ask(one))).toEqual([true, false, false]);
    const item = (id: string, system: string) => ({
      $match: [
        { $eq: [field("$sme.ProductClassificationItem.ProductClassId#value"), text(id)] },
        { $eq: [field("$sme.ProductClassificationItem.System#value"), text(system)] },
      ],
    });
    expect([item("27-37-09-05", "ECLASS"), item("27-37-09-05", "ETIM")].map((one) => ask(one))).toEqual([true, false]);
    const named = (language: string, name: string) => ({
      $match: [{ $eq: [field("$sme.Name#language"), text(language)] }, { $eq: [field("$sme.Name#value"), text(name)] }],
    });
    expect([named("en", "Starter"), named("de", "Starter")].map((one) => ask(one))).toEqual([true, false]);
  });
});

test("[A62] below a shell, conditions joined by $and are about one submodel; below a submodel, $aas is any shell that refers to it", () => {
  const inSubmodel = (idShort: string) => ({
    $and: [{ $eq: [field("$sm#idShort"), text(idShort)] }, { $eq: [field("$sme.Width#value"), text("45.0")] }],
  });
  expect([inSubmodel("TechnicalData"), inSubmodel("HandoverDocumentation")].map((one) => ask(one))).toEqual([true, false]);
  expect(ask({ $not: inSubmodel("HandoverDocumentation") })).toBe(true);
  const ofAsset = (id: string) => ({ $eq: [field("$aas#assetInformation.globalAssetId"), text(id)] });
  expect(["urn:asset-administration-shell-1", "urn:other"].map((id) => ask(ofAsset(id), ofSubmodel(documents)))).toEqual([true, false]);
});

test("[A63] unequal means that something is unequal; what is not there is not unequal below a path", () => {
  const equal = { $eq: [field("$sme.Documents[].ClassId#value"), text("03-01")] };
  expect(ask({ $ne: equal.$eq }, ofSubmodel(documents))).toBe(true);
  expect(ask({ $not: equal }, ofSubmodel(documents))).toBe(false);
  expect(ask({ $ne: [field("$sme.Documents[].ClassId#value"), text("09-09")] }, ofSubmodel(documents))).toBe(true);
  expect(ask({ $ne: [field("$sme.Nothing#value"), text("x")] })).toBe(false);
  expect(ask({ $ne: [field("$aas#idShort"), text("x")] })).toBe(true);
});

test("[A65] statements of an entity and annotations of a relationship are elements too", () => {
  const property = (idShort: string, value: string) => ({ modelType: "Property", idShort, valueType: "xs:string", value }) as const;
  const structure = {
    modelType: "Submodel",
    id: "urn:structure",
    submodelElements: [
      {
        modelType: "Entity",
        idShort: "Pump",
        entityType: "CoManagedEntity",
        statements: [{ modelType: "Entity", idShort: "Seal", entityType: "CoManagedEntity", statements: [property("Material", "FKM")] }],
      },
      { modelType: "AnnotatedRelationshipElement", idShort: "Joint", annotations: [property("Torque", "12")] },
    ],
  } satisfies Submodel;
  for (const name of ["$sme.Pump.Seal.Material#value", "$sme.Seal.Material#value", "$sme#value"])
    expect(ask({ $eq: [field(name), text("FKM")] }, ofSubmodel(structure)), name).toBe(true);
  expect(ask({ $ge: [field("$sme.Joint.Torque#value"), number(12)] }, ofSubmodel(structure))).toBe(true);
});

test("[A64] a comparison without a result makes what it is part of no result", () => {
  const invalid = { $lt: [field("$sme.Note#value"), number(5)] };
  const isTrue = { $eq: [field("$sm#idShort"), text("TechnicalData")] };
  for (const condition of [invalid, { $not: invalid }, { $or: [invalid, isTrue] }, { $and: [isTrue, invalid] }])
    expect(ask(condition, ofSubmodel(technicalData))).toBe(false);
  // One of many without a result does not hide another with one.
  expect(ask({ $lt: [field("$sme#value"), number(100)] }, ofSubmodel(technicalData))).toBe(true);
});

test("[A65] field identifiers: the shortcuts, the places in lists, and one sentence for what is none", () => {
  const attribute = (name: string) => {
    const parsed = parseField(name);
    return isMessage(parsed) ? parsed : parsed.attribute;
  };
  expect(attribute("$sm#semanticId")).toEqual(attribute("$sm#semanticId.keys[0].value"));
  expect(parseField("$sme.A-b.C_1[0][]#value")).toMatchObject({
    path: [
      { idShort: "A-b", indexes: [] },
      { idShort: "C_1", indexes: [0, "any"] },
    ],
  });
  for (const name of ["protocolinformation", "protocolInformation"])
    expect(parseField(`$smdesc#endpoints[0].${name}.href`)).toMatchObject({ root: "smdesc" });
  for (const wrong of [
    "",
    "$sm",
    "$sm#",
    "$sm.A#id",
    "$sme.#value",
    "$sme.1A#value",
    "$sm#value",
    "$sme#keys",
    "$aas#assetInformation",
    "$sm#id[0]",
    "$xx#id",
  ])
    expect(isMessage(parseField(wrong)), wrong).toBe(true);
});

test("[A65] supplemental semantic ids (3.2) are fields, and the shortcut means any of them; the asset information may be named twice (tables of 3.1)", () => {
  const refer = (...values: string[]): Reference => ({
    type: "ExternalReference",
    keys: values.map((value) => ({ type: "GlobalReference" as const, value })),
  });
  const own: Submodel = {
    modelType: "Submodel",
    id: "urn:supplemental",
    semanticId: refer("urn:main"),
    supplementalSemanticIds: [refer("urn:a"), refer("urn:b", "urn:c")],
    submodelElements: [{ ...property("P", "1"), semanticId: refer("urn:p"), supplementalSemanticIds: [refer("urn:q")] }],
  };
  const holds = (name: string, value: string) => ask({ $eq: [field(name), text(value)] }, ofSubmodel(own));
  expect(["urn:a", "urn:b", "urn:c"].map((value) => holds("$sm#supplementalSemanticIds", value))).toEqual([true, true, false]);
  expect(holds("$sm#supplementalSemanticIds[1].keys[1].value", "urn:c")).toBe(true);
  expect(holds("$sm#supplementalSemanticIds[0].keys[].value", "urn:c")).toBe(false);
  expect([holds("$sme.P#supplementalSemanticIds", "urn:q"), holds("$sme#supplementalSemanticIds[].type", "ExternalReference")]).toEqual([
    true,
    true,
  ]);
  expect(parseField("$aasdesc#submodelDescriptors[].supplementalSemanticIds[].keys[].type")).toMatchObject({ root: "aasdesc" });
  expect(parseField("$aas#assetInformation.assetInformation.specificAssetIds[].name")).toMatchObject({
    attribute: [{ name: "assetInformation" }, { name: "specificAssetIds", index: "any" }, { name: "name" }],
  });
});

test("[A61] a $match may hold a constant", () => {
  const isThere = { $eq: [field("$sm#id"), field("$sm#id")] };
  for (const value of [true, false]) {
    expect(ask({ $match: [{ $boolean: value }, isThere] }, ofSubmodel(technicalData))).toBe(value);
    expect(ask({ $match: [{ $match: [{ $boolean: value }] }] }, ofSubmodel(technicalData))).toBe(value);
  }
});

test("[A66] what is wrong with a query is told with its place", () => {
  const problem = (query: unknown, target: QueryTarget = "submodels") => {
    const parsed = parseQuery(query, target);
    return isQueryProblem(parsed) ? `${parsed.path}: ${textOf(parsed.reason)}` : "";
  };
  expect(problem({ $condition: { $and: [{ $boolean: true }] } })).toMatch(/^\/\$condition\/\$and: a list of at least 2/);
  expect(problem({ $condition: { $eq: [{ $field: "$cd#id" }, { $strVal: "x" }] } })).toMatch(/\/0\/\$field: \$cd cannot be queried here/);
  expect(problem({ $condition: { $match: [{ $or: [] }] } })).toMatch(/holds comparisons and further \$match/);
  expect(problem({ $condition: { $equals: [] } })).toMatch(/unknown operator "\$equals"; there are/);
  expect(problem({ $condition: { $regex: [{ $field: "$sm#id" }, { $strVal: "(a" }] } })).toMatch(/\/\$regex\/1: not a regular expression/);
  expect(problem({ $condition: { $regex: [{ $field: "$sm#id" }, { $strVal: "(?=a)" }] } })).toMatch(/without lookaround/);
  expect(problem({ $condition: { $boolean: true }, $limit: 1 })).toMatch(/not "\$limit"/);
  expect(problem({ $condition: { $eq: [{ $attribute: { CLAIM: "x" } }, { $strVal: "x" }] } })).toMatch(/access rules/);
  let deep: unknown = { $boolean: true };
  for (let i = 0; i < 40; i++) deep = { $not: deep };
  expect(problem({ $condition: deep })).toMatch(/nested deeper/);
  for (const wrong of [undefined, null, 3, [], {}, "$sm#id"]) expect(problem(wrong)).not.toBe("");
});

test("[A67] a pattern takes time linear in the text", () => {
  const many = { ...technicalData, submodelElements: [property("Note", `${"a".repeat(50_000)}b`)] };
  expect(ask({ $regex: [field("$sme.Note#value"), text("^(a+)+$")] }, ofSubmodel(many))).toBe(false);
});

test("[A68] a condition that combines too many elements is refused, not run for ever", () => {
  const list = Array.from({ length: 2_000 }, (_, i) => property(`P${i}`, "1"));
  const wide = { $eq: [field("$sme#value"), field("$sme#idShort")] };
  expect(() => ask({ $match: [wide, wide] }, ofSubmodel({ ...technicalData, submodelElements: list }))).toThrow(QueryTooWide);
});

test("[A69] indexes are asked for what must be equal, and everything that holds is found by them", () => {
  const plan = (condition: unknown, target: QueryTarget = "shells") => {
    const query = parseQuery({ $condition: condition }, target);
    return isQueryProblem(query) ? query : lookupPlan(query.condition);
  };
  expect(plan({ $eq: [text("x"), field("$sme.A.B#value")] })).toEqual({ of: "sme.value", idShort: "B", value: "x" });
  expect(plan({ $eq: [field("$sme.L[]#value"), text("x")] })).toBeUndefined();
  expect(plan({ $gt: [field("$aas#id"), text("x")] })).toBeUndefined();
  expect(plan({ $not: { $eq: [field("$aas#id"), text("x")] } })).toBeUndefined();
  expect(plan({ $or: [{ $eq: [field("$aas#id"), text("x")] }, { $gt: [field("$aas#id"), text("x")] }] })).toBeUndefined();
  expect(
    plan({
      $match: [
        { $eq: [field("$aas#assetInformation.specificAssetIds[].name"), text("n")] },
        { $eq: [field("$aas#assetInformation.specificAssetIds[].value"), text("v")] },
      ],
    }),
  ).toEqual({ of: "aas.assetId", name: "n", value: "v" });
  expect(plan({ $and: [{ $eq: [field("$sm#semanticId"), text("s")] }, { $lt: [field("$sme#value"), number(1)] }] })).toEqual({
    of: "sm.semanticId",
    value: "s",
  });
});

test("[A60] casts go there and back", () => {
  for (const [value, kind] of [
    ["2024-02-29T23:59:59.5Z", "dateTime"],
    ["-0044-03-15T00:00:00Z", "dateTime"],
    ["10:20:30.25", "time"],
    ["FF", "hex"],
    ["-1.5e3", "num"],
    ["INF", "num"],
    ["true", "bool"],
  ] as const) {
    const read = valueOfText(value, kind)!;
    expect(cast(cast(read, "str")!, kind), value).toEqual(read);
  }
  for (const [value, kind] of [
    ["2023-02-29", "dateTime"],
    ["25:00", "time"],
    ["G", "hex"],
    ["1,5", "num"],
    ["yes", "bool"],
  ] as const)
    expect(valueOfText(value, kind), value).toBeUndefined();
});

test("[A66] fuzz: no mutation of a query makes the reader throw, and what it accepts can be asked", () => {
  const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_124);
  console.log(`query fuzz: FUZZ_SEED=${seed}`);
  let state = seed >>> 0;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pieces = [
    "$and",
    "$or",
    "$not",
    "$match",
    "$eq",
    "$ne",
    "$lt",
    "$regex",
    "$contains",
    "$boolean",
    "$field",
    "$strVal",
    "$numVal",
    "$hexVal",
    "$numCast",
    "$dateTimeCast",
    "$year",
  ];
  const fields = [
    "$sm#id",
    "$sme#value",
    "$sme.A[]#value",
    "$sme.L[0].B#semanticId",
    "$aas#submodels[].keys[].value",
    "$sm#semanticId.keys[3].type",
    "$sme..#value",
    "[",
    "(a|b)*c{1000}",
  ];
  const make = (depth: number): unknown => {
    const kind = random(depth > 4 ? 4 : 8);
    if (kind === 0) return fields[random(fields.length)];
    if (kind === 1) return random(1_000) - 500;
    if (kind === 2) return [true, null, "", "2026-01-01T00:00:00Z", -0][random(5)];
    if (kind === 3) return Array.from({ length: random(3) }, () => make(depth + 1));
    if (kind < 6) return { [pieces[random(pieces.length)]!]: [make(depth + 1), make(depth + 1)] };
    return { [pieces[random(pieces.length)]!]: make(depth + 1) };
  };
  const operand = (): unknown =>
    [{ $field: fields[random(6)] }, { $strVal: "a" }, { $numVal: 3 }, { $numCast: { $field: "$sme#value" } }, make(4)][random(5)];
  let accepted = 0;
  for (let round = 0; round < 3_000; round++) {
    const condition = random(2) === 0 ? make(0) : { [["$eq", "$ne", "$lt", "$contains", "$match"][random(5)]!]: [operand(), operand()] };
    const query = parseQuery({ $condition: condition }, "submodels");
    if (isQueryProblem(query)) continue;
    accepted++;
    lookupPlan(query.condition);
    expect(holds(query.condition, ofSubmodel(technicalData))).toBeTypeOf("boolean");
  }
  expect(accepted).toBeGreaterThan(100);
});

test("[A69] texts of which one must stand in the subject are told, and only where nothing else can make it a result", () => {
  const texts = (condition: unknown, root: "aas" | "sm" = "aas") => {
    const query = parseQuery({ $condition: condition }, "shells");
    if (isQueryProblem(query)) throw new Error(textOf(query.reason));
    return neededTexts(query.condition, root);
  };
  const has = (field: string, text: string, operator = "$contains") => ({ [operator]: [{ $field: field }, { $strVal: text }] });
  const equal = { $eq: [{ $field: "$aas#idShort" }, { $strVal: "c" }] };
  expect(texts(has("$aas#id", "a"))).toEqual(["a"]);
  expect(texts(has("$sm#id", "a"))).toBeUndefined();
  expect(texts(has("$sm#id", "a"), "sm")).toEqual(["a"]);
  expect(texts({ $or: [has("$aas#id", "a"), has("$aas#idShort", "b", "$ends-with")] })).toEqual(["a", "b"]);
  expect(texts({ $or: [has("$aas#id", "a"), equal] })).toEqual(["a", "c"]);
  expect(texts({ $or: [has("$aas#id", "a"), { $ne: equal.$eq }] })).toBeUndefined();
  expect(texts({ $and: [equal, has("$aas#id", "longer"), has("$aas#id", "b")] })).toEqual(["longer"]);
  expect(texts(has("$aas#id", "^urn:plant:(pump|valve)-[0-9]+$", "$regex"))).toEqual(["urn:plant:"]);
  expect(texts({ $eq: [{ $strVal: "c" }, { $field: "$aas#idShort" }] })).toEqual(["c"]);
  // A shell keeps its references as ids, and their types are written out when it is read.
  expect(texts(has("$aas#submodels[].type", "ModelReference", "$eq"))).toBeUndefined();
  expect(texts(has("$aas#submodels[].keys[].type", "Submodel"))).toBeUndefined();
  expect(texts(has("$aas#submodels[].keys[].value", "urn:"))).toEqual(["urn:"]);
  expect(texts({ $not: has("$aas#id", "a") })).toBeUndefined();
  expect(texts({ $boolean: false })).toEqual([]);
});

describe("[A69] of a pattern the texts are told of which one stands in everything that it finds", () => {
  test.each([
    ["abc", ["abc"]],
    ["^abc$", ["abc"]],
    ["ab+cd", ["ab"]],
    ["ab?cde", ["cde"]],
    ["a.bcd|x\\.yz", ["bcd", "x.yz"]],
    ["(?:foo|quux)[0-9]{2}", ["foo", "quux"]],
    ["(abc)?de", ["de"]],
    ["(abc)*", undefined],
    ["[abc]+", undefined],
    ["[]a]xy[^]b]", ["xy"]],
    ["[[:alpha:]\\]]zz", ["zz"]],
    ["\\d+-\\p{Lu}\\pLab", ["ab"]],
    ["\\x41b\\x{41}cd", ["cd"]],
    ["(?i)abc", undefined],
    ["\\Qa.b\\E", undefined],
    ["a{2}bc", ["bc"]],
    ["泵𝄞?站站", ["站站"]],
    ["ab|", undefined],
    ["", undefined],
  ] as const)("%s", (pattern, texts) => expect(literalsOf(pattern)).toEqual(texts));

  const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_125);
  test(`whatever a pattern is made of, FUZZ_SEED=${seed}`, () => {
    let state = seed >>> 0;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const pieces = [
      "a",
      "b",
      "ab",
      "-",
      "\\.",
      ".",
      "[ab]",
      "[^a]",
      "[]b]",
      "\\d",
      "(",
      ")",
      "(?:",
      "|",
      "*",
      "+",
      "?",
      "{2}",
      "{0,1}",
      "{,2}",
      "{",
      "}",
      "^",
      "$",
      "\\x61",
      "泵",
      "𝄞",
      "\\bb",
      "]",
    ];
    const letters = ["a", "b", "-", ".", "1", "泵", "𝄞", "{", "}", "2", ",", "]"];
    const pick = <T>(from: readonly T[]): T => from[random(from.length)]!;
    let found = 0;
    for (let round = 0; round < 20_000; round++) {
      const pattern = Array.from({ length: 1 + random(7) }, () => pick(pieces)).join("");
      const finds = compilePattern(pattern);
      const literals = literalsOf(pattern);
      if (isMessage(finds) || literals === undefined) continue;
      for (let attempt = 0; attempt < 4; attempt++) {
        const text = Array.from({ length: random(9) }, () => pick(letters)).join("");
        if (!finds(text)) continue;
        found++;
        if (!literals.some((literal) => text.includes(literal)))
          expect.fail(`${pattern} finds ${text}, which holds none of ${literals.join(" ")}`);
      }
    }
    expect(found).toBeGreaterThan(100);
  });
});
