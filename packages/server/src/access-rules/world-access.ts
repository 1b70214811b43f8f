import {
  DoppelwerkError,
  LIVE,
  recordOfAasId,
  type BranchId,
  type Principal,
  type RecordReader,
  type WorldRecord,
} from "@doppelwerk/world";
import { ACCESS_RULES, accessRulesKind, type AccessRulesRecord } from "./rule-record.ts";
import { WorldRules, type Right, type RuleSources } from "./world-rules.ts";

export interface Explanation {
  readonly permitted: boolean;
  readonly by: "rules" | "roles" | "none";
  readonly set?: string;
  readonly rule?: number;
}

/** What routes may ask of the access rules of a world. */
export interface WorldAccess {
  /** `id`: of the document, or its AAS id. What is not there is permitted to nobody. */
  explain(principal: Principal, right: Right, id: string): Explanation;
  /** What is read on live, with the rules of live and with those of a branch. */
  rulesOf(branch: BranchId): { readonly reader: RecordReader; readonly before: WorldRules; readonly after: WorldRules };
  /** The same, if these were the sets. Errors: DW_INVALID for one that is none. */
  withSets(sets: readonly Pick<AccessRulesRecord, "name" | "text" | "enabled">[]): ReturnType<WorldAccess["rulesOf"]>;
}

export function worldAccess(
  sources: RuleSources,
  rules: WorldRules,
  mayRead: (principal: Principal, record: WorldRecord) => boolean,
): WorldAccess {
  return {
    explain(principal, right, id) {
      const reader = sources.reader(LIVE);
      const record = reader.get(id) ?? recordOfAasId(reader, "shell", id) ?? recordOfAasId(reader, "submodel", id);
      if (record === undefined) return NONE;
      if (rules.isEmpty() || principal.roles.includes("administrator"))
        return mayRead(principal, record) ? { permitted: true, by: "roles" } : NONE;
      const found = rules.explain(principal, right, record);
      if (found === undefined || !mayRead(principal, record)) return NONE;
      return found.set === "" ? { permitted: true, by: "roles" } : { permitted: true, by: "rules", ...found };
    },
    withSets(sets) {
      const records = sets.map((set, at): AccessRulesRecord => ({ ...set, kind: ACCESS_RULES, id: `${ACCESS_RULES}:${at}` }));
      for (const record of records) {
        const [fault] = accessRulesKind.validate!(record);
        if (fault !== undefined) throw new DoppelwerkError("DW_INVALID", fault);
      }
      return { reader: sources.reader(LIVE), before: rules, after: new WorldRules({ ...sources, sets: () => records }) };
    },
    rulesOf: (branch) => ({ reader: sources.reader(LIVE), before: rules, after: new WorldRules({ ...sources, rulesOf: branch }) }),
  };
}

const NONE: Explanation = { permitted: false, by: "none" };
