import { expect, test } from "vitest";
import { readFile } from "./read-file.ts";
import { takeDocument } from "./take-instance.ts";

const told = (json: unknown, home: Parameters<typeof takeDocument>[1]) =>
  takeDocument(json, home).findings.map(({ constraint, path }) => [constraint, path]);

test("[A34] one document is taken as in a file, its findings with paths of its own; the same object where nothing is wrong", () => {
  const good = { modelType: "Submodel", id: "urn:x", submodelElements: [{ modelType: "Capability", idShort: "c1" }] };
  expect(takeDocument(good, "submodels")).toEqual({ taken: good, findings: [] });
  expect(told({ modelType: "Property", idShort: "p1", valueType: "xs:int", value: "x", qualifiers: [] }, "submodelElements")).toEqual([
    ["empty", "qualifiers"],
    ["lexical", "value"],
  ]);
  const inList = {
    modelType: "Property",
    valueType: "xs:int",
    qualifiers: [{ type: "q", valueType: "xs:int", kind: "TemplateQualifier" }],
  };
  expect(takeDocument(inList, "submodelElements")).toEqual({ taken: inList, findings: [] });
});

test("[A34] what is of another class, holds more, has no id of its own or is nothing is not taken", () => {
  const shell = { modelType: "AssetAdministrationShell", id: "urn:s", assetInformation: { assetKind: "Instance" } };
  const withSubmodel = {
    ...shell,
    submodels: [{ modelType: { name: "Submodel" }, identification: { id: "urn:m", idType: "IRI" }, idShort: "m1" }],
  };
  for (const [json, home] of [
    [shell, "submodels"],
    [withSubmodel, "assetAdministrationShells"],
    [{ modelType: "Submodel", idShort: "nameless" }, "submodels"],
    [{ modelType: "Submodel", identification: {} }, "submodels"],
    [null, "submodels"],
    [[shell], "assetAdministrationShells"],
    ["text", "submodelElements"],
    [{}, "conceptDescriptions"],
    [shell, "submodelElements"],
    [JSON.parse(`${'{"modelType":"SubmodelElementList","value":['.repeat(5000)}${"]}".repeat(5000)}`), "conceptDescriptions"],
  ] as const)
    expect(takeDocument(json, home).taken, JSON.stringify(json)?.slice(0, 80)).toBeUndefined();
});

test("[A34] an XML file of one instance that stands in no environment says why nothing comes of it", () => {
  const read = readFile(new TextEncoder().encode('<capability xmlns="https://admin-shell.io/aas/3/1"><idShort>c1</idShort></capability>'));
  expect([read.environment, read.findings.map(({ message }) => message)]).toEqual([
    {},
    ["This is a bare Capability: an environment has no place for it."],
  ]);
});
