import { message, verbatim, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { Formulas, needsOf, parseExpression, type Expression, type Value } from "@doppelwerk/operations";
import type { AssignedInput } from "../contract.ts";
import type {} from "../message-codes.ts";
import { aggregateOf } from "./signal-aggregates.ts";
import type { SourcedElements } from "./sourced-elements.ts";

/** Elements that people assigned to a place by formulas, over a span; `known` is what is recorded, `sourced` what features know. */
export async function assignedElements(
  inputs: readonly AssignedInput[],
  span: { readonly from: number; readonly to: number },
  known: Readonly<Record<string, number>>,
  sourced: SourcedElements,
  view: PlantView,
): Promise<SourcedElements> {
  const texts = new Map(inputs.filter(({ symbol }) => !Object.hasOwn(known, symbol)).map(({ symbol, formula }) => [symbol, formula]));
  if (texts.size === 0) return sourced;
  const formulas = parsed(texts);
  const signals = await signalsOf(formulas, span, view);
  const missing = (name: string): Value => ({ unknown: [{ kind: "missing", name }] });
  const valueOf = new Formulas(formulas).over({
    name: (name) => {
      const value = known[name] ?? sourced.values[name];
      return value === undefined ? missing(name) : { value };
    },
    signal: (aggregate, signal) => signals.get(`${aggregate} ${signal}`) ?? missing(signal),
  });
  const [values, of, why] = [{ ...sourced.values }, new Map(sourced.of), new Map(sourced.why)];
  for (const [symbol, formula] of texts) {
    const value = valueOf(symbol);
    if (value.unknown === undefined) {
      values[symbol] = value.value;
      of.set(symbol, verbatim(formula));
      why.delete(symbol);
    } else why.set(symbol, [...(why.get(symbol) ?? []), whyNot(formula, value.unknown)]);
  }
  return { values, of, why };
}

function whyNot(formula: string, reasons: NonNullable<Value["unknown"]>): Message {
  const names = reasons.flatMap((reason) => (reason.kind === "missing" ? [reason.name] : []));
  if (names.length > 0) return message("kpis.inputs.unknownIn", { names: names.join(", ").slice(0, 400) });
  return message("kpis.inputs.noValue", { formula: formula.slice(0, 400) });
}

function parsed(texts: ReadonlyMap<string, string>): ReadonlyMap<string, Expression> {
  return new Map(
    [...texts].flatMap(([symbol, formula]) => {
      const { expression } = parseExpression(formula) as { readonly expression?: Expression };
      return expression === undefined ? [] : [[symbol, expression] as const];
    }),
  );
}

async function signalsOf(
  formulas: ReadonlyMap<string, Expression>,
  { from, to }: { readonly from: number; readonly to: number },
  view: PlantView,
): Promise<ReadonlyMap<string, Value>> {
  const needed = new Map(
    [...formulas.values()].flatMap((each) => needsOf(each).signals).map((each) => [`${each.aggregate} ${each.signal}`, each]),
  );
  const read = [...needed].map(async ([key, { aggregate, signal }]): Promise<readonly [string, Value]> => {
    const value = await aggregateOf(view, signal, aggregate, from, to);
    return [key, value === undefined ? { unknown: [{ kind: "missing", name: view.signal(signal)?.name ?? signal }] } : { value }];
  });
  return new Map(await Promise.all(read));
}
