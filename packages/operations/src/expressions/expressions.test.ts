import { expect, test } from "vitest";
import { evaluate, type Scope, type Value } from "./evaluate.ts";
import { MAX_DEPTH, MAX_LENGTH, needsOf, parseExpression, type Expression } from "./expression.ts";
import { Formulas } from "./formulas.ts";
import { unitOf } from "./unit-of.ts";

function parsed(text: string): Expression {
  const result = parseExpression(text);
  if (result.fault) throw new Error(`${text}: ${JSON.stringify(result.fault)}`);
  return result.expression;
}

const scopeOf = (values: Readonly<Record<string, number>>): Scope => ({
  name: (name) => (Object.hasOwn(values, name) ? { value: values[name]! } : { unknown: [{ kind: "missing", name }] }),
  signal: (aggregate, signal) =>
    Object.hasOwn(values, signal) ? { value: values[signal]! } : { unknown: [{ kind: "missing", name: `${aggregate} ${signal}` }] },
});

const valueOf = (text: string, values: Readonly<Record<string, number>> = {}): Value => evaluate(parsed(text), scopeOf(values));

test("[O125] operators bind as in arithmetic, names and aggregates of signals are given by the reader", () => {
  expect(valueOf("1 + 2 * 3 - 4 / 2")).toEqual({ value: 5 });
  expect(valueOf("-(1 - 3) * 2")).toEqual({ value: 4 });
  expect(valueOf("8 / 2 / 2")).toEqual({ value: 2 });
  expect(valueOf("APT / PBT", { APT: 30, PBT: 40 })).toEqual({ value: 0.75 });
  expect(valueOf('mean("signal:a \\"b\\"") * 2', { 'signal:a "b"': 1.5 })).toEqual({ value: 3 });
  expect(valueOf("if(a > 2 and not (a >= 5), min(a, 3), sqrt(abs(b)))", { a: 4, b: -9 })).toEqual({ value: 3 });
  expect(valueOf("if(a > 2 and not (a >= 5), min(a, 3), sqrt(abs(b)))", { a: 5, b: -9 })).toEqual({ value: 3 });
  expect(valueOf("产量 / 班次", { 产量: 6, 班次: 3 })).toEqual({ value: 2 });
  expect(needsOf(parsed('PBT + PBT / x.y - rise("s")'))).toEqual({ names: ["PBT", "x.y"], signals: [{ aggregate: "rise", signal: "s" }] });
});

test("[O126] what is no formula is named with its position and what would have to be there", () => {
  const fault = (text: string) => parseExpression(text).fault;
  expect(fault("")).toEqual({ kind: "unfinished", at: 0, expected: "operand" });
  expect(fault("a +")).toEqual({ kind: "unfinished", at: 3, expected: "operand" });
  expect(fault("a b")).toEqual({ kind: "expected", at: 2, found: "b", expected: "operator" });
  expect(fault("(a")).toEqual({ kind: "unfinished", at: 2, expected: ")" });
  expect(fault("a $ b")).toEqual({ kind: "character", at: 2, found: "$" });
  expect(fault('mean("x')).toEqual({ kind: "unfinished", at: 5, found: '"' });
  expect(fault("mean(x)")).toEqual({ kind: "expected", at: 5, found: "x", expected: "signal" });
  expect(fault("eval(1)")).toEqual({ kind: "unknownFunction", at: 0, found: "eval" });
  expect(fault("sqrt(1, 2)")).toEqual({ kind: "arguments", at: 0, found: "2", expected: "sqrt" });
  expect(fault("1 < 2 < 3")).toEqual({ kind: "expected", at: 6, found: "<", expected: "operator" });
  expect(fault("1e999")).toEqual({ kind: "number", at: 0, found: "1e999" });
  expect(fault("1".repeat(MAX_LENGTH + 1))).toEqual({ kind: "tooLong", at: MAX_LENGTH });
  expect(fault(`${"(".repeat(MAX_DEPTH + 1)}1${")".repeat(MAX_DEPTH + 1)}`)?.kind).toBe("tooDeep");
  expect(fault(`${"-".repeat(MAX_LENGTH - 1)}1`)?.kind).toBe("tooDeep");
  expect(valueOf(`1${" + 1".repeat(499)}`)).toEqual({ value: 500 });
});

test("[O127] a value that depends on what is not known is not known, with every reason; never NaN, never infinite", () => {
  expect(valueOf("a / b + c", { b: 0, a: 1 })).toEqual({
    unknown: [
      { kind: "dividedByZero", at: 4 },
      { kind: "missing", name: "c" },
    ],
  });
  expect(valueOf("0 / 0")).toEqual({ unknown: [{ kind: "dividedByZero", at: 4 }] });
  expect(valueOf("sqrt(0 - 1)")).toEqual({ unknown: [{ kind: "rootOfNegative", at: 5 }] });
  expect(valueOf("1e300 * 1e300")).toEqual({ unknown: [{ kind: "overflow", at: 0 }] });
  expect(valueOf("(1 < 2) + 1")).toEqual({ unknown: [{ kind: "notANumber", at: 1 }] });
  expect(valueOf("1 < 2")).toEqual({ unknown: [{ kind: "notANumber", at: 0 }] });
  expect(valueOf("if(1 < 2, 3, missing)")).toEqual({ value: 3 });
  expect(valueOf("if(1 > 2 and missing > 0, 3, 4)")).toEqual({ value: 4 });
  expect(valueOf("if(missing > 0 or 2 > 1, 3, 4)")).toEqual({ value: 3 });
  expect(valueOf("constructor + toString")).toEqual({
    unknown: [
      { kind: "missing", name: "constructor" },
      { kind: "missing", name: "toString" },
    ],
  });
});

