import { CLASSES_BY_XML_NAME } from "../class-table.ts";
import { DEEPEST } from "../validation/read-instance.ts";
import type { XmlElement } from "./xml-node.ts";
import { keyTypeOf } from "../upgrade/upgrade-reference.ts";

/** Containers whose children are the items of a list. What else repeats becomes a list because it repeats. */
const LISTS = new Set(
  (
    "assetAdministrationShells assets submodels conceptDescriptions submodelRefs submodelElements statements annotations qualifiers extensions " +
    "specificAssetIds identifierKeyValuePairs supplementalSemanticIds embeddedDataSpecifications views containedElements conceptDictionaries conceptDescriptionRefs " +
    "valueReferencePairs inputVariables outputVariables inoutputVariables refersTo billOfMaterial keys"
  ).split(" "),
);

/** Names around an element that say nothing about its class. */
const WRAPPERS = new Set(["submodelElement", "dataElement"]);

/**
 * An environment in XML of releases 1 and 2 and of the drafts of 3 as JSON of the same release: attributes of an element become attributes of the object,
 * lists become lists, elements get their modelType. Knows no release: upgradeEnvironment does the rest. Prefixes and namespaces do not matter.
 */
export function legacyEnvironmentOf(root: XmlElement): Readonly<Record<string, unknown>> {
  return objectOf(root, 0);
}

function legacyOf(element: XmlElement, depth: number): unknown {
  if (depth > DEEPEST * 3) return undefined;
  const { name, children, text } = element;
  const own = ownOf(element);
  if (name === "langString" || name.startsWith("langString")) return langString(element, own);
  if (children.length > 0 && children.every((child) => child.name.startsWith("langString")))
    return children.map((child) => legacyOf(child, depth + 1));
  if (name === "keys") return children.map((child) => keyOf(child, ownOf(child)));
  if (name === "identification" || (own.length > 0 && children.length === 0)) return { id: text.trim(), ...Object.fromEntries(own) };
  if (LISTS.has(name) || (name === "value" && children.length > 0 && children.every(isElement)))
    return children.map((child) => itemOf(child, depth + 1));
  if (children.length === 0) return (name === "value" || name === "min" || name === "max") && !isLaidOut(text) ? text : text.trim();
  return objectOf(element, depth);
}

function itemOf(element: XmlElement, depth: number): unknown {
  if (WRAPPERS.has(element.name) && element.children.length === 1) return itemOf(element.children[0]!, depth);
  const value = legacyOf(element, depth);
  const className = classOf(element.name);
  return className === undefined
    ? value
    : { modelType: className, ...(typeof value === "object" && value !== null && !Array.isArray(value) ? value : {}) };
}

function objectOf(element: XmlElement, depth: number): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const child of element.children) {
    const name = child.name === "__proto__" ? "proto" : child.name;
    const value = WRAPPERS.has(name) ? itemOf(child, depth + 1) : legacyOf(child, depth + 1);
    const before = Object.hasOwn(object, name) ? object[name] : undefined;
    if (before === undefined) object[name] = value;
    else if (Array.isArray(before)) object[name] = [...before, ...(Array.isArray(value) ? value : [value])];
    else object[name] = [before, value];
  }
  return object;
}

function isElement(child: XmlElement): boolean {
  return WRAPPERS.has(child.name) || classOf(child.name) !== undefined;
}

/** Element classes only: a reference, a key or a language string gets no modelType. */
function classOf(xmlName: string): string | undefined {
  const row = CLASSES_BY_XML_NAME.get(xmlName);
  if (row?.hasModelType === true) return row.name;
  const name = row === undefined ? keyTypeOf(xmlName) : undefined;
  return name !== undefined && /Element|Collection/.test(name) && xmlName !== "submodelElement" && xmlName !== "dataElement"
    ? name
    : undefined;
}

function ownOf({ attributes }: XmlElement): [string, string][] {
  return Object.entries(attributes)
    .map(([key, value]): [string, string] => [key === "xml:lang" ? "lang" : key, value])
    .filter(([key]) => key !== "xmlns" && !key.includes(":"));
}

/** A text alone on its lines: the white space is that of the layout. */
function isLaidOut(text: string): boolean {
  return /^[ \t\r]*\n/.test(text) && /\n[ \t\r]*$/.test(text);
}

function langString(element: XmlElement, own: readonly (readonly [string, string])[]): unknown {
  const child = (name: string) => element.children.find((each) => each.name === name)?.text;
  const language = own.find(([key]) => key === "lang" || key === "language")?.[1] ?? child("language") ?? "";
  return { language: language.trim(), text: child("text") ?? element.text.trim() };
}

function keyOf(element: XmlElement, own: readonly (readonly [string, string])[]): unknown {
  const inside = Object.fromEntries(element.children.map((child) => [child.name, child.text.trim()]));
  return { ...Object.fromEntries(own), ...inside, ...(element.children.length === 0 ? { value: element.text.trim() } : {}) };
}
