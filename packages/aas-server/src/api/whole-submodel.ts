import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { elementOfFields, elementsOf, type Json, type RecordId, type RecordReader, type SubmodelRecord } from "@doppelwerk/world";
import { shownElement, type ShownBy } from "./shown-element.ts";

/** A submodel with all its elements, as `by` shows them; without `sample` as it is stored. */
export function wholeSubmodel(reader: RecordReader, record: SubmodelRecord, by: Omit<ShownBy, "childrenOf">): Submodel {
  const tree = elementsOf(reader, record.id);
  const childrenOf = (parent: RecordId) => tree.get(parent) ?? [];
  const children = childrenOf(record.id).map((child) => shownElement(child, { ...by, childrenOf }) as unknown as Json);
  return { ...headOf(record), ...(children.length > 0 && { submodelElements: children as unknown as readonly SubmodelElement[] }) };
}

/** A submodel without its elements. */
export function headOf({ aasId, idShort, body }: SubmodelRecord): Submodel {
  return elementOfFields(
    { modelType: "Submodel", idShort: idShort === "" ? undefined : idShort, value: undefined, body: { id: aasId, ...body } },
    [],
  ) as unknown as Submodel;
}
