import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureLog, PlantView } from "@doppelwerk/kit/server";
import {
  elementScope,
  elementsOfLine,
  elementsOfStation,
  Formulas,
  indicatorValues,
  inputsOf,
  type Aggregate,
  type ElementValues,
  type IndicatorInput,
  type UnknownReason,
  type Value,
} from "@doppelwerk/operations";
import { shiftsWithin, type KpiInputQuestion, type KpiInputSource, type ShiftFold } from "@doppelwerk/ports";
import type { BranchId, Instant, RecordId } from "@doppelwerk/world";
import type { AssignedInput, IndicatorsAnswer, KnownIndicator } from "../contract.ts";
import type {} from "../message-codes.ts";
import { formulasWith } from "../model/formula-findings.ts";
import { assignedElements } from "./assigned-elements.ts";
import { indicatorsOfLine, withUnits, workUnitsOf, type Beside, type LineIndicator, type LineQuestion } from "./line-indicators.ts";
import { listOwnKpis } from "./own-kpis.ts";
import { aggregateOf } from "./signal-aggregates.ts";
import { sourcedElements, type SourcedElements } from "./sourced-elements.ts";

interface Question {
  readonly from: Instant;
  readonly to: Instant;
  readonly line?: RecordId | undefined;
  readonly station?: string | undefined;
}

export interface IndicatorParts {
  readonly fold: ShiftFold;
  readonly sources: readonly KpiInputSource[];
  /** What people assigned, on the branch. */
  readonly inputs: readonly AssignedInput[];
  /** Id of the line that is meant where none is named. */
  readonly firstLine: RecordId | undefined;
  readonly log: FeatureLog;
  readonly view: PlantView;
  readonly branch: BranchId;
}

/**
 * The 34 KPIs of a station, or of a line, over the shifts of a span, and those that people define on a branch. Throws DW_NOT_FOUND where there is no such
 * station. Elements that states and counts do not give come from the sources; what none of them knows is missing, and named with their reasons.
 */
export async function indicatorsOf({ from, to, line: id, station }: Question, parts: IndicatorParts): Promise<IndicatorsAnswer> {
  const { fold, view, branch } = parts;
  const line = await fold.results(to, id);
  if (station !== undefined && line?.stations.includes(station) !== true)
    throw new DoppelwerkError("DW_NOT_FOUND", message("kpis.noStation", { station: station.slice(0, 200) }));
  const shifts = line === undefined ? [] : shiftsWithin(line, from, to);
  const [first, last] = [shifts[0], shifts.at(-1)];
  const span = first && last ? { from: first.from, to: last.to } : { from, to };
  const asked = { line: line ?? { constraint: undefined, stations: [] }, shifts, span, id };
  const { indicators, values, sourced, unknownS } =
    station === undefined ? await ofLine(asked, parts) : await ofStation(asked, station, parts);
  return {
    ...span,
    shifts: shifts.length,
    stations: [...(line?.stations ?? [])],
    ...(line?.constraint !== undefined && { constraint: line.constraint }),
    unknownS,
    indicators: indicators.map(
      ({ indicator: { id: of, number, group, formula, scopes, better, unit }, at, units, sourced: from, ...value }): KnownIndicator => ({
        id: of,
        number,
        group,
        formula,
        scopes: [...scopes],
        better,
        unit,
        ...(at !== undefined && { at }),
        ...(units !== undefined && { units: [...units] }),
        ...answered(value, from),
      }),
    ),
    own: await ownKpis(values, sourced, span, view, branch),
  };
}

interface OfEquipment {
  readonly indicators: readonly LineIndicator[];
  readonly values: ElementValues;
  readonly sourced: SourcedElements;
  readonly unknownS: number;
}

async function ofStation({ shifts, span, id }: LineQuestion, station: string, parts: IndicatorParts): Promise<OfEquipment> {
  const { values: recorded, unknownS } = elementsOfStation(shifts, station);
  const sourced = await elementsBeside(recorded, span, { line: id, station }, shifts.length === 0 ? noneOf(parts) : parts);
  const values = { ...sourced.values, ...recorded };
  return { indicators: indicatorValues(values).map((each) => ({ ...each, sourced })), values, sourced, unknownS };
}

/** Of a line as a whole: its own, then those of its stations that the standard gives to work units. */
export async function ofLine(asked: LineQuestion, parts: IndicatorParts): Promise<OfEquipment> {
  const { shifts, span, id, line } = asked;
  const { values: recorded, unknownS } = elementsOfLine(shifts);
  const beside: Beside = (of, station, asksFeatures) => {
    const known = shifts.length === 0 ? noneOf(parts) : asksFeatures ? parts : { ...parts, sources: [] };
    return elementsBeside(of, span, { line: id, station }, known);
  };
  const units = shifts.length === 0 ? [] : await workUnitsOf(asked, beside);
  const sourced = withUnits(recorded, await beside(recorded, undefined, true), units, line.constraint);
  const ofConstraint = line.constraint === undefined ? 0 : elementsOfStation(shifts, line.constraint).unknownS;
  return {
    indicators: indicatorsOfLine(recorded, sourced, units, line.constraint),
    values: { ...sourced.values, ...recorded },
    sourced,
    unknownS: Math.max(unknownS, ofConstraint),
  };
}

