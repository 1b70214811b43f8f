import { error, type Finding } from "../finding.ts";
import type { Environment } from "../metamodel.ts";
import { classOf, examine } from "../validation/validate.ts";

/**
 * An environment from parsed JSON, and everything that is wrong with it. Never throws.
 * A single shell, submodel or concept description is taken for an environment of one. What breaks the standard is kept where the shapes allow it
 * (a wrong idShort, an unknown attribute), repaired where the metamodel has a neutral value, and left out otherwise.
 */
export function parseEnvironment(json: unknown): { environment: Environment; findings: Finding[] } {
  const name = classOf(json)?.name;
  const home = name === undefined ? undefined : HOMES[name];
  if (home !== undefined) {
    const { read, findings } = examine(json);
    return { environment: read === undefined ? {} : { [home]: [read] }, findings };
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return { environment: {}, findings: [error("", "structure", "An environment must be a JSON object.")] };
  }
  const { read, findings } = examine(json, "Environment");
  return { environment: (read ?? {}) as Environment, findings };
}

const HOMES: Partial<Record<string, keyof Environment>> = {
  AssetAdministrationShell: "assetAdministrationShells",
  Submodel: "submodels",
  ConceptDescription: "conceptDescriptions",
};
