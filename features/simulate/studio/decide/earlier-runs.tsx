import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import type { RunSummary } from "@doppelwerk/client";
import { momentText, useStudio, useWords } from "@doppelwerk/kit/studio";
import { useLineNames } from "./use-line-names.ts";

/** Which of the finished runs is shown, where there are several. */
export function EarlierRuns({ runs, shown }: { readonly runs: readonly RunSummary[]; readonly shown: string | undefined }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const nameOf = useLineNames(runs[0]?.branch ?? "");
  // which line it is of, where the runs are of several
  const hasSeveral = new Set(runs.map(({ line, lines }) => lines?.join() ?? line ?? "")).size > 1;
  const linesText = ({ line, lines }: RunSummary): string =>
    lines !== undefined
      ? `${t("simulate.decide.lineCount", { count: lines.length })} · `
      : hasSeveral && line !== undefined
        ? `${nameOf(line)} · `
        : "";
  const done = runs.filter((run) => run.state === "done");
  if (done.length < 2) return null;
  return (
    <Select
      size="sm"
      aria-label={t("simulate.decide.runs")}
      value={shown ?? done[0]!.id}
      onChange={(value) => studio.address.amend({ run: value ?? undefined })}
      data={done.map((run) => ({
        value: run.id,
        label: `${t(`runKind.${run.kind}`)} · ${linesText(run)}${run.replications} · ${momentText(run.startedAt, zone, language, false)}`,
      }))}
      w={300}
      maw="100%"
      allowDeselect={false}
    />
  );
}
