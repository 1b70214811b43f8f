import { NativeSelect } from "@mantine/core";
import { useEffect } from "react";
import type { ReactNode } from "react";
import { answerOf, inLanguage, plantKinds, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";

/** Which line is shown, where the branch has several; nothing where it has one. The line of a station that is selected is shown with it. */
export function LineChooser({ className }: { readonly className?: string }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { branch, line, subject } = useScope();
  const lines = useLoad(answerOf(calls.list, { query: { branch } }, { kinds: plantKinds })).value?.lines ?? [];
  const first = lines[0]?.id;
  const shown = line ?? first;
  const isOfShown = lines.find(({ id }) => id === shown)?.stations.some(({ id, shell }) => id === subject || shell === subject);
  const owner =
    isOfShown === true ? undefined : lines.find(({ stations }) => stations.some(({ id, shell }) => id === subject || shell === subject));
  const go = owner?.id;
  useEffect(() => {
    if (go !== undefined) studio.address.amend({ line: go === first ? undefined : go });
  }, [studio, go, first]);
  if (lines.length < 2) return null;
  return (
    <NativeSelect
      className={className}
      size="xs"
      aria-label={t("line.chooser")}
      value={shown}
      data={lines.map(({ id, title }) => ({ value: id, label: inLanguage(title, language) }))}
      onChange={({ currentTarget: { value } }) => {
        // without a line the board is that of the whole site
        const isNamed = value !== first || studio.address.store.get().view === "board";
        studio.address.go({ line: isNamed ? value : undefined, subject: undefined });
      }}
    />
  );
}
