import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import type { RunSummary } from "@doppelwerk/client";
import { momentText, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";

/** Which of the finished runs is shown, where there are several. */
export function EarlierRuns({ runs }: { readonly runs: readonly RunSummary[] }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const address = useStore(studio.address.store);
  const done = runs.filter((run) => run.state === "done");
  if (done.length < 2) return null;
  return (
    <Select
      size="sm"
      aria-label={t("simulate.decide.runs")}
      value={address.run ?? done[0]!.id}
      onChange={(value) => studio.address.amend({ run: value ?? undefined })}
      data={done.map((run) => ({
        value: run.id,
        label: `${t(`runKind.${run.kind}`)} · ${run.lines === undefined ? "" : `${t("simulate.decide.lineCount", { count: run.lines.length })} · `}${run.replications} · ${momentText(run.startedAt, zone, language, false)}`,
      }))}
      w={300}
      maw="100%"
      allowDeselect={false}
    />
  );
}
