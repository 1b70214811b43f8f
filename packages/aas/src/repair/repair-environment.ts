import type { Finding } from "../finding.ts";
import type { Environment } from "../metamodel.ts";
import { validate } from "../validation/validate.ts";
import { applyRepairs, type Repair } from "./repair.ts";
import { repairsOf } from "./repairs-of.ts";

export interface Repaired {
  readonly environment: Environment;
  /** What was done, in order. */
  readonly done: readonly Repair[];
  /** What an environment so repaired still breaks. */
  readonly findings: readonly Finding[];
}

/** One repair may uncover another finding; more rounds than this are not made. */
const MAX_ROUNDS = 10;

/**
 * Does, for every finding, the first repair that is wanted. Repairs are made one after the other on what the earlier ones left, so that two elements
 * of one name get two new names; what takes an item out of a list comes at the end of a round, so that the places of the others hold.
 */
export function repairEnvironment(given: Environment, isWanted: (finding: Finding, repair: Repair) => boolean): Repaired {
  let environment = given;
  const done: Repair[] = [];
  let findings = validate(environment, "Environment");
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const atEnd: Repair[] = [];
    const before = done.length;
    const places = new Set<string>();
    for (const finding of findings) {
      const repair = repairsOf(environment, finding).find((each) => isWanted(finding, each));
      // Several findings may ask the same of one place.
      if (repair === undefined || repair.changes.some(({ path }) => places.has(path))) continue;
      for (const { path } of repair.changes) places.add(path);
      done.push(repair);
      if (repair.changes.some(({ path, value }) => value === undefined && path.endsWith("]"))) atEnd.push(repair);
      else environment = applyRepairs(environment, [repair]);
    }
    environment = applyRepairs(environment, atEnd);
    if (done.length === before) break;
    findings = validate(environment, "Environment");
  }
  return { environment, done, findings };
}
