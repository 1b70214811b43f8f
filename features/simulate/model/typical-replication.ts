import type { RunResult } from "@doppelwerk/client";

/** The replication whose gain is nearest to the mean: what the run says, as one course of events. */
export function typicalReplication({ replications }: Pick<RunResult, "replications">): number {
  const mean = replications.reduce((sum, { live, branch }) => sum + branch - live, 0) / Math.max(1, replications.length);
  const gap = (one: (typeof replications)[number]): number => Math.abs(one.branch - one.live - mean);
  return replications.toSorted((a, b) => gap(a) - gap(b))[0]?.replication ?? 0;
}
