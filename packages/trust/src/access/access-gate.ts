import { message } from "@doppelwerk/messages";
import {
  LIVE,
  changedKind,
  type AccessGate,
  type ApprovalClasses,
  type Action,
  type BranchId,
  type Change,
  type Decision,
  type ListedRecords,
  type Principal,
  type RecordId,
  type WorldRecord,
} from "@doppelwerk/world";
import { decidingAtPlaces, type PlaceRoleSource, type PlaceSubject } from "./deciding-at-places.ts";
import { FOR_PEOPLE, mayReadAny, scopeOf } from "./roles.ts";

export interface AccessGateOptions {
  /** The roles a principal has now; asked on every decision, so that a role taken away is gone at once. */
  readonly rolesOf: (principal: Principal) => readonly string[];
  /** A further rule on reading a record; it can only forbid. */
  readonly mayRead?: (principal: Principal, record: WorldRecord) => boolean;
  /** What the documents of the world say of reading and changing; it can only forbid, and not administrators. */
  readonly rules?: AccessRuleSource;
  /** Roles over the place tree: on live they give what roles of the server do not, and forbid what no assignment gives; not administrators. */
  readonly places?: PlaceRoleSource;
  /** What changes to live need beyond roles and rules: somebody else's approval. */
  readonly classes?: ApprovalClasses;
  /** A further rule on what may be done on a branch, reading it included; it can only forbid. */
  readonly mayDo?: (principal: Principal, action: Action, branch: BranchId) => boolean;
}

/** Rules that are kept as documents of a world. */
export interface AccessRuleSource {
  /** Without rules roles alone decide. */
  isEmpty(): boolean;
  /** Another one whenever something else may be permitted. */
  version(): number;
  mayRead(principal: Principal, record: WorldRecord): boolean;
  /** What is shown of a record that may be read; itself where all of it is. */
  shown(principal: Principal, record: WorldRecord): WorldRecord;
  /** What is known of a kind before its records are read. */
  listed?(principal: Principal, kind: string): ListedRecords | undefined;
  mayChange(principal: Principal, branch: BranchId, change: Change): boolean;
  /** An operation, or a command of a signal or a connection. */
  mayExecute(principal: Principal, branch: BranchId, subject: RecordId): boolean;
}

/** What a scope is of. */
const READING: ReadonlySet<Action> = new Set(["read", "export"]);

/** What kinds of record need beyond `edit`. */
const actionOfKind: Readonly<Record<string, Action>> = {
  comment: "comment",
  spanNote: "comment",
  savedTrend: "comment",
  stopCoding: "enter",
  handoverNote: "enter",
  handoverSignature: "enter",
  board: "enter",
  boardTile: "enter",
  trackingHold: "enter",
  boardMail: "enter",
  handoverMail: "enter",
  andonCall: "enter",
  mergeRequest: "propose",
  connection: "administer",
  approvalSetting: "administer",
  accessRules: "administer",
  placeRoles: "administer",
  workBadge: "administer",
  propertyClass: "administer",
};

/**
 * Decides by role (see `roleTable`); unknown roles and actions are denied. A record with the field `readers` (a list of roles) is read only by
 * those roles and by administrators, and only administrators write that field, as well as `safety` and `commandWhen` of signals.
 */
