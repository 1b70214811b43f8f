import type { ConceptDescription } from "@doppelwerk/aas";
import type { AasSource } from "./aas-source.ts";

/**
 * The concept descriptions that documents refer to and the server has, and those that these refer to in turn (by their value lists, say):
 * what `includeConceptDescriptions` asks for (IDTA-01002, GenerateSerializationByIds). In the order they are first referred to.
 */
export class ReferredConcepts {
  readonly #source: Pick<AasSource, "conceptDescription">;
  readonly #ids = new Set<string>();

  constructor(source: Pick<AasSource, "conceptDescription">) {
    this.#source = source;
  }

  note(document: object): void {
    for (const id of referredIn(document)) this.#ids.add(id);
  }

  /** Of the documents so far. */
  *concepts(): Generator<ConceptDescription> {
    // a set that grows while it is walked is walked to its end
    for (const id of this.#ids) {
      const concept = this.#source.conceptDescription(id);
      if (concept === undefined) continue;
      this.note(concept);
      yield concept;
    }
  }
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
