import type { Submodel } from "@doppelwerk/aas";
import { externalReference, list, property, reference, shellReference } from "./element.ts";

/** Since when a machine stands in its place: it was put in on the first day of the second half of the year it was built in. */
export function installedIn(year: number): string {
  return `${year}-07-01T12:00:00.000Z`;
}

/** `Installation` of docs/guide/engineering-file.md: which machine stands in a place (P12), by the id of its shell. */
export function installation(place: string, machine: string, since: string): Submodel {
  return {
    modelType: "Submodel",
    idShort: "Installation",
    id: `${place}/installation`,
    semanticId: externalReference("urn:doppelwerk:submodel:installation:1:0"),
    submodelElements: [list("Periods", [[reference("Asset", shellReference(machine)), property("From", "xs:dateTime", since)]])],
  };
}
