import type { ConceptDescription } from "@doppelwerk/aas";
import type { AasSource } from "./aas-source.ts";

/**
 * The concept descriptions that documents refer to and the server has, and those that these refer to in turn (by their value lists, say):
 * what `includeConceptDescriptions` asks for (IDTA-01002, GenerateSerializationByIds). In the order they are first referred to.
 */
export function referencedConcepts(source: Pick<AasSource, "conceptDescription">, documents: readonly object[]): ConceptDescription[] {
  const seen = new Set<string>();
  const concepts: ConceptDescription[] = [];
  const open: unknown[] = [...documents];
  for (let at = 0; at < open.length; at++)
    for (const id of referredIn(open[at])) {
      if (seen.has(id)) continue;
      seen.add(id);
      const concept = source.conceptDescription(id);
      if (concept === undefined) continue;
      concepts.push(concept);
      open.push(concept);
    }
  return concepts;
}

/** Values of the keys that can name a concept description, wherever a reference stands. */
function* referredIn(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* referredIn(item);
    return;
  }
  const { type, value: text } = value as { readonly type?: unknown; readonly value?: unknown };
  if ((type === "GlobalReference" || type === "ConceptDescription") && typeof text === "string") yield text;
  for (const each of Object.values(value)) yield* referredIn(each);
}
