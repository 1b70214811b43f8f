import {
  parseIdShortPath,
  semanticIds,
  type Key,
  type Property,
  type Reference,
  type Submodel,
  type SubmodelElement,
  type SubmodelElementList,
} from "@doppelwerk/aas";
import type { ElementPlace, Mapping } from "./mapping-configuration.ts";

const base = "https://admin-shell.io/idta/AssetInterfacesMappingConfiguration/2/0/MappingConfiguration";
const lists = "https://admin-shell.io/idta/AssetInterfacesMappingConfiguration/1/0/MappingConfigurations";

/**
 * Which element shows which property of an interface, as a Mapping Configuration (IDTA 02027-2-0): one configuration, a source and a sink of the same id
 * for each. Sinks are properties. `pollingS`: how often the source is asked, where it does not speak by itself. What `readMappingConfiguration` reads back.
 */
export function writeMappingConfiguration(id: string, mappings: readonly Omit<Mapping, "pollingS">[], pollingS?: number): Submodel {
  const parts = (name: "Source" | "Sink"): SubmodelElementList =>
    listOf(
      `${name}s`,
      `${base}/${name}s`,
      mappings.map(({ source, sink }, at) => [
        {
          modelType: "ReferenceElement",
          idShort: name,
          semanticId: external(`${base}/${name}/${name}`),
          value: name === "Source" ? referenceTo(source, "SubmodelElementCollection") : referenceTo(sink, "Property"),
        },
        text(`${name}Id`, String(at + 1), `${base}/${name}/${name}Id`),
      ]),
      `${base}/${name}`,
    );
  return {
    modelType: "Submodel",
    id,
    idShort: "AssetInterfacesMappingConfiguration",
    semanticId: external(semanticIds.assetInterfacesMapping20),
    submodelElements: [
      listOf(
        "MappingConfigurations",
        lists,
        [
          [
            ...(pollingS === undefined
              ? []
              : [
                  {
                    ...text("DefaultPollingInterval", String(pollingS), `${base}/DefaultPollingInterval`),
                    valueType: "xs:double" as const,
                  },
                ]),
            parts("Source"),
            parts("Sink"),
          ],
        ],
        base,
      ),
    ],
  };
}

function referenceTo({ submodel, path }: ElementPlace, last: Key["type"]): Reference {
  const segments = parseIdShortPath(path);
  const names = "severity" in segments ? [path] : segments;
  return {
    type: "ModelReference",
    keys: [
      { type: "Submodel", value: submodel },
      ...names.map((segment, at): Key => ({ type: at === names.length - 1 ? last : "SubmodelElementCollection", value: String(segment) })),
    ],
  };
}

function listOf(
  idShort: string,
  semantic: string,
  items: readonly (readonly SubmodelElement[])[],
  semanticOfItem: string,
): SubmodelElementList {
  return {
    modelType: "SubmodelElementList",
    idShort,
    semanticId: external(semantic),
    orderRelevant: true,
    semanticIdListElement: external(semanticOfItem),
    typeValueListElement: "SubmodelElementCollection",
    value: items.map((value) => ({ modelType: "SubmodelElementCollection" as const, semanticId: external(semanticOfItem), value })),
  };
}

function external(value: string): Reference {
  return { type: "ExternalReference", keys: [{ type: "GlobalReference", value }] };
}

function text(idShort: string, value: string, semantic: string): Property {
  return { modelType: "Property", idShort, semanticId: external(semantic), valueType: "xs:string", value };
}
