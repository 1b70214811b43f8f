import type { ReactNode } from "react";
import {
  AuditLink,
  dateText,
  dayText,
  instantText,
  momentText,
  numberText,
  percentText,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { ShiftPage } from "../contract.ts";
import type { ShownShift } from "./shift-view.tsx";

interface Props {
  readonly page: ShiftPage;
  readonly shift: ShownShift;
}

/** Good units against plan, like shifts and the best of them, and OEE with its factors. */
export function Result({ page, shift }: Props): ReactNode {
  const { t } = useWords();
  const factors = ["availability", "effectiveness", "qualityRatio"] as const;
  return (
    <section className="dw-shift-result" aria-label={t("shiftPage.result")}>
      <Good page={page} shift={shift} />
      <DotStrip page={page} shift={shift} />
      <div className="dw-shift-oee">
        <p>
          <b>{shift.oee === undefined ? "–" : percentText(shift.oee)}</b>{" "}
          <span>{shift.constraint === "" ? "OEE" : t("shiftPage.oeeAt", { station: shift.constraint })}</span>{" "}
          <AuditLink figure="oee.oee" />
        </p>
        <dl>
          {factors.map((factor) => (
            <div key={factor}>
              <dt>{t(`shiftPage.${factor}`)}</dt>
              <dd>
                <span>{shift[factor] === undefined ? "–" : percentText(shift[factor])}</span>
                <i>
                  <i style={{ width: `${Math.min(1, shift[factor] ?? 0) * 100}%` }} />
                </i>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}

function Good({ page: { plan, signatures, revised }, shift }: Props): ReactNode {
  const { t, language, zone } = useWords();
  const short = plan === undefined ? undefined : plan - shift.good;
  const signed = signatures.at(-1);
  const isRevised = signed !== undefined && (signed.figures.good !== shift.good || signed.figures.scrap !== shift.scrap);
  return (
    <div className="dw-shift-good">
      <p>
        <b>{numberText(shift.good)}</b>{" "}
        <span>
          {plan === undefined
            ? t("shiftPage.goodUnits")
            : t(shift.isRunning ? "shiftPage.goodOfDue" : "shiftPage.goodOf", { plan: numberText(plan) })}
        </span>{" "}
        <AuditLink figure="output.good" />
      </p>
      {short !== undefined && (
        <p>
          <b>{t(short > 0 ? "shiftPage.short" : "shiftPage.ahead", { count: numberText(Math.abs(short)) })}</b>
        </p>
      )}
      {shift.firstPassYield !== undefined && (
        <p className="dw-quiet-text">
          {t("shiftPage.rightFirstTime", {
            ratio: percentText(shift.firstPassYield),
            first: numberText(shift.good - shift.reworked),
            all: numberText(shift.good + shift.scrap),
          })}
        </p>
      )}
      {shift.unknownS >= 60 && <p className="dw-quiet-text">{t("shiftPage.unknown", { minutes: Math.round(shift.unknownS / 60) })}</p>}
      {revised !== undefined && <Revised revised={revised} shift={shift} />}
      {!shift.isRunning && shift.revision > 0 && !isRevised && revised === undefined && (
        <p className="dw-quiet-text">{t("shiftPage.revised", { count: shift.revision })}</p>
      )}
      {isRevised && (
        <p className="dw-shift-revised" role="note">
          {t("shiftPage.revisedSince", {
            moment: momentText(signed.at, zone, language, false),
            good: numberText(signed.figures.good),
            scrap: numberText(signed.figures.scrap),
          })}
        </p>
      )}
    </div>
  );
}

/** What late and corrected data changed since the shift was closed, value by value, whether somebody signed it or not. */
function Revised({
  revised: { at, figures },
  shift,
}: {
  readonly revised: NonNullable<ShiftPage["revised"]>;
  readonly shift: ShownShift;
}): ReactNode {
  const { t, language, zone } = useWords();
  const counts = (["good", "scrap", "reworked", "produced"] as const).flatMap((name) =>
    figures[name] === shift[name] ? [] : [{ name, before: numberText(figures[name], 1), now: numberText(shift[name], 1) }],
  );
  const [before, now] = [figures.oee, shift.oee].map((oee) => (oee === undefined ? "–" : percentText(oee)));
  const changes = [...counts, ...(before === now ? [] : [{ name: "oee" as const, before: before!, now: now! }])];
  return (
    <div className="dw-shift-revised" role="note">
      <p>{t("shiftPage.revisedSinceClosed", { moment: momentText(at, zone, language, false) })}</p>
      <ul>
        {changes.map(({ name, before: was, now: is }) => (
          <li key={name}>{t("shiftPage.revisedValue", { name: t(`shiftPage.figure.${name}`), before: was, now: is })}</li>
        ))}
        {changes.length === 0 && <li>{t("shiftPage.revisedTime")}</li>}
      </ul>
    </div>
  );
}

const WIDTH = 400;
const PAD = 24;

/** This shift among the last like ones: a dot each, with the plan as a line. A dot leads to its shift. */
function DotStrip({ page: { like, plan, median }, shift }: Props): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const snapshot = useStore(studio.snapshot);
  if (like.length === 0) return <p className="dw-quiet-text dw-shift-dots">{t("shiftPage.noLike")}</p>;
  // a shift that runs is no rival of whole ones
  const wholePlan = shift.isRunning ? (snapshot?.shift?.from === shift.from ? snapshot.shift.plan : undefined) : plan;
  const [best, last] = [like.reduce((most, each) => (each.good > most.good ? each : most)), like.at(-1)!];
  const values = [
    ...like.map(({ good }) => good),
    ...(shift.isRunning ? [] : [shift.good]),
    ...(wholePlan === undefined ? [] : [wholePlan]),
  ];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (good: number): number => PAD + ((good - least) / Math.max(1, most - least)) * (WIDTH - 2 * PAD);
  const dayOf = (from: number): string => `${dayText(from, zone, language).split(" ")[0]!} ${dateText(from, zone, language)}`;
  const text = t("shiftPage.like", { count: like.length, median: median === undefined ? "–" : numberText(Math.round(median)) });
  return (
    <figure className="dw-shift-dots">
      <svg
        viewBox={`0 0 ${WIDTH} 72`}
        role="img"
        aria-label={`${text}. ${t("shiftPage.bestOf", { good: numberText(best.good), day: dayOf(best.from) })}`}
      >
        <line className="is-axis" x1={PAD} x2={WIDTH - PAD} y1={52} y2={52} />
        {wholePlan !== undefined && (
          <>
            <line className="is-plan" x1={x(wholePlan)} x2={x(wholePlan)} y1={20} y2={60} />
            <text x={x(wholePlan)} y={14} textAnchor="middle">
              {t("shiftPage.plan", { plan: numberText(wholePlan) })}
            </text>
          </>
        )}
        {like.map((each) => (
          <circle
            key={each.from}
            className={each === best || each === last ? "is-named" : undefined}
            cx={x(each.good)}
            cy={44}
            r={5}
            onClick={() => studio.address.go({ detail: instantText(each.from) })}
          >
            <title>{`${dayOf(each.from)}: ${numberText(each.good)}`}</title>
          </circle>
        ))}
        {!shift.isRunning && (
          <circle className="is-own" cx={x(shift.good)} cy={44} r={7}>
            <title>{numberText(shift.good)}</title>
          </circle>
        )}
        <text className="is-small" x={PAD} y={68}>
          {numberText(least)}
        </text>
        <text className="is-small" x={WIDTH - PAD} y={68} textAnchor="end">
          {numberText(most)}
        </text>
      </svg>
      <figcaption>
        {text} · {t("shiftPage.lastOf", { good: numberText(last.good), day: dayOf(last.from) })} ·{" "}
        {t("shiftPage.bestOf", { good: numberText(best.good), day: dayOf(best.from) })}
      </figcaption>
    </figure>
  );
}
