import { evaluate, type Scope, type Value } from "./evaluate.ts";
import { needsOf, type Expression } from "./expression.ts";

/** Formulas that may name each other, and inputs. A name is a formula before it is an input. */
export class Formulas {
  readonly #formulas: ReadonlyMap<string, Expression>;

  constructor(formulas: ReadonlyMap<string, Expression>) {
    this.#formulas = formulas;
  }

  /** Names of formulas that name each other in a circle, in order, the first one last again; undefined where none do. */
  cycle(): readonly string[] | undefined {
    const done = new Set<string>();
    const walk = (name: string, path: readonly string[]): readonly string[] | undefined => {
      const known = path.indexOf(name);
      if (known >= 0) return [...path.slice(known), name];
      const formula = this.#formulas.get(name);
      if (formula === undefined || done.has(name)) return undefined;
      for (const needed of needsOf(formula).names) {
        const found = walk(needed, [...path, name]);
        if (found) return found;
      }
      done.add(name);
      return undefined;
    };
    for (const name of this.#formulas.keys()) {
      const found = walk(name, []);
      if (found) return found;
    }
    return undefined;
  }

  /** Inputs that a formula needs in the end: names that are no formula, and aggregates of signals. */
  inputsOf(name: string): ReturnType<typeof needsOf> {
    const names = new Set<string>();
    const signals = new Map<string, ReturnType<typeof needsOf>["signals"][number]>();
    const seen = new Set<string>();
    const visit = (each: string): void => {
      if (seen.has(each)) return;
      seen.add(each);
      const formula = this.#formulas.get(each);
      if (formula === undefined) return void names.add(each);
      const needs = needsOf(formula);
      for (const signal of needs.signals) signals.set(`${signal.aggregate} ${signal.signal}`, signal);
      for (const needed of needs.names) visit(needed);
    };
    visit(name);
    return { names: [...names], signals: [...signals.values()] };
  }

  /** The values of formulas over one set of inputs: each is computed once. A formula in a circle is unknown, with the circle. */
  over(inputs: Scope): (name: string) => Value {
    const known = new Map<string, Value>();
    const path: string[] = [];
    const scope: Scope = { name: (name) => valueOf(name), signal: (aggregate, signal) => inputs.signal(aggregate, signal) };
    const valueOf = (name: string): Value => {
      const formula = this.#formulas.get(name);
      if (formula === undefined) return inputs.name(name);
      const before = known.get(name);
      if (before) return before;
      const begun = path.indexOf(name);
      if (begun >= 0) {
        const circle: Value = { unknown: [{ kind: "cycle", names: [...path.slice(begun), name] }] };
        for (const each of path.slice(begun)) known.set(each, circle);
        return circle;
      }
      path.push(name);
      const value = evaluate(formula, scope);
      path.pop();
      // one that is part of a circle was found to be while it was computed
      if (!known.has(name)) known.set(name, value);
      return known.get(name)!;
    };
    return valueOf;
  }
}
