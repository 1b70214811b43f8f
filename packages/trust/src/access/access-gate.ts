import { message } from "@doppelwerk/messages";
import {
  LIVE,
  changedKind,
  type AccessGate,
  type Action,
  type BranchId,
  type Change,
  type Decision,
  type Principal,
  type WorldRecord,
} from "@doppelwerk/world";
import { roleTable, type Role } from "./roles.ts";

export interface AccessGateOptions {
  /** The roles a principal has now; asked on every decision, so that a role taken away is gone at once. */
  readonly rolesOf: (principal: Principal) => readonly string[];
  /** A further rule on reading a record; it can only forbid. */
  readonly mayRead?: (principal: Principal, record: WorldRecord) => boolean;
  /** A further rule on what may be done on a branch, reading it included; it can only forbid. */
  readonly mayDo?: (principal: Principal, action: Action, branch: BranchId) => boolean;
}

/** What kinds of record need beyond `edit`. */
const actionOfKind: Readonly<Record<string, Action>> = {
  comment: "comment",
  spanNote: "comment",
  mergeRequest: "propose",
  connection: "administer",
  approvalSetting: "administer",
};

/**
 * Decides by role (see `roleTable`); unknown roles and actions are denied. A record with the field `readers` (a list of roles) is read only by
 * those roles and by administrators, and only administrators write that field, as well as `safety` and `commandWhen` of signals.
 */
export function createAccessGate({ rolesOf, mayRead, mayDo }: AccessGateOptions): AccessGate {
  const decide = (principal: Principal, action: Action, branch: BranchId): Decision => {
    const roles = rolesOf(principal);
    const isBeyondScope = principal.scope !== undefined && (action !== "read" || branch !== LIVE);
    const forbidden = isBeyondScope || (mayDo !== undefined && !mayDo(principal, action, branch));
    for (const role of forbidden ? [] : roles) {
      const scope = scopeOf(role, action);
      if (scope === "everywhere" || (scope === "forks" && branch !== LIVE)) return allowed;
    }
    const on = branch === LIVE ? "live" : "branch";
    return {
      allowed: false,
      why:
        roles.length === 0
          ? message("trust.notAllowedWithoutRole", { action, on })
          : message("trust.notAllowed", { action, on, roles: roles.join(", ") }),
    };
  };

  return {
    // a further rule may tell any two principals apart
    classOf(principal) {
      if (principal.scope !== undefined) return `${principal.id}\n${principal.scope.version()}`;
      return mayRead === undefined && mayDo === undefined ? rolesOf(principal).toSorted().join("\n") : principal.id;
    },
    decide,
    mayRead(principal, record) {
      const roles = rolesOf(principal);
      if (!mayReadAny(roles) || principal.scope?.covers(record) === false) return false;
      if (!roles.includes("administrator") && !namedAsReader(record, roles)) return false;
      return mayRead === undefined || mayRead(principal, record);
    },
    mayReadAll: (principal) => principal.scope === undefined && mayRead === undefined && rolesOf(principal).includes("administrator"),
    mayChange(principal, branch, change, linked = false) {
      if ((linked || namesLink(change)) && principal.id !== OWN_WORK) return { allowed: false, why: message("trust.linkedReadOnly") };
      if (touchesReaders(change) || touchesCommandRules(change)) {
        const administer = decide(principal, "administer", branch);
        if (!administer.allowed) return administer;
      }
      return decide(principal, actionOfKind[changedKind(change)] ?? "edit", branch);
    },
  };
}

/** The server's own work: no request comes as this one. */
const OWN_WORK = "system";

/** What people write does not say that it is another world's. */
function namesLink(change: Change): boolean {
  return change.op === "update" ? change.fields["linked"] !== undefined : change.record["linked"] !== undefined;
}

const allowed: Decision = { allowed: true };

function scopeOf(role: string, action: Action) {
  return Object.hasOwn(roleTable, role) ? roleTable[role as Role][action] : undefined;
}

function mayReadAny(roles: readonly string[]): boolean {
  for (const role of roles) if (scopeOf(role, "read") !== undefined) return true;
  return false;
}

function namedAsReader(record: WorldRecord, roles: readonly string[]): boolean {
  const readers = record["readers"];
  if (readers === undefined) return true;
  return Array.isArray(readers) && roles.some((role) => readers.includes(role));
}

/** P19: who may edit signals does not decide what a command may reach, nor under which conditions. */
function touchesCommandRules(change: Change): boolean {
  if (change.op === "update") return change.fields["safety"] !== undefined || change.fields["commandWhen"] !== undefined;
  const { kind, safety, commandWhen } = change.record;
  return kind === "signal" && (safety !== undefined || commandWhen !== undefined);
}

function touchesReaders(change: Change): boolean {
  return change.op === "update" ? change.fields["readers"] !== undefined : change.record["readers"] !== undefined;
}
