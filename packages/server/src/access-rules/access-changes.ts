import type { Principal, RecordId, RecordReader, WorldRecord } from "@doppelwerk/world";
import type { WorldRules } from "./world-rules.ts";

/** What somebody reads after other rules, and not before, or the other way round. */
export interface AccessChange {
  readonly principal: Principal;
  readonly gained: number;
  readonly lost: number;
  /** The first of each. */
  readonly examples: readonly { readonly record: WorldRecord; readonly change: "gained" | "lost" }[];
}

const KINDS = ["shell", "submodel", "conceptDescription", "signal"] as const;
const EXAMPLES = 10;
const PAGE = 1_000;

/** Who gains and who loses what to read with the rules of a branch. Elements are counted with their submodel. Administrators read all, whatever the rules are. */
export function accessChanges(
  reader: RecordReader,
  before: WorldRules,
  after: WorldRules,
  people: readonly Principal[],
): readonly AccessChange[] {
  const found = people
    .filter(({ roles }) => !roles.includes("administrator"))
    .map((principal) => ({ principal, gained: 0, lost: 0, examples: [] as { record: WorldRecord; change: "gained" | "lost" }[] }));
  for (const record of recordsOf(reader)) {
    for (const of of found) {
      const [was, is] = [before.mayRead(of.principal, record), after.mayRead(of.principal, record)];
      if (was === is) continue;
      const change = is ? "gained" : "lost";
      if (++of[change] <= EXAMPLES) of.examples.push({ record, change });
    }
  }
  return found.filter(({ gained, lost }) => gained + lost > 0);
}

function* recordsOf(reader: RecordReader): Iterable<WorldRecord> {
  for (const kind of KINDS) {
    for (let after: RecordId | undefined; ;) {
      const page = reader.query({ kind, limit: PAGE, ...(after !== undefined && { after }) });
      yield* page;
      if (page.length < PAGE) break;
      after = page.at(-1)!.id;
    }
  }
}
