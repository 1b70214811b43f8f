import { expect, test } from "vitest";
import type { Environment } from "../metamodel.ts";
import { downgrade } from "./downgrade.ts";

const submodel = (submodelElements: object[]): Environment => ({
  submodels: [{ modelType: "Submodel", id: "urn:sm", submodelElements } as never],
});
const model = (value: string) => ({
  type: "ModelReference",
  keys: [
    { type: "Submodel", value: "urn:sm" },
    { type: "Property", value },
  ],
});

test("[A29] what 3.0 cannot say is changed or left out, and each change is told", () => {
  const given = submodel([
    { modelType: "Property", idShort: "max-speed", valueType: "xs:int" },
    { modelType: "ReferenceElement", idShort: "where", value: model("max-speed") },
    { modelType: "File", idShort: "manual", value: "/m.pdf" },
    { modelType: "RelationshipElement", idShort: "half", first: model("max-speed") },
    { modelType: "Entity", idShort: "gear", globalAssetId: "urn:gear" },
    {
      modelType: "SubmodelElementList",
      idShort: "list",
      typeValueListElement: "Capability",
      value: [{ modelType: "Capability", idShort: "named" }],
    },
  ]);
  const { environment, findings } = downgrade({
    ...given,
    assetAdministrationShells: [
      {
        modelType: "AssetAdministrationShell",
        id: "urn:aas",
        administration: { version: "1", createdAt: "2026-01-01T00:00:00Z" },
        assetInformation: { assetKind: "Role", globalAssetId: "urn:a" },
      },
    ],
  });
  expect(environment.submodels![0]!.submodelElements).toEqual([
    { modelType: "Property", idShort: "max_speed", valueType: "xs:int" },
    { modelType: "ReferenceElement", idShort: "where", value: model("max_speed") },
    { modelType: "File", idShort: "manual", value: "/m.pdf", contentType: "application/octet-stream" },
    { modelType: "Entity", idShort: "gear", globalAssetId: "urn:gear", entityType: "SelfManagedEntity" },
    { modelType: "SubmodelElementList", idShort: "list", typeValueListElement: "Capability", value: [{ modelType: "Capability" }] },
  ]);
  expect(environment.assetAdministrationShells![0]).toMatchObject({
    administration: { version: "1" },
    assetInformation: { assetKind: "NotApplicable" },
  });
  expect(findings.map(({ path }) => path).sort()).toEqual(
    [
      "assetAdministrationShells[0].administration",
      "assetAdministrationShells[0].assetInformation",
      "submodels[0].submodelElements[0]",
      "submodels[0].submodelElements[1].value.keys[1]",
      "submodels[0].submodelElements[2]",
      "submodels[0].submodelElements[3]",
      "submodels[0].submodelElements[3].first.keys[1]",
      "submodels[0].submodelElements[4]",
      "submodels[0].submodelElements[5].value[0]",
    ].sort(),
  );
});

test("[A29] what both releases can say stays the same object", () => {
  const given = submodel([{ modelType: "Property", idShort: "speed", valueType: "xs:int" }]);
  expect(downgrade(given)).toEqual({ environment: given, findings: [] });
  expect(downgrade(given).environment.submodels![0]).toBe(given.submodels![0]);
});
