import { childrenOf } from "../id-short-path.ts";
import type { Submodel, SubmodelElement } from "../metamodel.ts";

/**
 * The path form (IDTA-01001, Format "Path"): idShortPaths of everything below a submodel, or of an element (first) and everything below it.
 * `core`: one level below only. `at` is the idShortPath of the element, its idShort by default.
 */
export function pathsOf(element: Submodel | SubmodelElement, level: "core" | "deep" = "deep", at?: string): string[] {
  const paths: string[] = [];
  const root = element.modelType === "Submodel" ? "" : (at ?? element.idShort ?? "");
  if (root !== "") paths.push(root);
  collect(element, root, level === "core" ? 1 : Infinity, paths);
  return paths;
}

function collect(parent: Submodel | SubmodelElement, path: string, levels: number, paths: string[]): void {
  if (levels === 0) return;
  const isList = parent.modelType === "SubmodelElementList";
  childrenOf(parent).forEach((child, index) => {
    const at = isList ? `${path}[${index}]` : path === "" ? (child.idShort ?? "") : `${path}.${child.idShort ?? ""}`;
    paths.push(at);
    collect(child, at, levels - 1, paths);
  });
}
