import type { ConceptDescription, Reference } from "@doppelwerk/aas";
import { expect, test } from "vitest";
import { ReferredConcepts } from "./referenced-concepts.ts";

const refer = (value: string): Reference => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] });

test("[API6] the concepts that documents refer to come along, those of their value lists too, others and unknown ones not", () => {
  const colour = {
    modelType: "ConceptDescription",
    id: "urn:colour",
    embeddedDataSpecifications: [
      {
        dataSpecification: refer("urn:iec61360"),
        dataSpecificationContent: {
          modelType: "DataSpecificationIec61360",
          preferredName: [{ language: "en", text: "colour" }],
          valueList: { valueReferencePairs: [{ value: "red", valueId: refer("urn:red") }] },
        },
      },
    ],
  } as const;
  const red: ConceptDescription = { modelType: "ConceptDescription", id: "urn:red", isCaseOf: [refer("urn:colour")] };
  const known = new Map<string, ConceptDescription>([colour, red, { ...red, id: "urn:other" }].map((each) => [each.id, each]));
  const source = { conceptDescription: (id: string) => known.get(id) };
  const property = { modelType: "Property", valueType: "xs:string", semanticId: refer("urn:colour"), valueId: refer("urn:unknown") };
  const referred = new ReferredConcepts(source);
  expect([...referred.concepts()]).toEqual([]);
  referred.note({ submodelElements: [] });
  referred.note({ submodelElements: [property, property] });
  expect([...referred.concepts()]).toEqual([colour, red]);
});
