// Metamodel JSON cut to what level and extent ask for.

import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import type { Level } from "./parameters.ts";

type Node = Submodel | SubmodelElement;

const CHILDREN: Readonly<Record<string, string>> = {
  Submodel: "submodelElements",
  SubmodelElementCollection: "value",
  SubmodelElementList: "value",
  Entity: "statements",
  AnnotatedRelationshipElement: "annotations",
};

/**
 * `core` keeps the element and what is directly below it, without what is below that. Blob values are left out unless asked for.
 * The same object comes back when nothing is cut.
 */
export function cut<E extends Node>(node: E, level: Level, blobs: boolean): E {
  return cutBelow(node, level === "core" ? 1 : Infinity, blobs) as E;
}

function cutBelow(node: Node, levels: number, blobs: boolean): Node {
  if (node.modelType === "Blob") return blobs || node.value === undefined ? node : without(node, "value");
  const key = CHILDREN[node.modelType];
  const children =
    key === undefined ? undefined : ((node as unknown as Record<string, unknown>)[key] as readonly SubmodelElement[] | undefined);
  if (children === undefined) return node;
  if (levels === 0) return without(node, key!);
  let changed = false;
  const next = children.map((child) => {
    const short = cutBelow(child, levels - 1, blobs);
    changed ||= short !== child;
    return short;
  });
  return changed ? ({ ...node, [key!]: next } as Node) : node;
}

function without(node: Node, key: string): Node {
  const { [key]: _left, ...rest } = node as unknown as Record<string, unknown>;
  return rest as unknown as Node;
}

/** Whether Part 2 gives the class a metadata and a value form. */
export function hasValueForm(element: SubmodelElement): boolean {
  return element.modelType !== "Capability" && element.modelType !== "Operation";
}

/** Whether Part 2 gives the class a path form (Applicability of SerializationModifiers: not an AnnotatedRelationshipElement). */
export function hasPathForm(element: SubmodelElement): boolean {
  return element.modelType !== "AnnotatedRelationshipElement" && CHILDREN[element.modelType] !== undefined;
}
