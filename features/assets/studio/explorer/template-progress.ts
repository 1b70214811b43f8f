import { isLexical } from "@doppelwerk/aas";
import type { SubmodelElement } from "@doppelwerk/aas";
import type { FormField } from "@doppelwerk/aas/template";

/** Whether a value that can be given here is not there. */
export function isEmpty(element: SubmodelElement): boolean {
  if (element.modelType === "Property") return (element.value ?? "") === "";
  if (element.modelType === "MultiLanguageProperty") return (element.value ?? []).every(({ text }) => text === "");
  if (element.modelType === "Range") return element.min === undefined && element.max === undefined;
  if (element.modelType === "ReferenceElement" || element.modelType === "File") return element.value === undefined;
  return false;
}

/** Of every element that the fields show. */
export function pathsIn(fields: readonly FormField[]): readonly string[] {
  return fields.flatMap(({ items }) => items.flatMap((item) => [item.path, ...pathsIn(item.fields)]));
}

/** Required values that are still to be given. */
export function emptyRequired(fields: readonly FormField[]): number {
  return fields.reduce(
    (sum, { rules, items }) =>
      sum + items.reduce((below, item) => below + (rules.least > 0 && isEmpty(item.element) ? 1 : 0) + emptyRequired(item.fields), 0),
    0,
  );
}

/** Values that are not of their type, as is shown beside each; the server would refuse the whole submodel for them. */
export function malformedIn(fields: readonly FormField[]): number {
  return fields.reduce(
    (sum, { items }) => sum + items.reduce((below, item) => below + (isMalformed(item.element) ? 1 : 0) + malformedIn(item.fields), 0),
    0,
  );
}

function isMalformed(element: SubmodelElement): boolean {
  const isWrong = (text: string | undefined): boolean =>
    text !== undefined && text !== "" && "valueType" in element && !isLexical(text, element.valueType);
  if (element.modelType === "Property") return isWrong(element.value);
  return element.modelType === "Range" && (isWrong(element.min) || isWrong(element.max));
}
