import { hasErrors, repairEnvironment, repairsOf } from "@doppelwerk/aas";
import type { Environment, FileContent, Finding, Repair } from "@doppelwerk/aas";

/** A finding, and what can be done about it: the best first, none where someone must say what was meant. */
export interface RepairableFinding extends Finding {
  readonly repairs?: readonly { readonly how: string; readonly kind: Repair["kind"] }[];
}

/** What an import of the file would bring, and what is wrong with it. */
export interface FileReport {
  readonly format: FileContent["format"];
  readonly release?: string;
  readonly shells: number;
  readonly submodels: number;
  readonly elements: number;
  readonly conceptDescriptions: number;
  readonly files: number;
  readonly valid: boolean;
  readonly findings: readonly RepairableFinding[];
  /** What the wanted repairs did; only where some were wanted. */
  readonly repaired?: readonly { readonly path: string; readonly constraint: string; readonly how: string }[];
}

/**
 * Which repairs are wanted: `none`, `plain` (say the same in the right form), `all` (guesses too), or constraints by name, with commas.
 * The wish is the user's; nothing is repaired unasked.
 */
export type RepairWish = string;

/** Whether a repair is wanted. */
export function isWanted(wish: RepairWish): (finding: Finding, repair: Repair) => boolean {
  const names = new Set(wish.split(",").map((name) => name.trim()));
  return (finding, repair) => names.has("all") || (names.has("plain") && repair.kind === "plain") || names.has(finding.constraint);
}

/** The report of a file, and the environment as it would be imported. */
export function reportOf(content: FileContent, wish: RepairWish): { readonly report: FileReport; readonly environment: Environment } {
  const { format, release, environment: read, files, findings: told } = content;
  const done = wish === "none" ? undefined : repairEnvironment(read, isWanted(wish));
  const environment = done?.environment ?? read;
  const left = done === undefined ? told : afterRepair(told, done.findings);
  const report: FileReport = {
    format,
    ...(release === undefined ? {} : { release }),
    shells: environment.assetAdministrationShells?.length ?? 0,
    submodels: environment.submodels?.length ?? 0,
    elements: (environment.submodels ?? []).reduce((sum, submodel) => sum + elementsBelow(submodel), 0),
    conceptDescriptions: environment.conceptDescriptions?.length ?? 0,
    files: files.size,
    valid: !hasErrors(left) && !left.some(({ severity }) => severity === "repaired"),
    findings: left.map((finding) => withRepairs(environment, finding)),
    ...(done === undefined ? {} : { repaired: done.done.map(({ path, constraint, how }) => ({ path, constraint, how })) }),
  };
  return { report, environment };
}

/** What the reading told, without the errors that a repair took away, and with those that it uncovered. */
function afterRepair(told: readonly Finding[], left: readonly Finding[]): readonly Finding[] {
  const keyOf = ({ path, constraint }: Finding) => `${constraint} ${path.slice(path.lastIndexOf("#") + 1)}`;
  const still = new Set(left.map(keyOf));
  const known = new Set(told.map(keyOf));
  return [
    ...told.filter((finding) => finding.severity !== "error" || still.has(keyOf(finding)) || isLost(finding)),
    ...left.filter((finding) => !known.has(keyOf(finding))),
  ];
}

/** An error of reading that no repair of what was read can answer. */
function isLost({ message }: Finding): boolean {
  return message.includes("left out");
}

function withRepairs(environment: Environment, finding: Finding): RepairableFinding {
  const repairs = repairsOf(environment, finding);
  return repairs.length === 0 ? finding : { ...finding, repairs: repairs.map(({ how, kind }) => ({ how, kind })) };
}

const BELOW = ["submodelElements", "value", "statements", "annotations", "inputVariables", "outputVariables", "inoutputVariables"];

function elementsBelow(instance: object): number {
  let count = 0;
  for (const name of BELOW) {
    const below: unknown = (instance as Readonly<Record<string, unknown>>)[name];
    if (!Array.isArray(below)) continue;
    for (const item of below) {
      if (typeof item !== "object" || item === null) continue;
      const element: unknown = "modelType" in item ? item : "value" in item ? item.value : undefined;
      if (typeof element === "object" && element !== null && "modelType" in element) count += 1 + elementsBelow(element);
    }
  }
  return count;
}
