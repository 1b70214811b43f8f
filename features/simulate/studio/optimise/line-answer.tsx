import { Button } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Optimisation, OptimisationPoint } from "@doppelwerk/client";
import {
  ActionButton,
  Card,
  DotInterval,
  errorText,
  fixedText,
  inLanguage,
  messageText,
  signedText,
  useLoad,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import { CourseChart } from "./course-chart.tsx";
import { FrontChart } from "./front-chart.tsx";
import * as simulate from "../../calls.ts";

/** How an optimisation goes and what it found: best so far, what would change, and the winner against live on fresh seeds. */
export function LineAnswer({ answer, reload }: { readonly answer: Optimisation; readonly reload: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const isOver = answer.state === "done" || answer.state === "cancelled" || answer.state === "failed";
  const [shown, setShown] = useState<number | undefined>(answer.chosen);
  const index = Math.min(shown ?? answer.chosen ?? 0, Math.max(0, answer.points.length - 1));
  const point = answer.points[index];
  const isPresent = point !== undefined && sameValues(point, answer.present);
  const choose = (): void => {
    simulate
      .chooseOptimum(studio.client, { params: { id: answer.id }, body: { point: index } })
      .then(() => {
        studio.commits.update((count) => count + 1);
        reload();
      })
      .catch((error: unknown) => studio.notify("trouble", t("simulate.optimise.chooseFailed"), errorText(error)));
  };
  const measure = t(`simulate.optimise.measure.${answer.goals[0]!}`);
  return (
    <>
      <Card title={answer.title} note={t(`simulate.optimise.state.${answer.state}`)}>
        {!isOver && (
          <div
            className="dw-progress"
            role="progressbar"
            aria-label={t(`simulate.optimise.state.${answer.state}`)}
            aria-valuemin={0}
            aria-valuemax={answer.budget}
            aria-valuenow={Math.min(answer.budget, answer.spent)}
          >
            <i style={{ width: `${Math.min(100, (answer.spent / Math.max(1, answer.budget)) * 100)}%` }} />
          </div>
        )}
        <div className="dw-reps">
          <span>{t("simulate.optimise.progress", { spent: answer.spent, budget: answer.budget, judged: answer.judged })}</span>
          {!isOver && (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<IconPlayerStop size={13} />}
              onClick={() => void simulate.cancelOptimisation(studio.client, { params: { id: answer.id } }).then(reload)}
            >
              {t("simulate.optimise.stop")}
            </Button>
          )}
        </div>
        {answer.resumed > 0 && <p className="dw-fine">{t("simulate.optimise.resumed")}</p>}
        {answer.begunAnew > 0 && <p className="dw-fine">{t("simulate.optimise.begunAnew")}</p>}
        {answer.message !== undefined && <p className="dw-note is-trouble">{messageText(answer.message, answer.reason)}</p>}
        {answer.goals.length === 1 && answer.trace.length > 0 && (
          <CourseChart
            trace={answer.trace}
            spent={answer.spent}
            budget={answer.budget}
            present={answer.present?.goals[0]}
            label={t("simulate.optimise.courseNote", { measure })}
            unit={unitOf(answer, 0, t)}
          />
        )}
      </Card>
      {answer.confirmed !== undefined && <Confirmed answer={answer} />}
      {answer.goals.length > 1 && answer.points.length > 0 && (
        <Card title={t("simulate.optimise.front")} note={t("simulate.optimise.frontNote")}>
          <FrontChart answer={answer} shown={index} onShow={setShown} />
        </Card>
      )}
      {isOver && (point === undefined || isPresent) && answer.goals.length === 1 && answer.state !== "failed" && (
        <Card title={t("simulate.optimise.foundNothing")}>
          <p className="dw-quiet">{t("simulate.optimise.foundNothingText")}</p>
        </Card>
      )}
      {point !== undefined && !(isPresent && answer.goals.length === 1) && (
        <Card
          title={answer.goals.length > 1 ? t("simulate.optimise.point", { n: index + 1 }) : t("simulate.optimise.found")}
          note={t("simulate.optimise.foundNote", { seed: answer.seed, hash: answer.model.hash.slice(0, 8) })}
        >
          <PointTable answer={answer} point={point} />
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
      )}
    </>
  );
}

/** Goal by goal what the winner brings on random numbers that no search has seen; with evidence one can propose it. */
function Confirmed({ answer }: { readonly answer: Optimisation }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const broken = answer.confirmed!.slice(answer.goals.length).filter(({ verdict }) => verdict === "worse");
  const isWorth = broken.length === 0 && answer.confirmed!.slice(0, answer.goals.length).some(({ verdict }) => verdict === "better");
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
          {answer.confirmed!.map(({ goal, live, branch, difference, halfWidth, verdict }, i) => {
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

function PointTable({ answer, point }: { readonly answer: Optimisation; readonly point: OptimisationPoint }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const factors = useLoad(
    (signal) => simulate.listFactors(studio.client, { params: { branch: answer.branch } }, { signal }),
    [answer.branch],
  );
  const nameOf = (key: string): string => {
    const factor = factors.value?.find((candidate) => candidate.key === key);
    return factor === undefined ? key : `${factor.station ?? ""} ${inLanguage(factor.label, language)}`.trim();
  };
  const rows = answer.wish.factors.map(({ key }) => ({ key, now: answer.present?.values[key], best: point.values[key]! }));
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
        {(answer.wish.keep ?? []).map((goal, i) => {
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

export function unitOf(answer: Optimisation, goal: number, t: Translate): string {
  return answer.units[goal] === "" ? "" : t.or(`simulate.optimise.unit.${answer.units[goal]!}`, answer.units[goal]!);
}

/** About four significant digits. */
export function digitsFor(value: number): number {
  const size = Math.abs(value);
  return size >= 1_000 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
}

function sameValues(one: OptimisationPoint, other: OptimisationPoint | undefined): boolean {
  return other !== undefined && Object.entries(one.values).every(([key, value]) => other.values[key] === value);
}
