import { X509Certificate } from "node:crypto";
import type { SecretStore, TrustList } from "@doppelwerk/connectors";
import type { Connections } from "@doppelwerk/ports";

/** What connections count on and this server did not make, so that it renews none of it. */
export function certificatesOf(
  trust: Pick<TrustList, "list">,
  secrets: Pick<SecretStore, "names" | "read">,
): ReturnType<Connections["certificates"]> {
  const plants = trust
    .list()
    .filter(({ decision, met }) => decision === "trusted" && met.includes("server"))
    .map(({ subject, validTo }) => ({ of: "plant" as const, name: commonNameOf(subject), untilMs: Date.parse(validTo) }));
  const given = secrets.names().flatMap((name) => {
    const { certificate } = secrets.read(name);
    const untilMs = certificate === undefined ? undefined : endOf(certificate);
    return untilMs === undefined ? [] : [{ of: "given" as const, name, untilMs }];
  });
  return [...plants, ...given];
}

function commonNameOf(subject: string): string {
  return /(?:^|[\n,])\s*CN=([^\n,]+)/.exec(subject)?.[1] ?? subject;
}

/** Undefined for a text that is no certificate: whoever stored it is told when it is used. */
function endOf(pem: string): number | undefined {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    // see above
    return undefined;
  }
}