const noneOf = (parts: IndicatorParts): IndicatorParts => ({ ...parts, sources: [], inputs: [] });

async function ownKpis(
  values: ElementValues,
  sourced: SourcedElements,
  span: { readonly from: Instant; readonly to: Instant },
  view: PlantView,
  branch: BranchId,
): Promise<IndicatorsAnswer["own"]> {
  const own = listOwnKpis(view, branch);
  const formulas = formulasWith(own.map(({ name, fields }) => ({ name, formula: fields.formula })));
  const scope = elementScope(values);
  const signals = await aggregatesFor(
    own.map(({ name }) => name),
    new Formulas(formulas),
    view,
    span,
  );
  const valueOf = new Formulas(formulas).over({
    ...scope,
    signal: (aggregate, signal) => signals.get(`${aggregate} ${signal}`) ?? scope.signal(aggregate, signal),
  });
  return own.map(({ name, fields }) => {
    const value = valueOf(name);
    const inputs = [...inputsOf(formulas.get(name)!, valueOf), ...signalInputs(formulas, name, signals)];
    const { unknown = [] } = value;
    return {
      name,
      fields,
      ...answered({ ...(value.unknown === undefined && { value: value.value }), unknown, inputs, isOver: false }, sourced),
    };
  });
}

/** What of equipment, of an order or of a product elements are asked. */
export interface Subject {
  readonly line?: RecordId | undefined;
  readonly station?: string | undefined;
  readonly order?: string | undefined;
  readonly product?: string | undefined;
}

/** Elements beside the recorded ones: those that people assigned, then those of features. */
export async function elementsBeside(
  recorded: ElementValues,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  { line, station, order, product }: Subject,
  { sources, inputs, firstLine, log, view, branch }: Omit<IndicatorParts, "fold">,
): Promise<SourcedElements> {
  const { principal } = view;
  const question: KpiInputQuestion = {
    principal,
    branch,
    from,
    to,
    ...(line !== undefined && { line }),
    ...(station !== undefined && { station }),
    ...(order !== undefined && { order }),
    ...(product !== undefined && { product }),
  };
  const ofFeatures = await sourcedElements(sources, question, recorded, log);
  // what people assigned is of the whole place
  const assigned =
    order !== undefined || product !== undefined ? [] : inputs.filter(({ place }) => place === (station ?? line ?? firstLine));
  return assignedElements(assigned, { from, to }, recorded, ofFeatures, view);
}

interface Answered {
  readonly value?: number;
  readonly unknown: readonly UnknownReason[];
  readonly inputs: readonly IndicatorInput[];
  readonly isOver: boolean;
}

export function answered({ value, unknown, inputs, isOver }: Answered, { of, why }: SourcedElements) {
  return {
    ...(value !== undefined && { value }),
    unknown: unknown.map((reason) => ({
      kind: reason.kind,
      ...(reason.kind === "missing" && {
        name: reason.name,
        ...(why.has(reason.name) && { why: [...why.get(reason.name)!] }),
      }),
      ...(reason.kind === "cycle" && { names: [...reason.names] }),
    })),
    inputs: inputs.map((input) => ({ ...input, ...(of.has(input.name) && { of: of.get(input.name)! }) })),
    ...(isOver && { isOver }),
  };
}

function signalInputs(
  formulas: ReturnType<typeof formulasWith>,
  name: string,
  signals: ReadonlyMap<string, Value>,
): readonly IndicatorInput[] {
  return new Formulas(formulas).inputsOf(name).signals.map(({ aggregate, signal }) => {
    const value = signals.get(`${aggregate} ${signal}`);
    return { name: `${aggregate}("${signal}")`, ...(value && value.unknown === undefined && { value: value.value }) };
  });
}

/** What the formulas need of signals, each read once. */
async function aggregatesFor(
  names: readonly string[],
  formulas: Formulas,
  view: PlantView,
  span: { readonly from: Instant; readonly to: Instant },
): Promise<ReadonlyMap<string, Value>> {
  const needed = new Map<string, { readonly aggregate: Aggregate; readonly signal: string }>();
  for (const name of names) for (const each of formulas.inputsOf(name).signals) needed.set(`${each.aggregate} ${each.signal}`, each);
  const read = [...needed].map(async ([key, { aggregate, signal }]): Promise<readonly [string, Value]> => {
    const value = await aggregateOf(view, signal, aggregate, span.from, span.to);
    return [key, value === undefined ? { unknown: [{ kind: "missing", name: signal }] } : { value }];
  });
  return new Map(await Promise.all(read));
}
