import { message } from "@doppelwerk/messages";
import { error, type Finding } from "../finding.ts";
import type { Environment } from "../metamodel.ts";
import { upgradeEnvironment } from "../upgrade/upgrade.ts";
import { classOf, examine } from "../validation/validate.ts";
import type { ReadEnvironment } from "../read-environment.ts";

/** Faults that a shape of another release, or a careless writer, may explain. */
const OF_SHAPE = new Set(["additional", "type", "required", "structure", "empty", "length", "enumeration"]);

/**
 * An environment from parsed JSON of any release, and everything that is wrong with it. Never throws.
 * A single shell, submodel or concept description, a list of them, or a page of an API's answer is taken for an environment.
 * What breaks the standard is kept where the shapes allow it (a wrong idShort, an unknown attribute), repaired where it has a neutral value or
 * an earlier release explains it, and left out otherwise; each with a finding. Input without a fault comes back as the same object.
 */
export function parseEnvironment(json: unknown): ReadEnvironment {
  const first = readEnvironment(json);
  if (!first.findings.some(({ constraint }) => OF_SHAPE.has(constraint))) return first;
  const upgraded = upgradeEnvironment(json);
  if (upgraded.json === json) return first;
  const second = readEnvironment(upgraded.json);
  return {
    environment: second.environment,
    ...(upgraded.legacy ? { release: "2.0" as const } : {}),
    findings: [...upgraded.findings, ...second.findings],
  };
}

function readEnvironment(json: unknown): { environment: Environment; findings: Finding[] } {
  const name = classOf(json)?.name;
  const home = name === undefined ? undefined : HOMES[name];
  if (home !== undefined) {
    const { read, findings } = examine(json);
    return { environment: read === undefined ? {} : { [home]: [read] }, findings: findings.map((finding) => belowHome(home, finding)) };
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return { environment: {}, findings: [error("", "structure", message("aas.environmentMustJsonObject"))] };
  }
  if (name !== undefined && name !== "Environment" && "modelType" in json) {
    return { environment: {}, findings: [error("", "structure", message("aas.bareEnvironmentPlace", { name }))] };
  }
  const names = Object.keys(json);
  if (name === undefined && names.length > 0 && !names.some((each) => KNOWN.has(each))) {
    return {
      environment: {},
      findings: [
        error("", "structure", message("aas.nothingJsonBelongsAssetAdministration", { names: names.slice(0, 5).join(", ").slice(0, 200) })),
      ],
    };
  }
  const { read, findings } = examine(json, "Environment");
  // What is left holds something, or nothing: attributes that nobody knows make no environment of their own.
  const holds = read !== undefined && Object.values(HOMES).some((list) => read[list!] !== undefined);
  return { environment: holds || names.length === 0 ? ((read ?? {}) as Environment) : {}, findings };
}

/** The path of a finding about a bare identifiable, in the environment of one that it became. */
export function belowHome(home: string, finding: Finding): Finding {
  return { ...finding, path: finding.path === "" ? `${home}[0]` : `${home}[0].${finding.path}` };
}

const KNOWN = new Set(["assetAdministrationShells", "submodels", "conceptDescriptions", "modelType"]);

/** The lists that hold the identifiables of a class. */
export const HOMES: Partial<Record<string, keyof Environment>> = {
  AssetAdministrationShell: "assetAdministrationShells",
  Submodel: "submodels",
  ConceptDescription: "conceptDescriptions",
};
