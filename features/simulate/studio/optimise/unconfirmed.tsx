import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Factor, Optimisation } from "@doppelwerk/client";
import { fieldChange } from "@doppelwerk/sync";
import { answerOf, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as simulate from "../../calls.ts";

/** After a search whose winner was not confirmed: that there is no evidence, what to try next, and the way back to the values before it. */
export function Unconfirmed({ answer }: { readonly answer: Optimisation }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const factors = useLoad(answerOf(simulate.listFactors, { params: { branch: answer.branch }, query: { line: answer.request.line } }), {
    again: commits,
  });
  const known = factors.value ?? [];
  const tried = new Set(answer.request.factors.map(({ key }) => key));
  const groups = [...new Set(known.filter(({ key }) => !tried.has(key)).map(({ group }) => group))];
  const untried = groups.filter((group) => !known.some((factor) => factor.group === group && tried.has(factor.key)));
  return (
    <>
      <p>{t("simulate.optimise.noEvidence")}</p>
      <h3>{t("simulate.optimise.tryNext")}</h3>
      <ul className="dw-try-next">
        {untried.length > 0 && (
          <li>{t("simulate.optimise.tryFactors", { groups: untried.map((group) => t(`simulate.optimise.group.${group}`)).join(", ") })}</li>
        )}
        <li>{t("simulate.optimise.tryBounds")}</li>
        <li>{t("simulate.optimise.tryEffort")}</li>
      </ul>
      <WinnerOnBranch answer={answer} factors={known} />
    </>
  );
}

/** That the winner stands on the branch all the same, as long as it does. */
function WinnerOnBranch({ answer, factors }: { readonly answer: Optimisation; readonly factors: readonly Factor[] }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const kept = keptOf(answer, factors);
  if (kept.length === 0) return null;
  const undo = (): void => {
    const changes = kept.flatMap(({ element, before }) => {
      const record = studio.live.documents(answer.branch, ["element"]).get(element);
      return record === undefined ? [] : [fieldChange(record, "value", typeof record.value === "number" ? before : String(before))];
    });
    if (changes.length < kept.length) {
      studio.notify("trouble", t("simulate.decide.notLoaded"));
      return;
    }
    studio.live
      .push(answer.branch, t("simulate.optimise.undoWinnerReason", { title: answer.title }), changes)
      .then(() => studio.commits.update((count) => count + 1))
      .catch((error: unknown) => studio.notifyFailure(error, t("simulate.optimise.undoWinnerFailed")));
  };
  return (
    <p className="dw-note">
      {t("simulate.optimise.unconfirmedOnBranch")}{" "}
      <Button size="compact-xs" variant="default" leftSection={<IconArrowBackUp size={13} />} onClick={undo}>
        {t("simulate.optimise.undoWinner")}
      </Button>
    </p>
  );
}

/** Factors that still have the value of the winner, with the one before the search; what somebody has changed since is left alone. */
export function keptOf(
  { chosen, points, present }: Pick<Optimisation, "chosen" | "points" | "present">,
  factors: readonly Pick<Factor, "key" | "element" | "value">[],
): readonly { readonly element: string; readonly before: number }[] {
  const winner = chosen === undefined ? undefined : points[chosen]?.values;
  if (winner === undefined || present === undefined) return [];
  return factors.flatMap(({ key, element, value }) => {
    const before = present.values[key];
    return before !== undefined && winner[key] === value && before !== value ? [{ element, before }] : [];
  });
}
