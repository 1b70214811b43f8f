import { NativeSelect, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { fromLocal, toLocal, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { TileMoment } from "../model/board-kind.ts";
import type {} from "../message-codes.ts";

/** When a tile is: as the page is, live, an instant, or a branch. */
export function MomentField({ value, onChange }: { readonly value: TileMoment; readonly onChange: (next: TileMoment) => void }): ReactNode {
  const { t, zone } = useWords();
  const studio = useStudio();
  const branches = useStore(studio.branches).filter(({ closed, parent }) => closed === undefined && parent !== undefined);
  const choose = (of: string): void => {
    if (of === "instant") onChange({ of, at: Math.floor(studio.time.instant()) });
    else if (of === "branch" && branches[0] !== undefined) onChange({ of, branch: branches[0].id });
    else if (of === "page" || of === "live") onChange({ of });
  };
  return (
    <>
      <NativeSelect
        label={t("boards.moment")}
        value={value.of}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
        data={(["page", "live", "instant", "branch"] as const)
          .filter((of) => of !== "branch" || branches.length > 0 || value.of === "branch")
          .map((of) => ({ value: of, label: t("boards.momentOf", { of }) }))}
      />
      {value.of === "instant" && (
        <TextInput
          type="datetime-local"
          label={t("boards.instant")}
          value={new Date(toLocal(zone, value.at) / 1000).toISOString().slice(0, 16)}
          onChange={({ currentTarget }) => {
            const local = Date.parse(`${currentTarget.value}Z`) * 1000;
            const at = Number.isNaN(local) ? undefined : fromLocal(zone, local);
            if (at !== undefined && at > 0 && at <= studio.now()) onChange({ of: "instant", at });
          }}
        />
      )}
      {value.of === "branch" && (
        <NativeSelect
          label={t("boards.branch")}
          value={value.branch}
          onChange={({ currentTarget }) => onChange({ of: "branch", branch: currentTarget.value })}
          data={[
            ...branches.map(({ id, name }) => ({ value: id, label: name })),
            ...(branches.some(({ id }) => id === value.branch) ? [] : [{ value: value.branch, label: t("boards.branchGone") }]),
          ]}
        />
      )}
    </>
  );
}
