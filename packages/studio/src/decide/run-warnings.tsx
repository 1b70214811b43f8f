import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import { saidInWords, useWords } from "@doppelwerk/ui";

/** What the figures of a run or an experiment cannot vouch for, in the reader's language. */
export function RunWarnings({ result }: { readonly result: Pick<RunResult, "warnings" | "warningsTold"> }): ReactNode {
  const { t, language } = useWords();
  return result.warnings.map((warning, index) => {
    const told = result.warningsTold?.[index];
    const of = told?.values["of"];
    const values = told && {
      ...told.values,
      label: told.values[language === "zh" ? "labelZh" : "labelEn"] || told.values["labelEn"] || "",
      figure: t(`runWarning.figure.${told.values["what"]}`, {
        of: t(`parameter.of.${of}`, { defaultValue: String(of) }),
        defaultValue: "",
      }),
    };
    return (
      <p key={warning} className="dw-note">
        {saidInWords("runWarning", told && { code: told.code, values: values! }, warning, t)}
      </p>
    );
  });
}
