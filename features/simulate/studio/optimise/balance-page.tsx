import type { ReactNode } from "react";
import { DoppelwerkError } from "@doppelwerk/world";
import type { LineWork } from "@doppelwerk/sim/optimise";
import { Empty, Failure, Waiting, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { BalancedWork } from "./balanced-work.tsx";
import { OptimiseHead } from "./optimise-head.tsx";
import * as simulate from "../../calls.ts";

/** The work of the line's stations in its elements: divided so that the longest station takes the least, by a search or by hand. */
export function BalancePage({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { line } = useScope();
  const commits = useStore(studio.commits);
  const loaded = useLoad(
    (signal) =>
      simulate.readWork(studio.client, { params: { branch }, query: { line } }, { signal }).catch((error: unknown) => {
        // nothing says what the work is made of: nothing is wrong
        if (error instanceof DoppelwerkError && error.code === "DW_NOT_FOUND") return undefined;
        throw error;
      }),
    [branch, line],
    undefined,
    commits,
  );
  if (loaded.value === undefined)
    return (
      <div className="dw-page dw-decide dw-optimise">
        <div className="dw-decide-left">
          <OptimiseHead kind="balance" />
        </div>
        <div className="dw-decide-right">
          {loaded.kind === "loading" && <Waiting />}
          {loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
          {loaded.kind === "ready" && (
            <Empty title={t("simulate.optimise.balance.emptyTitle")} text={t("simulate.optimise.balance.emptyText")} />
          )}
        </div>
      </div>
    );
  const given = loaded.value.work as LineWork;
  // other elements are another problem; other times of the same are not
  const key = `${branch} ${given.elements.map(({ id, station }) => `${id} ${station}`).join()}`;
  return <BalancedWork key={key} branch={branch} given={given} source={loaded.value.source} />;
}
