import { CLASSES, type ClassName, type ClassRow } from "../class-table.ts";
import { error, strictly, warning, type Finding } from "../finding.ts";
import type { Environment, Identifiable } from "../metamodel.ts";
import { checkConstraints } from "./constraints.ts";
import { readInstance, type Instance } from "./read-instance.ts";
import { checkValueIds } from "./value-ids.ts";

/**
 * Findings of an environment, or of an instance of any metamodel class: told by `of`, else by `modelType`, else by its shape.
 * Valid means: no finding of severity error. Never throws.
 */
export function validate(instance: unknown, of?: ClassName): Finding[] {
  return strictly(examine(instance, of).findings);
}

/** The instance with the shapes of this room (undefined when unusable), the class it was taken for, and all findings. */
export function examine(instance: unknown, of?: ClassName): { read: Instance | undefined; row: ClassRow | undefined; findings: Finding[] } {
  const findings: Finding[] = [];
  const row = of === undefined ? classOf(instance) : CLASSES.get(of);
  if (row === undefined) {
    findings.push(error("", "structure", "This is no instance of a class of the Asset Administration Shell metamodel."));
    return { read: undefined, row, findings };
  }
  const read = readInstance(row, instance, "", findings);
  if (read !== undefined) {
    checkConstraints(row, read, "", findings);
    if (row.name === "Environment") {
      checkIdentifiers(read as Environment, findings);
      checkValueIds(read as Environment, findings);
    }
  }
  return { read, row, findings };
}

/** The class of a JSON value: by `modelType` where there is one, else the class whose attributes fit best. */
export function classOf(instance: unknown): ClassRow | undefined {
  if (typeof instance !== "object" || instance === null || Array.isArray(instance)) return undefined;
  const modelType = (instance as Instance).modelType;
  if (typeof modelType === "string") return CLASSES.get(modelType);
  const names = Object.keys(instance);
  if (names.length === 0) return CLASSES.get("Environment");
  let best: { row: ClassRow; score: number; findings: number } | undefined;
  for (const row of CLASSES.values()) {
    if (row.hasModelType) continue;
    const score = fit(row, instance as Instance, names);
    if (score <= 0 || (best !== undefined && score < best.score)) continue;
    const findings: Finding[] = [];
    readInstance(row, instance, "", findings);
    if (best === undefined || score > best.score || findings.length < best.findings) best = { row, score, findings: findings.length };
  }
  return best?.row;
}

function fit(row: ClassRow, instance: Instance, names: readonly string[]): number {
  const known = names.filter((name) => row.byName.has(name)).length;
  const missing = row.attributes.filter((attribute) => attribute.required && !Object.hasOwn(instance, attribute.name)).length;
  return known === 0 ? 0 : known * 2 - (names.length - known) - missing;
}

function checkIdentifiers(environment: Environment, findings: Finding[]): void {
  const seen = new Set<string>();
  for (const attribute of ["assetAdministrationShells", "submodels", "conceptDescriptions"] as const) {
    environment[attribute]?.forEach((identifiable: Identifiable, index) => {
      if (seen.has(identifiable.id)) {
        findings.push(
          warning(
            `${attribute}[${index}].id`,
            "id",
            `The id ${JSON.stringify(identifiable.id)} is used more than once in this environment.`,
          ),
        );
      }
      seen.add(identifiable.id);
    });
  }
}
