import { message } from "@doppelwerk/kit";
import {
  elementsOfStation,
  indicatorValues,
  type ElementValues,
  type Indicator,
  type IndicatorValue,
  type ShiftResult,
} from "@doppelwerk/operations";
import type { LineShifts } from "@doppelwerk/ports";
import type { Instant, RecordId } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import type { SourcedElements } from "./sourced-elements.ts";

/** A work unit of a line over a span. */
export interface WorkUnit {
  readonly station: string;
  readonly values: ElementValues;
  readonly sourced: SourcedElements;
}

/** A KPI of a line. `at`: the station that it is of, where the standard gives it to work units and not to a line. */
export interface LineIndicator extends IndicatorValue {
  readonly at?: string;
  /** Of each station of the line that has a value. */
  readonly units?: readonly { readonly station: string; readonly value: number }[];
  readonly sourced: SourcedElements;
}

export interface LineQuestion {
  readonly line: Pick<LineShifts, "constraint" | "stations">;
  readonly shifts: readonly ShiftResult[];
  readonly span: { readonly from: Instant; readonly to: Instant };
  readonly id: RecordId | undefined;
}

/** Elements beside the recorded ones, of the line or of a station. */
export type Beside = (recorded: ElementValues, station: string | undefined, asksFeatures: boolean) => Promise<SourcedElements>;

/** The stations of a line, its constraint first. Features are asked of the constraint alone. */
export async function workUnitsOf({ line, shifts }: LineQuestion, beside: Beside): Promise<readonly WorkUnit[]> {
  const { constraint, stations } = line;
  const ordered = [...stations.filter((station) => station === constraint), ...stations.filter((station) => station !== constraint)];
  const units: WorkUnit[] = [];
  for (const station of ordered) {
    const recorded = elementsOfStation(shifts, station).values;
    const sourced = await beside(recorded, station, station === constraint);
    units.push({ station, values: { ...sourced.values, ...recorded }, sourced });
  }
  return units;
}

/** What a line has of its stations: the times of its people are those at its stations, its capacity is that of its constraint. */
export function withUnits(
  recorded: ElementValues,
  sourced: SourcedElements,
  units: readonly WorkUnit[],
  constraint: string | undefined,
): SourcedElements {
  const isKnown = (symbol: string): boolean => Object.hasOwn(recorded, symbol) || Object.hasOwn(sourced.values, symbol);
  const [values, of, why] = [{ ...sourced.values }, new Map(sourced.of), new Map(sourced.why)];
  const attended = units.filter(({ values: { APWT, APAT } }) => APWT !== undefined && APAT !== undefined);
  if (attended.length > 0 && !isKnown("APWT") && !isKnown("APAT"))
    for (const symbol of ["APWT", "APAT"] as const) {
      values[symbol] = attended.reduce((total, unit) => total + unit.values[symbol]!, 0);
      of.set(symbol, message("kpis.inputs.ofStations", { stations: attended.map(({ station }) => station).join(", ") }));
      why.delete(symbol);
    }
  const capacity = units.find(({ station }) => station === constraint)?.values["EPC"];
  if (capacity !== undefined && constraint !== undefined && !isKnown("EPC")) {
    values["EPC"] = capacity;
    of.set("EPC", message("kpis.inputs.ofConstraint", { station: constraint }));
  }
  return { values, of, why };
}

/**
 * The 34 KPIs of a line. What the standard gives to a work centre or area is of the line itself. What it gives to work units is of the constraint, or of the
 * first station that records its inputs; it never adds up (P6). What it gives to orders alone is of the line's orders and the time of its constraint.
 */
export function indicatorsOfLine(
  recorded: ElementValues,
  sourced: SourcedElements,
  units: readonly WorkUnit[],
  constraint: string | undefined,
): readonly LineIndicator[] {
  const ofUnits = units.map((unit) => ({ ...unit, indicators: indicatorValues(unit.values) }));
  const main = units.find(({ station }) => station === constraint);
  const ofOrders = main && indicatorValues({ ...sourced.values, ...main.values });
  return indicatorValues({ ...sourced.values, ...recorded }).map((own, at): LineIndicator => {
    if (own.value !== undefined || isOfLine(own.indicator)) return { ...own, sourced };
    if (!own.indicator.scopes.includes("workUnit")) {
      const value = ofOrders?.[at];
      return value?.value === undefined || main === undefined
        ? { ...own, sourced }
        : { ...value, at: main.station, sourced: merged(sourced, main.sourced) };
    }
    const known = ofUnits.flatMap(({ station, indicators }) => {
      const value = indicators[at]?.value;
      return value === undefined ? [] : [{ station, value }];
    });
    const chosen = ofUnits.find(({ indicators }) => !isMissing(indicators[at]));
    if (chosen === undefined) return { ...own, sourced };
    return { ...chosen.indicators[at]!, at: chosen.station, units: known, sourced: chosen.sourced };
  });
}

const isOfLine = ({ scopes }: Indicator): boolean => scopes.includes("workCentre") || scopes.includes("area");

/** Some input is not recorded; a denominator of zero is another thing. */
function isMissing(value: IndicatorValue | undefined): boolean {
  return value === undefined || value.unknown.some(({ kind }) => kind === "missing");
}

function merged(line: SourcedElements, unit: SourcedElements): SourcedElements {
  return {
    values: { ...line.values, ...unit.values },
    of: new Map([...line.of, ...unit.of]),
    why: new Map([...line.why, ...unit.why]),
  };
}
