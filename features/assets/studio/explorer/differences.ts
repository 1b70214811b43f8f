import { childrenOf } from "@doppelwerk/aas";
import type { LangString, Reference, Shell, SubmodelElement } from "@doppelwerk/aas";
import type { RecordedContent } from "./recorded.ts";
import { submodelIdsOf } from "./shell-tree.ts";
import { referenceText } from "./value-text.ts";

/** One place where two versions of a document differ. */
export interface Difference {
  /** idShortPath with the attribute after `#`: `Motor.Speed#value`; only `#attribute` for the document itself. */
  readonly place: string;
  readonly kind: "added" | "removed" | "changed";
  /** Class of an element that was added or removed whole. */
  readonly modelType?: SubmodelElement["modelType"] | Node["modelType"];
  readonly before: string;
  readonly after: string;
}

type Node = RecordedContent;

/** What the API adds to a document about its live and planned values: no part of any version. */
const SHOWN_ONLY = /^(Live(Quality|SourceTime)|Planned(Value|EffectiveFrom|Owner|Action))$/;
const BELOW = new Set(["submodelElements", "statements", "annotations"]);

/**
 * Where two versions differ, in document order. Elements are the same by idShort, in lists by position; one that differs in its idShort alone was renamed.
 * A property that shows a signal differs by no value of it (`LiveQuality` says which those are).
 */
export function differencesOf(before: Node | undefined, after: Node | undefined): readonly Difference[] {
  const found: Difference[] = [];
  compare(before, after, "", found);
  return found;
}

function compare(before: Node | undefined, after: Node | undefined, path: string, found: Difference[]): void {
  if (before === undefined || after === undefined) {
    const node = before ?? after;
    if (node === undefined) return;
    const text = valueText(node);
    found.push({
      place: path,
      kind: before === undefined ? "added" : "removed",
      modelType: node.modelType,
      before: before === undefined ? "" : text,
      after: after === undefined ? "" : text,
    });
    return;
  }
  const live = isLive(before) || isLive(after);
  const isShell = before.modelType === "AssetAdministrationShell" && after.modelType === "AssetAdministrationShell";
  if (isShell) compareShells(before, after, found);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  for (const name of names) {
    if (isShell && (name === "assetInformation" || name === "submodels")) continue;
    if (BELOW.has(name) || (live && name === "value")) continue;
    const [was, is] = [attribute(before, name), attribute(after, name)];
    if (name === "value" && (holdsElements(before) || holdsElements(after))) continue;
    if (was !== is)
      found.push({ place: `${path}#${name}`, kind: was === "" ? "added" : is === "" ? "removed" : "changed", before: was, after: is });
  }
  const [old, now] = [elementsBelow(before), elementsBelow(after)];
  if (before.modelType === "SubmodelElementList") {
    for (let index = 0; index < Math.max(old.length, now.length); index++) compare(old[index], now[index], `${path}[${index}]`, found);
    return;
  }
  const left = new Map(old.map((element) => [element.idShort ?? "", element]));
  const right = new Map(now.map((element) => [element.idShort ?? "", element]));
  const at = (name: string): string => (path === "" ? name : `${path}.${name}`);
  for (const [was, is] of renamed(left, right)) {
    found.push({ place: `${at(is)}#idShort`, kind: "changed", before: was, after: is });
    left.delete(was);
    right.delete(is);
  }
  for (const name of new Set([...left.keys(), ...right.keys()])) compare(left.get(name), right.get(name), at(name), found);
}

/** Pairs of names: what is there on one side only and differs from another on the other side in nothing else. */
function renamed(
  left: ReadonlyMap<string, SubmodelElement>,
  right: ReadonlyMap<string, SubmodelElement>,
): readonly (readonly [was: string, is: string])[] {
  const nameless = (element: SubmodelElement): string => JSON.stringify({ ...element, idShort: "" });
  const added = new Map([...right].filter(([name]) => !left.has(name)).map(([name, element]) => [nameless(element), name]));
  return [...left].flatMap(([was, element]) => {
    const text = right.has(was) ? undefined : nameless(element);
    const is = text === undefined ? undefined : added.get(text);
    if (is === undefined) return [];
    added.delete(text!);
    return [[was, is] as const];
  });
}

/** Of a shell each attribute of its asset, and each submodel it refers to. */
function compareShells(before: Shell, after: Shell, found: Difference[]): void {
  const [was, is] = [before.assetInformation, after.assetInformation] as unknown as Readonly<Record<string, unknown>>[];
  for (const name of new Set([...Object.keys(was!), ...Object.keys(is!)])) {
    const [old, now] = [textOf(was![name]), textOf(is![name])];
    if (old !== now)
      found.push({ place: `#${name}`, kind: old === "" ? "added" : now === "" ? "removed" : "changed", before: old, after: now });
  }
  const [left, right] = [submodelIdsOf(before), submodelIdsOf(after)];
  for (const id of left) if (!right.includes(id)) found.push({ place: `#submodels ${id}`, kind: "removed", before: id, after: "" });
  for (const id of right) if (!left.includes(id)) found.push({ place: `#submodels ${id}`, kind: "added", before: "", after: id });
}

function elementsBelow(node: Node): readonly SubmodelElement[] {
  return node.modelType === "AssetAdministrationShell" ? [] : childrenOf(node);
}

/** A value as people read it: texts by their language, references by their keys; what has no other form as JSON. */
function textOf(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every(isText)) return value.map(({ language, text }) => `${language}: ${text}`).join(" · ");
  if (isReference(value)) return referenceText(value);
  return JSON.stringify(value);
}

function isText(value: unknown): value is LangString {
  return typeof value === "object" && value !== null && "language" in value && "text" in value;
}

function isReference(value: unknown): value is Reference {
  return typeof value === "object" && value !== null && "keys" in value && Array.isArray(value.keys);
}

function holdsElements({ modelType }: Node): boolean {
  return modelType === "SubmodelElementCollection" || modelType === "SubmodelElementList";
}

function isLive({ extensions }: Node): boolean {
  return extensions?.some(({ name }) => name === "LiveQuality") === true;
}

function attribute(node: Node, name: string): string {
  const value = (node as unknown as Readonly<Record<string, unknown>>)[name];
  const own =
    name === "extensions"
      ? (value as { name: string }[] | undefined)?.filter((each) => !SHOWN_ONLY.test(each.name))
      : name === "qualifiers"
        ? (value as { type: string }[] | undefined)?.filter((each) => !SHOWN_ONLY.test(each.type))
        : value;
  return textOf(own);
}

/** What an element holds, on one line. */
function valueText(node: Node): string {
  if (holdsElements(node)) return `(${elementsBelow(node).length})`;
  if (node.modelType === "Range") return `${node.min ?? "…"} – ${node.max ?? "…"}`;
  return attribute(node, "value");
}
