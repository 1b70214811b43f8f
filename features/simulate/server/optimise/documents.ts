import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { message } from "@doppelwerk/messages";
import { importChanges, recordOfAasId, DoppelwerkError } from "@doppelwerk/world";
import type { BranchId, Json, ShellRecord, WorldView } from "@doppelwerk/world";

/**
 * Puts a submodel onto a shell of a branch, new or in place of the one of the same id, as one transaction. What people have edited in it since it was last put
 * there is kept, and refused by name rather than written over.
 */
export async function putSubmodel(
  view: WorldView,
  branch: BranchId,
  shellAasId: string,
  submodel: Submodel,
  reason: string,
): Promise<void> {
  const reader = view.reader(branch);
  const shell = recordOfAasId(reader, "shell", shellAasId) as ShellRecord | undefined;
  if (!shell) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.branchNoShell", { shellAasId }));
  const { changes, conflicts } = importChanges(reader, { submodels: [submodel] }, `optimise ${submodel.id}`);
  if (conflicts.length > 0)
    throw new DoppelwerkError(
      "DW_CONFLICT",
      message("simulate.valuesEditedPeople", { count: conflicts.length, idShort: submodel.idShort ?? submodel.id }),
    );
  const referred = shell.submodels.includes(submodel.id)
    ? []
    : [
        {
          op: "update" as const,
          id: shell.id,
          fields: { submodels: { from: shell.submodels as unknown as Json, to: [...shell.submodels, submodel.id] as unknown as Json } },
        },
      ];
  const all = [...changes, ...referred];
  if (all.length > 0) await view.apply({ branch, reason, changes: all as never });
}

export function property(idShort: string, value: string | number, valueType?: string): SubmodelElement {
  return {
    modelType: "Property",
    idShort,
    valueType: valueType ?? (typeof value === "number" ? "xs:double" : "xs:string"),
    value: String(value),
  } as SubmodelElement;
}

/** Without an idShort: an item of a list. */
export function collection(elements: readonly SubmodelElement[], idShort?: string): SubmodelElement {
  return { modelType: "SubmodelElementCollection", ...(idShort === undefined ? {} : { idShort }), value: elements } as SubmodelElement;
}

export function list(idShort: string, items: readonly SubmodelElement[]): SubmodelElement {
  return {
    modelType: "SubmodelElementList",
    idShort,
    typeValueListElement: "SubmodelElementCollection",
    ...(items.length === 0 ? {} : { value: items }),
  } as SubmodelElement;
}

export function submodelOf(id: string, idShort: string, semantic: string, elements: readonly SubmodelElement[]): Submodel {
  return {
    modelType: "Submodel",
    id,
    idShort,
    semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: semantic }] },
    submodelElements: elements,
  } as Submodel;
}
