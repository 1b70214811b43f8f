import { describe, expect, test } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { filesIn } from "../shared-data.fixture.ts";
import { readFile } from "../import/read-file.ts";
import type { Environment } from "../metamodel.ts";
import { validate } from "../validation/validate.ts";
import { repairEnvironment } from "./repair-environment.ts";
import { applyRepairs } from "./repair.ts";
import { repairsOf } from "./repairs-of.ts";

const environment = (submodelElements: object[], more: object = {}): Environment => ({
  submodels: [{ modelType: "Submodel", id: "urn:sm", submodelElements, ...more } as never],
});
const property = (idShort: string | undefined, more: object = {}) => ({
  modelType: "Property",
  ...(idShort === undefined ? {} : { idShort }),
  valueType: "xs:int",
  ...more,
});
const elements = ({ submodels }: Environment) => submodels![0]!.submodelElements as readonly unknown[];

/** The first repair offered for the first finding, done: `[how it is called, elements afterwards]`. */
function firstRepair(given: Environment): [string, readonly unknown[]] {
  const [finding] = validate(given, "Environment");
  const repair = repairsOf(given, finding!)[0]!;
  return [repair.kind, elements(applyRepairs(given, [repair]))];
}

test("[A30] a repair says how, whether it guesses, and does nothing unasked", () => {
  const given = environment([property("1 bad name"), property("p2", { value: "1,0" })]);
  const [finding] = validate(given, "Environment");
  expect(repairsOf(given, finding!)).toEqual([
    {
      path: "submodels[0].submodelElements[0].idShort",
      constraint: "AASd-002",
      kind: "guess",
      how: 'Rename "1 bad name" to "bad_name" (letters, digits, hyphens and underscores).',
      reason: { code: "aas.repair.renameInForm", params: { first: '"1 bad name"', second: '"bad_name"' } },
      told: { code: "renameInForm", values: ['"1 bad name"', '"bad_name"'] },
      changes: [{ path: "submodels[0].submodelElements[0].idShort", value: "bad_name" }],
    },
  ]);
  expect(elements(given)[0]).toEqual(property("1 bad name"));
});

const global = (value: string) => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] });
const cases: readonly [string, object, "plain" | "guess", object][] = [
  ["a truth value in words", property("p1", { valueType: "xs:boolean", value: "Yes" }), "plain", { value: "true" }],
  ["a decimal comma", property("p1", { valueType: "xs:double", value: "140,5" }), "plain", { value: "140.5" }],
  ["infinity in words", property("p1", { valueType: "xs:double", value: "-Infinity" }), "plain", { value: "-INF" }],
  [
    "a space where a T belongs",
    property("p1", { valueType: "xs:dateTime", value: "2026-01-01 10:00:00" }),
    "plain",
    { value: "2026-01-01T10:00:00" },
  ],
  ["white space around a number", property("p1", { value: " 5 " }), "plain", { value: "5" }],
  ["an empty number", property("p1", { value: "" }), "plain", { value: undefined }],
  ["a text called a number", property("p1", { value: "-20 - 40" }), "guess", { valueType: "xs:string" }],
  ["a path with a space", { modelType: "File", idShort: "f1", value: "/a b.pdf" }, "plain", { value: "/a%20b.pdf" }],
  [
    "a content type with an ending slash",
    { modelType: "File", idShort: "f1", contentType: "image/png/" },
    "plain",
    { contentType: "image/png" },
  ],
  [
    "a language with an underscore",
    { modelType: "MultiLanguageProperty", idShort: "m1", value: [{ language: "de_DE", text: "x" }] },
    "plain",
    { value: [{ language: "de-DE", text: "x" }] },
  ],
  [
    "an external reference to a submodel",
    { modelType: "ReferenceElement", idShort: "r1", value: { type: "ExternalReference", keys: [{ type: "Submodel", value: "urn:x" }] } },
    "plain",
    { value: { type: "ModelReference", keys: [{ type: "Submodel", value: "urn:x" }] } },
  ],
  [
    "a model reference to nothing of the model",
    {
      modelType: "ReferenceElement",
      idShort: "r1",
      value: { type: "ModelReference", keys: [{ type: "GlobalReference", value: "urn:x" }] },
    },
    "plain",
    { value: global("urn:x") },
  ],
  [
    "a supplemental semantic id alone",
    property("p1", { supplementalSemanticIds: [global("a")] }),
    "plain",
    { semanticId: global("a"), supplementalSemanticIds: undefined },
  ],
  [
    "a list that does not say its value type",
    {
      modelType: "SubmodelElementList",
      idShort: "l1",
      typeValueListElement: "Property",
      value: [{ modelType: "Property", valueType: "xs:long" }],
    },
    "plain",
    { valueTypeListElement: "xs:long" },
  ],
  [
    "the same qualifier twice",
    property("p1", {
      qualifiers: [
        { type: "q", valueType: "xs:int" },
        { type: "q", valueType: "xs:int" },
      ],
    }),
    "plain",
    { qualifiers: [{ type: "q", valueType: "xs:int" }] },
  ],
  [
    "an enumeration in other letters",
    { modelType: "Entity", idShort: "e1", entityType: "comanagedentity" },
    "plain",
    { entityType: "CoManagedEntity" },
  ],
  ["an attribute that nobody knows", property("p1", { colour: "red" }), "guess", { colour: undefined }],
  ["no idShort", property(undefined, { semanticId: global("https://example.org/MaxSpeed") }), "guess", { idShort: "MaxSpeed" }],
];