test("[O128] formulas may name each other; a circle is named and has no value", () => {
  const formulas = new Formulas(
    new Map(Object.entries({ a: "b + 1", b: "x * 2", c: "d", d: "e", e: "c + x", f: "f" }).map(([name, text]) => [name, parsed(text)])),
  );
  const over = formulas.over(scopeOf({ x: 3 }));
  expect(over("a")).toEqual({ value: 7 });
  expect(over("c")).toEqual({ unknown: [{ kind: "cycle", names: ["c", "d", "e", "c"] }] });
  expect(over("d")).toEqual({ unknown: [{ kind: "cycle", names: ["c", "d", "e", "c"] }] });
  expect(over("f")).toEqual({ unknown: [{ kind: "cycle", names: ["f", "f"] }] });
  expect(formulas.cycle()).toEqual(["c", "d", "e", "c"]);
  expect(formulas.inputsOf("a")).toEqual({ names: ["x"], signals: [] });
  // two hundred that each name the next one twice: each is computed once
  const chain = new Map(Array.from({ length: 200 }, (_, n) => [`n${n}`, parsed(n === 199 ? "1" : `n${n + 1} / 2 + n${n + 1} / 2`)]));
  expect(new Formulas(chain).over(scopeOf({}))("n0")).toEqual({ value: 1 });
  expect(new Formulas(chain).cycle()).toBeUndefined();
  // forty that each name all others
  const all = Array.from({ length: 40 }, (_, n) => `n${n}`);
  const tangle = new Map(all.map((name) => [name, parsed(all.filter((other) => other !== name).join(" + "))]));
  const valueOfTangled = new Formulas(tangle).over(scopeOf({}));
  for (const name of all) expect(valueOfTangled(name).unknown?.[0]?.kind).toBe("cycle");
});

test("[O129] units: unlike ones cannot be added or compared; a ratio has none", () => {
  const units: Readonly<Record<string, Record<string, number>>> = {
    PBT: { s: 1 },
    APT: { s: 1 },
    PQ: { unit: 1 },
    PRI: { s: 1, unit: -1 },
  };
  const of = (text: string) =>
    unitOf(
      parsed(text),
      (name) => units[name],
      () => undefined,
    );
  expect(of("APT / PBT")).toEqual({ dimension: {} });
  expect(of("PRI * PQ / APT")).toEqual({ dimension: {} });
  expect(of("PQ / PBT * 3600")).toEqual({ dimension: { s: -1, unit: 1 } });
  expect(of("1 + PBT - PQ")).toEqual({ fault: { at: 0, left: { s: 1 }, right: { unit: 1 } } });
  expect(of("(PQ - 60) / PQ")).toEqual({ dimension: {} });
  expect(of("PBT / 3600 + APT / (2 * 1800)")).toEqual({ dimension: { s: 1 } });
  expect(of("PQ / PBT + PQ")).toMatchObject({ fault: { at: 0 } });
  expect(of("if(PBT > 0, max(APT, PBT), PQ)")).toEqual({ fault: { at: 0, left: { s: 1 }, right: { unit: 1 } } });
  expect(of("APT + unknown")).toEqual({ dimension: { s: 1 } });
  expect(of("sqrt(APT * PBT)")).toEqual({ dimension: { s: 1 } });
});

test("[O126] any text is a formula or a fault at a position in it, and a formula is a finite number or reasons", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  let drawn = seed;
  const random = (below: number): number => {
    drawn = (Math.imul(drawn, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((drawn / 2 ** 31) * below);
  };
  const words = [
    "a",
    "PBT",
    "1",
    "2.5",
    "0",
    "1e308",
    "+",
    "-",
    "*",
    "/",
    "(",
    ")",
    ",",
    "<",
    ">=",
    "=",
    "and",
    "or",
    "not",
    "if(",
    "min(",
    "sqrt(",
    'mean("s")',
    '"',
    "\\",
    " ",
    "é",
    "\u0000",
    "__proto__",
    "if",
  ];
  let whole = 0;
  for (let n = 0; n < 20_000; n++) {
    const text = Array.from({ length: 1 + random(12) }, () => words[random(words.length)]).join(random(2) === 0 ? " " : "");
    const result = parseExpression(text);
    if (result.fault) {
      expect(result.fault.at >= 0 && result.fault.at <= text.length, `seed ${seed}: ${text}`).toBe(true);
      continue;
    }
    whole++;
    const value = evaluate(result.expression, scopeOf({ a: random(3) - 1, PBT: 5, s: 2 }));
    expect(value.unknown === undefined ? Number.isFinite(value.value) : value.unknown.length > 0, `seed ${seed}: ${text}`).toBe(true);
  }
  expect(whole, `seed ${seed}`).toBeGreaterThan(500);
});
