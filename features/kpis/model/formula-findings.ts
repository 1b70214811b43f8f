import { message, type Message } from "@doppelwerk/kit";
import {
  elementOf,
  Formulas,
  INDICATOR_FORMULAS,
  needsOf,
  parseExpression,
  unitOf,
  type Dimension,
  type Expression,
} from "@doppelwerk/operations";
import type {} from "../message-codes.ts";

interface Named {
  readonly name: string;
  readonly formula: string;
}

/** The formulas of people, those of the standard beside them. One whose text is no formula is left out: it was stored in another way. */
export function formulasWith(own: readonly Named[]): ReadonlyMap<string, Expression> {
  const formulas = new Map(INDICATOR_FORMULAS);
  for (const { name, formula } of own) {
    const parsed = parseExpression(formula);
    if (parsed.fault === undefined) formulas.set(name, parsed.expression);
  }
  return formulas;
}

/** What stands against a formula that is stored over the others: names that nothing has, a circle, units that do not go together. */
export function formulaFault(
  kpi: Named,
  others: readonly Named[],
  signal: (id: string) => { readonly unit?: string } | undefined,
): Message | undefined {
  const formulas = formulasWith([...others.filter(({ name }) => name !== kpi.name), kpi]);
  const formula = formulas.get(kpi.name);
  if (formula === undefined) return undefined;
  const needs = needsOf(formula);
  const name = needs.names.find((each) => elementOf(each) === undefined && !formulas.has(each));
  if (name !== undefined) return message("kpis.formula.unknownName", { name: name.slice(0, 60) });
  const missing = needs.signals.find((each) => signal(each.signal) === undefined);
  if (missing !== undefined) return message("kpis.formula.noSignal", { id: missing.signal.slice(0, 200) });
  const cycle = new Formulas(formulas).cycle();
  if (cycle !== undefined) return message("kpis.formula.cycle", { names: cycle.join(" → ") });
  const found = unitOf(
    formula,
    (each) => unitOfName(each, formulas),
    (id) => unitOfSignal(signal(id)?.unit),
  );
  if (found.fault === undefined) return undefined;
  const { left, right, at } = found.fault;
  return message("kpis.formula.units", { position: at + 1, left: unitText(left), right: unitText(right) });
}

/** Of a formula that names no circle. */
function unitOfName(name: string, formulas: ReadonlyMap<string, Expression>): Dimension | undefined {
  const element = elementOf(name);
  if (element) return element.dimension;
  const formula = formulas.get(name);
  const found =
    formula &&
    unitOf(
      formula,
      (each) => unitOfName(each, formulas),
      () => undefined,
    );
  return found === undefined || found.fault ? undefined : found.dimension;
}

/** A unit of a signal goes with itself; one without a unit goes with everything. */
const unitOfSignal = (unit: string | undefined): Dimension | undefined => (unit === undefined || unit === "" ? undefined : { [unit]: 1 });

function unitText(dimension: Dimension): string {
  const parts = Object.entries(dimension).map(([base, power]) => (power === 1 ? base : `${base}^${power}`));
  return parts.length === 0 ? "1" : parts.join(" ");
}
