import { Select, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";
import { momentText, useStudio, useWords, OriginMark } from "@doppelwerk/kit/studio";
import { useLineNames } from "../decide/use-line-names.ts";
import { BackButton } from "./back-button.tsx";

/** Which run is watched at which moment, which of its replications, and whether it went here as it did on the server. */
export function WatchHead({
  result,
  instant,
  traceHash,
  replication,
  onReplication,
  line,
  onClose,
}: {
  readonly result: RunResult;
  readonly instant: Instant;
  /** Of the branch as simulated here, once it is simulated to its end. */
  readonly traceHash: string | undefined;
  readonly replication: number;
  readonly onReplication: (replication: number) => void;
  /** The one shown, where several ran at once. */
  readonly line: string | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { t, language, zone } = useWords();
  const kept = result.replications.find((one) => one.replication === replication)?.traceHash;
  return (
    <div className="dw-watch-head">
      <BackButton onClose={onClose} />
      <b>{t("simulate.watch.title", { kind: t(`runKind.${result.run.kind}`), moment: momentText(instant, zone, language) })}</b>
      <OriginMark origin="simulation" />
      <span className="dw-grow" />
      {result.run.lines !== undefined && line !== undefined && <LineOfRunChooser lines={result.run.lines} line={line} />}
      {traceHash !== undefined && (
        <Tooltip label={t(traceHash === kept ? "simulate.watch.sameHint" : "simulate.watch.otherHint")} multiline w={280}>
          <span className={traceHash === kept ? "is-better" : "is-worse"}>
            {t(traceHash === kept ? "simulate.watch.same" : "simulate.watch.other")}
          </span>
        </Tooltip>
      )}
      <Select
        size="xs"
        w={290}
        maw="100%"
        aria-label={t("simulate.watch.replication")}
        value={String(replication)}
        onChange={(value) => onReplication(Number(value ?? 0))}
        allowDeselect={false}
        data={result.replications.map((one) => ({
          value: String(one.replication),
          label: t("simulate.watch.replicationOf", {
            number: one.replication + 1,
            live: Math.round(one.live),
            branch: Math.round(one.branch),
          }),
        }))}
      />
    </div>
  );
}

/** Which of the lines that ran at once is shown. */
function LineOfRunChooser({ lines, line }: { readonly lines: readonly string[]; readonly line: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const nameOf = useLineNames(studio.address.store.get().branch);
  return (
    <Select
      size="xs"
      w={160}
      aria-label={t("simulate.decide.line")}
      value={line}
      onChange={(value) => studio.address.amend({ line: value ?? undefined })}
      allowDeselect={false}
      data={lines.map((id) => ({ value: id, label: nameOf(id) }))}
    />
  );
}
