import type { ReactNode } from "react";
import type { ImportReport } from "@doppelwerk/client";
import { FindingText, useWords } from "@doppelwerk/kit/studio";

const MAX_SHOWN = 12;

/** The first findings of a file; `count` is that of all, shown or not. */
export function FindingsList({ findings, count }: { readonly findings: ImportReport["findings"]; readonly count: number }): ReactNode {
  const { t } = useWords();
  if (count === 0) return null;
  return (
    <>
      <h3 className="dw-small-title">{t("plant.findings", { count })}</h3>
      <ul className="dw-findings">
        {findings.slice(0, MAX_SHOWN).map((finding) => (
          <li key={`${finding.path} ${finding.message}`}>
            {finding.path} <FindingText finding={finding} />
          </li>
        ))}
      </ul>
    </>
  );
}
