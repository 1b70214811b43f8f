import type { Action } from "@doppelwerk/world";

export type Role = "viewer" | "operator" | "engineer" | "administrator";

/** Where a role may do an action: everywhere, only on forks, nowhere (absent). */
export type Scope = "everywhere" | "forks";

const viewer: Readonly<Partial<Record<Action, Scope>>> = { read: "everywhere", export: "everywhere", comment: "everywhere" };

const operator: Readonly<Partial<Record<Action, Scope>>> = {
  ...viewer,
  fork: "everywhere",
  // An operator changes the plant's documents only by way of a merge request.
  edit: "forks",
  run: "everywhere",
  propose: "everywhere",
  acknowledge: "everywhere",
  command: "everywhere",
  enter: "everywhere",
};

const engineer: Readonly<Partial<Record<Action, Scope>>> = { ...operator, edit: "everywhere", import: "everywhere", approve: "everywhere" };

/** The whole table of who may do what; what is not in it is denied. Documented in README.md. */
export const roleTable: Readonly<Record<Role, Readonly<Partial<Record<Action, Scope>>>>> = {
  viewer,
  operator,
  engineer,
  administrator: { ...engineer, administer: "everywhere" },
};

/** What somebody answers for. */
export const FOR_PEOPLE: ReadonlySet<Action> = new Set(["approve", "administer"]);

export function scopeOf(role: string, action: Action): Scope | undefined {
  return Object.hasOwn(roleTable, role) ? roleTable[role as Role][action] : undefined;
}

export function mayReadAny(roles: readonly string[]): boolean {
  for (const role of roles) if (scopeOf(role, "read") !== undefined) return true;
  return false;
}
