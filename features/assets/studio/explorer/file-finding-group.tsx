import { Checkbox, UnstyledButton } from "@mantine/core";
import { IconSquare, IconSquareCheck } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { FileFinding } from "@doppelwerk/client";
import { FindingText, messageText, useWords } from "@doppelwerk/kit/studio";
import { firstRepairs, withChoice } from "./chosen-repairs.ts";
import type { Chosen } from "./chosen-repairs.ts";
import type { FindingsOfConstraint } from "./findings.ts";

/** Findings that are listed at first. */
const MAX_LISTED = 50;

/** Findings of one constraint; each has its repairs to choose from, and all of them the first one. */
export function FileFindingGroup({
  group: { constraint, severity, findings },
  all,
  chosen,
  onChoose,
}: {
  readonly group: FindingsOfConstraint<FileFinding>;
  /** Of the report, in its order. */
  readonly all: readonly FileFinding[];
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
}): ReactNode {
  const { t } = useWords();
  const [whole, setWhole] = useState(false);
  const own = firstRepairs(all, (finding) => finding.constraint === constraint);
  const guesses = findings.filter(({ repairs }) => repairs?.[0]?.kind === "guess").length;
  const isChosen = [...own.keys()].every((at) => chosen.has(at));
  const shown = whole ? findings : findings.slice(0, MAX_LISTED);
  return (
    <details className="dw-finding-group" open={findings.length <= 5}>
      <summary>
        <b>{constraint}</b> <span className={`dw-severity is-${severity}`}>{t(`assets.explorer.severity.${severity}`)}</span>{" "}
        <small>{findings.length}</small>
      </summary>
      {own.size > 1 && (
        <Checkbox
          size="sm"
          checked={isChosen}
          indeterminate={!isChosen && [...own.keys()].some((at) => chosen.has(at))}
          onChange={() => {
            const others = [...chosen].filter(([at]) => !own.has(at));
            onChoose(new Map(isChosen ? others : [...others, ...own]));
          }}
          label={`${t("assets.explorer.repairThese", { count: own.size })}${guesses > 0 ? ` · ${t("assets.explorer.guesses", { count: guesses })}` : ""}`}
        />
      )}
      <ul className="dw-findings">
        {shown.map((finding) => {
          const at = all.indexOf(finding);
          const choose = (which: number | undefined): void => onChoose(withChoice(chosen, at, which));
          return <FindingLine key={at} finding={finding} chosen={chosen.get(at)} onChoose={choose} />;
        })}
      </ul>
      {shown.length < findings.length && (
        <UnstyledButton className="dw-text-link" onClick={() => setWhole(true)}>
          {t("assets.explorer.showAll", { count: findings.length })}
        </UnstyledButton>
      )}
    </details>
  );
}

function FindingLine({
  finding,
  chosen,
  onChoose,
}: {
  readonly finding: FileFinding;
  /** Which of its repairs. */
  readonly chosen: number | undefined;
  readonly onChoose: (which: number | undefined) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <li>
      <code className="dw-breaks">{finding.path}</code> <FindingText finding={finding} />
      {finding.repairs?.map((repair, which) => (
        <UnstyledButton
          key={repair.how}
          className={`dw-repair ${chosen === which ? "is-on" : ""}`}
          aria-pressed={chosen === which}
          onClick={() => onChoose(chosen === which ? undefined : which)}
        >
          {chosen === which ? <IconSquareCheck size={16} /> : <IconSquare size={16} />}
          <span>{messageText(repair.how, repair.reason)}</span>
          {repair.kind === "guess" && <small>{t("assets.explorer.guess")}</small>}
        </UnstyledButton>
      ))}
    </li>
  );
}
