import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { collection, externalReference, multiLanguage, property } from "./element.ts";

/** Of the nameplates that conform to it. */
export const nameplateTemplateId = "urn:doppelwerk:demo-plant:template:Nameplate:3:0";
export const nameplateVersion = { version: "3", revision: "0" } as const;

type Cardinality = "One" | "ZeroToOne";

/**
 * What a nameplate has by IDTA 02006-3-0, without its explanations and examples. It was written for this plant after names, semantic ids and cardinalities of
 * the template of the Industrial Digital Twin Association, "Digital Nameplate for Industrial Equipment" (CC BY 4.0), which is what should be imported
 * where more of it is needed: markings and specific properties are not in this one.
 */
export function nameplateTemplate(semantics: string): Submodel {
  return {
    modelType: "Submodel",
    idShort: "Nameplate",
    id: nameplateTemplateId,
    kind: "Template",
    administration: nameplateVersion,
    semanticId: externalReference(semantics),
    submodelElements: [
      property("URIOfTheProduct", "xs:anyURI", "", "0112/2///61987#ABN590#002"),
      multiLanguage("ManufacturerName", [], "0112/2///61987#ABA565#009"),
      multiLanguage("ManufacturerProductDesignation", [], "0112/2///61987#ABA567#009"),
      collection("AddressInformation", [], "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/AddressInformation"),
      multiLanguage("ManufacturerProductRoot", [], "0112/2///61360_7#AAS011#001"),
      multiLanguage("ManufacturerProductFamily", [], "0112/2///61987#ABP464#002"),
      property("ManufacturerProductType", "xs:string", "", "0112/2///61987#ABA300#008"),
      property("OrderCodeOfManufacturer", "xs:string", "", "0112/2///61987#ABA950#008"),
      property("ProductArticleNumberOfManufacturer", "xs:string", "", "0112/2///61987#ABA581#007"),
      property("SerialNumber", "xs:string", "", "0112/2///61987#ABA951#009"),
      property("YearOfConstruction", "xs:string", "", "0112/2///61987#ABP000#002"),
      property("DateOfManufacture", "xs:date", "", "0112/2///61987#ABB757#007"),
      property("HardwareVersion", "xs:string", "", "0112/2///61987#ABA926#008"),
      property("FirmwareVersion", "xs:string", "", "0112/2///61987#ABA302#006"),
      property("SoftwareVersion", "xs:string", "", "0112/2///61987#ABA601#008"),
      property("CountryOfOrigin", "xs:string", "", "0112/2///61987#ABP462#001"),
      property("UniqueFacilityIdentifier", "xs:string", "", "https://admin-shell.io/idta/nameplate/3/0/UniqueFacilityIdentifier"),
    ].map(asked),
  };
}

const REQUIRED: ReadonlySet<string> = new Set([
  "URIOfTheProduct",
  "ManufacturerName",
  "ManufacturerProductDesignation",
  "AddressInformation",
  "OrderCodeOfManufacturer",
]);

/** Without a value, and with how many of it an instance has. */
function asked(written: ReturnType<typeof property> | ReturnType<typeof multiLanguage> | ReturnType<typeof collection>): SubmodelElement {
  const { value: _, ...element } = written;
  const cardinality: Cardinality = REQUIRED.has(element.idShort ?? "") ? "One" : "ZeroToOne";
  return {
    ...element,
    qualifiers: [
      {
        kind: "TemplateQualifier",
        type: "SMT/Cardinality",
        valueType: "xs:string",
        value: cardinality,
        semanticId: externalReference("https://admin-shell.io/SubmodelTemplates/Cardinality/1/0"),
      },
    ],
  } as SubmodelElement;
}
