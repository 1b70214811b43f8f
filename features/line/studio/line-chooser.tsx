import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { answerOf, inLanguage, plantKinds, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";

/** Which line is shown, where the branch has several; nothing where it has one. */
export function LineChooser({ className }: { readonly className?: string }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { branch, line } = useScope();
  const lines = useLoad(answerOf(calls.list, { query: { branch } }, { kinds: plantKinds })).value?.lines ?? [];
  if (lines.length < 2) return null;
  return (
    <NativeSelect
      className={className}
      size="xs"
      aria-label={t("line.chooser")}
      value={line ?? lines[0]?.id}
      data={lines.map(({ id, title }) => ({ value: id, label: inLanguage(title, language) }))}
      onChange={({ currentTarget: { value } }) => studio.address.go({ line: value, subject: undefined, run: undefined })}
    />
  );
}
