import { childrenOf } from "@doppelwerk/aas";
import type { Reference, SubmodelElement } from "@doppelwerk/aas";
import type { Language } from "@doppelwerk/kit/studio";
import { textIn } from "./meaning.ts";

/** The value of an element on one line; containers say how many there are below them. */
export function valueLine(element: SubmodelElement, language: Language): string {
  switch (element.modelType) {
    case "Property":
      return element.value ?? "";
    case "MultiLanguageProperty":
      return textIn(element.value, language) ?? "";
    case "Range":
      return `${element.min ?? "…"} – ${element.max ?? "…"}`;
    case "File":
      return element.value ?? "";
    case "Blob":
      return element.contentType ?? "";
    case "ReferenceElement":
      return referenceText(element.value);
    case "RelationshipElement":
    case "AnnotatedRelationshipElement":
      return `${referenceText(element.first)} → ${referenceText(element.second)}`;
    case "Entity":
      return element.globalAssetId ?? element.entityType ?? "";
    case "Operation":
      return `${element.inputVariables?.length ?? 0} → ${element.outputVariables?.length ?? 0}`;
    case "Capability":
      return "";
    case "BasicEventElement":
      return `${element.direction} ${element.state}`;
    default:
      return `(${childrenOf(element).length})`;
  }
}

/** A reference as its last key says it, with the keys before it where there are some: `…/Motor1`. */
export function referenceText(reference: Reference | undefined): string {
  if (reference === undefined || reference.keys.length === 0) return "";
  return reference.keys.map(({ value }) => value).join(" / ");
}
