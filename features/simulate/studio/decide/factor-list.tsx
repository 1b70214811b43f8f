import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import type { Factor } from "@doppelwerk/client";
import { Failure, answerOf, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { FactorLine } from "./factor-line.tsx";
import * as simulate from "../../calls.ts";

/** What may be changed on the branch: value here, value live, range, and whether the plant was ever seen there. */
export function FactorList({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { subject, line: shown } = useScope();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const line = useStore(studio.line);
  const [search, setSearch] = useState("");
  // What is changed already, what is selected, the constraint, then the rest in the order of the line.
  const rank = (factor: Factor): number =>
    factor.value !== factor.live
      ? 0
      : factor.station !== undefined && factor.station === subject
        ? 1
        : factor.station === line?.constraint
          ? 2
          : 3;
  const factors = useLoad(answerOf(simulate.listFactors, { params: { branch }, query: { line: shown } }), { again: commits });
  const replica = studio.live.documents(branch, ["element"]);
  // Edits of everyone in the room show as they happen, before the list is loaded again.
  const revision = useSyncExternalStore(
    (listener) => replica.onChange(listener),
    () => replica.revision() + replica.pending().length,
  );
  if (factors.kind === "failed" && factors.value === undefined) return <Failure message={factors.message} onRetry={factors.reload} />;
  const list = factors.value ?? [];
  const needle = search.trim().toLowerCase();
  const found = list.filter(
    (factor) => needle === "" || `${factor.station ?? ""} ${factor.label.en} ${factor.label.zh}`.toLowerCase().includes(needle),
  );
  const shownFirst = found.toSorted((a, b) => rank(a) - rank(b));
  return (
    <div className="dw-factors" data-revision={revision}>
      <TextInput
        size="xs"
        leftSection={<IconSearch size={13} />}
        placeholder={t("simulate.decide.search")}
        aria-label={t("simulate.decide.search")}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {shownFirst.map((factor) => (
        <FactorLine
          key={factor.element}
          branch={branch}
          factor={factor}
          shown={shownValue(replica.get(factor.element)?.value, factor.value)}
          isLoaded={replica.get(factor.element) !== undefined}
        />
      ))}
      {list.length === 0 && factors.kind === "ready" && <p className="dw-quiet">{t("simulate.decide.noFactors")}</p>}
    </div>
  );
}

function shownValue(held: unknown, loaded: number): number {
  const value = typeof held === "string" || typeof held === "number" ? Number(held) : Number.NaN;
  return Number.isFinite(value) ? value : loaded;
}
