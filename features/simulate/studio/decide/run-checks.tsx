import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";

/** Whether the books of every replication balanced, and whether the same plan came to the same figures again. */
export function RunChecks({
  checks,
  sameHash,
  resumed,
}: {
  readonly checks: RunResult["checks"];
  readonly sameHash: boolean | undefined;
  readonly resumed: number | undefined;
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
      {sameHash !== undefined && (
        <b className={sameHash ? "is-better" : "is-worse"}>
          {t(sameHash ? "simulate.experiments.sameHash" : "simulate.experiments.otherHash")}
        </b>
      )}{" "}
      {resumed !== undefined && resumed > 0 && t("simulate.decide.resumed", { count: resumed })}
    </>
  );
}
