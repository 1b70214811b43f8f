import type { AccessRules, Right, RuleObject } from "@doppelwerk/aas/access-rules";
import { holds, type QuerySubject } from "@doppelwerk/aas/query";
import { attributesOf, type Asked, type Asker, type Surroundings } from "./policy.ts";

/** The rules read as they stand, one after the other, with nothing prepared: what each decision of the compiled ones has to be. */
export function referenceDecision(
  sets: readonly AccessRules[],
  {
    asker,
    right,
    asked,
    surroundings,
  }: { readonly asker: Asker; readonly right: Right; readonly asked: Asked; readonly surroundings: Surroundings },
): { readonly allowed: boolean; readonly isWhole: boolean } {
  let [allowed, isWhole] = [false, false];
  for (const { attributes, rights, objects, formula, filters } of sets.flatMap(({ rules }) => rules)) {
    if (!rights.has(right)) continue;
    if (attributes.some((attribute) => attribute.kind === "claim" && !Object.keys(asker.claims).includes(attribute.name))) continue;
    const values = attributesOf(asker, surroundings);
    if (attributes.some((attribute) => attribute.kind === "global" && attribute.name === "CLIENTNOW" && values(attribute).length === 0))
      continue;
    if (!objects.some((object) => covers(object, asked))) continue;
    const subject: QuerySubject = asked.subject?.() ?? { kind: "conceptDescription", value: {} };
    if (!holds(formula, subject, values)) continue;
    allowed = true;
    if (filters.length === 0) isWhole = true;
  }
  return { allowed, isWhole };
}

function covers(object: RuleObject, asked: Asked): boolean {
  if (object.kind === "route") {
    if (asked.kind !== "route") return false;
    const escaped = object.route.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${escaped.join("[^]*")}$`).test(asked.route);
  }
  if (object.kind === "object") {
    if (asked.kind === "route") return false;
    const [of, id] = asked.kind === "element" ? ["sm", asked.submodel] : [asked.class, asked.id];
    return object.class === of && (object.id === undefined || object.id === id);
  }
  if (asked.kind !== "element" || (object.submodel !== undefined && object.submodel !== asked.submodel)) return false;
  const steps = (path: string): readonly string[] => path.split(/[.[\]]+/).filter((step) => step !== "");
  const [own, wanted] = [object.path === undefined ? [] : steps(object.path), steps(asked.path)];
  return own.every((step, at) => wanted[at] === step);
}
