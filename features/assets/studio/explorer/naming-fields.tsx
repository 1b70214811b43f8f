import type { ReactNode } from "react";
import type { LangString } from "@doppelwerk/aas";
import { useWords } from "@doppelwerk/kit/studio";
import { LanguageLines } from "./editors.tsx";

interface Naming {
  readonly displayName?: readonly LangString[];
  readonly description?: readonly LangString[];
}

/** Display name and description, in several languages. `problem` is what is wrong with what was typed. */
export function NamingFields({
  naming: { displayName = [], description = [] },
  onChange,
}: {
  readonly naming: Naming;
  readonly onChange: (part: Naming, problem: string | undefined) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <>
      <LanguageLines
        label={t("assets.explorer.displayName")}
        texts={displayName}
        onChange={(texts, problem) => onChange({ displayName: texts }, problem)}
      />
      <LanguageLines
        label={t("assets.explorer.description")}
        texts={description}
        onChange={(texts, problem) => onChange({ description: texts }, problem)}
      />
    </>
  );
}
