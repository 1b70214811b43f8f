import { isLoopback } from "../http/guard.ts";
import { z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { roleTable, type Role } from "@doppelwerk/trust";
import { DoppelwerkError } from "@doppelwerk/world";
import { parse } from "../http/query.ts";

const text = z.string().trim().min(1).max(500);
/** Stands in addresses and in the file of accounts. */
const id = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/);
const group = z.string().min(1).max(1_000);

const common = {
  id,
  /** What its button on the login says. */
  name: z.string().trim().min(1).max(40),
  /** Which groups give which role; `*` is everybody whom the provider knows. */
  roles: z.partialRecord(z.enum(Object.keys(roleTable) as [Role, ...Role[]]), z.array(group).max(200).readonly()),
  /** Who gets an account at the first login: `groups` everybody whose groups give a role, `invited` who has an invitation. */
  admits: z.enum(["groups", "invited"]).default("invited"),
  /** Days after the last login through the provider in which a password kept here counts while the provider does not answer; 0 for never. */
  offlineDays: z.int().min(0).max(90).default(7),
};

const openIdShape = z.strictObject({
  kind: z.literal("openid"),
  ...common,
  issuer: z.url().max(500),
  clientId: text,
  clientSecret: z.string().min(1).max(1_000).optional(),
  scopes: z.string().max(500).default("openid profile email"),
  /** Name of the claim with the groups, or its path: `realm_access.roles`. */
  groupsClaim: text.default("groups"),
  /** Claim that a new login is named after. */
  loginClaim: text.default("preferred_username"),
  /** Hosts besides that of the issuer on which the provider has addresses. */
  hosts: z.array(z.string().min(1).max(253)).max(10).readonly().default([]),
  /** Whether logging out here logs out at the provider too, where it offers that. */
  logsOut: z.boolean().default(true),
});

const ldapShape = z.strictObject({
  kind: z.literal("ldap"),
  ...common,
  /** `ldaps://HOST:PORT`, or `ldap://` with `startTls`. */
  url: z.url().max(500),
  startTls: z.boolean().default(false),
  /** Certificates in PEM that the one of the directory is checked with, instead of those of the system. */
  authority: z.string().max(100_000).optional(),
  /** Account that searches. Without one the person binds first, as `personDn` says. */
  bindDn: text.optional(),
  bindPassword: z.string().min(1).max(1_000).optional(),
  /** Name of a person for the bind: `{login}@corp.example`, or `uid={login},ou=people,dc=example`. */
  personDn: text.optional(),
  /** Where people are searched. */
  base: text,
  /** How; `{login}` is what was typed, escaped. */
  filter: text.default("(uid={login})"),
  /** Where groups are searched; without it they are those of `memberOf`. */
  groupBase: text.optional(),
  /** How; `{dn}` is the name of the person, escaped. */
  groupFilter: text.default("(member={dn})"),
  /** Whether groups of groups count. */
  nestedGroups: z.boolean().default(false),
  /** Attribute that stays the same when a person is renamed or moved: `objectGUID` in Active Directory. */
  idAttribute: text.default("entryUUID"),
  nameAttribute: text.default("cn"),
  loginAttribute: text.default("uid"),
});

const providerShape = z.discriminatedUnion("kind", [openIdShape, ldapShape]);

export type OpenIdConfig = z.output<typeof openIdShape>;
export type LdapConfig = z.output<typeof ldapShape>;
/** A provider of the company that knows people and their groups. */
export type ProviderConfig = OpenIdConfig | LdapConfig;

/** Members that nobody reads again once they are set. */
export const SECRETS = ["clientSecret", "bindPassword"] as const;

/** Errors: DW_INVALID. */
export function providerOf(value: unknown): ProviderConfig {
  const provider = parse(providerShape, value, message("server.providerBody"));
  const fault = provider.kind === "openid" ? faultOfOpenId(provider) : faultOfLdap(provider);
  if (fault !== undefined) throw new DoppelwerkError("DW_INVALID", fault);
  return provider;
}

function faultOfOpenId({ issuer }: OpenIdConfig) {
  const url = new URL(issuer);
  if (!isProtected(url, "https:", "http:") || url.username !== "" || url.search !== "" || url.hash !== "")
    return message("server.issuerNotHttps", { issuer });
  return undefined;
}

function faultOfLdap({ url, startTls, filter, groupFilter, personDn, bindDn, bindPassword }: LdapConfig) {
  const address = new URL(url);
  if (!isProtected(address, "ldaps:", startTls ? undefined : "ldap:") && !(address.protocol === "ldap:" && startTls))
    return message("server.directoryNotEncrypted", { url });
  if (!filter.includes("{login}")) return message("server.filterWithout", { filter, name: "{login}" });
  if (!groupFilter.includes("{dn}")) return message("server.filterWithout", { filter: groupFilter, name: "{dn}" });
  if (personDn !== undefined && !personDn.includes("{login}"))
    return message("server.filterWithout", { filter: personDn, name: "{login}" });
  // a name without a password is an anonymous bind (RFC 4513, 5.1.2)
  if ((bindDn === undefined) !== (bindPassword === undefined) || (bindDn === undefined) === (personDn === undefined))
    return message("server.directoryBindsTwice");
  return undefined;
}

/** Without encryption within this machine alone. */
function isProtected({ protocol, hostname }: URL, encrypted: string, plain: string | undefined): boolean {
  return protocol === encrypted || (protocol === plain && isLoopback(hostname));
}

/** As administrators see it. */
export function withoutSecrets(provider: ProviderConfig): Record<string, unknown> {
  return Object.fromEntries(Object.entries(provider).filter(([name]) => !SECRETS.some((secret) => secret === name)));
}
