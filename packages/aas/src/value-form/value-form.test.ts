import { describe, expect, test } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { filesIn } from "../shared-data.fixture.ts";
import { elementAt } from "../id-short-path.ts";
import { parseEnvironment } from "../json/parse-environment.ts";
import type { Property, Reference, Submodel, SubmodelElement } from "../metamodel.ts";
import type { ValueType } from "../value-type.ts";
import { applyValue } from "./apply-value.ts";
import { metadataOf } from "./metadata-of.ts";
import { pathsOf } from "./paths-of.ts";
import { referenceTo } from "./reference-to.ts";
import { valueOf } from "./value-of.ts";
import { parseValueText, writeValueText, type ValueOnly } from "./value-text.ts";

const property = (idShort: string | undefined, valueType: ValueType, value?: string): Property => ({
  modelType: "Property",
  ...(idShort && { idShort }),
  valueType,
  ...(value !== undefined && { value }),
});
const reference: Reference = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:x" }] };
const text = (element: Submodel | SubmodelElement) => writeValueText(valueOf(element) ?? null);
const patched = <E extends Submodel | SubmodelElement>(element: E, json: string): E => {
  const applied = applyValue(element, parseValueText(json));
  if (applied.kind === "refused") throw new Error(JSON.stringify(applied.findings));
  return applied.element;
};
const refusal = (element: Submodel | SubmodelElement, json: string) => {
  const applied = applyValue(element, parseValueText(json));
  return applied.kind === "refused" ? applied.findings.map(({ path }) => path) : "applied";
};

const submodel: Submodel = {
  modelType: "Submodel",
  id: "urn:sm",
  idShort: "Sub",
  submodelElements: [
    property("speed", "xs:int", "5000"),
    property("empty", "xs:int"),
    {
      modelType: "MultiLanguageProperty",
      idShort: "label",
      value: [
        { language: "de", text: "Pumpe" },
        { language: "en", text: "pump" },
      ],
    },
    { modelType: "Range", idShort: "torque", valueType: "xs:double", min: "3", max: "15.5" },
    { modelType: "File", idShort: "manual", contentType: "application/pdf", value: "/a.pdf" },
    { modelType: "Blob", idShort: "code", contentType: "application/octet-stream", value: "AAAA" },
    { modelType: "ReferenceElement", idShort: "ref", value: reference },
    {
      modelType: "AnnotatedRelationshipElement",
      idShort: "rel",
      first: reference,
      second: reference,
      annotations: [property("rule", "xs:string", "r"), property("blank", "xs:string")],
    },
    {
      modelType: "Entity",
      idShort: "part",
      entityType: "SelfManagedEntity",
      globalAssetId: "urn:a",
      statements: [property("count", "xs:int", "2")],
    },
    { modelType: "BasicEventElement", idShort: "event", observed: reference, direction: "output", state: "on" },
    { modelType: "Capability", idShort: "can" },
    { modelType: "Operation", idShort: "do" },
    {
      modelType: "SubmodelElementCollection",
      idShort: "deep",
      value: [
        {
          modelType: "SubmodelElementList",
          idShort: "list",
          typeValueListElement: "SubmodelElementCollection",
          value: [
            { modelType: "SubmodelElementCollection", value: [property("x", "xs:double", "1"), property("y", "xs:double", "2")] },
            { modelType: "SubmodelElementCollection", value: [property("x", "xs:double", "3"), property("y", "xs:double", "4")] },
          ],
        },
        { modelType: "SubmodelElementList", idShort: "operations", typeValueListElement: "Operation", value: [{ modelType: "Operation" }] },
      ],
    },
  ],
};

