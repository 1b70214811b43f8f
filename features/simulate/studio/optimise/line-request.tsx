import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { Card, Failure, inLanguage, useWords } from "@doppelwerk/kit/studio";
import { EffortCard } from "./effort-card.tsx";
import { FactorGroupChoice } from "./factor-group-choice.tsx";
import { GoalsCard } from "./goals-card.tsx";
import { withChoice } from "./request-draft.ts";
import { useLineRequest } from "./use-line-request.ts";

/** What for, what may change, and how much effort: one search as it is requested. On live it forks first. */
export function LineRequest({ branch, onStarted }: { readonly branch: string; readonly onStarted: () => void }): ReactNode {
  const { t, language } = useWords();
  const { factors, groups, draft, set, busy, start } = useLineRequest(branch, onStarted);
  const { choices, totals } = draft;
  if (factors.kind === "failed" && factors.value === undefined)
    return <Failure message={factors.message} code={factors.code} onRetry={factors.reload} />;
  const count = (factors.value ?? []).filter(({ key }) => choices.has(key)).length;
  return (
    <>
      <GoalsCard draft={draft} set={set} />
      <Card
        title={t("simulate.optimise.may")}
        note={
          <>
            {t("simulate.optimise.mayNote", { count })}
            {count > 0 && (
              <>
                {" · "}
                <UnstyledButton className="dw-text-link" onClick={() => set({ choices: new Map() })}>
                  {t("simulate.optimise.clear")}
                </UnstyledButton>
              </>
            )}
          </>
        }
      >
        <div className="dw-search-groups">
          {groups.map(({ group, members }) => (
            <FactorGroupChoice
              key={group}
              group={group}
              members={members}
              choices={choices}
              isPriced={draft.goals.includes("cost")}
              total={totals.get(group) ?? "free"}
              name={(factor) => `${factor.station ?? ""} ${inLanguage(factor.label, language)}`.trim()}
              onChoose={(which, isChosen) => set({ choices: withChoice(choices, which, isChosen) })}
              onChange={(key, choice) => set({ choices: new Map(choices).set(key, choice) })}
              onTotal={(total) => set({ totals: new Map(totals).set(group, total) })}
            />
          ))}
        </div>
      </Card>
      <EffortCard draft={draft} set={set} branch={branch} isReady={count > 0} busy={busy} onStart={start} />
    </>
  );
}
