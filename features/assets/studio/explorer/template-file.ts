import { readFile } from "@doppelwerk/aas";
import type { ChosenTemplate } from "./use-templates.ts";

/** The first template of a file, or its first submodel where none is marked as one; undefined = it has none. Throws what `readFile` throws. */
export function templateOfFile(bytes: Uint8Array): ChosenTemplate | undefined {
  const { environment } = readFile(bytes);
  const all = environment.submodels ?? [];
  const templates = all.filter(({ kind }) => kind === "Template");
  const among = templates.length > 0 ? templates : all;
  const [template] = among;
  if (template === undefined) return undefined;
  return { template, among, concepts: new Map((environment.conceptDescriptions ?? []).map((concept) => [concept.id, concept])) };
}
