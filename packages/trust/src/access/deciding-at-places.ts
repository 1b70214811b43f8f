import { message } from "@doppelwerk/messages";
import {
  foldChange,
  LIVE,
  type Action,
  type BranchId,
  type Change,
  type Decision,
  type Principal,
  type RecordId,
  type WorldRecord,
} from "@doppelwerk/world";
import type { PlaceDecision } from "../places/place-roles.ts";
import { FOR_PEOPLE, mayReadAny } from "./roles.ts";

/** Roles at places that are kept as documents of a world. */
export interface PlaceRoleSource {
  /** Without roles at places those of the server alone decide. */
  isEmpty(): boolean;
  /** Whether what no assignment gives is refused; otherwise roles of the server count beside them. */
  isStrict(): boolean;
  /** Whether an action is done at a place. */
  isOf(action: Action): boolean;
  /** At the places of a record; `anywhere`: whether at any; `everywhere`: whether in the whole world. */
  decide(principal: Principal, action: Action, at: PlaceSubject): PlaceDecision;
}

export type PlaceSubject = "anywhere" | "everywhere" | { readonly subject: RecordId | WorldRecord };

interface PlaceOptions {
  readonly rolesOf: (principal: Principal) => readonly string[];
  readonly places: PlaceRoleSource | undefined;
  readonly mayDo: ((principal: Principal, action: Action, branch: BranchId) => boolean) | undefined;
}

interface DecidingAtPlaces {
  /** What a role of the server gives, and none at a place; undefined where that is not asked for. */
  refusedAtPlace(principal: Principal, action: Action, subject: RecordId | WorldRecord | undefined): Decision | undefined;
  /** What no role of the server gives: whether one at a place does; otherwise `denied`, or where it is needed. */
  givenAtPlace(principal: Principal, action: Action, at: PlaceSubject, denied: Decision): Decision;
  /** Of a change, where it was and where it comes to stand; `byRoles`: by those of the server. */
  changeAtPlace(
    principal: Principal,
    action: Action,
    changed: { readonly change: Change; readonly before: WorldRecord | undefined },
    byRoles: Decision,
  ): Decision;
}

/** What roles at places say, on live. */
export function decidingAtPlaces({ rolesOf, places, mayDo }: PlaceOptions): DecidingAtPlaces {
  /** Undefined where they say nothing. */
  const atPlace = (principal: Principal, action: Action, at: PlaceSubject): PlaceDecision | undefined =>
    places === undefined || !places.isOf(action) || places.isEmpty() || rolesOf(principal).includes("administrator")
      ? undefined
      : places.decide(principal, action, at);
  const decisions: DecidingAtPlaces = {
    refusedAtPlace(principal, action, subject) {
      if (places?.isStrict() !== true) return undefined;
      return refusalOf(action, atPlace(principal, action, subject === undefined ? "anywhere" : { subject }));
    },
    givenAtPlace(principal, action, at, denied) {
      // who may not even read, a key, and a machine that would answer for something are given nothing
      const isBarred = principal.scope !== undefined || (principal.machine !== undefined && FOR_PEOPLE.has(action));
      if (isBarred || !mayReadAny(rolesOf(principal)) || (mayDo !== undefined && !mayDo(principal, action, LIVE))) return denied;
      const found = atPlace(principal, action, at);
      if (found?.allowed === true) return { allowed: true };
      return refusalOf(action, at === "everywhere" ? undefined : found) ?? denied;
    },
    changeAtPlace(principal, action, { change, before }, byRoles) {
      const after = change.op === "update" && before === undefined ? undefined : foldChange(before, change);
      const versions = [before, after].filter((record) => record !== undefined);
      const { refusedAtPlace, givenAtPlace } = decisions;
      if (byRoles.allowed) return versions.map((one) => refusedAtPlace(principal, action, one)).find((one) => one !== undefined) ?? byRoles;
      const given = versions.map((subject) => givenAtPlace(principal, action, { subject }, byRoles));
      return given.find((one) => !one.allowed) ?? (given.length === 0 ? byRoles : { allowed: true });
    },
  };
  return decisions;
}

/** What no role at a place gives; undefined where one does, or none is asked for. */
function refusalOf(action: Action, found: PlaceDecision | undefined): Decision | undefined {
  if (found === undefined || found.allowed) return undefined;
  const roles = found.roles.length === 0 ? "–" : found.roles.join(", ");
  const isInTree = found.places.length > 0;
  const why = isInTree
    ? message("trust.noRoleAtPlace", { action, roles, places: found.places.join(", ") })
    : message("trust.noRoleInWorld", { action, roles });
  return { allowed: false, why };
}
