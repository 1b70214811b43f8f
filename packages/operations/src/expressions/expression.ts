/**
 * What an aggregate of a signal over the span of the question is computed by: `mean` is weighted by time, `rise` is the sum of the increments of a counter,
 * `integral` the value over time in seconds; of the samples themselves, `average` is their mean, `deviation` their standard deviation (n − 1),
 * `recentDeviation` that of the last 50.
 */
export const AGGREGATES = [
  "mean",
  "minimum",
  "maximum",
  "first",
  "last",
  "rise",
  "count",
  "integral",
  "average",
  "deviation",
  "recentDeviation",
] as const;
export type Aggregate = (typeof AGGREGATES)[number];

export const FUNCTIONS = ["min", "max", "abs", "sqrt", "if"] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export type Operator = "+" | "-" | "*" | "/" | "<" | "<=" | ">" | ">=" | "=" | "!=" | "and" | "or";

/** A parsed formula. `at` is the position of its first character in the text. */
export type Expression =
  | { readonly kind: "number"; readonly at: number; readonly value: number }
  | { readonly kind: "name"; readonly at: number; readonly name: string }
  | { readonly kind: "signal"; readonly at: number; readonly aggregate: Aggregate; readonly signal: string }
  /** Whether a signal has one of these values or texts, or a station is in one of these states; only where the reader asked for `is` and `state`. */
  | {
      readonly kind: "is";
      readonly at: number;
      readonly of: "signal" | "station";
      readonly name: string;
      readonly values: readonly string[];
    }
  | { readonly kind: "call"; readonly at: number; readonly of: FunctionName; readonly args: readonly Expression[] }
  | { readonly kind: "unary"; readonly at: number; readonly operator: "-" | "not"; readonly of: Expression }
  | { readonly kind: "binary"; readonly at: number; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

/** Why a text is no formula: what was found at a position, and what would have to be there. */
export interface ExpressionFault {
  readonly kind: "tooLong" | "tooDeep" | "character" | "unfinished" | "expected" | "unknownFunction" | "arguments" | "number";
  readonly at: number;
  readonly found?: string;
  readonly expected?: string;
}

export type Parsed = { readonly expression: Expression; readonly fault?: undefined } | { readonly fault: ExpressionFault };

export const MAX_LENGTH = 2_000;
/** Of parentheses, functions and signs inside each other. */
export const MAX_DEPTH = 64;

/** What `is` and `state` compare with, at most. */
const MAX_COMPARED = 50;

/**
 * Parses a formula: numbers, names (`PBT`, `own.rate`), `+ - * /`, comparisons, `and or not`, `min max abs sqrt if`, and aggregates of a signal
 * (`mean("signal:…")`); `withTexts` also `is("signal:…", "AUTO", 3)` and `state("STATION", "failed")`. Nothing in it can be carried out beyond that: it has no loops, no assignment and no access to anything that its reader does not give.
 */
export function parseExpression(text: string, { withTexts = false }: { readonly withTexts?: boolean } = {}): Parsed {
  if (text.length > MAX_LENGTH) return { fault: { kind: "tooLong", at: MAX_LENGTH } };
  try {
    const parser = new Parser(tokensOf(text), text.length, withTexts);
    return { expression: parser.whole() };
  } catch (error) {
    if (error instanceof Fault) return { fault: error.fault };
    throw error;
  }
}

class Fault extends Error {
  readonly fault: ExpressionFault;

  constructor(fault: ExpressionFault) {
    super(fault.kind);
    this.fault = fault;
  }
}

interface Token {
  readonly kind: "number" | "name" | "text" | "sign";
  readonly at: number;
  readonly text: string;
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_.]*)|"((?:[^"\\]|\\["\\])*)"|(<=|>=|!=|[-+*/(),<>=]))/uy;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) {
      const at = from + /^\s*/u.exec(text.slice(from))![0].length;
      throw new Fault({ kind: text[at] === '"' ? "unfinished" : "character", at, found: String.fromCodePoint(text.codePointAt(at)!) });
    }
    const [, number, name, quoted, sign] = found;
    const at = from + /^\s*/u.exec(found[0])![0].length;
    if (number !== undefined) tokens.push({ kind: "number", at, text: number });
    else if (name !== undefined) tokens.push({ kind: "name", at, text: name });
    else if (quoted !== undefined) tokens.push({ kind: "text", at, text: quoted.replaceAll(/\\(["\\])/gu, "$1") });
    else tokens.push({ kind: "sign", at, text: sign! });
  }
  return tokens;
}

/** Binary operators by how tightly they bind, the loosest first. */
const LEVELS: readonly (readonly Operator[])[] = [["or"], ["and"], ["<", "<=", ">", ">=", "=", "!="], ["+", "-"], ["*", "/"]];
const WORDS: ReadonlySet<string> = new Set(["and", "or", "not"]);
const COMPARED = 2;

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  readonly #withTexts: boolean;
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number, withTexts: boolean) {
    this.#tokens = tokens;
    this.#end = end;
    this.#withTexts = withTexts;
  }

  whole(): Expression {
    const expression = this.#level(0);
    if (this.#token) throw this.#unexpected("operator");
    return expression;
  }

  get #token(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #level(level: number): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#level(level + 1);
    let chained = 0;
    for (let operator = this.#operatorOf(operators); operator !== undefined; operator = this.#operatorOf(operators)) {
      // a < b < c means nothing that anybody wants
      if (level === COMPARED && chained++ > 0) throw this.#unexpected("operator");
      this.#next++;
      left = { kind: "binary", at: left.at, operator, left, right: this.#level(level + 1) };
    }
    return left;
  }

  #operatorOf(operators: readonly Operator[]): Operator | undefined {
    const token = this.#token;
    return token === undefined || token.kind === "text" ? undefined : operators.find((each) => each === token.text);
  }

  #unary(): Expression {
    const token = this.#token;
    const operator =
      token?.kind === "sign" && token.text === "-" ? "-" : token?.kind === "name" && token.text === "not" ? "not" : undefined;
    if (token === undefined || operator === undefined) return this.#operand();
    this.#next++;
    return this.#within(() => ({ kind: "unary", at: token.at, operator, of: this.#unary() }));
  }

  #operand(): Expression {
    const token = this.#token;
    if (token === undefined || token.kind === "text" || WORDS.has(token.text)) throw this.#unexpected("operand");
    if (token.kind === "number") {
      this.#next++;
      const value = Number(token.text);
      if (!Number.isFinite(value)) throw new Fault({ kind: "number", at: token.at, found: token.text });
      return { kind: "number", at: token.at, value };
    }
    if (token.kind === "name") {
      this.#next++;
      return this.#isSign("(") ? this.#call(token) : { kind: "name", at: token.at, name: token.text };
    }
    if (token.text !== "(") throw this.#unexpected("operand");
    this.#next++;
    const inner = this.#within(() => this.#level(0));
    this.#sign(")");
    return inner;
  }

  #call({ text, at }: Token): Expression {
    this.#next++;
    const aggregate = AGGREGATES.find((each) => each === text);
    if (aggregate !== undefined) {
      const signal = this.#token;
      if (signal?.kind !== "text") throw this.#unexpected("signal");
      this.#next++;
      this.#sign(")");
      return { kind: "signal", at, aggregate, signal: signal.text };
    }
    if (this.#withTexts && (text === "is" || text === "state")) return this.#compared(text, at);
    const of = FUNCTIONS.find((each) => each === text);
    if (of === undefined) throw new Fault({ kind: "unknownFunction", at, found: text.slice(0, 60) });
    const args = this.#within(() => this.#arguments());
    if (!isTaken(of, args.length)) throw new Fault({ kind: "arguments", at, found: String(args.length), expected: of });
    return { kind: "call", at, of, args };
  }

  #compared(text: "is" | "state", at: number): Expression {
    const name = this.#text("signal");
    const values: string[] = [];
    while (this.#isSign(",")) {
      this.#next++;
      values.push(this.#text("text", text === "is"));
    }
    this.#sign(")");
    if (values.length === 0 || values.length > MAX_COMPARED)
      throw new Fault({ kind: "arguments", at, found: String(values.length + 1), expected: text });
    return { kind: "is", at, of: text === "is" ? "signal" : "station", name, values };
  }

  /** In quotes; where numbers are taken, as it is written. */
  #text(expected: string, isNumberTaken = false): string {
    const sign = isNumberTaken && this.#isSign("-") ? "-" : "";
    if (sign !== "") this.#next++;
    const token = this.#token;
    if (token?.kind === "number" && isNumberTaken) {
      this.#next++;
      return String(Number(sign + token.text));
    }
    if (token?.kind !== "text" || sign !== "") throw this.#unexpected(expected);
    this.#next++;
    return token.text;
  }

  #arguments(): readonly Expression[] {
    const args: Expression[] = [];
    if (this.#isSign(")")) {
      this.#next++;
      return args;
    }
    args.push(this.#level(0));
    while (this.#isSign(",")) {
      this.#next++;
      args.push(this.#level(0));
    }
    this.#sign(")");
    return args;
  }

  #within<Result>(read: () => Result): Result {
    if (++this.#depth > MAX_DEPTH) throw new Fault({ kind: "tooDeep", at: this.#token?.at ?? this.#end });
    const result = read();
    this.#depth--;
    return result;
  }

  #isSign(sign: string): boolean {
    return this.#token?.kind === "sign" && this.#token.text === sign;
  }

  #sign(sign: string): void {
    if (!this.#isSign(sign)) throw this.#unexpected(sign);
    this.#next++;
  }

  #unexpected(expected: string): Fault {
    const token = this.#token;
    if (token === undefined) return new Fault({ kind: "unfinished", at: this.#end, expected });
    return new Fault({ kind: "expected", at: token.at, found: token.text.slice(0, 60), expected });
  }
}

function isTaken(of: FunctionName, count: number): boolean {
  if (of === "if") return count === 3;
  return of === "min" || of === "max" ? count >= 1 && count <= 20 : count === 1;
}

/** What a formula needs: names, and aggregates of signals; each once, in order of the text. */
export function needsOf(expression: Expression): {
  readonly names: readonly string[];
  readonly signals: readonly { readonly aggregate: Aggregate; readonly signal: string }[];
} {
  const names = new Set<string>();
  const signals = new Map<string, { readonly aggregate: Aggregate; readonly signal: string }>();
  const visit = (each: Expression): void => {
    if (each.kind === "name") names.add(each.name);
    else if (each.kind === "signal") signals.set(`${each.aggregate} ${each.signal}`, { aggregate: each.aggregate, signal: each.signal });
    else for (const part of partsOf(each)) visit(part);
  };
  visit(expression);
  return { names: [...names], signals: [...signals.values()] };
}

/** The formulas that a formula is directly made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "call":
      return expression.args;
    case "unary":
      return [expression.of];
    case "binary":
      return [expression.left, expression.right];
    default:
      return [];
  }
}
