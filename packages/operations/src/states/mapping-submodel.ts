import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { external, list, property } from "../element.ts";
import type { MappingVersion, StateMapping } from "../definition/state-mapping.ts";

/** Semantic id of the submodel in which a station says how its raw words and bits are read (docs/guide/engineering-file.md). */
const STATE_MAPPING = "urn:doppelwerk:submodel:state-mapping:1:0";

/** A mapping as that submodel: the first version as it always was, later ones in a list with the instant from which each holds. */
export function stateMappingSubmodel(id: string, mapping: StateMapping): Submodel {
  const { later = [] } = mapping;
  return {
    modelType: "Submodel",
    id,
    idShort: "StateMapping",
    semanticId: external(STATE_MAPPING),
    submodelElements: [
      ...versionElements(mapping),
      ...(later.length === 0
        ? []
        : [
            list(
              "Versions",
              later.map((version) => [
                property("ValidFrom", "xs:dateTime", new Date(version.from / 1_000).toISOString()),
                ...versionElements(version),
              ]),
            ),
          ]),
    ],
  };
}

function versionElements({ version, words, blockedBit, starvedBit, neighbours }: MappingVersion): SubmodelElement[] {
  const entries = Object.entries(words);
  return [
    property("Version", "xs:int", String(version)),
    ...(entries.length === 0
      ? []
      : [
          list(
            "Words",
            entries.map(([word, { state, cause }]) => [
              property("Word", "xs:string", word),
              property("State", "xs:string", state),
              property("Cause", "xs:string", cause),
            ]),
          ),
        ]),
    property("BlockedBit", "xs:boolean", String(blockedBit)),
    property("StarvedBit", "xs:boolean", String(starvedBit)),
    property("Neighbours", "xs:boolean", String(neighbours)),
  ];
}
