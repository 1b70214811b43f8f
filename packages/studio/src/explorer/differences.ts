import { childrenOf } from "@doppelwerk/aas";
import type { Shell, SubmodelElement } from "@doppelwerk/aas";
import type { RecordedContent } from "./recorded.ts";
import { submodelIdsOf } from "./shell-tree.ts";

/** One place where two versions of a document differ. */
export interface Difference {
  /** idShortPath with the attribute after `#`: `Motor.Speed#value`; only `#attribute` for the document itself. */
  readonly place: string;
  readonly kind: "added" | "removed" | "changed";
  readonly before: string;
  readonly after: string;
}

type Node = RecordedContent;

/** What the API adds to a document about its live and planned values: no part of any version. */
const SHOWN_ONLY = /^(Live(Quality|SourceTime)|Planned(Value|EffectiveFrom|Owner|Action))$/;
const BELOW = new Set(["submodelElements", "statements", "annotations"]);

/**
 * Where two versions differ, in document order. Elements are the same by idShort, in lists by position.
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
    const text = summary(node);
    found.push({
      place: path,
      kind: before === undefined ? "added" : "removed",
      before: before && text ? text : "",
      after: after && text ? text : "",
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
  for (const name of new Set([...left.keys(), ...right.keys()]))
    compare(left.get(name), right.get(name), path === "" ? name : `${path}.${name}`, found);
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

function textOf(value: unknown): string {
  return value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
}

function holdsElements({ modelType }: Node): boolean {
  return modelType === "SubmodelElementCollection" || modelType === "SubmodelElementList";
}

function isLive({ extensions }: Node): boolean {
  return extensions?.some(({ name }) => name === "LiveQuality") === true;
}

function attribute(node: Node, name: string): string {
  const value = (node as unknown as Readonly<Record<string, unknown>>)[name];
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  const own =
    name === "extensions"
      ? (value as { name: string }[]).filter((each) => !SHOWN_ONLY.test(each.name))
      : name === "qualifiers"
        ? (value as { type: string }[]).filter((each) => !SHOWN_ONLY.test(each.type))
        : value;
  return Array.isArray(own) && own.length === 0 ? "" : JSON.stringify(own);
}

function summary(node: Node): string {
  const value = holdsElements(node) ? `(${elementsBelow(node).length})` : attribute(node, "value");
  return value === "" ? node.modelType : `${node.modelType} ${value}`;
}
