import type { ReactNode } from "react";
import type { Factor } from "@doppelwerk/client";
import { inLanguage } from "../language/language.ts";
import { useStudio, useWords } from "../session/context.tsx";
import { useLoad } from "../session/use-load.ts";
import type { Language } from "../time/format.ts";

/** What the figures of a run cannot vouch for, in the reader's language where it is known what is meant. */
export function RunWarnings({ warnings, branch }: { readonly warnings: readonly string[]; readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const factors = useLoad(warnings.length === 0 ? undefined : (signal) => studio.client.factors(branch, { signal }), [branch]);
  return warnings.map((warning) => {
    const [, what] = /^(.+) was never observed on this line: /.exec(warning) ?? [];
    return (
      <p key={warning} className="dw-note">
        {what === undefined ? warning : t("decide.neverObserved", { what: inReadersWords(what, factors.value ?? [], language) })}
      </p>
    );
  });
}

/** `S090 places 7`: the name of the factor as the reader's language has it. */
function inReadersWords(what: string, factors: readonly Factor[], language: Language): string {
  const factor = factors.find(({ station, label }) =>
    what.startsWith(`${station === undefined ? "" : `${station} `}${label.en.toLowerCase()} `),
  );
  return factor === undefined ? what : what.replace(factor.label.en.toLowerCase(), inLanguage(factor.label, language));
}
