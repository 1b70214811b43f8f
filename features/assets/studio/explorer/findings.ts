import type { Severity } from "@doppelwerk/aas";

const order = ["error", "repaired", "warning", "info"] as const;

interface Judged {
  readonly constraint: string;
  readonly severity: Severity;
}

export interface FindingsOfConstraint<T extends Judged> {
  readonly constraint: string;
  /** The most severe of them. */
  readonly severity: Severity;
  readonly findings: readonly T[];
}

/** Findings by constraint: the most severe first, then the most numerous. */
export function grouped<T extends Judged>(findings: readonly T[]): readonly FindingsOfConstraint<T>[] {
  const groups = new Map<string, T[]>();
  for (const finding of findings) {
    const group = groups.get(finding.constraint);
    if (group === undefined) groups.set(finding.constraint, [finding]);
    else group.push(finding);
  }
  const rank = ({ severity }: { readonly severity: Severity }): number => order.indexOf(severity);
  return [...groups]
    .map(([constraint, all]) => ({ constraint, severity: all.toSorted((a, b) => rank(a) - rank(b))[0]!.severity, findings: all }))
    .toSorted((a, b) => rank(a) - rank(b) || b.findings.length - a.findings.length);
}