test("[A18] every element has the value-only form of IDTA-01001", () => {
  expect(valueOf(submodel)).toEqual({
    speed: 5000,
    label: [{ de: "Pumpe" }, { en: "pump" }],
    torque: { min: 3, max: 15.5 },
    manual: { contentType: "application/pdf", value: "/a.pdf" },
    code: { contentType: "application/octet-stream" },
    ref: reference,
    rel: { first: reference, second: reference, annotations: [{ rule: "r" }] },
    part: { statements: { count: 2 }, entityType: "SelfManagedEntity", globalAssetId: "urn:a" },
    event: { observed: reference },
    deep: {
      list: [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
    },
  });
  expect(valueOf(elementAt(submodel, "code")!, { withBlobValue: true })).toMatchObject({ value: "AAAA" });
  for (const path of ["can", "do", "empty"]) expect(valueOf(elementAt(submodel, path)!), path).toBeUndefined();
});

test("[A18] level core shows containers below as they are, empty", () => {
  expect(valueOf(elementAt(submodel, "deep")!, { level: "core" })).toEqual({ list: [], operations: [] });
  expect(valueOf(submodel, { level: "core" })).toMatchObject({ speed: 5000, deep: {} });
});

test("[A18] a live value takes the place of the design value, and no value is no value", () => {
  expect(valueOf(elementAt(submodel, "speed")!, { live: () => ({ value: "7" }) })).toBe(7);
  expect(valueOf(elementAt(submodel, "speed")!, { live: () => ({ value: undefined }) })).toBeUndefined();
  expect(valueOf(elementAt(submodel, "speed")!, { live: () => undefined })).toBe(5000);
});

const numbers: readonly [ValueType, string, string][] = [
  ["xs:long", "9223372036854775807", "9223372036854775807"],
  ["xs:unsignedLong", "18446744073709551615", "18446744073709551615"],
  ["xs:decimal", "126789672374892739424.543233", "126789672374892739424.543233"],
  ["xs:decimal", "100000.00", "100000.00"],
  ["xs:int", "+007", "7"],
  ["xs:double", "-0", "-0"],
  ["xs:double", ".5", "0.5"],
  ["xs:double", "234.567e8", "234.567e8"],
  ["xs:double", "INF", '"INF"'],
  ["xs:double", "NaN", '"NaN"'],
  ["xs:boolean", "1", "true"],
  ["xs:string", "1.0", '"1.0"'],
  ["xs:int", "not a number", '"not a number"'],
];

test.each(numbers)("[A19] %s %s is written as %s with every digit, and can be sent back unchanged", (type, lexical, json) => {
  const element = property("p", type, lexical);
  expect(text(element)).toBe(json);
  expect(patched(element, json)).toBe(element);
});

test("[A19] sent numbers keep their digits", () => {
  const sent: readonly [ValueType, string, string][] = [
    ["xs:long", "9007199254740993", "9007199254740993"],
    ["xs:decimal", "0.10", "0.10"],
    ["xs:decimal", "1.5e3", "1500"],
    ["xs:decimal", "12e-3", "0.012"],
    ["xs:integer", "1e25", "10000000000000000000000000"],
    ["xs:int", "5.0", "5"],
    ["xs:double", "1e-320", "1e-320"],
    ["xs:double", "-0.0", "-0.0"],
    ["xs:double", '"-INF"', "-INF"],
    ["xs:boolean", "false", "false"],
    ["xs:int", '"12"', "12"],
  ];
  for (const [type, json, lexical] of sent) expect(patched(property("p", type, "1"), json).value, json).toBe(lexical);
  const tree = '{"a":9007199254740993,"b":[1.10,"9007199254740993.0",-0,{"c":1e+2}],"d\\"e":null,"__proto__":1}';
  expect(writeValueText(parseValueText(` ${tree} `))).toBe(tree);
  expect(() => parseValueText("{")).toThrow(SyntaxError);
});

test("[A19] a value outside of its type is refused", () => {
  const bad: readonly [ValueType, string][] = [
    ["xs:byte", "128"],
    ["xs:int", "1.5"],
    ["xs:int", "true"],
    ["xs:boolean", "1.5"],
    ["xs:string", "1"],
    ["xs:double", '"Infinity"'],
    ["xs:date", '"2023-02-30"'],
    ["xs:int", "null"],
    ["xs:int", "{}"],
    ["xs:integer", "1e999999999"],
  ];
  for (const [type, json] of bad) expect(refusal(property("p", type, "7"), json), `${type} ${json}`).toEqual([""]);
});

test("[A20] values are applied at any depth, and what did not change stays the same object", () => {
  const next = patched(
    submodel,
    '{"deep":{"list":[{"x":10},{"y":40}]},"part":{"statements":{"count":3}},"label":[{"en":"Pump"}],"torque":{"max":20}}',
  );
  expect(valueOf(next)).toMatchObject({
    deep: {
      list: [
        { x: 10, y: 2 },
        { x: 3, y: 40 },
      ],
    },
    part: { statements: { count: 3 }, globalAssetId: "urn:a" },
    label: [{ en: "Pump" }],
    torque: { min: 3, max: 20 },
  });
  expect(next.submodelElements![0]).toBe(submodel.submodelElements![0]);
  expect(elementAt(next, "deep.list[0].y")).toBe(elementAt(submodel, "deep.list[0].y"));
  expect(patched(submodel, '{"rel":{"annotations":[{"rule":"new"}]},"manual":{"value":"/b.pdf"}}').submodelElements![7]).toMatchObject({
    annotations: [{ value: "new" }, {}],
  });
});

test("[A20] a value-only form is applied whole or not at all", () => {
  expect(refusal(submodel, '{"speed":1,"nope":2,"deep":{"list":[{"x":"no"},{}]}}')).toEqual(["nope", "deep.list[0].x"]);
  expect(refusal(submodel, '{"can":{}}')).toEqual(["can"]);
  expect(refusal(elementAt(submodel, "deep.list")!, "[{}]")).toEqual([""]);
  expect(refusal(elementAt(submodel, "deep.list")!, "[{},{},{}]")).toEqual([""]);
  expect(refusal(elementAt(submodel, "deep.list")!, "{}")).toEqual([""]);
  expect(refusal(elementAt(submodel, "ref")!, '{"type":"ExternalReference"}')).not.toBe("applied");
  expect(refusal(elementAt(submodel, "label")!, '[{"not a language":"x"}]')).toEqual([""]);
  expect(refusal(elementAt(submodel, "manual")!, '{"path":"x"}')).toEqual([""]);
});

test("[A20] an element without a value keeps its place in a list as null", () => {
  const list: SubmodelElement = {
    modelType: "SubmodelElementList",
    idShort: "l1",
    typeValueListElement: "Property",
    valueTypeListElement: "xs:int",
    value: [property(undefined, "xs:int"), property(undefined, "xs:int", "2"), property(undefined, "xs:int")],
  };
  expect(text(list)).toBe("[null,2]");
  expect(patched(list, "[null,2]")).toBe(list);
  expect(text(patched(list, "[1,null,3]"))).toBe("[1,2,3]");
});

test("[A18] what has no value is null where a value stands alone, and empty where it is an object or array; each can be sent back", () => {
  const nothing: readonly [SubmodelElement, string][] = [
    [property("p", "xs:int"), "null"],
    [{ modelType: "ReferenceElement", idShort: "r1" }, "null"],
    [{ modelType: "Range", idShort: "r2", valueType: "xs:int" }, "{}"],
    [{ modelType: "MultiLanguageProperty", idShort: "m1" }, "[]"],
    [{ modelType: "File", idShort: "f1" }, "{}"],
    [{ modelType: "Entity", idShort: "e1" }, "{}"],
    [{ modelType: "RelationshipElement", idShort: "r3" }, "{}"],
    [{ modelType: "SubmodelElementCollection", idShort: "c1", value: [property("p", "xs:int")] }, "{}"],
  ];
  for (const [element, shown] of nothing) {
    expect(text(element)).toBe(shown);
    expect(patched(element, shown)).toBe(element);
  }
  expect(refusal(property("p", "xs:int", "7"), "null")).toEqual([""]);
});

test("[A21] what GET $value gives of every kind of element can be sent back and changes nothing", () => {
  for (const each of [submodel, ...submodel.submodelElements!]) {
    const value = valueOf(each, { withBlobValue: true });
    if (value === undefined) continue;
    expect(applyValue(each, parseValueText(writeValueText(value)) as ValueOnly)).toEqual({ kind: "applied", element: each });
  }
});

describe("templates", () => {
  testOnSharedData(
    "[A21] what GET $value gives of every published template can be sent back and changes nothing",
    "aas/templates",
    (folder) => {
      let compared = 0;
      for (const { name, bytes } of filesIn(folder)) {
        if (!name.endsWith(".json")) continue;
        for (const each of parseEnvironment(JSON.parse(new TextDecoder().decode(bytes))).environment.submodels ?? []) {
          const value = valueOf(each, { withBlobValue: true })!;
          const applied = applyValue(each, parseValueText(writeValueText(value)) as ValueOnly);
          expect(applied, `${name} ${applied.kind === "refused" ? JSON.stringify(applied.findings.slice(0, 3)) : ""}`).toMatchObject({
            kind: "applied",
          });
          expect(applied.kind === "applied" && applied.element).toEqual(each);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(35);
    },
  );
});

test("[A22] metadata is everything but values and elements below", () => {
  expect(metadataOf(submodel)).toEqual({ modelType: "Submodel", id: "urn:sm", idShort: "Sub" });
  expect(metadataOf(elementAt(submodel, "speed")!)).toEqual({ modelType: "Property", idShort: "speed", valueType: "xs:int" });
  expect(metadataOf(elementAt(submodel, "event")!)).toEqual({
    modelType: "BasicEventElement",
    idShort: "event",
    direction: "output",
    state: "on",
  });
  expect(metadataOf(elementAt(submodel, "deep.list")!)).toEqual({
    modelType: "SubmodelElementList",
    idShort: "list",
    typeValueListElement: "SubmodelElementCollection",
  });
});

test("[A22] paths and references name elements by idShort, below a list by index", () => {
  expect(pathsOf(elementAt(submodel, "deep")!)).toEqual([
    "deep",
    "deep.list",
    "deep.list[0]",
    "deep.list[0].x",
    "deep.list[0].y",
    "deep.list[1]",
    "deep.list[1].x",
    "deep.list[1].y",
    "deep.operations",
    "deep.operations[0]",
  ]);
  expect(pathsOf(elementAt(submodel, "deep")!, "core")).toEqual(["deep", "deep.list", "deep.operations"]);
  expect(pathsOf(submodel, "core")).toHaveLength(13);
  expect(referenceTo(submodel, ["deep", "list", 1, "x"])).toEqual({
    type: "ModelReference",
    keys: [
      { type: "Submodel", value: "urn:sm" },
      { type: "SubmodelElementCollection", value: "deep" },
      { type: "SubmodelElementList", value: "list" },
      { type: "SubmodelElementCollection", value: "1" },
      { type: "Property", value: "x" },
    ],
  });
  expect(referenceTo(submodel, ["deep", "nope"])).toBeUndefined();
});

test("[A20] characters that XML cannot hold are refused in texts of every language too; those that are stored already may be sent back", () => {
  const element = { modelType: "MultiLanguageProperty", idShort: "t", value: [{ language: "en", text: "a\u0007" }] } as SubmodelElement;
  const refused = applyValue(element, [{ en: "b\u0007" }] as never);
  expect(refused.kind === "refused" && refused.findings.map(({ constraint }) => constraint)).toEqual(["AASd-130"]);
  expect(applyValue(element, [{ en: "a\u0007" }] as never).kind).toBe("applied");
});
