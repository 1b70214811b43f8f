import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Optimisation, OptimisationPoint } from "@doppelwerk/client";
import { Card, answerOf, fixedText, inLanguage, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import { digitsFor, unitOf } from "./goal-words.ts";
import * as simulate from "../../calls.ts";

/** One point that was found, beside the present state; once the search is over it can be put onto the branch. */
export function FoundPointCard({
  answer,
  index,
  isOver,
  reload,
}: {
  readonly answer: Optimisation;
  readonly index: number;
  readonly isOver: boolean;
  readonly reload: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const choose = (): void => {
    simulate
      .chooseOptimum(studio.client, { params: { id: answer.id }, body: { point: index } })
      .then(() => {
        studio.commits.update((count) => count + 1);
        reload();
      })
      .catch((error: unknown) => studio.notifyFailure(error, t("simulate.optimise.chooseFailed")));
  };
  return (
    <Card
      title={answer.goals.length > 1 ? t("simulate.optimise.point", { n: index + 1 }) : t("simulate.optimise.found")}
      note={t("simulate.optimise.foundNote", { seed: answer.seed, hash: answer.model.hash.slice(0, 8) })}
    >
      <PointTable answer={answer} point={answer.points[index]!} />
      <div className="dw-buttons">
        {answer.chosen === index ? (
          <span className="dw-basis">{t("simulate.optimise.onBranch")}</span>
        ) : (
          <Button disabled={!isOver} style={{ background: "var(--hue)" }} onClick={choose}>
            {t(answer.chosen === undefined ? "simulate.optimise.choose" : "simulate.optimise.chooseAgain")}
          </Button>
        )}
      </div>
    </Card>
  );
}

/** What would change, then each goal and what was to be kept; values as the search found them. */
function PointTable({ answer, point }: { readonly answer: Optimisation; readonly point: OptimisationPoint }): ReactNode {
  const { t, language } = useWords();
  const factors = useLoad(answerOf(simulate.listFactors, { params: { branch: answer.branch }, query: { line: answer.request.line } }));
  const nameOf = (key: string): string => {
    const factor = factors.value?.find((candidate) => candidate.key === key);
    return factor === undefined ? key : `${factor.station ?? ""} ${inLanguage(factor.label, language)}`.trim();
  };
  const rows = answer.request.factors.map(({ key }) => ({ key, now: answer.present?.values[key], best: point.values[key]! }));
  const changed = rows.filter(({ now, best }) => now !== best);
  return (
    <table className="dw-kpis dw-point">
      <thead>
        <tr>
          <th>{t("simulate.optimise.factor")}</th>
          <th className="is-number">{t("simulate.optimise.now")}</th>
          <th className="is-number">{t("simulate.optimise.best")}</th>
        </tr>
      </thead>
      <tbody>
        {changed.map(({ key, now, best }) => (
          <tr key={key}>
            <td>{nameOf(key)}</td>
            <td className="is-number">{now}</td>
            <td className="is-number">
              <b>{best}</b>
            </td>
          </tr>
        ))}
        {answer.goals.map((goal, i) => (
          <tr key={goal} className="dw-point-goal">
            <td>
              {t(`simulate.optimise.measure.${goal}`)} <small>{unitOf(answer, i, t)}</small>
              <small className="dw-stations-of">
                {t("simulate.optimise.searchValue")}: {t("simulate.optimise.winnersCurse")}
              </small>
            </td>
            <td className="is-number">{fixedText(answer.present?.goals[i], digitsFor(answer.present?.goals[i] ?? 0))}</td>
            <td className="is-number">{fixedText(point.goals[i], digitsFor(point.goals[i]!))}</td>
          </tr>
        ))}
        {(answer.request.keep ?? []).map((goal, i) => {
          const [now, then] = [answer.present?.kept?.[i], point.kept?.[i]];
          return (
            <tr key={goal} className="dw-point-goal">
              <td>
                {t(`simulate.optimise.measure.${goal}`)} <small>{unitOf(answer, answer.goals.length + i, t)}</small>
                <small className="dw-stations-of">{t("simulate.optimise.kept")}</small>
              </td>
              <td className="is-number">{fixedText(now, digitsFor(now ?? 0))}</td>
              <td className="is-number">{fixedText(then, digitsFor(then ?? 0))}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
