import { describe, expect, test } from "vitest";
import { expectedConstraints } from "../expected-constraint.fixture.ts";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { CORPUS, readCorpus, type Case } from "../shared-data.fixture.ts";
import { CLASSES, type ClassName } from "../class-table.ts";
import { hasErrors } from "../finding.ts";
import { parseEnvironment } from "../json/parse-environment.ts";
import { validateBytes } from "../import/validate-bytes.ts";
import { classOf, validate } from "./validate.ts";

const property = (idShort: string | undefined, more: object = {}) => ({
  modelType: "Property",
  ...(idShort && { idShort }),
  valueType: "xs:int",
  value: "1",
  ...more,
});
const submodel = (submodelElements: object[], more: object = {}) => ({ modelType: "Submodel", id: "urn:sm", submodelElements, ...more });
const global = (...values: string[]) => ({ type: "ExternalReference", keys: values.map((value) => ({ type: "GlobalReference", value })) });
const model = (...keys: [string, string][]) => ({ type: "ModelReference", keys: keys.map(([type, value]) => ({ type, value })) });
const constraints = (instance: unknown) => validate(instance).map(({ constraint, path }) => `${constraint} ${path}`);
const list = (value: object[], more: object = {}) => ({
  modelType: "SubmodelElementList",
  idShort: "list",
  typeValueListElement: "Property",
  valueTypeListElement: "xs:int",
  value,
  ...more,
});

const EMPTY = "{} is a valid Environment and a valid AdministrativeInformation";
const NAME_ONLY = "a name alone is a valid Extension";
const VALUE_ONLY = "a value alone is a valid ValueReferencePair";
const LONGER_TEXT = "the text is short enough for another class of language strings, which looks the same";
const unserializable = (violation: string, ...cases: string[]) =>
  cases.map((each) => `Unexpected/Unserializable/${violation}/${each}.json`);
/** Unexpected cases of the corpus that are accepted when only the file is known, each with its reason. With their class all are refused. */
const VALID_AS_ANOTHER_CLASS: Readonly<Record<string, string>> = Object.fromEntries([
  ...unserializable(
    "MissingModelType",
    ...[
      "AnnotatedRelationshipElement",
      "Blob",
      "Capability",
      "Entity",
      "File",
      "MultiLanguageProperty",
      "Operation",
      "ReferenceElement",
    ].map((name) => `${name}/wrong`),
    ...["RelationshipElement", "SubmodelElementCollection"].map((name) => `${name}/wrong`),
  ).map((path) => [path, EMPTY]),
  ...unserializable(
    "RequiredViolation",
    "Extension/name",
    "OperationVariable/value",
    "Resource/path",
    "ValueList/valueReferencePairs",
    "ValueReferencePair/value",
  ).map((path) => [path, EMPTY]),
  ...unserializable("RequiredViolation", "SpecificAssetId/value").map((path) => [path, NAME_ONLY]),
  ...unserializable("RequiredViolation", "Key/type", "SpecificAssetId/name").map((path) => [path, VALUE_ONLY]),
  ...unserializable("TypeViolation", "OperationVariable/value").map((path) => [path, VALUE_ONLY]),
  ...["LangStringNameType", "LangStringPreferredNameTypeIec61360", "LangStringShortNameTypeIec61360"].map((name) => [
    `Unexpected/Invalid/MaxLengthViolation/${name}/text.json`,
    LONGER_TEXT,
  ]),
]);

