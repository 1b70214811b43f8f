import { needsOf, type Expression } from "../expressions/expression.ts";
import type { UnknownReason, Value } from "../expressions/evaluate.ts";
import { Formulas } from "../expressions/formulas.ts";
import { INDICATOR_FORMULAS, INDICATORS, type Indicator } from "./indicators.ts";
import type { ElementValues } from "./shift-elements.ts";

export interface IndicatorInput {
  readonly name: string;
  /** Absent: not known. */
  readonly value?: number;
}

/** A KPI over a span, with what its formula names: enough to compute it again by hand. */
export interface IndicatorValue {
  readonly indicator: Indicator;
  /** Absent: not known; `unknown` says why. */
  readonly value?: number;
  readonly unknown: readonly UnknownReason[];
  /** In order of the formula: elements, and KPIs that it is made of. */
  readonly inputs: readonly IndicatorInput[];
  /** A share above 1: it stays as it is. */
  readonly isOver: boolean;
}

/** Sums of seconds that are equal may differ in their last digits. */
const ROUNDING = 1e-9;

const FORMULAS = new Formulas(INDICATOR_FORMULAS);

/** The 34 KPIs over elements of one span. */
export function indicatorValues(elements: ElementValues): readonly IndicatorValue[] {
  const scope = elementScope(elements);
  const valueOf = FORMULAS.over(scope);
  return INDICATORS.map((indicator) => {
    const value = valueOf(indicator.id);
    return {
      indicator,
      ...(value.unknown === undefined ? { value: value.value, unknown: [] } : { unknown: value.unknown }),
      inputs: inputsOf(INDICATOR_FORMULAS.get(indicator.id)!, valueOf),
      isOver: indicator.isShare && value.unknown === undefined && value.value > 1 + ROUNDING,
    };
  });
}

/** What a formula names, with what each is. */
export function inputsOf(formula: Expression, valueOf: (name: string) => Value): readonly IndicatorInput[] {
  return needsOf(formula).names.map((name) => {
    const value = valueOf(name);
    return value.unknown === undefined ? { name, value: value.value } : { name };
  });
}

/** Elements as the inputs of formulas; a signal is not among them. */
export function elementScope(elements: ElementValues): { name(name: string): Value; signal(aggregate: string, signal: string): Value } {
  const missing = (name: string): Value => ({ unknown: [{ kind: "missing", name }] });
  return {
    name: (name) => (Object.hasOwn(elements, name) ? { value: elements[name]! } : missing(name)),
    signal: (_, signal) => missing(signal),
  };
}
