import type { FileFinding } from "@doppelwerk/client";

const order = ["error", "repaired", "warning", "info"] as const;

export interface FindingsOfConstraint {
  readonly constraint: string;
  /** The gravest of them. */
  readonly severity: FileFinding["severity"];
  readonly findings: readonly FileFinding[];
}

/** Findings by constraint: the gravest first, then the most. */
export function grouped(findings: readonly FileFinding[]): readonly FindingsOfConstraint[] {
  const groups = new Map<string, FileFinding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.constraint);
    if (group === undefined) groups.set(finding.constraint, [finding]);
    else group.push(finding);
  }
  const graveness = ({ severity }: { readonly severity: FileFinding["severity"] }): number => order.indexOf(severity);
  return [...groups]
    .map(([constraint, all]) => ({ constraint, severity: all.toSorted((a, b) => graveness(a) - graveness(b))[0]!.severity, findings: all }))
    .toSorted((a, b) => graveness(a) - graveness(b) || b.findings.length - a.findings.length);
}
