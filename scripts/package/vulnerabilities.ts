import type { Audit, Advisory } from "./audit.ts";
import type { BillOfMaterials } from "./bill-of-materials.ts";

interface Vulnerability {
  readonly "bom-ref": string;
  readonly id: string;
  readonly source: { readonly name: string; readonly url: string };
  readonly ratings: readonly { readonly severity: Advisory["severity"]; readonly score?: number; readonly method?: "CVSSv31" }[];
  readonly cwes?: readonly number[];
  readonly description: string;
  readonly analysis: { readonly state: "in_triage" };
  readonly affects: readonly { readonly ref: string }[];
}

/** CycloneDX 1.6 with vulnerabilities alone (VEX), beside the bill of materials that it refers to: it is of a day, the bill of the content. */
export interface VulnerabilityReport {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly version: 1;
  readonly metadata: {
    readonly timestamp: string;
    readonly component: BillOfMaterials["metadata"]["component"];
    readonly properties: readonly { readonly name: string; readonly value: string }[];
  };
  readonly vulnerabilities: readonly Vulnerability[];
}

/** What is known of the components of a bill, on the day that somebody was asked. `doppelwerk:audit` says whether somebody was. */
export function vulnerabilityReport(bill: BillOfMaterials, audit: Audit, now: Date): VulnerabilityReport {
  const properties =
    audit.state === "asked"
      ? [{ name: "doppelwerk:audit", value: "asked" }]
      : [
          { name: "doppelwerk:audit", value: "unknown" },
          { name: "doppelwerk:auditReason", value: audit.why },
        ];
  const serial = bill.serialNumber.replace("urn:uuid:", "");
  const refs = new Map(bill.components.map((component) => [component["bom-ref"].split("#")[1] ?? "", component["bom-ref"]]));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { timestamp: now.toISOString(), component: bill.metadata.component, properties },
    vulnerabilities: (audit.state === "asked" ? audit.advisories : []).map(({ id, title, url, severity, cwes, score, paths }) => ({
      "bom-ref": id,
      id,
      source: { name: "GitHub Advisory Database", url },
      ratings: [{ severity, ...(score !== undefined && { score, method: "CVSSv31" as const }) }],
      ...(cwes.length > 0 && { cwes }),
      description: title,
      analysis: { state: "in_triage" as const },
      affects: paths.map((path) => ({ ref: `urn:cdx:${serial}/${bill.version}#${encodeURIComponent(refs.get(path) ?? path)}` })),
    })),
  };
}

/** For the person who builds. */
export function auditLine(audit: Audit): string {
  if (audit.state === "unknown") return `known vulnerabilities: unknown (${audit.why})`;
  if (audit.advisories.length === 0) return "known vulnerabilities: none that the registry knows today";
  return `known vulnerabilities: ${audit.advisories.length} (${audit.advisories.map(({ id, severity }) => `${id} ${severity}`).join(", ")})`;
}
