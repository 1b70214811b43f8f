import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";

/** Whether the books of every replication balanced, and whether the same plan came to the same figures again. */
export function RunChecks({
  checks,
  sameHash,
  resumed,
  requested,
}: {
  readonly checks: RunResult["checks"];
  readonly sameHash: boolean | undefined;
  readonly resumed: number | undefined;
  /** Replications of each side of a run: what the other simulations were of is said. */
  readonly requested?: number;
}): ReactNode {
  const { t } = useWords();
  return (
    <>
      {checks !== undefined && (
        <b className={checks.conservation && checks.littlesLaw ? "is-better" : "is-worse"}>
          {t(
            checks.conservation
              ? checks.littlesLaw
                ? "simulate.decide.booksBalance"
                : "simulate.decide.littlesLawBroken"
              : "simulate.decide.conservationBroken",
            {
              count: checks.replications,
            },
          )}
        </b>
      )}{" "}
      {checks !== undefined && requested !== undefined && (
        <small>{t("simulate.decide.simulationsOf", simulationsOf(checks.replications, requested))}</small>
      )}{" "}
      {sameHash !== undefined && (
        <b className={sameHash ? "is-better" : "is-worse"}>
          {t(sameHash ? "simulate.experiments.sameHash" : "simulate.experiments.otherHash")}
        </b>
      )}{" "}
      {resumed !== undefined && resumed > 0 && t("simulate.decide.resumed", { count: resumed })}
    </>
  );
}

/** Live with fixed parameters is simulated a third as often as a side, and so often at least. */
const FIXED_LEAST = 10;

/** Of all simulations of a run those of live, of the branch where it differs, and of live with fixed parameters. */
export function simulationsOf(all: number, requested: number): { readonly live: number; readonly branch: number; readonly fixed: number } {
  const fixed = Math.min(all - requested, Math.max(FIXED_LEAST, Math.ceil(requested / 3)));
  return { live: requested, branch: all - requested - fixed, fixed };
}
