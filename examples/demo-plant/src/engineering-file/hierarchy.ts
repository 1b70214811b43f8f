import type { Entity, Submodel } from "@doppelwerk/aas";
import { externalReference, text } from "./element.ts";

const base = "https://admin-shell.io/idta/HierarchicalStructures";

/** Levels of the equipment hierarchy of ISA-95 as B2MML names them. */
export type EquipmentLevel = "Enterprise" | "Site" | "Area" | "ProductionLine" | "UtilityNetwork" | "StorageZone";

/** IDTA 02011-1-1, archetype OneDown: an asset, what stands in it and, where it is given, its level. */
export function hierarchy(
  id: string,
  owner: { readonly asset: string },
  children: readonly { readonly idShort: string; readonly asset: string }[],
  level?: EquipmentLevel,
): Submodel {
  const entry: Entity = {
    modelType: "Entity",
    idShort: "EntryNode",
    semanticId: externalReference(`${base}/EntryNode/1/0`),
    entityType: "SelfManagedEntity",
    globalAssetId: owner.asset,
    statements: children.map((child) => ({
      modelType: "Entity",
      idShort: child.idShort,
      semanticId: externalReference(`${base}/Node/1/0`),
      entityType: "SelfManagedEntity",
      globalAssetId: child.asset,
    })),
  };
  return {
    modelType: "Submodel",
    idShort: "HierarchicalStructures",
    id,
    semanticId: externalReference(`${base}/1/1/Submodel`),
    submodelElements: [
      text("ArcheType", "OneDown", `${base}/ArcheType/1/0`),
      ...(level === undefined ? [] : [text("EquipmentLevel", level)]),
      entry,
    ],
  };
}
