import { KPI_NAMES, type Kpi, type StoredTargets, type Target } from "./target-kind.ts";

export type Targets = Partial<Record<Kpi, Target>>;

/** World class as S. Nakajima set it (Introduction to TPM, 1988); a lower bound two thirds of the way to what most plants reach. */
export const SHIPPED_TARGETS: Targets = {
  oee: { target: 0.85, warning: 0.75 },
  availability: { target: 0.9, warning: 0.85 },
  effectiveness: { target: 0.95, warning: 0.9 },
  qualityRatio: { target: 0.99, warning: 0.98 },
};

/** What people stored lies over what is shipped, KPI by KPI. */
export function targetsInForce(stored: StoredTargets): Targets {
  const targets: Targets = {};
  for (const kpi of KPI_NAMES) {
    const own = stored[kpi];
    const target = own === undefined ? SHIPPED_TARGETS[kpi] : own;
    if (target && target !== "none") targets[kpi] = target;
  }
  return targets;
}