test("[A2, A3, A26] whole instances of our own are accepted, and each broken one is refused by the constraint that it hurts", () => {
  const whole = [property("speed"), submodel([property("speed"), list([property(undefined), property(undefined)])]), global("urn:x")];
  for (const each of whole) expect(hasErrors(validate(each)), JSON.stringify(each)).toBe(false);
  const broken: readonly (readonly [object, string])[] = [
    [submodel([property(undefined)]), "AASd-117"],
    [submodel([property("speed"), property("speed")]), "AASd-022"],
    [list([property(undefined, { valueType: "xs:string" })]), "AASd-109"],
    [list([{ modelType: "Capability" }]), "AASd-108"],
    [{ type: "ModelReference", keys: [{ type: "GlobalReference", value: "x" }] }, "AASd-123"],
  ];
  for (const [instance, constraint] of broken)
    expect(
      validate(instance)
        .filter(({ severity }) => severity === "error")
        .map((finding) => finding.constraint),
      constraint,
    ).toContain(constraint);
});

describe("the corpus of aas-core", () => {
  let read: readonly Case[] | undefined;
  const onCorpus = (title: string, judge: (cases: readonly Case[]) => void): void =>
    testOnSharedData(title, CORPUS, (path) => judge((read ??= readCorpus(path))));

  onCorpus("[A2] every expected case of the corpus is accepted", (cases) => {
    const refused = cases.filter(({ expected, className, json }) => expected && hasErrors(validate(json, className as ClassName)));
    expect(cases.filter(({ expected }) => expected)).toHaveLength(3209);
    expect(refused.map(({ path }) => path)).toEqual([]);
  });

  onCorpus("[A3] every unexpected case of the corpus is refused", (cases) => {
    const accepted = cases.filter(({ expected, className, json }) => !expected && !hasErrors(validate(json, className as ClassName)));
    expect(cases.filter(({ expected }) => !expected)).toHaveLength(2453);
    expect(accepted.map(({ path }) => path)).toEqual([]);
  });

  onCorpus("[A26] the findings of every unexpected case name the constraint that its folder says is hurt", (cases) => {
    const missed = cases.filter(({ expected, className, json, path }) => {
      if (expected) return false;
      const wanted = expectedConstraints(path);
      return !validate(json, className as ClassName).some(({ constraint }) => wanted.includes(constraint));
    });
    expect(missed.map(({ path }) => path)).toEqual([]);
  });

  onCorpus("[A24] without a class at hand, a file is refused too, but for those that are a valid instance of another class", (cases) => {
    const encoder = new TextEncoder();
    const judged = cases.map(({ path, expected, json }) => ({
      path: path.replace(/^.*Json\//, ""),
      expected,
      findings: validateBytes(encoder.encode(JSON.stringify(json))),
    }));
    expect(judged.filter(({ expected, findings }) => expected && hasErrors(findings)).map(({ path }) => path)).toEqual([]);
    const accepted = judged.filter(({ expected, findings }) => !expected && !hasErrors(findings)).map(({ path }) => path);
    expect(accepted.sort()).toEqual(Object.keys(VALID_AS_ANOTHER_CLASS).sort());
    // No judge of contents alone could do better: each says what an expected case says too.
    const shapes = new Set(
      cases
        .filter(({ expected }) => expected)
        .map(({ json }) =>
          Object.keys(json as object)
            .sort()
            .join(),
        ),
    );
    for (const { path, json } of cases)
      if (accepted.includes(path.replace(/^.*Json\//, "")))
        expect(shapes, path).toContain(
          Object.keys(json as object)
            .sort()
            .join(),
        );
  });

  onCorpus(
    "[A24] where a folder says the class, every unexpected file is refused with the constraint that it hurts, and every expected one accepted",
    (cases) => {
      const encoder = new TextEncoder();
      const wrong = cases.filter(({ path, expected, json, className }) => {
        const findings = validateBytes(encoder.encode(JSON.stringify(json)), {}, { likely: className as ClassName });
        if (expected) return hasErrors(findings);
        const wanted = expectedConstraints(path);
        return !findings.some(({ constraint, severity }) => severity === "error" && wanted.includes(constraint));
      });
      expect(wrong.map(({ path }) => path)).toEqual([]);
    },
  );

  onCorpus("[A24] the class of a bare instance is told by its shape, ambiguous ones aside", (cases) => {
    const refused = cases.filter(({ expected, json }) => expected && hasErrors(validate(json)));
    expect(refused.map(({ path }) => path)).toEqual([]);
    const wrong = cases.filter(
      ({ expected, json, className }) => expected && classOf(json)?.name !== className && !/LangString/.test(className),
    );
    expect(new Set(wrong.map(({ className }) => className)).size).toBeLessThan(8);
  });
});

test("[A1] every class of the table knows the attributes of its bases", () => {
  expect(CLASSES.size).toBe(38);
  expect([...CLASSES.get("Property")!.byName.keys()].slice(0, 5)).toEqual([
    "extensions",
    "category",
    "idShort",
    "displayName",
    "description",
  ]);
});

test("[A5] what metamodel 3.2 adds is accepted and kept", () => {
  const shell = {
    modelType: "AssetAdministrationShell",
    id: "urn:aas",
    administration: { version: "1", createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-02T00:00:00Z" },
    assetInformation: { assetKind: "Batch", globalAssetId: "urn:asset" },
  };
  const { environment, findings } = parseEnvironment({ assetAdministrationShells: [shell] });
  expect(findings).toEqual([]);
  expect(environment.assetAdministrationShells).toEqual([shell]);
});

test("[A4] a broken environment is read as far as the shapes allow, with findings", () => {
  const { environment, findings } = parseEnvironment({
    assetAdministrationShells: [{ modelType: "AssetAdministrationShell", id: "urn:aas" }, { modelType: "AssetAdministrationShell" }, 7],
    submodels: [submodel([property("1bad", { surprise: 1 }), { modelType: "Nothing" }, { idShort: "x" }, property("p1", { value: null })])],
    conceptDescriptions: [],
  });
  expect(environment).toEqual({
    assetAdministrationShells: [{ modelType: "AssetAdministrationShell", id: "urn:aas", assetInformation: { assetKind: "NotApplicable" } }],
    submodels: [submodel([property("1bad", { surprise: 1 }), { modelType: "Property", idShort: "p1", valueType: "xs:int" }])],
  });
  expect(new Set(findings.map(({ constraint }) => constraint))).toEqual(
    new Set(["required", "type", "AASd-002", "additional", "structure", "empty", "AASd-131"]),
  );
  for (const junk of [undefined, null, 1, "x", [], [1], () => 1]) expect(parseEnvironment(junk).findings.length).toBeGreaterThan(0);
});

test("[A4] clean input comes back as the same object", () => {
  const json = { submodels: [submodel([property("p1")])] };
  expect(parseEnvironment(json).environment).toBe(json);
});

test("[A6] names and qualifiers: AASd-021, -022, -077, -117, -118, -119, -129", () => {
  expect(constraints(submodel([property("p1"), property("p1"), property(undefined)]))).toEqual([
    "AASd-022 submodelElements[1].idShort",
    "AASd-117 submodelElements[2]",
  ]);
  const list = { modelType: "SubmodelElementList", idShort: "l1", typeValueListElement: "Property", valueTypeListElement: "xs:int" };
  const [unnamed, named] = [property(undefined), property("p1")];
  expect(constraints(submodel([{ ...list, value: [unnamed, unnamed, named, named] }]))).toEqual([
    "AASd-022 submodelElements[0].value[3].idShort",
  ]);
  const qualifier = { type: "q", valueType: "xs:int", value: "1" };
  expect(constraints(submodel([property("p1", { qualifiers: [qualifier, qualifier] })]))).toEqual([
    "AASd-021 submodelElements[0].qualifiers[1].type",
  ]);
  expect(constraints(property("p1", { qualifiers: [{ ...qualifier, value: "x" }] }))).toEqual(["AASd-020 qualifiers[0].value"]);
  const template = { ...qualifier, kind: "TemplateQualifier" };
  expect(constraints(submodel([property("p1", { qualifiers: [template] })], { qualifiers: [template] }))).toEqual([
    "AASd-119 qualifiers[0].kind",
    "AASd-129 submodelElements[0].qualifiers[0].kind",
  ]);
  expect(constraints(submodel([property("p1", { qualifiers: [template] })], { qualifiers: [template], kind: "Template" }))).toEqual([]);
  expect(constraints(property("p1", { extensions: [{ name: "e" }, { name: "e" }] }))).toEqual(["AASd-077 extensions[1].name"]);
  expect(constraints(property("p1", { supplementalSemanticIds: [global("x")] }))).toEqual(["AASd-118 "]);
});

test("[A6] assets: AASd-005, -014, -116, -131, -133", () => {
  const shell = (assetInformation: object) => ({
    modelType: "AssetAdministrationShell",
    id: "urn:aas",
    assetInformation: { assetKind: "Instance", ...assetInformation },
  });
  expect(constraints(shell({}))).toEqual(["AASd-131 assetInformation"]);
  expect(constraints(shell({ globalAssetId: "a", specificAssetIds: [{ name: "GlobalAssetId", value: "b" }] }))).toEqual([
    "AASd-116 assetInformation.specificAssetIds[0].value",
  ]);
  expect(constraints(shell({ specificAssetIds: [{ name: "n", value: "v", externalSubjectId: model(["Submodel", "x"]) }] }))).toEqual([
    "AASd-133 assetInformation.specificAssetIds[0].externalSubjectId",
  ]);
  expect(constraints({ modelType: "Entity", idShort: "e1", entityType: "SelfManagedEntity" })).toEqual(["AASd-014 "]);
  expect(constraints({ ...shell({ globalAssetId: "a" }), administration: { revision: "1" } })).toEqual(["AASd-005 administration"]);
});

test("[A8] keys of references: AASd-121 to -128 and -135", () => {
  const told = (reference: object) =>
    validate({ modelType: "ReferenceElement", idShort: "r1", value: reference }).map(({ constraint }) => constraint);
  expect(told(model(["Submodel", "x"], ["File", "f"], ["FragmentReference", "p"]))).toEqual([]);
  expect(told(model(["Property", "x"]))).toEqual(["AASd-121", "AASd-123"]);
  expect(told(model(["Submodel", "x"], ["Submodel", "y"]))).toEqual(["AASd-125"]);
  expect(told(model(["Submodel", "x"], ["Property", "p"], ["FragmentReference", "f"]))).toEqual(["AASd-127"]);
  expect(told(model(["Submodel", "x"], ["Blob", "b"], ["FragmentReference", "f"], ["Property", "p"]))).toEqual(["AASd-126"]);
  expect(told(model(["Submodel", "x"], ["SubmodelElementList", "l"], ["Property", "p"]))).toEqual(["AASd-128"]);
  expect(told({ type: "ExternalReference", keys: [{ type: "Submodel", value: "x" }] })).toEqual(["AASd-122", "AASd-124", "AASd-135"]);
});

test("[A9] lists: AASd-107, -108, -109, -114", () => {
  expect(constraints(list([property(undefined), property(undefined)]))).toEqual([]);
  expect(constraints(list([property(undefined, { valueType: "xs:long" })]))).toEqual(["AASd-109 value[0].valueType"]);
  expect(constraints(list([], { value: undefined, valueTypeListElement: undefined }))).toContain("AASd-109 valueTypeListElement");
  expect(constraints(list([{ modelType: "Capability" }]))).toEqual(["AASd-108 value[0]"]);
  expect(constraints(list([property(undefined, { semanticId: global("a") }), property(undefined, { semanticId: global("b") })]))).toEqual([
    "AASd-114 value[1].semanticId",
  ]);
  expect(constraints(list([property(undefined, { semanticId: global("a") })], { semanticIdListElement: global("b") }))).toEqual([
    "AASd-107 value[0].semanticId",
  ]);
});

test("[A6] operations: AASd-134 over all variables", () => {
  const variable = (idShort: string) => ({ value: property(idShort) });
  const operation = { modelType: "Operation", idShort: "op", inputVariables: [variable("a1")], outputVariables: [variable("a1")] };
  expect(constraints(operation)).toEqual(["AASd-134 outputVariables[0].value.idShort"]);
});

test("[A6] IEC 61360: AASc-3a-002, -004, -008, -009, -010", () => {
  const concept = (content: object, category?: string) => ({
    modelType: "ConceptDescription",
    id: "urn:cd",
    ...(category && { category }),
    embeddedDataSpecifications: [
      {
        dataSpecification: global("https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"),
        dataSpecificationContent: { modelType: "DataSpecificationIec61360", preferredName: [{ language: "en", text: "n" }], ...content },
      },
    ],
  });
  const definition = [{ language: "en-GB", text: "d" }];
  const told = (instance: object) => validate(instance).map(({ constraint }) => constraint);
  expect(told(concept({ definition }))).toEqual([]);
  expect(told(concept({}))).toEqual(["AASc-3a-008"]);
  expect(told(concept({ definition, preferredName: [{ language: "de", text: "n" }] }))).toEqual(["AASc-3a-002"]);
  expect(told(concept({ definition, dataType: "REAL_MEASURE" }))).toEqual(["AASc-3a-009"]);
  expect(told(concept({ definition }, "PROPERTY"))).toEqual(["AASc-3a-004"]);
  expect(told(concept({ definition, value: "v", valueList: { valueReferencePairs: [{ value: "w" }] } }))).toEqual(["AASc-3a-010"]);
});

test("[A6] concepts of the same environment: AASd-006, -007, AASc-3a-003 as warnings", () => {
  const concept = (id: string, content: object) => ({
    modelType: "ConceptDescription",
    id,
    embeddedDataSpecifications: [
      {
        dataSpecification: global("https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"),
        dataSpecificationContent: {
          modelType: "DataSpecificationIec61360",
          preferredName: [{ language: "en", text: "n" }],
          definition: [{ language: "en", text: "d" }],
          ...content,
        },
      },
    ],
  });
  const valueId = global("urn:seven");
  const environment = {
    submodels: [
      submodel([
        property("p1", { value: "8", valueId, qualifiers: [{ type: "q", valueType: "xs:int", value: "9", valueId }] }),
        property("p2", { value: "7", valueId }),
      ]),
    ],
    conceptDescriptions: [
      concept("urn:seven", { value: "7" }),
      concept("urn:none", {}),
      concept("urn:list", {
        valueList: {
          valueReferencePairs: [
            { value: "x", valueId: global("urn:none") },
            { value: "7", valueId },
          ],
        },
      }),
    ],
  };
  expect(validate(environment).map(({ constraint, path, severity }) => `${severity} ${constraint} ${path}`)).toEqual([
    "warning AASd-006 submodels[0].submodelElements[0].qualifiers[0].value",
    "warning AASd-007 submodels[0].submodelElements[0].value",
    "warning AASc-3a-003 conceptDescriptions[2].embeddedDataSpecifications[0].dataSpecificationContent.valueList.valueReferencePairs[0].valueId",
  ]);
});

test("[A23] depth and the number of findings are bounded, and a bound is told", () => {
  let element: object = property("p1");
  for (let level = 0; level < 5000; level++) element = { modelType: "SubmodelElementCollection", idShort: "c1", value: [element] };
  expect(validate(submodel([element])).map(({ constraint }) => constraint)).toContain("limit");
  const findings = validate(submodel(Array.from({ length: 20_000 }, () => ({ modelType: "Property", idShort: "p" }))));
  expect(findings).toHaveLength(10_001);
  expect(findings.at(-1)).toMatchObject({ constraint: "limit" });
});
