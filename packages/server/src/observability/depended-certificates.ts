import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { connections } from "@doppelwerk/ports";
import type { ProviderStore } from "../directory/provider-store.ts";
import type { WatchedCertificate } from "../http/app.ts";
import type { MachineStore } from "../machines/machine-store.ts";
import type { HostedWorlds } from "../routes/hosted-worlds.ts";
import type { ServerState } from "./server-state-contract.ts";

export type DependedCertificate = ServerState["certificates"][number];

export interface DependedOf {
  readonly worlds: Pick<HostedWorlds, "registry" | "certificates" | "data">;
  readonly identities:
    | {
        readonly machines: { readonly store: Pick<MachineStore, "byId"> };
        readonly directories: { readonly store: Pick<ProviderStore, "list"> };
      }
    | undefined;
  /** Those that the server shows. */
  watched(): readonly WatchedCertificate[];
}

const AUTHORITIES = [
  ["TLS", "authority.pem"],
  ["OPC UA", "opcua-authority.pem"],
] as const;

/** Every certificate that this server depends on, the soonest to expire first: its own, its authorities, those it issued, and those of others that it trusts. */
export function dependedCertificates(of: DependedOf): readonly DependedCertificate[] {
  const all = [...shown(of), ...authorities(of), ...issued(of), ...ofOthers(of), ...ofProviders(of)];
  return all.toSorted((a, b) => a.until - b.until);
}

function shown({ watched }: DependedOf): readonly DependedCertificate[] {
  return watched().map(({ name, pem, failure }) => ({
    of: "https",
    name,
    until: endOf(pem),
    ...(failure !== undefined && { failure }),
  }));
}

/** What is not made yet is not made for being looked at. */
function authorities({ worlds: { data } }: DependedOf): readonly DependedCertificate[] {
  if (data === undefined) return [];
  return AUTHORITIES.flatMap(([name, file]): DependedCertificate[] => {
    const path = join(data, "tls", file);
    return existsSync(path) ? [{ of: "authority", name, until: endOf(readFileSync(path, "utf8")) }] : [];
  });
}

/** Of each machine and connection the one that holds longest: it is renewed by itself, so that one about to end was not. */
function issued({ worlds: { certificates }, identities }: DependedOf): readonly DependedCertificate[] {
  const newest = new Map<string, DependedCertificate>();
  for (const { owner, of: kind, until: ends, revoked } of certificates?.store.list() ?? []) {
    const isConnection = owner.startsWith("connection:");
    const name = isConnection ? owner.slice("connection:".length) : identities?.machines.store.byId(owner)?.name;
    if (revoked !== undefined || name === undefined) continue;
    const key = `${owner} ${kind}`;
    const until = Date.parse(ends) * 1_000;
    if ((newest.get(key)?.until ?? 0) < until) newest.set(key, { of: isConnection ? "connection" : "machine", name, until });
  }
  return [...newest.values()];
}

function ofOthers({ worlds: { registry } }: DependedOf): readonly DependedCertificate[] {
  const known = registry.open().flatMap(({ features }) => features.find(connections)?.certificates() ?? []);
  return known.map(({ of, name, untilMs }) => ({ of, name, until: untilMs * 1_000 }));
}

function ofProviders({ identities }: DependedOf): readonly DependedCertificate[] {
  return (identities?.directories.store.list() ?? []).flatMap((provider): DependedCertificate[] =>
    provider.kind !== "ldap" || provider.authority === undefined
      ? []
      : [{ of: "provider", name: provider.name, until: endOf(provider.authority) }],
  );
}

/** Of the first in a file. */
function endOf(pem: string): number {
  return Date.parse(new X509Certificate(pem).validTo) * 1_000;
}
