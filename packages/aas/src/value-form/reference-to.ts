import { elementAt, type IdShortPathSegment } from "../id-short-path.ts";
import type { ConceptDescription, Key, Reference, Shell, Submodel } from "../metamodel.ts";

/**
 * The reference form (IDTA-01001, Format "Reference"): a model reference to a shell, submodel or concept description,
 * or to the element at a path below a submodel; undefined when there is none at the path.
 */
export function referenceTo(
  target: Shell | Submodel | ConceptDescription,
  path: readonly IdShortPathSegment[] = [],
): Reference | undefined {
  const keys: Key[] = [{ type: target.modelType, value: target.id }];
  for (let steps = 1; steps <= path.length; steps++) {
    const element = target.modelType === "Submodel" ? elementAt(target, path.slice(0, steps)) : undefined;
    if (element === undefined) return undefined;
    keys.push({ type: element.modelType, value: String(path[steps - 1]) });
  }
  return { type: "ModelReference", keys };
}
