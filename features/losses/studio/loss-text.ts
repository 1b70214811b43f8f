import type { PlainCode, Translate } from "@doppelwerk/kit/studio";
import { apportioned } from "@doppelwerk/operations";
import type { LossBudget, LossRow } from "../contract.ts";
import { speedCode } from "../model/speed-code.ts";
import type {} from "../message-codes.ts";

/** A row as it is shown: whole minutes and units, which add up to those of the title. */
export interface ShownLoss {
  readonly key: string;
  /** The losses that are shown as one; one alone but for the last row. */
  readonly losses: readonly LossRow[];
  readonly minutes: number;
  /** Undefined where no ideal cycle is known. */
  readonly units: number | undefined;
}

const CAUSES: Readonly<Record<string, PlainCode>> = {
  utility: "losses.budget.waitUtility",
  material: "losses.budget.waitMaterial",
  operator: "losses.budget.waitOperator",
};
const COUNTED: Readonly<Record<string, PlainCode>> = {
  unknown: "losses.budget.unknown",
  reject: "losses.budget.reject",
  rework: "losses.budget.rework",
};

/** At most so many rows; the least are one row at the end, so that the sum stays. */
export function shownLosses({ rows }: Pick<LossBudget, "rows">, maximum: number): readonly ShownLoss[] {
  const minutes = apportioned(rows.map(({ seconds }) => seconds / 60));
  const units = rows.some((row) => row.units === undefined) ? undefined : apportioned(rows.map((row) => row.units ?? 0));
  const single = rows
    .map((row, at): ShownLoss => {
      const key = [row.state, row.station, row.cause, row.reason?.code].join(" ");
      return { key, losses: [row], minutes: minutes[at]!, units: units?.[at] };
    })
    // less than half a minute and half a unit changes no sum
    .filter((row) => row.minutes !== 0 || (row.units ?? 0) !== 0);
  if (single.length <= maximum) return single;
  const rest = single.slice(maximum - 1);
  const sum = (value: (row: ShownLoss) => number) => rest.reduce((total, row) => total + value(row), 0);
  return [
    ...single.slice(0, maximum - 1),
    {
      key: "rest",
      losses: rest.flatMap(({ losses }) => losses),
      minutes: sum((row) => row.minutes),
      units: units && sum((row) => row.units ?? 0),
    },
  ];
}

/** `Blocked by S110: failed`, `Slower than the takt`. */
export function lossText(row: LossRow, t: Translate, isOfTakt = false): string {
  const text = stateText(row, t, isOfTakt);
  return row.reason === undefined ? text : t("losses.budget.withReason", { reason: row.reason.title, what: text });
}

function stateText(row: LossRow, t: Translate, isOfTakt: boolean): string {
  const { state, station, stationState, cause, seconds } = row;
  if (state === "speed") return t(speedCode(seconds, isOfTakt));
  if (COUNTED[state] !== undefined) return t(COUNTED[state]);
  if (cause !== undefined && CAUSES[cause] !== undefined) return t(CAUSES[cause]);
  if (state !== "blocked" && state !== "starved") return t.or(`machineState.${state}`, state);
  if (station !== undefined)
    return t(state === "blocked" ? "losses.budget.blockedBy" : "losses.budget.starvedBy", {
      station,
      state: t.or(`machineState.${stationState ?? "unknown"}`, stationState ?? "").toLowerCase(),
    });
  if (cause === "outside") return t(state === "blocked" ? "losses.budget.blockedOutside" : "losses.budget.starvedOutside");
  return t(state === "blocked" ? "losses.budget.blockedUnclear" : "losses.budget.starvedUnclear");
}
