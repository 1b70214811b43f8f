import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Optimisation } from "@doppelwerk/client";
import { ActionButton, Card, DotInterval, fixedText, signedText, useStudio, useWords } from "@doppelwerk/kit/studio";
import { digitsFor, unitOf } from "./goal-words.ts";

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
  const isWorth = broken.length === 0 && confirmed.slice(0, answer.goals.length).some(({ verdict }) => verdict === "better");
  return (
    <Card title={t("simulate.optimise.confirmed")} note={t("simulate.optimise.confirmedNote")}>
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
          {confirmed.map(({ goal, live, branch, difference, halfWidth, verdict }, i) => {
            const digits = digitsFor(Math.max(Math.abs(live), halfWidth));
            const text = `${signedText(difference, digits)} ± ${fixedText(halfWidth, digits)}`;
            return (
              <tr key={goal}>
                <td>
                  {t(`simulate.optimise.measure.${goal}`)} <small>{unitOf(answer, i, t)}</small>
                </td>
                <td className="is-number">{fixedText(live, digits)}</td>
                <td className="is-number">{fixedText(branch, digits)}</td>
                <td>
                  <DotInterval mean={difference} halfWidth={halfWidth} verdict={verdict} title={text} />
                </td>
                <td className={`is-number dw-verdict is-${verdict.replace(" ", "-")}`}>
                  <b>{t(`verdict.${verdict}`)}</b> <small>{text}</small>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {broken.length > 0 ? (
        <p className="dw-note">
          {t("simulate.optimise.keptNot", { what: broken.map(({ goal }) => t(`simulate.optimise.measure.${goal}`)).join(", ") })}
        </p>
      ) : (
        !isWorth && <p className="dw-note">{t("simulate.optimise.worthless")}</p>
      )}
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
