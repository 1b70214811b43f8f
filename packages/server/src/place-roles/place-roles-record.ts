import { message, type Message } from "@doppelwerk/messages";
import { roleTable, type PlaceAssignment, type PlaceRole } from "@doppelwerk/trust";
import type { Action, RecordKind, WorldRecord } from "@doppelwerk/world";

export const PLACE_ROLES = "placeRoles";
export const MAX_ROLES = 200;
export const MAX_ASSIGNMENTS = 10_000;
const MAX_ACTIONS = 200;
const MAX_CLASSES = 50;

/** What is done to an object at a place. Reading is for access rules, and what is about no object for the roles of the server. */
export const PLACE_ACTIONS = [
  "export",
  "edit",
  "propose",
  "approve",
  "acknowledge",
  "command",
  "enter",
] as const satisfies readonly Action[];
export type PlaceAction = (typeof PLACE_ACTIONS)[number];

/** What a feature declares: `FEATURE.ACT`. */
const ACT = /^[a-z][a-zA-Z0-9-]*\.[a-z][a-zA-Z0-9]*$/;

/** What no assignment gives: refused, or left to the roles of the server. */
export type Otherwise = "deny" | "roles";

interface StoredRole {
  readonly name: string;
  /** Actions of places, and of features. */
  readonly actions: readonly string[];
  /** Names of property classes that it is for; absent: for whatever it is. */
  readonly classes?: readonly string[];
  readonly [key: string]: string | readonly string[] | undefined;
}

export interface StoredAssignment {
  readonly who: string;
  readonly role: string;
  readonly place: string;
  /** ISO 8601, UTC. */
  readonly until?: string;
  readonly [key: string]: string | undefined;
}

/** Roles over the place tree. They give what roles of the server do not; while an enabled one is strict, what no assignment gives is refused. */
export interface PlaceRolesRecord extends WorldRecord {
  readonly kind: typeof PLACE_ROLES;
  readonly name: string;
  readonly roles: readonly StoredRole[];
  readonly assignments: readonly StoredAssignment[];
  readonly enabled: boolean;
  /** Absent: `deny`. */
  readonly otherwise?: Otherwise;
}

/** What the roles of a set say. */
export type PlaceRoleSet = Pick<PlaceRolesRecord, "roles" | "assignments" | "enabled" | "otherwise">;

export const placeRolesKind: RecordKind = { kind: PLACE_ROLES, validate: faultsOf };

/** The roles of the server may be given at places, too. */
const SERVER_ROLES: readonly PlaceRole[] = Object.entries(roleTable)
  .filter(([name]) => name !== "administrator")
  .map(([name, table]) => ({ name, actions: PLACE_ACTIONS.filter((action) => table[action] === "everywhere") }));

export function rolesOf(sets: readonly Pick<PlaceRolesRecord, "roles">[]): readonly PlaceRole[] {
  return [...SERVER_ROLES, ...sets.flatMap(({ roles }) => roles)];
}

export function assignmentsOf(sets: readonly Pick<PlaceRolesRecord, "assignments">[]): readonly PlaceAssignment[] {
  return sets.flatMap(({ assignments }) =>
    assignments.map(({ who, role, place, until }) => ({
      who,
      role,
      place,
      ...(until !== undefined && { until: Date.parse(until) * 1_000 }),
    })),
  );
}

function faultsOf({ name, roles, assignments, enabled, otherwise = "deny" }: WorldRecord): readonly Message[] {
  if (!isText(name, 200)) return [message("server.placeRolesName")];
  if (typeof enabled !== "boolean") return [message("server.placeRolesEnabled")];
  if (otherwise !== "deny" && otherwise !== "roles") return [message("server.placeRolesOtherwise")];
  if (!isList(roles, MAX_ROLES)) return [message("server.placeRolesRoles", { max: MAX_ROLES })];
  if (!isList(assignments, MAX_ASSIGNMENTS)) return [message("server.placeRolesAssignments", { max: MAX_ASSIGNMENTS })];
  for (const [at, role] of roles.entries())
    if (!isRole(role)) return [message("server.placeRole", { at: at + 1, actions: PLACE_ACTIONS.join(", ") })];
  for (const [at, one] of assignments.entries()) if (!isAssignment(one)) return [message("server.placeAssignment", { at: at + 1 })];
  return [];
}

function isRole(given: unknown): boolean {
  const { name, actions, classes = [] } = (given ?? {}) as Record<string, unknown>;
  // a role of the server means the same everywhere; `@` joins a role and its place
  if (!isText(name, 100) || (name as string).includes("@") || Object.hasOwn(roleTable, name as string)) return false;
  if (!isList(classes, MAX_CLASSES) || !classes.every((one) => isText(one, 100))) return false;
  return isList(actions, MAX_ACTIONS) && actions.every((action) => isAction(action));
}

function isAction(given: unknown): boolean {
  return (PLACE_ACTIONS as readonly unknown[]).includes(given) || (isText(given, 100) && ACT.test(given as string));
}

function isAssignment(given: unknown): boolean {
  const { who, role, place, until } = (given ?? {}) as Record<string, unknown>;
  const isWho = isText(who, 200) && /^(?:person|machine|role):./.test(who as string);
  const isPlace = place === "*" || (isText(place, 500) && (place as string).startsWith("shell:"));
  return (
    isWho && isText(role, 100) && isPlace && (until === undefined || (isText(until, 40) && !Number.isNaN(Date.parse(until as string))))
  );
}

function isText(given: unknown, most: number): boolean {
  return typeof given === "string" && given.trim() !== "" && given.length <= most;
}

function isList(given: unknown, most: number): given is readonly unknown[] {
  return Array.isArray(given) && given.length <= most;
}
