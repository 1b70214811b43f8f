import { message, type Message } from "@doppelwerk/kit";
import { apportioned, lossKey, type LossPiece } from "@doppelwerk/operations";
import type { AuditItem, AuditTerm, FigureAudit } from "@doppelwerk/ports";
import type { LossRow } from "../contract.ts";
import { rowKey } from "./row-key.ts";
import { speedCode } from "./speed-code.ts";
import type {} from "../message-codes.ts";
import type { BudgetWithPieces } from "./losses-of-shifts.ts";

type Figure = Omit<FigureAudit, "from" | "to">;

const SECOND = 1_000_000;
/** What no span explains below it is the difference of two roundings, seconds. */
const NEGLIGIBLE_S = 0.05;
const standard = "ISO 22400-2";
/** Rows that follow from counts; all others are spans of states. */
const COUNTED: ReadonlySet<string> = new Set(["speed", "reject", "rework"]);

/** The loss budget with every row: the spans that make it up, or the counts, and its minutes as units. */
export function auditedLosses({ budget, times, pieces }: BudgetWithPieces): readonly FigureAudit[] {
  const { from, to, station, rows, lostS, plannedBusyS, idealCycleS, possible, lostUnits, good, isOfTakt } = budget;
  // as the board shows them: whole minutes and units that add up
  const minutes = apportioned(rows.map(({ seconds }) => seconds / 60));
  const units = apportioned(rows.map((row) => row.units ?? 0));
  const figures: readonly Figure[] = [
    {
      ...figureOf("all", lostS, station),
      operator: "sum",
      terms: rows.map((row) => ({ title: titleOf(row, isOfTakt), value: row.seconds, unit: "s", figure: idOf(row) })),
      facts: [message("losses.audit.minutes", { minutes: tenths(lostS / 60), shown: sumOf(minutes) })],
      isPlannedTime: true,
    },
    {
      ...figureOf("byCounts", plannedBusyS - times.goodIdealS, station),
      operator: "difference",
      terms: [
        { title: message("losses.audit.plannedBusy"), value: plannedBusyS, unit: "s", figure: "oee.plannedBusy" },
        { title: message("losses.audit.goodIdeal"), value: times.goodIdealS, unit: "s", figure: "oee.goodIdeal" },
      ],
    },
    ...(possible === undefined || lostUnits === undefined
      ? []
      : [
          {
            ...figureOf("possible", possible, station, "units"),
            operator: "quotient" as const,
            terms: [
              { title: message("losses.audit.plannedBusy"), value: plannedBusyS, unit: "s", figure: "oee.plannedBusy" },
              { title: message("losses.audit.idealCycle"), value: idealCycleS, unit: "s" },
            ],
          },
          {
            ...figureOf("units", possible - good, station, "units"),
            operator: "difference" as const,
            terms: [
              { title: message("losses.audit.possible"), value: possible, unit: "units", figure: "losses.possible" },
              { title: message("losses.audit.good"), value: good, unit: "units", figure: "oee.good" },
            ],
            facts: [message("losses.audit.unitsOfRows", { units: tenths(lostUnits), shown: sumOf(units) })],
          },
        ]),
    ...rows.map((row, at): Figure => ({
      id: idOf(row),
      group: "losses",
      title: titleOf(row, isOfTakt),
      value: row.seconds,
      unit: "s",
      rule: message(`losses.audit.${ruleOf(row)}Rule` as "losses.audit.blockedRule", { station, other: row.station ?? "" }),
      standard,
      ...(COUNTED.has(row.state) ? ofCounts(row, { budget, times, pieces }) : ofSpans(row, pieces)),
      facts: factsOf(row, { minutes: minutes[at]!, units: units[at]! }, idealCycleS),
      ...(COUNTED.has(row.state) ? {} : { stations: [station, ...(row.station === undefined ? [] : [row.station])], isPlannedTime: true }),
      notes: [],
    })),
  ];
  return figures.map((figure) => ({ ...figure, from, to }));
}

// oxlint-disable-next-line max-params -- name, number, what its texts name, unit
function figureOf(name: "all" | "byCounts" | "possible" | "units", value: number, station: string, unit = "s"): Figure {
  return {
    id: `losses.${name}`,
    group: "losses",
    title: message(`losses.audit.${name}Title` as "losses.audit.allTitle", { station }),
    value,
    unit,
    rule: message(`losses.audit.${name}Rule` as "losses.audit.allRule", { station }),
    standard,
    terms: [],
    notes: [],
  };
}

const tenths = (value: number): string =>
  value
    .toFixed(1)
    .replace(/^-(0\.0)$/, "$1")
    .replace("-", "−");
const idOf = (row: LossRow): string => `losses.${rowKey(row)}`;
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** In the words of the board. */
function titleOf({ reason, ...row }: Omit<LossRow, "units">, isOfTakt = false): Message {
  const title = stateTitle(row, isOfTakt);
  return reason === undefined ? title : message("losses.audit.reasonOf", { reason: reason.title, what: title });
}

