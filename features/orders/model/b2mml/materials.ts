import type { Instant } from "@doppelwerk/kit";
import { LotFields, MaterialFields } from "../resource-kinds.ts";
import { readTime } from "../read-time.ts";
import { isoTime, quantityOf, scopeOf, type ScheduleFacts } from "./schedule.ts";
import { all, textAt, type Content, type Tree } from "./tree.ts";

/** Material definitions and lots as a MaterialInformation. What a product is made of stands in its assembly. */
export function materialInformationOf(
  { id, publishedAt }: ScheduleFacts,
  materials: readonly MaterialFields[],
  lots: readonly LotFields[],
): Tree {
  return {
    ID: id,
    PublishedDate: isoTime(publishedAt),
    MaterialDefinition: materials.map(definitionOf),
    MaterialLot: lots.map(lotOf),
  };
}

function definitionOf({ material, title, use, unit, line, bill, minimum, station }: MaterialFields): Tree {
  return {
    ID: material,
    Description: title,
    ...(line !== undefined && { HierarchyScope: scopeOf(line) }),
    MaterialDefinitionProperty: [
      property("BaseUnitOfMeasure", unit),
      ...(minimum === undefined ? [] : [property("MinimumStock", String(minimum), unit)]),
      ...(station === undefined ? [] : [property("UsedAt", station)]),
    ],
    MaterialClassID: [use === "product" ? "Product" : "Material"],
    ...(bill.length > 0 && {
      AssemblyDefinition: bill.map(({ material: part, perPiece, unit: of = "PCE", station: at }) => ({
        ID: part,
        MaterialDefinitionProperty: [
          property("QuantityPerPiece", String(perPiece), of),
          ...(at === undefined ? [] : [property("UsedAt", at)]),
        ],
      })),
      AssemblyType: "Logical",
      AssemblyRelationship: "Permanent",
    }),
  };
}

const property = (id: string, value: string, unit?: string): Tree => ({
  ID: id,
  Value: { ValueString: value, ...(unit !== undefined && { UnitOfMeasure: unit }) },
});

function lotOf({ lot, material, quantity, unit, location, at }: LotFields): Tree {
  return {
    ID: lot,
    PublishedDate: isoTime(at),
    MaterialDefinitionID: material,
    ...(location !== undefined && { StorageLocation: { Location: location, LocationType: "Operational Location" } }),
    Quantity: quantityOf(quantity, unit),
  };
}

export interface ReadMaterials {
  readonly materials: readonly MaterialFields[];
  readonly lots: readonly LotFields[];
  /** Ids of what could not be read. */
  readonly refused: readonly string[];
}

/** Definitions and lots of a MaterialInformation, or of messages about one of them. */
export function materialsOf(definitions: readonly Content[], lots: readonly Content[], now: Instant): ReadMaterials {
  const refused: string[] = [];
  const read = <T>(id: string | undefined, result: { readonly success: boolean; readonly data?: T }): T[] => {
    if (result.success) return [result.data!];
    refused.push(id ?? "?");
    return [];
  };
  return {
    materials: definitions.flatMap((each) => read(textAt(each, "ID"), MaterialFields.safeParse(candidateOf(each)))),
    lots: lots.flatMap((each) => read(textAt(each, "ID"), LotFields.safeParse(lotCandidate(each, now)))),
    refused,
  };
}

function candidateOf(definition: Content): object {
  const valueOf = (of: Content, id: string): string | undefined =>
    textAt(
      all(of, "MaterialDefinitionProperty").find((each) => textAt(each, "ID") === id),
      "Value",
      "ValueString",
    );
  const minimum = valueOf(definition, "MinimumStock");
  return {
    material: textAt(definition, "ID"),
    title: textAt(definition, "Description") ?? textAt(definition, "ID"),
    use: textAt(definition, "MaterialClassID")?.toLowerCase() === "product" ? "product" : "material",
    unit: valueOf(definition, "BaseUnitOfMeasure"),
    line: textAt(definition, "HierarchyScope", "EquipmentID"),
    ...(minimum !== undefined && { minimum: Number(minimum) }),
    station: valueOf(definition, "UsedAt"),
    bill: all(definition, "AssemblyDefinition").map((part) => ({
      material: textAt(part, "ID"),
      perPiece: Number(valueOf(part, "QuantityPerPiece") ?? 1),
      station: valueOf(part, "UsedAt"),
    })),
  };
}

function lotCandidate(lot: Content, now: Instant): object {
  return {
    lot: textAt(lot, "ID"),
    material: textAt(lot, "MaterialDefinitionID"),
    quantity: Number(textAt(lot, "Quantity", "QuantityString")),
    unit: textAt(lot, "Quantity", "UnitOfMeasure"),
    location: textAt(lot, "StorageLocation", "Location") ?? textAt(lot, "StorageLocation"),
    at: readTime(textAt(lot, "PublishedDate")) ?? now,
  };
}
