import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import {
  Card,
  SECOND,
  clockText,
  durationText,
  numberText,
  stateLook,
  useOfShift,
  useScope,
  useStore,
  useStudio,
  useWords,
  whyNoFigures,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { LossBudget, LossRow } from "../contract.ts";
import { lossText, shownLosses, type ShownLoss } from "./loss-text.ts";
import type {} from "../message-codes.ts";
import "./loss-card.css";

const MAX_ROWS = 8;

/** The states of all stations have changed by then: the instant itself may still show what was before. */
const SHOWN_AFTER = SECOND;

/** The loss budget of the constraint: rows that add up to the title, each with its longest occurrence one click away. */
export default function LossCard(): ReactNode {
  const studio = useStudio();
  const snapshot = useStore(studio.snapshot);
  const { t, zone } = useWords();
  const loaded = useOfShift("GET /loss-budget", async ({ client, ...query }, signal) => {
    const budget = await calls.lossesOfPeriod({ requester: client.requester }, { query }, { signal });
    return budget.shifts === 0 ? undefined : budget;
  });
  if (snapshot === undefined) return null;
  // what is not read yet would count as lost
  const budget = snapshot.reading === undefined ? loaded.value : undefined;
  if (budget === undefined || budget.station === "")
    return (
      <Card
        className="dw-board-time"
        audit="losses.all"
        title={t("losses.budget.title")}
        note={budget === undefined ? "" : t("losses.budget.noConstraint")}
      >
        {budget === undefined && <p className="dw-quiet">{whyNoFigures(loaded, snapshot, t, zone)}</p>}
      </Card>
    );
  const rows = shownLosses(budget, MAX_ROWS);
  return (
    <Card className="dw-board-time" audit="losses.all" title={titleOf(budget, rows, t)} note={noteOf(budget, rows, t, zone)}>
      {rows.length === 0 && <p className="dw-quiet">{t("losses.budget.none")}</p>}
      <ul className="dw-losses">
        {rows.map((row) => (
          <li key={row.key}>
            <Loss row={row} budget={budget} most={Math.max(...rows.map(({ minutes }) => minutes), 1)} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

type Words = ReturnType<typeof useWords>;

function titleOf({ station, plannedBusyS }: LossBudget, rows: readonly ShownLoss[], t: Words["t"]): string {
  const lost = rows.reduce((sum, { minutes }) => sum + minutes, 0);
  return t("losses.budget.titleOf", { station, lost: numberText(lost), busy: Math.round(plannedBusyS / 60) });
}

function noteOf({ from, to, good, idealCycleS }: LossBudget, rows: readonly ShownLoss[], t: Words["t"], zone: Words["zone"]): string {
  const span = t("losses.budget.span", { from: clockText(from, zone, false), to: clockText(to, zone, false) });
  const lost = rows.reduce((sum, { units = 0 }) => sum + units, 0);
  const units = t("losses.budget.units", { good, possible: good + lost, cycle: numberText(idealCycleS, 0.1) });
  return rows.some((row) => row.units === undefined) ? span : `${span} · ${units}`;
}

function Loss({
  row,
  budget: { station, isOfTakt },
  most,
}: {
  readonly row: ShownLoss;
  /** Of whose time it is: its station is selected with the instant. */
  readonly budget: Pick<LossBudget, "station" | "isOfTakt">;
  readonly most: number;
}): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const [first] = row.losses;
  const text =
    row.losses.length === 1 && first !== undefined ? lossText(first, t, isOfTakt) : t("losses.budget.rest", { count: row.losses.length });
  const longest = row.losses.length === 1 ? first?.longest : undefined;
  const content = (
    <>
      <span>{text}</span>
      <i>
        <i className={`dw-chip is-${lookOf(first)}`} style={{ display: "block", width: `${(Math.max(0, row.minutes) / most) * 100}%` }} />
      </i>
      <b>{isUnderMinute(row) ? t("losses.budget.underMinute") : t("losses.budget.minutes", { minutes: numberText(row.minutes) })}</b>
      <span>
        {row.units === undefined ? "" : t("losses.budget.unitsLost", { units: numberText(row.units), count: Math.abs(row.units) })}
      </span>
    </>
  );
  if (longest === undefined)
    return (
      <div className="dw-loss" title={row.losses.map((loss) => lossText(loss, t, isOfTakt)).join(", ")}>
        {content}
      </div>
    );
  const where = t("losses.budget.longest", {
    clock: clockText(longest.from, zone, false),
    duration: durationText(longest.to - longest.from, language),
    count: first?.count ?? 1,
  });
  return (
    <UnstyledButton
      className="dw-loss"
      title={`${text} · ${where}`}
      onClick={() => {
        studio.address.go({ subject: station, inspector: true });
        time.goTo(Math.min(longest.to, longest.from + SHOWN_AFTER));
      }}
    >
      {content}
      <small>{where}</small>
    </UnstyledButton>
  );
}

/** Something, and less than what is shown as a whole minute. */
function isUnderMinute({ minutes, losses }: ShownLoss): boolean {
  return minutes === 0 && losses.reduce((sum, { seconds }) => sum + seconds, 0) > 0;
}

function lookOf(row: LossRow | undefined): string {
  return row === undefined || ["speed", "reject", "rework"].includes(row.state) ? "idle" : stateLook(row.state);
}
