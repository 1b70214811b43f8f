import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Optimisation } from "@doppelwerk/client";
import {
  ActionButton,
  Card,
  DotInterval,
  differenceOf,
  fixedText,
  shownVerdict,
  signedText,
  useStudio,
  useWords,
  verdictText,
  withUnit,
} from "@doppelwerk/kit/studio";
import { digitsFor, unitOf } from "./goal-words.ts";
import { Unconfirmed } from "./unconfirmed.tsx";

/** Goal by goal what the winner brings on random numbers that no search has seen; with evidence one can propose it. */
export function ConfirmedCard({
  answer,
  confirmed,
}: {
  readonly answer: Optimisation;
  readonly confirmed: NonNullable<Optimisation["confirmed"]>;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const broken = confirmed.slice(answer.goals.length).filter(({ verdict }) => verdict === "worse");
  const gains = confirmed.slice(0, answer.goals.length).filter(({ verdict }) => verdict === "better");
  const isWorth = broken.length === 0 && gains.length > 0;
  return (
    <Card title={t("simulate.optimise.confirmed")} note={t("simulate.optimise.confirmedNote")}>
      <Verdict gains={isWorth ? gains : []} />
      <ConfirmedTable answer={answer} confirmed={confirmed} />
      <p className="dw-fine">{t("simulate.optimise.newSeedsDiffer")}</p>
      {broken.length > 0 ? (
        <p className="dw-note">
          {t("simulate.optimise.keptNot", { what: broken.map(({ goal }) => t(`simulate.optimise.measure.${goal}`)).join(", ") })}
        </p>
      ) : (
        !isWorth && <NotWorth answer={answer} goals={confirmed.slice(0, answer.goals.length)} />
      )}
      {!isWorth && <Unconfirmed answer={answer} />}
      <div className="dw-buttons">
        {isWorth && (
          <ActionButton action="changes.propose" style={{ background: "var(--hue)" }}>
            {t("branch.propose")}
          </ActionButton>
        )}
        <Button variant="default" onClick={() => studio.address.go({ detail: undefined, run: answer.run })}>
          {t("simulate.optimise.openRun")}
        </Button>
      </div>
    </Card>
  );
}

interface TableProps {
  readonly answer: Optimisation;
  readonly confirmed: NonNullable<Optimisation["confirmed"]>;
}

/** Live against the branch, goal by goal. */
function ConfirmedTable({ answer, confirmed }: TableProps): ReactNode {
  const { t } = useWords();
  return (
    <table className="dw-kpis">
      <thead>
        <tr>
          <th>{t("decide.kpi")}</th>
          <th className="is-number">{t("decide.live")}</th>
          <th className="is-number">{t("decide.branch")}</th>
          <th className="is-middle">{t("decide.difference")}</th>
          <th className="is-number">{t("decide.verdict")}</th>
        </tr>
      </thead>
      <tbody>
        {confirmed.map(({ goal, live, branch, difference, halfWidth, relevant = 0, verdict }, i) => {
          const digits = digitsFor(Math.max(Math.abs(live), halfWidth));
          const text = `${signedText(differenceOf(live, branch, digits), digits)} ± ${fixedText(halfWidth, digits)}`;
          const says = verdictText({ mean: difference, halfWidth, relevant, verdict }, t);
          const unit = unitOf(answer, i, t);
          return (
            <tr key={goal}>
              <td>
                {t(`simulate.optimise.measure.${goal}`)} <small>{unit}</small>
              </td>
              <td className="is-number">{fixedText(live, digits)}</td>
              <td className="is-number">{fixedText(branch, digits)}</td>
              <td>
                <DotInterval mean={difference} halfWidth={halfWidth} relevant={relevant} verdict={verdict} title={text} />
              </td>
              <td
                className={`is-number dw-verdict is-${verdict.replace(" ", "-")}`}
                title={t("decide.verdictHint", { least: withUnit(fixedText(relevant, digits + 1), unit) })}
              >
                <b>{says}</b> <small>{text}</small>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Plainly whether the winner is confirmed, and in which goals. */
function Verdict({ gains }: { readonly gains: NonNullable<Optimisation["confirmed"]> }): ReactNode {
  const { t } = useWords();
  if (gains.length === 0) return <p className="dw-optimise-verdict">{t("simulate.optimise.winnerNotConfirmed")}</p>;
  const goals = gains.map(({ goal }) => t(`simulate.optimise.measure.${goal}`)).join(", ");
  return <p className="dw-optimise-verdict is-better">{t("simulate.optimise.winnerConfirmed", { goals })}</p>;
}

/** Why the winner is not proposed, from the same interval as the verdict: less than what matters, perhaps so, or not told from chance. */
function NotWorth({ answer, goals }: { readonly answer: Optimisation; readonly goals: NonNullable<Optimisation["confirmed"]> }): ReactNode {
  const { t } = useWords();
  const shown = goals.map((goal, at) => ({ ...goal, at, says: shownVerdict({ ...goal, mean: goal.difference }) }));
  const isGain = ({ at, difference }: (typeof shown)[number]): boolean => (answer.better[at] === "lower" ? difference < 0 : difference > 0);
  const small = shown.find((goal) => goal.says === "maybeTooSmall" && isGain(goal)) ?? shown.find(({ says }) => says === "tooSmall");
  if (small?.says === "maybeTooSmall" || (small && shown.every(({ says }) => says === "tooSmall"))) {
    const digits = digitsFor(Math.max(Math.abs(small.live), small.halfWidth));
    const least = withUnit(fixedText(small.relevant, digits + 1), unitOf(answer, small.at, t));
    return <p className="dw-note">{t(`simulate.optimise.${small.says === "tooSmall" ? "tooSmall" : "maybeTooSmall"}`, { least })}</p>;
  }
  const isChance = shown.some(({ says }) => says === "no evidence");
  return <p className="dw-note">{t(isChance ? "simulate.optimise.worthless" : "simulate.optimise.noGain")}</p>;
}
