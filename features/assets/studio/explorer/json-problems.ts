import { validate } from "@doppelwerk/aas";
import type { ConceptDescription, Finding, Shell, Submodel, SubmodelElement } from "@doppelwerk/aas";
import type { Translate } from "@doppelwerk/kit/studio";

export type Node = Shell | Submodel | ConceptDescription | SubmodelElement;

/** Findings that are shown of a text that is being written. */
const MAX_SHOWN = 8;

export type Problem = Pick<Finding, "path" | "constraint" | "message" | "reason">;

/** Why a text cannot be stored in place of `stored`: it is no JSON, it is another thing, or it breaks the metamodel. */
export function problemsOf(text: string, stored: Node, t: Translate): readonly Problem[] {
  let node: Node;
  try {
    node = JSON.parse(text) as Node;
  } catch (error) {
    return [{ path: "", constraint: "json", message: (error as Error).message }];
  }
  const wrong = (path: string, message: string): readonly Problem[] => [{ path, constraint: "", message }];
  if (typeof node !== "object" || node === null) return wrong("", t("assets.explorer.mustBeObject"));
  if (node.modelType !== stored.modelType) return wrong("modelType", t("assets.explorer.mustStay", { what: stored.modelType }));
  if ("id" in stored && (node as { readonly id?: string }).id !== stored.id)
    return wrong("id", t("assets.explorer.mustStay", { what: stored.id }));
  return validate(node)
    .filter(({ severity }) => severity === "error")
    .slice(0, MAX_SHOWN);
}