test.each(cases)("[A30] %s", (_, element, kind, change) => {
  expect(firstRepair(environment([element]))).toEqual([kind, [JSON.parse(JSON.stringify({ ...element, ...change }))]]);
});

test("[A30] repairs of one file see each other: three elements of one name get three names", () => {
  const {
    environment: repaired,
    done,
    findings,
  } = repairEnvironment(environment([property("p1"), property("p1"), property("p1"), property("p1_2")]), () => true);
  expect(elements(repaired).map((element) => (element as { idShort: string }).idShort)).toEqual(["p1", "p1_3", "p1_4", "p1_2"]);
  expect(done).toHaveLength(2);
  expect(findings).toEqual([]);
});

test("[A30] only what is wanted is done, and what takes items out of a list does not move the others", () => {
  const twice = [
    { type: "q", valueType: "xs:int" },
    { type: "q", valueType: "xs:int" },
    { type: "r", valueType: "xs:boolean", value: "TRUE" },
    { type: "q", valueType: "xs:int" },
  ];
  const given = environment([property("1", { qualifiers: twice })]);
  const plain = repairEnvironment(given, (_, { kind }) => kind === "plain");
  expect(elements(plain.environment)).toEqual([
    property("1", { qualifiers: [twice[0], { type: "r", valueType: "xs:boolean", value: "true" }] }),
  ]);
  expect(plain.findings.map(({ constraint }) => constraint)).toEqual(["AASd-002"]);
  expect(repairEnvironment(given, ({ constraint }) => constraint === "none of these").done).toEqual([]);
});

test("[A30] the key after a list that names an element becomes its index", () => {
  const key = (value: string) => ({
    type: "ModelReference",
    keys: [
      { type: "Submodel", value: "urn:sm" },
      { type: "SubmodelElementList", value: "l1" },
      { type: "Capability", value },
    ],
  });
  const list = {
    modelType: "SubmodelElementList",
    idShort: "l1",
    typeValueListElement: "Capability",
    value: [
      { modelType: "Capability", idShort: "c1" },
      { modelType: "Capability", idShort: "c2" },
    ],
  };
  expect(firstRepair(environment([list, { modelType: "ReferenceElement", idShort: "r1", value: key("c2") }]))).toEqual([
    "plain",
    [list, { modelType: "ReferenceElement", idShort: "r1", value: key("1") }],
  ]);
});

describe("files of the market", () => {
  testOnSharedData("[A30] all repairs together leave one kind of finding: an asset that nothing identifies", "aas/real", (folder) => {
    const json = filesIn(folder).filter(({ name }) => !name.endsWith(".aasx") || name.startsWith("pcf"));
    for (const { name, bytes } of json) {
      const { findings } = repairEnvironment(readFile(bytes).environment, () => true);
      expect(new Set(findings.filter(({ severity }) => severity === "error").map(({ constraint }) => constraint)), name).toEqual(
        new Set(name.startsWith("pcf_a") || name.startsWith("pcf_copper") ? ["AASd-131"] : []),
      );
    }
  });
});
