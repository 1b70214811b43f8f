import type { Principal } from "@doppelwerk/world";
import { PROPERTY_CLASS, type PropertyClassRecord } from "./class-record.ts";

type Given = Pick<PropertyClassRecord, "propose" | "approve" | "approvers" | "directWrites" | "enabled"> & {
  readonly covers: readonly object[];
};

/** Who would be able to approve a change of a class that covers property classes, where they are too few; undefined where they are enough, or it covers none. */
export function lockedOut(
  given: Given,
  people: readonly Principal[],
  grantsOf: (principal: Principal) => readonly string[],
): number | undefined {
  const coversItself = given.covers.some((covers) => "kind" in covers && covers.kind === PROPERTY_CLASS);
  if (!given.enabled || given.directWrites || !coversItself) return undefined;
  const has = (principal: Principal, roles: readonly string[]): boolean =>
    roles.length === 0 || [...principal.roles, ...grantsOf(principal)].some((role) => roles.includes(role));
  const persons = people.filter(({ machine }) => machine !== true);
  const approving = persons.filter((one) => one.roles.some((role) => APPROVES.has(role)) && has(one, given.approve));
  const proposing = persons.filter((one) => one.roles.includes("administrator") && has(one, given.propose));
  const others = proposing.map(({ id }) => approving.filter((one) => one.id !== id).length);
  const most = Math.max(0, ...others);
  return most >= given.approvers ? undefined : most;
}

const APPROVES: ReadonlySet<string> = new Set(["engineer", "administrator"]);
