import { Select } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { Empty, Failure, Waiting, aasOf, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { ifThere, read } from "./aas-access.ts";
import { Differences } from "./differences-table.tsx";
import { recordedPath } from "./recorded.ts";
import type { Recorded, RecordedContent } from "./recorded.ts";

/** The same document on two branches. */
export function ComparePanel({ of }: { readonly of: Recorded }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const branches = useStore(studio.branches);
  const commits = useStore(studio.commits);
  const nameOf = (id: string): string => (id === LIVE ? t("frame.live") : (branches.find((each) => each.id === id)?.name ?? id));
  const others = [LIVE, ...branches.map(({ id }) => id)].filter((id, index, all) => id !== branch && all.indexOf(id) === index);
  const [chosen, setChosen] = useState<string | null>(null);
  const other = chosen !== null && others.includes(chosen) ? chosen : others[0];
  const loaded = useLoad(
    other === undefined
      ? undefined
      : async (signal) => {
          const on = (which: string) => ifThere(read<RecordedContent>(aasOf(studio, which), recordedPath(of), signal));
          const [there, here] = await Promise.all([on(other), on(branch)]);
          return { there, here };
        },
    [recordedPath(of), branch, other],
    undefined,
    commits,
  );
  if (other === undefined) return <Empty title={t("assets.explorer.noBranch")} text={t("assets.explorer.noBranchText")} />;
  return (
    <div className="dw-compare">
      <Select
        size="sm"
        label={t("assets.explorer.compareWith")}
        data={others.map((id) => ({ value: id, label: nameOf(id) }))}
        value={other}
        allowDeselect={false}
        onChange={setChosen}
      />
      {loaded.kind === "failed" ? (
        <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
      ) : loaded.value === undefined ? (
        <Waiting />
      ) : (
        <Differences
          title={t("assets.explorer.fromTo", { from: nameOf(other), to: nameOf(branch) })}
          before={loaded.value.there}
          after={loaded.value.here}
          none={t("assets.explorer.sameOnBoth")}
        />
      )}
    </div>
  );
}
