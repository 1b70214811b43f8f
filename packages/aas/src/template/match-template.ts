import { childrenOf } from "../id-short-path.ts";
import type { Reference, Submodel, SubmodelElement } from "../metamodel.ts";

/** Names of templates may end in a place for a number: `Phone{00}`, `Phone__00__`, `Document01`. */
export function nameWithoutCounter(idShort: string): string {
  const bare = idShort.replace(/(\{[0:]*\}|_*0{2,}_*|_*\d{2}_*)$/, "");
  return bare === "" ? idShort : bare;
}

/** Whether a name of an instance is one that the name of a template stands for. */
function isNamed(idShort: string | undefined, template: string | undefined): boolean {
  if (idShort === undefined || template === undefined) return false;
  if (idShort === template) return true;
  const base = nameWithoutCounter(template);
  return idShort.startsWith(base) && /^_*\d*_*$/.test(idShort.slice(base.length));
}

/** The meaning of a reference: its last key, however it is called and written around. */
export function meaningKey(reference: Reference | undefined): string | undefined {
  const value = reference?.keys.at(-1)?.value.trim().replace(/\/$/, "").toLowerCase();
  return value === "" ? undefined : value;
}

/** An element of a template with the elements of an instance that stand for it. */
export interface Matched {
  readonly template: SubmodelElement;
  readonly found: readonly { readonly element: SubmodelElement; readonly index: number }[];
}

/**
 * Which elements of an instance stand for which of the template: by name, else by semantic id of the same class, else by semantic id.
 * Items of a list stand for the first item of the template that means the same, else for the first of their class that nothing stands for yet.
 */
export function matchTemplate(
  instance: Submodel | SubmodelElement,
  template: Submodel | SubmodelElement,
): { readonly matched: readonly Matched[]; readonly unknown: readonly { readonly element: SubmodelElement; readonly index: number }[] } {
  const wanted = childrenOf(template);
  const found = wanted.map((): { element: SubmodelElement; index: number }[] => []);
  const unknown: { element: SubmodelElement; index: number }[] = [];
  const isList = template.modelType === "SubmodelElementList";
  const byMeaning = new Map<string, number[]>();
  wanted.forEach(({ semanticId }, index) => {
    const meaning = meaningKey(semanticId);
    if (meaning !== undefined) byMeaning.set(meaning, [...(byMeaning.get(meaning) ?? []), index]);
  });
  // Some templates name one thing twice: then the second of an instance stands for the second of the template.
  const pick = (fitting: readonly number[]): number => fitting.find((each) => found[each]!.length === 0) ?? fitting[0] ?? -1;
  childrenOf(instance).forEach((element, index) => {
    const meaning = meaningKey(element.semanticId);
    const same = meaning === undefined ? [] : (byMeaning.get(meaning) ?? []);
    let at = isList ? -1 : wanted.findIndex(({ idShort }) => idShort !== undefined && idShort === element.idShort);
    if (at < 0) at = pick(same.filter((each) => isNamed(element.idShort, wanted[each]!.idShort)));
    const alike = same.filter((each) => wanted[each]!.modelType === element.modelType);
    if (at < 0) at = isList ? pick(alike) : (alike[0] ?? -1);
    if (at < 0) at = same[0] ?? -1;
    if (at < 0 && !isList) at = wanted.findIndex(({ idShort }) => isNamed(element.idShort, idShort));
    if (at < 0 && isList) at = pick([...wanted.keys()].filter((each) => wanted[each]!.modelType === element.modelType));
    if (at < 0) unknown.push({ element, index });
    else found[at]!.push({ element, index });
  });
  return { matched: wanted.map((each, index) => ({ template: each, found: found[index]! })), unknown };
}
