import type { Submodel } from "@doppelwerk/aas";
import { collection, decimal, externalReference, languages, list, multiLanguage, text } from "./element.ts";

/** A property with a number: idShort, value, UCUM unit, and its name in both languages. */
export type TechnicalProperty = readonly [idShort: string, value: number, unit: string, en: string, zh: string];

/** IDTA 02003-2-0 with the semantic ids of its template; own properties are marked as arbitrary. */
export function technicalData(
  id: string,
  general: {
    readonly manufacturer: string;
    readonly designation: { readonly en: string; readonly zh: string };
    readonly orderCode: string;
  },
  properties: readonly TechnicalProperty[],
): Submodel {
  return {
    modelType: "Submodel",
    idShort: "TechnicalData",
    id,
    semanticId: externalReference("0173-1#01-AHX837#002"),
    submodelElements: [
      collection(
        "GeneralInformation",
        [
          text("ManufacturerName", general.manufacturer, "0173-1#02-AAO677#004"),
          multiLanguage(
            "ManufacturerProductDesignation",
            languages(general.designation.en, general.designation.zh),
            "0173-1#02-AAW338#003",
          ),
          text("ManufacturerOrderCode", general.orderCode, "0173-1#02-AAO227#004"),
        ],
        "0173-1#02-ABK161#002/0173-1#01-AHX838#002",
      ),
      {
        ...list("TechnicalPropertyAreas", [
          properties.map(([idShort, value, unit, en, zh]) => ({
            ...decimal(idShort, value, "https://admin-shell.io/SMT/General/Arbitrary"),
            displayName: languages(en, zh),
            qualifiers: [{ type: "Unit", kind: "ConceptQualifier" as const, valueType: "xs:string" as const, value: unit }],
          })),
        ]),
        semanticId: externalReference("0173-1#02-ABK163#002"),
      },
    ],
  };
}