function stateTitle({ state, station, stationState, cause, seconds }: Omit<LossRow, "units" | "reason">, isOfTakt: boolean): Message {
  if (state === "speed") return message(speedCode(seconds, isOfTakt));
  if (state === "unknown" || state === "reject" || state === "rework") return message(`losses.budget.${state}`);
  if (cause === "utility") return message("losses.budget.waitUtility");
  if (cause === "material") return message("losses.budget.waitMaterial");
  if (cause === "operator") return message("losses.budget.waitOperator");
  if (state !== "blocked" && state !== "starved") return message("losses.audit.state", { state });
  if (station !== undefined) return message("losses.audit.waitsFor", { state, station, by: stationState ?? "unknown" });
  if (cause === "outside") return message(state === "blocked" ? "losses.budget.blockedOutside" : "losses.budget.starvedOutside");
  return message(state === "blocked" ? "losses.budget.blockedUnclear" : "losses.budget.starvedUnclear");
}

function ruleOf({ state, station, cause }: LossRow): string {
  if (COUNTED.has(state) || state === "unknown") return state;
  if (state !== "blocked" && state !== "starved") return "state";
  return station === undefined ? (cause === "outside" ? "outside" : cause === "unclear" ? "unclear" : "said") : state;
}

/** The spans of a row; what the tally of the shift has beyond them, and what they have beyond it, is a term of its own. */
function ofSpans(row: LossRow, pieces: readonly LossPiece[]): Pick<Figure, "terms" | "operator" | "items"> {
  const items = itemsOf(row, pieces);
  const spansS = items.reduce((sum, { value }) => sum + value, 0);
  const rest = row.seconds - spansS;
  const terms: readonly AuditTerm[] = [
    { title: message("losses.audit.spans", { count: items.length }), value: spansS, unit: "s" },
    ...(Math.abs(rest) < NEGLIGIBLE_S
      ? []
      : [{ title: message(row.state === "unknown" ? "losses.audit.notObserved" : "losses.audit.rest"), value: rest, unit: "s" }]),
  ];
  return { operator: "sum", terms: terms.length === 1 ? [{ ...terms[0]!, value: row.seconds }] : terms, items };
}

function itemsOf(row: LossRow, pieces: readonly LossPiece[]): readonly AuditItem[] {
  const key = rowKey(row);
  const own: { from: number; to: number; piece: LossPiece }[] = [];
  for (const piece of pieces) {
    if (lossKey(piece) !== key) continue;
    const last = own.at(-1);
    // cut only where another station changed
    if (last?.to === piece.from && last.piece.stationState === piece.stationState) last.to = piece.to;
    else own.push({ from: piece.from, to: piece.to, piece });
  }
  return own.map(({ from, to, piece }) => ({
    title: titleOf({ ...piece, reason: row.reason, seconds: 0 }),
    from,
    to,
    value: (to - from) / SECOND,
    unit: "s",
    isCounted: true,
  }));
}

function ofCounts({ state, seconds }: LossRow, { times, budget }: BudgetWithPieces): Pick<Figure, "terms" | "operator"> {
  const { idealS, goodIdealS, actualProductionS, reworked } = times;
  const ideal: AuditTerm = { title: message("losses.audit.ideal"), value: idealS, unit: "s", figure: "oee.ideal" };
  if (state === "speed")
    return {
      operator: "difference",
      terms: [{ title: message("losses.audit.working"), value: actualProductionS, unit: "s", figure: "time.working" }, ideal],
    };
  if (state === "rework") {
    const isWhole = Math.abs(reworked * budget.idealCycleS - seconds) < NEGLIGIBLE_S;
    return {
      ...(isWhole && { operator: "product" as const }),
      terms: [
        { title: message("losses.audit.reworked"), value: reworked, unit: "units" },
        { title: message("losses.audit.idealCycle"), value: budget.idealCycleS, unit: "s" },
      ],
    };
  }
  return {
    operator: "difference",
    terms: [
      ideal,
      { title: message("losses.audit.goodIdeal"), value: goodIdealS, unit: "s", figure: "oee.goodIdeal" },
      { title: message("losses.budget.rework"), value: idealS - goodIdealS - seconds, unit: "s" },
    ],
  };
}

function factsOf({ seconds, units }: LossRow, shown: { readonly minutes: number; readonly units: number }, cycleS: number) {
  const inMinutes = message("losses.audit.minutes", { minutes: tenths(seconds / 60), shown: shown.minutes });
  return units === undefined
    ? [inMinutes]
    : [inMinutes, message("losses.audit.inUnits", { cycle: Number(cycleS.toFixed(2)), units: tenths(units), shown: shown.units })];
}
