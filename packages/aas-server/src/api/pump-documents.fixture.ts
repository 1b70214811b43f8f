import { encodeId, type Environment, type Property, type Shell, type Submodel } from "@doppelwerk/aas";
import { expect } from "vitest";

export const SM = "https://example.org/sm/ü#1";

export const semanticId = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:semantic" }] } as const;

export const property = (idShort: string | undefined, value: string, valueType: Property["valueType"] = "xs:int"): Property => ({
  modelType: "Property",
  ...(idShort && { idShort }),
  valueType,
  value,
});

export const submodel: Submodel = {
  modelType: "Submodel",
  id: SM,
  idShort: "Technical",
  kind: "Instance",
  submodelElements: [
    property("speed", "5000"),
    property("big", "9223372036854775807", "xs:long"),
    property("measured", "1.5", "xs:double"),
    { modelType: "Blob", idShort: "code", contentType: "application/octet-stream", value: "AAAA" },
    { modelType: "Capability", idShort: "can" },
    { modelType: "Operation", idShort: "start" },
    {
      modelType: "SubmodelElementCollection",
      idShort: "deep",
      value: [
        {
          modelType: "SubmodelElementList",
          idShort: "list",
          typeValueListElement: "SubmodelElementCollection",
          value: [
            { modelType: "SubmodelElementCollection", value: [property("xx", "1"), property("yy", "2")] },
            { modelType: "SubmodelElementCollection", value: [property("xx", "3"), property("yy", "4")] },
          ],
        },
        { modelType: "MultiLanguageProperty", idShort: "label", value: [{ language: "en", text: "pump" }] },
      ],
    },
  ],
};

export const other: Submodel = {
  modelType: "Submodel",
  id: "urn:sm:other",
  idShort: "Other",
  semanticId,
  submodelElements: [property("a1", "1")],
};

const supplemental: Submodel = {
  modelType: "Submodel",
  id: "urn:sm:supplemental",
  semanticId: { ...semanticId, keys: [{ type: "GlobalReference", value: "urn:main" }] },
  supplementalSemanticIds: [semanticId],
};

export const reference = (id: string) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: id }] }) as const;

export const shell = (id: string, more: Partial<Shell> = {}): Shell => ({
  modelType: "AssetAdministrationShell",
  id,
  assetInformation: { assetKind: "Instance", globalAssetId: `${id}:asset`, specificAssetIds: [{ name: "serial", value: id.slice(-1) }] },
  ...more,
});

export const environment: Environment = {
  assetAdministrationShells: [
    shell("urn:aas:1", { idShort: "Pump", submodels: [reference(SM)] }),
    shell("urn:aas:2", { idShort: "Valve" }),
    shell("urn:aas:3"),
  ],
  submodels: [submodel, other, supplemental],
  conceptDescriptions: [{ modelType: "ConceptDescription", id: "urn:cd:1", idShort: "Speed", isCaseOf: [semanticId] }],
};

export const sm = `/submodels/${encodeId(SM)}`;

export const elements = `${sm}/submodel-elements`;

export const isResult = (given: unknown, status: number) => {
  const json = given as { messages: readonly unknown[] };
  expect(Object.keys(json)).toEqual(["messages"]);
  expect(json.messages).toHaveLength(1);
  expect(json.messages[0]).toMatchObject({
    code: String(status),
    messageType: "Error",
    text: expect.stringMatching(/\S/),
    timestamp: expect.stringMatching(/Z$/),
  });
};
