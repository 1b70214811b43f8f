import { UnstyledButton } from "@mantine/core";
import type { CSSProperties, ReactNode } from "react";
import {
  answerOf,
  AuditLink,
  clockText,
  durationText,
  Failure,
  LIVE,
  NotReadAgain,
  numberText,
  useLoad,
  useScope,
  useStudio,
  useWords,
  type ShiftOfBlock,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { LossBudget } from "../contract.ts";
import { rowKey } from "../model/row-key.ts";
import { lossText, shownLosses, type ShownLoss } from "./loss-text.ts";
import { TimeModelBar } from "./time-model-bar.tsx";
import { UncodedStop } from "./uncoded-stop.tsx";
import { useEffects, WhatIf, type KnownEffects } from "./what-if.tsx";
import "./cascade.css";

const MAX_ROWS = 9;
/** The largest have numbers. */
const NUMBERED = 3;
/** Of fewer like shifts nothing is usual. */
const MIN_LIKE = 5;
const EVERY_MS = 15_000;
const CHANGED_BY = ["stopCoding", "lossReason"] as const;

type Words = ReturnType<typeof useWords>;
interface Usual {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Losses of the constraint as a cascade from what was possible to what was good: minutes and units that add up, when, and what is usual. */
export default function LossCascade({ shift }: { readonly shift: ShiftOfBlock }): ReactNode {
  const { branch } = useScope();
  const { t } = useWords();
  const query = { branch, from: shift.from, to: shift.to, line: shift.line };
  const loaded = useLoad(
    {
      ...answerOf(calls.lossesOfPeriod, { query }, { kinds: CHANGED_BY }),
      key: ["GET /loss-budget", branch, shift.line, shift.from, shift.isRunning ? 0 : shift.to],
    },
    { everyMs: shift.isRunning ? EVERY_MS : undefined },
  );
  const usual = useLoad(answerOf(calls.usualLosses, { query: { branch, line: shift.line, at: shift.from } }, { kinds: CHANGED_BY }));
  const effects = useEffects({ from: shift.from, to: Math.max(shift.end, shift.from + 1), line: shift.line });
  const budget = loaded.value;
  if (budget === undefined)
    return loaded.kind === "failed" ? (
      <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
    ) : (
      <p className="dw-quiet" role="status">
        {t("frame.loading")}
      </p>
    );
  if (budget.shifts === 0 || budget.station === "") return <p className="dw-quiet">{t("losses.cascade.none")}</p>;
  const rows = shownLosses(budget, MAX_ROWS);
  const lost = rows.reduce((sum, { minutes }) => sum + minutes, 0);
  const units = rows.reduce((sum, row) => sum + (row.units ?? 0), 0);
  const shifts = usual.value !== undefined && usual.value.shifts >= MIN_LIKE ? usual.value.shifts : 0;
  const known = new Map((shifts === 0 ? [] : usual.value!.rows).map((row) => [row.key, row]));
  return (
    <section
      className="dw-cascade"
      aria-label={t("losses.cascade.title", { station: budget.station, lost: numberText(lost), units: numberText(units) })}
    >
      <header>
        <h2>{t("losses.cascade.title", { station: budget.station, lost: numberText(lost), units: numberText(units) })}</h2>
        {branch === LIVE && <AuditLink figure="losses.all" />}
      </header>
      <NotReadAgain loaded={loaded} />
      <div className="dw-cascade-rows">
        <Heads shift={shift} budget={budget} shifts={shifts} />
        {rows.map((row, at) => (
          <Row key={row.key} rank={at} row={row} rows={rows} shift={shift} budget={budget} usual={usualOf(row, known)} effects={effects} />
        ))}
        <div className="dw-cascade-row is-sum">
          <span className="dw-cascade-name">{t("losses.cascade.good", { good: numberText(budget.good), station: budget.station })}</span>
          <b className="dw-cascade-minutes">{numberText(lost)}</b>
          <b className="dw-cascade-units">{numberText(units)}</b>
        </div>
      </div>
      <UncodedStop shift={shift} budget={budget} />
      <TimeModelBar budget={budget} />
    </section>
  );
}

function usualOf({ losses }: ShownLoss, known: ReadonlyMap<string, Usual>): Usual | undefined {
  const [first] = losses;
  return losses.length === 1 && first !== undefined ? known.get(rowKey(first)) : undefined;
}

function Heads({
  shift,
  budget,
  shifts,
}: {
  readonly shift: ShiftOfBlock;
  readonly budget: LossBudget;
  readonly shifts: number;
}): ReactNode {
  const { t, zone } = useWords();
  return (
    <div className="dw-cascade-row is-head" aria-hidden>
      <span className="dw-cascade-name" />
      <span className="dw-cascade-strip">
        <small>{clockText(shift.from, zone, false)}</small>
        <small>{clockText(shift.end, zone, false)}</small>
      </span>
      <small className="dw-cascade-minutes">{t("losses.cascade.min")}</small>
      <small className="dw-cascade-usual">{shifts > 0 ? t("losses.cascade.usual", { shifts }) : ""}</small>
      <small className="dw-cascade-units">{t("losses.cascade.units")}</small>
      <span className="dw-cascade-fall">
        {budget.possible !== undefined && <small>{t("losses.cascade.possible", { units: Math.round(budget.possible) })}</small>}
      </span>
    </div>
  );
}

interface RowProps {
  readonly rank: number;
  readonly row: ShownLoss;
  readonly rows: readonly ShownLoss[];
  readonly shift: ShiftOfBlock;
  readonly budget: LossBudget;
  readonly usual: Usual | undefined;
  readonly effects: KnownEffects;
}

function Row({ rank, row, rows, shift, budget, usual, effects }: RowProps): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const words = useWords();
  const { t } = words;
  const [first] = row.losses;
  const [name, detail] = namesOf(row, budget, words);
  const longest = row.losses.length === 1 ? first?.longest : undefined;
  const most = Math.max(...rows.map(({ minutes }) => minutes), usual?.high ?? 0, 1);
  const isBeyond = usual !== undefined && row.minutes > usual.high + 0.5;
  return (
    <div className="dw-cascade-row" data-rank={rank < NUMBERED ? rank + 1 : undefined}>
      <span className="dw-cascade-name">
        {rank < NUMBERED ? <i className="dw-cascade-rank">{rank + 1}</i> : <i className="dw-cascade-rank is-none" />}
        {longest === undefined ? (
          <span>
            <b>{name}</b> <small>{detail}</small>
          </span>
        ) : (
          <UnstyledButton
            title={t("losses.budget.longest", {
              clock: clockText(longest.from, words.zone, false),
              duration: durationText(longest.to - longest.from, words.language),
              count: first?.count ?? 1,
            })}
            onClick={() => {
              studio.address.go({ subject: first?.station ?? budget.station });
              time.goTo(Math.min(longest.to, longest.from + 1_000_000));
            }}
          >
            <b>{name}</b> <small>{detail}</small>
          </UnstyledButton>
        )}
        {longest !== undefined && rank < NUMBERED && (
          <WhatIf line={shift.line} station={first?.station ?? budget.station} {...longest} known={effects} />
        )}
      </span>
      <Strip row={row} shift={shift} />
      <span className="dw-cascade-minutes">{row.minutes === 0 ? t("losses.budget.underMinute") : numberText(row.minutes)}</span>
      <span className="dw-cascade-usual">
        {usual !== undefined && (
          <i
            className={isBeyond ? "is-beyond" : undefined}
            style={usualStyle(usual, row.minutes, most)}
            title={t("losses.cascade.usualOf", {
              low: numberText(Math.round(usual.low)),
              high: numberText(Math.round(usual.high)),
              median: numberText(Math.round(usual.median)),
            })}
          >
            <i />
            <i />
            <i />
          </i>
        )}
      </span>
      <span className="dw-cascade-units">{row.units === undefined ? "" : numberText(row.units)}</span>
      <Fall row={row} rows={rows} rank={rank} budget={budget} />
    </div>
  );
}

const percent = (share: number): string => `${Math.min(100, Math.max(0, share * 100)).toFixed(2)}%`;

function usualStyle({ low, high, median }: Usual, minutes: number, most: number): CSSProperties {
  return {
    "--low": percent(low / most),
    "--width": percent((high - low) / most),
    "--median": percent(median / most),
    "--now": percent(minutes / most),
  } as CSSProperties;
}

/** What it is and what a person reads beside it: `S120 Jam` `2 stops`. */
function namesOf(row: ShownLoss, { station, isOfTakt }: LossBudget, { t, language }: Words): readonly [string, string] {
  const [first] = row.losses;
  if (row.losses.length !== 1 || first === undefined) return [t("losses.budget.rest", { count: row.losses.length }), ""];
  const count = first.count === undefined ? "" : t("losses.cascade.stops", { count: first.count });
  if (first.reason === undefined) return [lossText(first, t, isOfTakt), count];
  const title = first.reason.title[language];
  return [`${first.station ?? station} ${title}`, count];
}

/** When it happened, over the planned shift; a click leads there. */
function Strip({ row, shift }: { readonly row: ShownLoss; readonly shift: ShiftOfBlock }): ReactNode {
  const { time } = useScope();
  const length = Math.max(1, shift.end - shift.from);
  const spans = row.losses.flatMap(({ occurrences = [] }) => occurrences);
  const state = row.losses.length === 1 ? row.losses[0]!.state : "";
  return (
    <span
      className={`dw-cascade-strip is-${state}`}
      onClick={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect();
        const at = shift.from + ((event.clientX - left) / Math.max(1, width)) * length;
        const nearest = spans.toSorted((a, b) => distance(a, at) - distance(b, at))[0];
        if (nearest !== undefined) time.goTo(Math.min(nearest.to, nearest.from + 1_000_000));
      }}
    >
      {spans.map(({ from, to }) => (
        <i key={from} style={{ left: percent((from - shift.from) / length), width: percent((to - from) / length) }} />
      ))}
    </span>
  );
}

const distance = ({ from, to }: { readonly from: number; readonly to: number }, at: number): number =>
  at < from ? from - at : at > to ? at - to : 0;

/** From possible on the right down to good on the left. */
function Fall({ row, rows, rank, budget }: Pick<RowProps, "row" | "rows" | "rank" | "budget">): ReactNode {
  if (row.units === undefined || budget.possible === undefined) return <span className="dw-cascade-fall" />;
  const lost = rows.reduce((sum, { units = 0 }) => sum + Math.max(0, units), 0);
  // the scale begins a little below what was good: differences are what one looks for
  const least = Math.max(0, budget.good - lost * 0.05);
  const range = Math.max(1, budget.possible - least);
  const before = rows.slice(0, rank).reduce((sum, { units = 0 }) => sum + units, 0);
  const right = budget.possible - before;
  const width = Math.max(0, row.units) / range;
  return (
    <span className="dw-cascade-fall">
      <i
        className={rank < NUMBERED ? "is-large" : undefined}
        style={{ left: percent((right - Math.max(0, row.units) - least) / range), width: percent(width) }}
      />
    </span>
  );
}
