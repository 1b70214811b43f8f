import type { Expression } from "./expression.ts";

/** Powers of base units by their names, such as { s: 1, unit: -1 }; {} is a ratio. */
export type Dimension = Readonly<Record<string, number>>;

/** Two parts of a formula whose units do not go together. */
export interface UnitFault {
  readonly at: number;
  readonly left: Dimension;
  readonly right: Dimension;
}

interface Unit {
  readonly dimension: Dimension | undefined;
  /** A number that is written in the formula: a factor, or so many of whatever it is added to. */
  readonly isNumber?: true;
  readonly fault?: undefined;
}
type Found = Unit | { readonly fault: UnitFault };

/**
 * The unit of a formula. Undefined where it is not known (a signal without a unit); a number that is written in it goes with everything. A fault names the first place where unlike
 * units are added or compared.
 */
export function unitOf(
  expression: Expression,
  of: (name: string) => Dimension | undefined,
  signal: (id: string) => Dimension | undefined,
): Found {
  const find = (each: Expression): Found => {
    switch (each.kind) {
      case "number":
        return { dimension: undefined, isNumber: true };
      case "name":
        return { dimension: of(each.name) };
      case "signal": {
        if (each.aggregate === "count") return { dimension: {} };
        const own = signal(each.signal);
        return { dimension: own && each.aggregate === "integral" ? product(own, { s: 1 }, 1) : own };
      }
      case "is":
        return { dimension: {} };
      case "unary":
        return find(each.of);
      case "binary":
        return binary(each, find);
      case "call":
        return call(each, find);
    }
  };
  return find(expression);
}

function binary(
  { operator, left: leftPart, right: rightPart, at }: Extract<Expression, { kind: "binary" }>,
  find: (each: Expression) => Found,
): Found {
  const [a, b] = [find(leftPart), find(rightPart)];
  if (a.fault) return a;
  if (b.fault) return b;
  if (operator === "*" || operator === "/") {
    if (a.isNumber && b.isNumber) return a;
    const [left, right] = [factorOf(a), factorOf(b)];
    return { dimension: left && right && product(left, right, operator === "*" ? 1 : -1) };
  }
  if (a.isNumber && b.isNumber && (operator === "+" || operator === "-")) return a;
  const alike = same([a.dimension, b.dimension], at);
  if (alike.fault || operator === "+" || operator === "-") return alike;
  return { dimension: {} };
}

function call({ of, args, at }: Extract<Expression, { kind: "call" }>, find: (each: Expression) => Found): Found {
  const found = args.map(find);
  const fault = found.find((each) => each.fault !== undefined);
  if (fault) return fault;
  const dimensions = found.map((each) => (each as { readonly dimension: Dimension | undefined }).dimension);
  if (of === "sqrt") return { dimension: dimensions[0] && scaled(dimensions[0], 0.5) };
  return same(of === "if" ? dimensions.slice(1) : dimensions, at);
}

const factorOf = ({ dimension, isNumber }: Unit): Dimension | undefined => (isNumber ? {} : dimension);

function same(dimensions: readonly (Dimension | undefined)[], at: number): Found {
  const known = dimensions.filter((each) => each !== undefined);
  const [first] = known;
  const other = known.find((each) => !isSame(each, first!));
  return other === undefined ? { dimension: first } : { fault: { at, left: first!, right: other } };
}

export function isSame(a: Dimension, b: Dimension): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((base) => (a[base] ?? 0) === (b[base] ?? 0));
}

function product(a: Dimension, b: Dimension, sign: 1 | -1): Dimension {
  const powers: Record<string, number> = { ...a };
  for (const [base, power] of Object.entries(b)) powers[base] = (powers[base] ?? 0) + sign * power;
  return Object.fromEntries(Object.entries(powers).filter(([, power]) => power !== 0));
}

const scaled = (dimension: Dimension, by: number): Dimension =>
  Object.fromEntries(Object.entries(dimension).map(([base, power]) => [base, power * by]));
