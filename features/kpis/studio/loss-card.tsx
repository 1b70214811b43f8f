import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import {
  Card,
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
        title={t("kpis.losses.title")}
        note={budget === undefined ? "" : t("kpis.losses.noConstraint")}
      >
        {budget === undefined && <p className="dw-quiet">{whyNoFigures(loaded, snapshot, t, zone)}</p>}
      </Card>
    );
  const rows = shownLosses(budget, MAX_ROWS);
  return (
    <Card className="dw-board-time" audit="losses.all" title={titleOf(budget, rows, t)} note={noteOf(budget, rows, t, zone)}>
      {rows.length === 0 && <p className="dw-quiet">{t("kpis.losses.none")}</p>}
      <ul className="dw-kpis-losses">
        {rows.map((row) => (
          <li key={row.key}>
            <Loss row={row} most={Math.max(...rows.map(({ minutes }) => minutes), 1)} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

type Words = ReturnType<typeof useWords>;

function titleOf({ station, plannedBusyS }: LossBudget, rows: readonly ShownLoss[], t: Words["t"]): string {
  const lost = rows.reduce((sum, { minutes }) => sum + minutes, 0);
  return t("kpis.losses.titleOf", { station, lost: numberText(lost), busy: Math.round(plannedBusyS / 60) });
}

function noteOf({ from, to, good, idealCycleS }: LossBudget, rows: readonly ShownLoss[], t: Words["t"], zone: Words["zone"]): string {
  const span = t("kpis.losses.span", { from: clockText(from, zone, false), to: clockText(to, zone, false) });
  const lost = rows.reduce((sum, { units = 0 }) => sum + units, 0);
  const units = t("kpis.losses.units", { good, possible: good + lost, cycle: numberText(idealCycleS, 0.1) });
  return rows.some((row) => row.units === undefined) ? span : `${span} · ${units}`;
}

function Loss({ row, most }: { readonly row: ShownLoss; readonly most: number }): ReactNode {
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const [first] = row.losses;
  const text = row.losses.length === 1 && first !== undefined ? lossText(first, t) : t("kpis.losses.rest", { count: row.losses.length });
  const longest = row.losses.length === 1 ? first?.longest : undefined;
  const content = (
    <>
      <span>{text}</span>
      <i>
        <i className={`dw-chip is-${lookOf(first)}`} style={{ display: "block", width: `${(Math.max(0, row.minutes) / most) * 100}%` }} />
      </i>
      <b>{t("kpis.losses.minutes", { minutes: numberText(row.minutes) })}</b>
      <span>{row.units === undefined ? "" : t("kpis.losses.unitsLost", { units: numberText(row.units), count: Math.abs(row.units) })}</span>
    </>
  );
  if (longest === undefined)
    return (
      <div className="dw-kpis-loss" title={row.losses.map((loss) => lossText(loss, t)).join(", ")}>
        {content}
      </div>
    );
  const where = t("kpis.losses.longest", {
    clock: clockText(longest.from, zone, false),
    duration: durationText(longest.to - longest.from, language),
    count: first?.count ?? 1,
  });
  return (
    <UnstyledButton className="dw-kpis-loss" title={`${text} · ${where}`} onClick={() => time.goTo(longest.from)}>
      {content}
    </UnstyledButton>
  );
}

function lookOf(row: LossRow | undefined): string {
  return row === undefined || ["speed", "reject", "rework"].includes(row.state) ? "idle" : stateLook(row.state);
}