export function createAccessGate({ rolesOf, mayRead, mayDo, rules, places, classes }: AccessGateOptions): AccessGate {
  /** Who was given a key of his own has what that covers, and nothing else. */
  const isRuled = (principal: Principal, roles: readonly string[]): boolean =>
    rules !== undefined && principal.scope === undefined && !roles.includes("administrator");

  const { refusedAtPlace, givenAtPlace, changeAtPlace } = decidingAtPlaces({ rolesOf, places, mayDo });

  const decideAt = (principal: Principal, action: Action, branch: BranchId, at: PlaceSubject): Decision => {
    const byRoles = byRole(principal, action, branch);
    const subject = typeof at === "string" ? undefined : at.subject;
    const decision = byRoles.allowed || branch !== LIVE ? byRoles : givenAtPlace(principal, action, at, byRoles);
    const isExecuted = action === "command" && typeof subject === "string" && decision.allowed && isRuled(principal, rolesOf(principal));
    if (isExecuted && !rules!.mayExecute(principal, branch, subject)) return { allowed: false, why: message("trust.noRulePermits") };
    return byRoles.allowed && branch === LIVE ? (refusedAtPlace(principal, action, subject) ?? decision) : decision;
  };

  const decide = (principal: Principal, action: Action, branch: BranchId, subject?: RecordId): Decision =>
    decideAt(principal, action, branch, subject === undefined ? "everywhere" : { subject });

  const byRole = (principal: Principal, action: Action, branch: BranchId): Decision => {
    const roles = rolesOf(principal);
    const isBeyondScope = principal.scope !== undefined && (!READING.has(action) || branch !== LIVE);
    const isForPeople = principal.machine !== undefined && FOR_PEOPLE.has(action);
    const forbidden = isBeyondScope || isForPeople || (mayDo !== undefined && !mayDo(principal, action, branch));
    for (const role of forbidden ? [] : roles) {
      const scope = scopeOf(role, action);
      if (scope === "everywhere" || (scope === "forks" && branch !== LIVE)) return allowed;
    }
    return deniedByRole(roles, action, branch, isForPeople);
  };

  return {
    ...(classes !== undefined && { classes }),
    // a further rule may tell any two principals apart
    classOf(principal) {
      if (principal.scope !== undefined) return `${principal.id}\n${principal.scope.version()}`;
      const roles = rolesOf(principal);
      if (isRuled(principal, roles) && !rules!.isEmpty()) return `${principal.id}\n${roles.toSorted().join("\n")}\n${rules!.version()}`;
      if (mayRead !== undefined || mayDo !== undefined || principal.machine) return principal.id;
      return roles.toSorted().join("\n");
    },
    decide,
    mayAnywhere: (principal, action, branch) => decideAt(principal, action, branch, "anywhere"),
    mayRead(principal, record) {
      const roles = rolesOf(principal);
      if (!mayReadAny(roles) || principal.scope?.covers(record) === false) return false;
      if (!roles.includes("administrator") && !namedAsReader(record, roles)) return false;
      if (isRuled(principal, roles) && !rules!.mayRead(principal, record)) return false;
      return mayRead === undefined || mayRead(principal, record);
    },
    shown: (principal, record) => (isRuled(principal, rolesOf(principal)) ? rules!.shown(principal, record) : record),
    listed: (principal, kind) => (isRuled(principal, rolesOf(principal)) ? rules!.listed?.(principal, kind) : undefined),
    mayReadAll: (principal) => principal.scope === undefined && mayRead === undefined && rolesOf(principal).includes("administrator"),
    mayChange(principal, branch, change, linked = false, before) {
      if ((linked || namesLink(change)) && principal.id !== OWN_WORK) return { allowed: false, why: message("trust.linkedReadOnly") };
      if (touchesReaders(change) || touchesCommandRules(change)) {
        const administer = decide(principal, "administer", branch);
        if (!administer.allowed) return administer;
      }
      const action = actionOfKind[changedKind(change)] ?? "edit";
      const byRoles = byRole(principal, action, branch);
      const decision = branch === LIVE ? changeAtPlace(principal, action, { change, before }, byRoles) : byRoles;
      if (!decision.allowed || !isRuled(principal, rolesOf(principal)) || rules!.mayChange(principal, branch, change)) return decision;
      return { allowed: false, why: message("trust.noRulePermits") };
    },
  };
}

function deniedByRole(roles: readonly string[], action: Action, branch: BranchId, isForPeople: boolean): Decision {
  const on = branch === LIVE ? "live" : "branch";
  if (isForPeople) return { allowed: false, why: message("trust.forPeople", { action }) };
  if (roles.length === 0) return { allowed: false, why: message("trust.notAllowedWithoutRole", { action, on }) };
  return { allowed: false, why: message("trust.notAllowed", { action, on, roles: roles.join(", ") }) };
}

/** The server's own work: no request comes as this one. */
const OWN_WORK = "system";

/** What people write does not say that it is another world's. */
function namesLink(change: Change): boolean {
  return change.op === "update" ? change.fields["linked"] !== undefined : change.record["linked"] !== undefined;
}

const allowed: Decision = { allowed: true };

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
