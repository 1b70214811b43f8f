import type { ReactNode } from "react";
import { Empty, Failure, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { BackButton } from "./back-button.tsx";
import { loadRun } from "./load-run.ts";
import { WatchedRun } from "./watched-run.tsx";
import "./watch.css";

/** One replication of a run, simulated again here: live on the left, the branch on the right, one camera, one time. */
export default function WatchView({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const address = useStore(studio.address.store);
  const loaded = useLoad((signal) => loadRun(studio, branch, address.run, signal), [branch, address.run]);
  const close = (): void => studio.address.go({ detail: undefined });
  return (
    <div className="dw-page dw-watch">
      {loaded.value === "none" ? (
        <Empty
          title={t("simulate.watch.noneTitle")}
          text={t("simulate.watch.noneText")}
          action={t("simulate.watch.noneGo")}
          onAction={close}
        />
      ) : loaded.value === undefined ? (
        <>
          <div className="dw-watch-head">
            <BackButton onClose={close} />
            {loaded.kind !== "failed" && <span className="dw-quiet">{t("simulate.watch.loading")}</span>}
          </div>
          {loaded.kind === "failed" ? (
            <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
          ) : (
            <div className="dw-watch-panes">
              <div className="dw-watch-pane" />
              <div className="dw-watch-pane" />
            </div>
          )}
        </>
      ) : (
        <WatchedRun key={`${loaded.value.result.run.id}`} run={loaded.value} onClose={close} />
      )}
    </div>
  );
}
