import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import type { UnitId } from "../signals/unit.ts";
import { instanceUri, unitOf } from "../signals/unit.ts";
import { nameplateTemplateId, nameplateVersion } from "./nameplate-template.ts";
import { collection, externalReference, languages, multiLanguage, property, text } from "./element.ts";

export const nameplateSemantics = "https://admin-shell.io/idta/nameplate/3/0/Nameplate";

/** Who made it, as IDTA 02006-3-0 wants it. */
export interface NameplateData {
  readonly manufacturer: string;
  readonly designation: { readonly en: string; readonly zh: string };
  readonly orderCode: string;
  readonly serialNumber: string;
  /** URI of this very machine, as its controller tells it too. */
  readonly instance: string;
  readonly year: number;
  readonly software?: string;
}

export function nameplateOfUnit(unitId: UnitId): NameplateData {
  const unit = unitOf(unitId);
  return { ...unit, instance: instanceUri(unit.serialNumber), year: unit.yearOfConstruction };
}

export function nameplate(id: string, data: NameplateData): Submodel {
  const elements: SubmodelElement[] = [
    property("URIOfTheProduct", "xs:anyURI", data.instance, "0112/2///61987#ABN590#002"),
    multiLanguage("ManufacturerName", languages(data.manufacturer, data.manufacturer), "0112/2///61987#ABA565#009"),
    multiLanguage("ManufacturerProductDesignation", languages(data.designation.en, data.designation.zh), "0112/2///61987#ABA567#009"),
    collection(
      "AddressInformation",
      [
        multiLanguage("Street", languages("Werkstraße 1", "工厂街 1 号"), "0112/2///61987#ABH956#003"),
        multiLanguage("CityTown", languages("Musterstadt", "示例市"), "0112/2///61987#ABH960#003"),
        text("NationalCode", "DE", "0112/2///61360_7#AAS075#001"),
      ],
      "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/AddressInformation",
    ),
    text("OrderCodeOfManufacturer", data.orderCode, "0112/2///61987#ABA950#008"),
    text("SerialNumber", data.serialNumber, "0112/2///61987#ABA951#009"),
    text("YearOfConstruction", String(data.year), "0112/2///61987#ABP000#002"),
    ...(data.software ? [text("SoftwareVersion", data.software, "0112/2///61987#ABA601#008")] : []),
    text("CountryOfOrigin", "DE", "0112/2///61987#ABP462#001"),
  ];
  return {
    modelType: "Submodel",
    idShort: "Nameplate",
    id,
    administration: { ...nameplateVersion, templateId: nameplateTemplateId },
    semanticId: externalReference(nameplateSemantics),
    submodelElements: elements,
  };
}
