import { hasErrors, type Finding } from "../finding.ts";
import type { FileContent } from "../import/read-file.ts";
import type { Environment } from "../metamodel.ts";
import type { Repair } from "./repair.ts";
import { repairEnvironment } from "./repair-environment.ts";
import { repairsOf } from "./repairs-of.ts";
import type { MessageCode } from "@doppelwerk/messages";

/** What is wrong with a file, with what can be done about it: the best first. */
export interface FileFinding extends Finding {
  readonly repairs?: readonly Pick<Repair, "how" | "reason" | "told" | "kind">[];
}

/** What an import of a file would bring. */
export interface FileReport {
  readonly format: FileContent["format"];
  readonly release?: string;
  readonly shells: number;
  readonly submodels: number;
  readonly elements: number;
  readonly conceptDescriptions: number;
  readonly files: number;
  readonly valid: boolean;
  readonly findings: readonly FileFinding[];
  readonly repaired?: readonly { readonly path: string; readonly constraint: string; readonly how: string }[];
}

/**
 * Which repairs are wanted: `none`, `plain` (say the same in the right form), `all` (guesses too), constraints by name, or single findings of the
 * report that repairs nothing, by their place in it: `@3` the first repair offered for the fourth, `@3.1` its second; several with commas.
 * The request is the user's; nothing is repaired unasked.
 */
export type RepairRequest = string;

/** Whether a repair is wanted of an environment of which the reading told these findings. */
export function isWanted(
  request: RepairRequest,
  read: Environment,
  told: readonly Finding[],
): (finding: Finding, repair: Repair) => boolean {
  const names = new Set(request.split(",").map((name) => name.trim()));
  /** By finding, what its chosen repair does. */
  const chosen = new Map<string, string | undefined>();
  for (const name of names) {
    const [, place, which] = /^@(\d{1,9})(?:\.(\d))?$/.exec(name) ?? [];
    const finding = place === undefined ? undefined : told[Number(place)];
    if (finding !== undefined) chosen.set(keyOf(finding), repairsOf(read, finding)[Number(which ?? 0)]?.how);
  }
  return (finding, repair) => {
    const own = chosen.get(keyOf(finding));
    if (own !== undefined) return repair.how === own;
    return names.has("all") || (names.has("plain") && repair.kind === "plain") || names.has(finding.constraint);
  };
}

/** A finding of a file is told with the part of the file before its path; a finding of what was read without. */
function keyOf({ path, constraint }: Finding): string {
  return `${constraint} ${path.slice(path.lastIndexOf("#") + 1)}`;
}

/** The report of a file, and the environment as it would be imported. */
export function reportOf(content: FileContent, request: RepairRequest): { readonly report: FileReport; readonly environment: Environment } {
  const { format, release, environment: read, files, findings: told } = content;
  const done = request === "none" ? undefined : repairEnvironment(read, isWanted(request, read, told));
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
  const still = new Set(left.map(keyOf));
  const known = new Set(told.map(keyOf));
  return [
    ...told.filter((finding) => finding.severity !== "error" || still.has(keyOf(finding)) || isLost(finding)),
    ...left.filter((finding) => !known.has(keyOf(finding))),
  ];
}

/** An error of reading that no repair of what was read can answer. */
function isLost({ reason }: Finding): boolean {
  return reason !== undefined && LOST.has(reason.code);
}

/** Findings of something that was left out when the file was read. */
const LOST: ReadonlySet<string> = new Set<MessageCode>([
  "aas.attributeRequired",
  "aas.entryEncrypted",
  "aas.entryMethod",
  "aas.expectedClassFound",
  "aas.expectedKindFound",
  "aas.expectedWithModelType",
  "aas.expectedWithoutModelType",
  "aas.expectedXmlElement",
  "aas.nestedMoreThanLevelsDeep",
  "aas.noModelType",
  "aas.noXmlElement",
  "aas.notIdentifiable",
  "aas.xmlElementTwice",
]);

function withRepairs(environment: Environment, finding: Finding): FileFinding {
  const repairs = repairsOf(environment, finding);
  return repairs.length === 0
    ? finding
    : { ...finding, repairs: repairs.map(({ how, reason, told, kind }) => ({ how, reason, told, kind })) };
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
