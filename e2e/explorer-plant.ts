import type { Environment, Shell, Submodel } from "@doppelwerk/aas";

const reference = (type: "Submodel" | "GlobalReference", value: string) => ({
  type: type === "Submodel" ? ("ModelReference" as const) : ("ExternalReference" as const),
  keys: [{ type, value }],
});

/** Shells enough that no screen holds them, and one submodel with an element of every kind. */
export function manyShells(count: number): Environment {
  const shells = Array.from({ length: count }, (_, index): Shell => ({
    modelType: "AssetAdministrationShell",
    id: `https://example.com/aas/${index}`,
    idShort: `Pump${String(index).padStart(5, "0")}`,
    assetInformation: { assetKind: "Instance", globalAssetId: `https://example.com/asset/${index}` },
    ...(index === 7 && { submodels: [reference("Submodel", "urn:data"), reference("Submodel", "urn:elsewhere")] }),
  }));
  const data = {
    modelType: "Submodel",
    id: "urn:data",
    idShort: "Data",
    semanticId: reference("GlobalReference", "urn:meaning:data"),
    submodelElements: [
      {
        modelType: "Property",
        idShort: "Speed",
        valueType: "xs:int",
        value: "1450",
        semanticId: reference("GlobalReference", "urn:concept:speed"),
      },
      { modelType: "MultiLanguageProperty", idShort: "Title", value: [{ language: "en", text: "Pump" }] },
      { modelType: "Range", idShort: "Band", valueType: "xs:double", min: "1", max: "2" },
      { modelType: "File", idShort: "Picture", contentType: "image/png" },
      { modelType: "ReferenceElement", idShort: "Maker", value: reference("GlobalReference", "urn:maker") },
      { modelType: "Entity", idShort: "Motor", entityType: "CoManagedEntity" },
      {
        modelType: "RelationshipElement",
        idShort: "Drives",
        first: reference("GlobalReference", "urn:a"),
        second: reference("GlobalReference", "urn:b"),
      },
      {
        modelType: "Operation",
        idShort: "Start",
        inputVariables: [{ value: { modelType: "Property", idShort: "Ramp", valueType: "xs:int" } }],
      },
      {
        modelType: "SubmodelElementList",
        idShort: "Steps",
        typeValueListElement: "Property",
        valueTypeListElement: "xs:string",
        value: ["first", "second"].map((value) => ({ modelType: "Property", valueType: "xs:string", value })),
      },
    ],
  } as unknown as Submodel;
  const template = {
    modelType: "Submodel",
    id: "urn:template",
    idShort: "Care",
    kind: "Template",
    semanticId: reference("GlobalReference", "urn:meaning:care"),
    submodelElements: [
      {
        modelType: "Property",
        idShort: "Interval",
        valueType: "xs:int",
        qualifiers: ["SMT/Cardinality:One", "SMT/AllowedRange:[1,52]"].map((text) => ({
          type: text.split(":")[0],
          kind: "TemplateQualifier",
          valueType: "xs:string",
          value: text.split(":")[1],
        })),
      },
    ],
  } as unknown as Submodel;
  return {
    assetAdministrationShells: shells,
    submodels: [data, template],
    conceptDescriptions: [
      {
        modelType: "ConceptDescription",
        id: "urn:concept:speed",
        idShort: "Speed",
        embeddedDataSpecifications: [
          {
            dataSpecification: reference(
              "GlobalReference",
              "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3",
            ),
            dataSpecificationContent: {
              modelType: "DataSpecificationIec61360",
              preferredName: [
                { language: "en", text: "Rotational speed" },
                { language: "zh", text: "转速" },
              ],
              unit: "1/min",
            },
          },
        ],
      },
    ],
  };
}
