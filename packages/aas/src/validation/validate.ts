import { message, type Message } from "@doppelwerk/messages";
import { CLASSES, type ClassName, type ClassRow } from "../class-table.ts";
import { error, strictly, warning, type Finding } from "../finding.ts";
import { sortedText } from "../sorted-text.ts";
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
    findings.push(unknown(instance));
    return { read: undefined, row, findings };
  }
  const read = readInstance(row, instance, findings);
  if (read !== undefined) {
    checkConstraints(row, read, findings);
    if (row.name === "Environment") {
      checkIdentifiers(read as Environment, findings);
      checkValueIds(read as Environment, findings);
    }
  }
  return { read, row, findings };
}

/** Faults that speak more against a class than a text of the wrong form. */
const OF_SHAPE = new Set(["type", "structure"]);

/**
 * The class of a JSON value: by `modelType` where there is one, else the class whose attributes fit best.
 * `likely` is a class from elsewhere than the value, for values that look the same in several classes: it is taken when nothing in the value speaks against it.
 */
export function classOf(instance: unknown, likely?: ClassName): ClassRow | undefined {
  if (typeof instance !== "object" || instance === null || Array.isArray(instance)) return undefined;
  const modelType = nameIn((instance as Instance).modelType);
  if (typeof modelType === "string") return CLASSES.get(modelType);
  const names = Object.keys(instance);
  if (likely !== undefined && leavesOpen(names, likely)) return CLASSES.get(likely);
  if (names.length === 0) return CLASSES.get("Environment");
  let best: { row: ClassRow; score: number; faults: number } | undefined;
  for (const row of CLASSES.values()) {
    if (row.hasModelType) continue;
    const score = fit(row, instance as Instance, names);
    if (score <= 0 || (best !== undefined && score < best.score)) continue;
    const findings: Finding[] = [];
    readInstance(row, instance, findings);
    const faults = findings.reduce((sum, { constraint }) => sum + (OF_SHAPE.has(constraint) ? 100 : 1), 0);
    if (best === undefined || score > best.score || faults < best.faults) best = { row, score, faults };
  }
  return best?.row;
}

/** Release 2 wrote a modelType as an object with a name. */
function nameIn(modelType: unknown): unknown {
  return typeof modelType === "object" && modelType !== null && "name" in modelType ? modelType.name : modelType;
}

/** Whether attributes can be those of the class as well as of others: the lists of an environment are of an environment only, and what no class has tells none. */
function leavesOpen(names: readonly string[], of: ClassName): boolean {
  const { byName } = CLASSES.get(of)!;
  const environment = CLASSES.get("Environment")!;
  return names.every((name) => !environment.byName.has(name) && (byName.has(name) || !isKnown(name)));
}

function isKnown(name: string): boolean {
  return [...CLASSES.values()].some((row) => row.byName.has(name));
}

function unknown(instance: unknown): Finding {
  const isObject = typeof instance === "object" && instance !== null && !Array.isArray(instance);
  if (!isObject || "modelType" in instance) return error("", "structure", message("aas.notOfMetamodel"));
  if (Object.keys(instance).some(isKnown)) return error("", "structure", message("aas.classUnknown"));
  const names = Object.keys(instance)
    .slice(0, 5)
    .map((name) => JSON.stringify(name.slice(0, 80)));
  return error("", "additional", message("aas.noClassHasAttribute", { names: names.join(", ") }));
}

function fit(row: ClassRow, instance: Instance, names: readonly string[]): number {
  const known = names.filter((name) => row.byName.has(name)).length;
  const missing = row.attributes.filter((attribute) => attribute.required && !Object.hasOwn(instance, attribute.name)).length;
  return known === 0 ? 0 : known * 2 - (names.length - known) - missing;
}

function checkIdentifiers(environment: Environment, findings: Finding[]): void {
  const seen = new Map<string, { readonly path: string; readonly identifiable: Identifiable }>();
  for (const attribute of ["assetAdministrationShells", "submodels", "conceptDescriptions"] as const) {
    environment[attribute]?.forEach((identifiable: Identifiable, index) => {
      const path = `${attribute}[${index}]`;
      const first = seen.get(identifiable.id);
      if (first === undefined) seen.set(identifiable.id, { path, identifiable });
      else findings.push(idTakenBefore(`${path}.id`, identifiable, first.path, first.identifiable));
    });
  }
}

/** Of several documents of one class and id an import keeps the first. */
export function idTakenBefore(path: string, identifiable: Identifiable, firstPath: string, first: Identifiable): Finding {
  const id = JSON.stringify(identifiable.id);
  return warning(
    path,
    "id",
    takenMessage(id, firstPath, listOf(path) === listOf(firstPath), sortedText(first) === sortedText(identifiable)),
  );
}

function takenMessage(id: string, first: string, sameClass: boolean, sameContent: boolean): Message {
  if (!sameClass) return message("aas.idTaken", { id, first });
  if (sameContent) return message("aas.idTakenSame", { id, first });
  return message("aas.idTakenOther", { id, first });
}

/** The name of the list that a path of a document leads through. */
function listOf(path: string): string {
  return path.slice(path.lastIndexOf("#") + 1, path.lastIndexOf("["));
}
