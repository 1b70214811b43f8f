import { roleTable, type Role } from "@doppelwerk/trust";
import type { ProviderConfig } from "./provider-config.ts";

/** Everybody whom the provider knows. */
const EVERYBODY = "*";

/** The roles that groups of a provider give, none where no group is mapped. Names of a directory are the same whatever their capitals (RFC 4517, 4.2.11). */
export function rolesOfGroups({ kind, roles }: ProviderConfig, groups: readonly string[]): readonly Role[] {
  const plain = (name: string): string => (kind === "ldap" ? name.toLowerCase().replaceAll(/\s*,\s*/g, ",") : name);
  const held = new Set(groups.map(plain));
  return (Object.keys(roleTable) as Role[]).filter((role) => roles[role]?.some((group) => group === EVERYBODY || held.has(plain(group))));
}

/** The groups in the claims of a person: a list of texts or one text, at a name or a path of names. */
export function groupsIn(claims: Readonly<Record<string, unknown>>, claim: string): readonly string[] | undefined {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : claim.split(".").reduce<unknown>(memberOf, claims);
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
