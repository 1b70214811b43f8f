import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { FoldedLine, LineFlow, PlannedStates, ShiftFigures, ShiftFiguresValue } from "@doppelwerk/ports";
import type { BranchId, Instant } from "@doppelwerk/world";
import type { LossPareto } from "../contract.ts";
import type {} from "../message-codes.ts";
import { codedStops } from "../model/coded-stops.ts";
import { entriesOfBudget, entriesOfOther } from "../model/loss-entries.ts";
import { budgetWithPieces, type GivenReasons } from "../model/losses-of-shifts.ts";
import { paretoRows, type LossEntry, type ParetoBy, type ParetoRow } from "../model/pareto.ts";
import { recordedStops } from "../model/recorded-stops.ts";
import { silentStops } from "../model/silent-stops.ts";
import { ShiftReadings } from "./shift-readings.ts";

export interface ParetoSources {
  readonly flow: LineFlow;
  readonly figures: ShiftFigures | undefined;
  given(view: PlantView, branch: BranchId, from: Instant, to: Instant): GivenReasons;
  /** When what people wrote of the stops of a span was written last. */
  version(view: PlantView, branch: BranchId, from: Instant, to: Instant): number;
}

export interface ParetoQuestion {
  readonly from: Instant;
  readonly to: Instant;
  readonly line?: string | undefined;
  readonly by: ParetoBy;
}

interface LossesOfShift {
  readonly entries: readonly LossEntry[];
  readonly plannedBusyS: number;
  readonly lostS: number;
  readonly lostUnits: number | undefined;
}
type FiguredLine = NonNullable<Awaited<ReturnType<ShiftFigures["within"]>>>;

/** Shifts whose losses are kept: of two months with three a day, twice. */
const MAX_KEPT = 800;

/** Losses over longer periods. The losses of a closed shift are computed once for each of its revisions and of what was written of its stops. */
export class Pareto {
  readonly #sources: ParetoSources;
  readonly #kept = new Map<string, LossesOfShift>();

  constructor(sources: ParetoSources) {
    this.#sources = sources;
  }

  /** Of the shifts that begin in the period, beside those of the period of the same length before it. Errors: DW_NOT_FOUND. */
  async of(view: PlantView, branch: BranchId, { from, to, line, by }: ParetoQuestion): Promise<LossPareto> {
    const { figures, flow } = this.#sources;
    const begin = from - (to - from);
    const found = await figures?.within(begin, to, to, line);
    const folded = await flow.folded();
    const own = line === undefined ? folded[0] : folded.find(({ definition }) => definition.id === line);
    if (own === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("losses.noLine"));
    const station = found?.constraint ?? "";
    const shifts = found?.shifts.filter((shift) => shift.from >= begin && shift.from < to) ?? [];
    const [now, before] = [[] as LossesOfShift[], [] as LossesOfShift[]];
    for (const shift of shifts) {
      const losses = await this.#ofShift(view, branch, { line: own, found: found!, shift });
      (shift.from >= from ? now : before).push(losses);
    }
    const reasons = this.#sources.given(view, branch, from, to).reasons;
    const entriesOf = (all: readonly LossesOfShift[]): readonly LossEntry[] => all.flatMap(({ entries }) => entries);
    const counted = new ShiftReadings(view, own.definition, { from, to }).counted();
    return {
      line: own.definition.id,
      station,
      from,
      to,
      ...totalOf(now),
      before: totalOf(before),
      counted: [...counted],
      rows: paretoRows(entriesOf(now), entriesOf(before), by, station).map(({ reason, ...row }) => ({
        ...shownRow(row),
        ...(reason !== undefined && { reason: { code: reason, title: reasons.get(reason)?.fields.title ?? { en: reason, zh: reason } } }),
      })),
    };
  }

  async #ofShift(
    view: PlantView,
    branch: BranchId,
    about: { readonly line: FoldedLine; readonly found: FiguredLine; readonly shift: ShiftFiguresValue },
  ): Promise<LossesOfShift> {
    const { from, to, revision } = about.shift;
    const { definition } = about.line;
    const readings = new ShiftReadings(view, definition, { from, to });
    const version = this.#sources.version(view, branch, from, to);
    const key = JSON.stringify([definition.id, from, to, revision, branch, version, readings.counted()]);
    const known = this.#kept.get(key) ?? (await this.#computed(view, branch, readings, about));
    this.#kept.delete(key);
    this.#kept.set(key, known);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > MAX_KEPT && oldest.done !== true) this.#kept.delete(oldest.value);
    return known;
  }

  async #computed(
    view: PlantView,
    branch: BranchId,
    readings: ShiftReadings,
    { line, found, shift }: { readonly line: FoldedLine; readonly found: FiguredLine; readonly shift: ShiftFiguresValue },
  ): Promise<LossesOfShift> {
    const { flow, given } = this.#sources;
    const states = await flow.plannedStates(shift.from, shift.to, line.definition.id);
    const reasons = given(view, branch, shift.from, shift.to);
    const productAt = await readings.products();
    const silentOf = async (station: string) => {
      const spans = spansOf(states, station);
      const counts = spans.length === 0 ? undefined : await readings.counts(station);
      return counts === undefined ? [] : silentStops(spans, counts.readings, counts.idealIntervalS);
    };
    const budget = await budgetWithPieces({ ...found, shifts: [shift] }, async () => states, reasons);
    const entries: LossEntry[] = [];
    if (budget !== undefined) entries.push(...entriesOfBudget(budget, await silentOf(budget.budget.station), productAt));
    for (const station of found.stations) {
      if (station === found.constraint) continue;
      const codings = reasons.codings.filter((coding) => coding.station === station);
      const { stops } = codedStops(recordedStops(spansOf(states, station)), codings);
      entries.push(...entriesOfOther(station, stops, await silentOf(station), productAt));
    }
    const { plannedBusyS = 0, lostS = 0, lostUnits } = budget?.budget ?? {};
    return { entries, plannedBusyS, lostS, lostUnits };
  }
}

function spansOf(states: PlannedStates | undefined, station: string) {
  return states?.stations.find((own) => own.station === station)?.spans ?? [];
}

function totalOf(shifts: readonly LossesOfShift[]) {
  const units = shifts.flatMap(({ lostUnits }) => lostUnits ?? []);
  return {
    shifts: shifts.length,
    plannedBusyS: shifts.reduce((sum, { plannedBusyS }) => sum + plannedBusyS, 0),
    lostS: shifts.reduce((sum, { lostS }) => sum + lostS, 0),
    ...(units.length > 0 && { lostUnits: units.reduce((sum, own) => sum + own, 0) }),
  };
}

function shownRow({ longest, before, ...row }: Omit<ParetoRow, "reason">) {
  return { ...row, longest: longest.map((span) => ({ ...span })), before: { ...before } };
}
