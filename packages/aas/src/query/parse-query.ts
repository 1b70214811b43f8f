import { isMessage, message, type Message } from "@doppelwerk/messages";
import { parseField, type FieldRoot } from "./field-identifier.ts";
import {
  COMPARISONS,
  TEXT_COMPARISONS,
  type Comparison,
  type Condition,
  type Match,
  type Operand,
  type Operator,
  type Query,
  type ValueKind,
} from "./query.ts";
import { compilePattern } from "./pattern.ts";
import { valueOfText } from "./values.ts";

/** What is wrong with a query: where in its JSON, and why. */
export interface QueryProblem {
  readonly path: string;
  readonly reason: Message;
}

/** What a query asks for, and so which fields it may name. */
export type QueryTarget = "shells" | "submodels" | "conceptDescriptions" | "shellDescriptors" | "submodelDescriptors";

const ROOTS: Readonly<Record<QueryTarget, readonly FieldRoot[]>> = {
  shells: ["aas", "sm", "sme"],
  submodels: ["sm", "sme", "aas"],
  conceptDescriptions: ["cd"],
  shellDescriptors: ["aasdesc"],
  submodelDescriptors: ["smdesc"],
};

const DEEPEST = 32;
const MAX_CONDITIONS = 500;
const MAX_TEXT = 8_192;

const literals = { $hexVal: "hex", $dateTimeVal: "dateTime", $timeVal: "time" } as const;
const casts = {
  $strCast: "str",
  $numCast: "num",
  $hexCast: "hex",
  $boolCast: "bool",
  $dateTimeCast: "dateTime",
  $timeCast: "time",
} as const;
const parts = { $dayOfWeek: "dayOfWeek", $dayOfMonth: "dayOfMonth", $month: "month", $year: "year" } as const;

/** Reads the JSON form of a query (IDTA-01002 3.1, Query Language, JSON Schema). Never throws. */
export function parseQuery(json: unknown, target: QueryTarget): Query | QueryProblem {
  return readOrProblem(() => {
    const reader = new ConditionReader(ROOTS[target]);
    const query = reader.object(json, "");
    for (const key of Object.keys(query))
      if (key !== "$condition" && key !== "$select") reader.refuse("", message("aas.query.unknownKey", { key: quoted(key) }));
    if (query["$select"] !== undefined && query["$select"] !== "id") reader.refuse("/$select", message("aas.query.selectId"));
    return { idsOnly: query["$select"] === "id", condition: reader.condition(query["$condition"], "/$condition", 0) };
  });
}

export function isQueryProblem(result: Query | QueryProblem): result is QueryProblem {
  return "reason" in result;
}

class Refusal extends Error {
  readonly problem: QueryProblem;
  constructor(problem: QueryProblem) {
    super();
    this.problem = problem;
  }
}

/** What `read` reads, or what was refused in it. */
export function readOrProblem<Read>(read: () => Read): Read | QueryProblem {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  }
}

/** Reads conditions from JSON. Refuses by throwing: call it within `readOrProblem`. */
export class ConditionReader {
  readonly #roots: readonly FieldRoot[];
  readonly #attribute: ((json: unknown, path: string) => Operand) | undefined;
  #conditions = 0;

  /** `attribute` reads those of who asks, where they may be named. */
  constructor(roots: readonly FieldRoot[], attribute?: (json: unknown, path: string) => Operand) {
    this.#roots = roots;
    this.#attribute = attribute;
  }

  refuse(path: string, reason: Message): never {
    throw new Refusal({ path, reason });
  }

  object(json: unknown, path: string): Readonly<Record<string, unknown>> {
    if (typeof json !== "object" || json === null || Array.isArray(json)) this.refuse(path, message("aas.query.objectExpected"));
    return json as Readonly<Record<string, unknown>>;
  }

  condition(json: unknown, path: string, depth: number): Condition {
    const [operator, value, at] = this.#only(json, path, depth);
    switch (operator) {
      case "$and":
      case "$or":
        return {
          kind: operator === "$and" ? "and" : "or",
          of: this.#list(value, at, 2).map((one, i) => this.condition(one, `${at}/${i}`, depth + 1)),
        };
      case "$not":
        return { kind: "not", of: this.condition(value, at, depth + 1) };
      case "$boolean":
        return this.#constant(value, at);
      default:
        return this.#matchOrComparison(operator, value, at, depth);
    }
  }

  #constant(value: unknown, path: string): { readonly kind: "constant"; readonly value: boolean } {
    if (typeof value !== "boolean") this.refuse(path, message("aas.query.booleanExpected"));
    return { kind: "constant", value };
  }

  #matchOrComparison(operator: string, value: unknown, path: string, depth: number): Match | Comparison {
    if (operator === "$match") {
      const of = this.#list(value, path, 1).map((one, i) => {
        const at = `${path}/${i}`;
        const [inner, below, belowAt] = this.#only(one, at, depth + 1);
        if (inner === "$and" || inner === "$or" || inner === "$not")
          this.refuse(belowAt, message("aas.query.matchHolds", { operator: inner }));
        if (inner === "$boolean") return this.#constant(below, belowAt);
        return this.#matchOrComparison(inner, below, belowAt, depth + 1);
      });
      return { kind: "match", of };
    }
    const known = ([...COMPARISONS, ...TEXT_COMPARISONS] as readonly string[]).includes(operator);
    if (!known)
      this.refuse(
        path,
        message("aas.query.unknownOperator", {
          operator: quoted(operator),
          operators: ["$and", "$or", "$not", "$match", "$boolean", ...COMPARISONS, ...TEXT_COMPARISONS].join(", "),
        }),
      );
    const operands = this.#list(value, path, 2);
    if (operands.length !== 2) this.refuse(path, message("aas.query.twoOperands", { operator, count: operands.length }));
    const [left, right] = this.#besideMoments(
      operands.map((operand, i) => this.operand(operand, `${path}/${i}`, depth + 1)) as [Operand, Operand],
    );
    const comparison = { kind: "comparison", operator: operator as Operator, left, right } as const;
    if (operator !== "$regex" || right.kind !== "constant") return comparison;
    if (right.value.kind !== "str") this.refuse(`${path}/1`, message("aas.query.patternText"));
    return { ...comparison, finds: this.#pattern(right.value.value, `${path}/1`) };
  }

  /** In access rules a text beside a moment is one: `GLOBAL(UTCNOW) $gt "15:00"` in their text form is no other rule than in JSON. */
  #besideMoments([left, right]: readonly [Operand, Operand]): readonly [Operand, Operand] {
    if (this.#attribute === undefined) return [left, right];
    return [isMoment(right) ? momentOf(left) : left, isMoment(left) ? momentOf(right) : right];
  }

  operand(json: unknown, path: string, depth: number): Operand {
    const [name, value, at] = this.#only(json, path, depth);
    if (name === "$field") {
      const field = typeof value === "string" ? parseField(value) : message("aas.query.fieldText");
      if (isMessage(field)) this.refuse(at, field);
      if (!this.#roots.includes(field.root))
        this.refuse(
          at,
          message("aas.query.rootNotHere", { root: `$${field.root}`, roots: this.#roots.map((root) => `$${root}`).join(", ") }),
        );
      return { kind: "field", field };
    }
    if (name === "$strVal") {
      if (typeof value !== "string" || value.length > MAX_TEXT) this.refuse(at, message("aas.query.textExpected", { max: MAX_TEXT }));
      return { kind: "constant", value: { kind: "str", value } };
    }
    if (name === "$numVal") {
      if (typeof value !== "number") this.refuse(at, message("aas.query.numberExpected"));
      return { kind: "constant", value: { kind: "num", value } };
    }
    if (name === "$boolean") {
      if (typeof value !== "boolean") this.refuse(at, message("aas.query.booleanExpected"));
      return { kind: "constant", value: { kind: "bool", value } };
    }
    if (name in literals) {
      const kind = literals[name as keyof typeof literals];
      const literal = typeof value === "string" ? valueOfText(value, kind) : undefined;
      if (literal === undefined) this.refuse(at, message("aas.query.notLiteral", { kind }));
      return { kind: "constant", value: literal };
    }
    if (name in casts) return { kind: "cast", to: casts[name as keyof typeof casts] as ValueKind, of: this.operand(value, at, depth + 1) };
    if (name in parts) {
      // The schema writes the moment as a bare text, the grammar as any dateTime operand.
      const of = typeof value === "string" ? this.operand({ $dateTimeVal: value }, at, depth + 1) : this.operand(value, at, depth + 1);
      return { kind: "part", part: parts[name as keyof typeof parts], of };
    }
    if (name === "$attribute") {
      if (this.#attribute === undefined) this.refuse(at, message("aas.query.attributeOfRules"));
      return this.#attribute(value, at);
    }
    return this.refuse(
      path,
      message("aas.query.unknownOperand", {
        operand: quoted(name),
        operands: ["$field", "$strVal", "$numVal", "$boolean", ...Object.keys({ ...literals, ...casts, ...parts })].join(", "),
      }),
    );
  }

  /** The one key of an object, its value, and the path to that. */
  #only(json: unknown, path: string, depth: number): readonly [key: string, value: unknown, path: string] {
    if (depth > DEEPEST) this.refuse(path, message("aas.query.tooDeep", { max: DEEPEST }));
    if (++this.#conditions > MAX_CONDITIONS) this.refuse(path, message("aas.query.tooMany", { max: MAX_CONDITIONS }));
    const keys = Object.keys(this.object(json, path));
    if (keys.length !== 1) this.refuse(path, message("aas.query.oneExpected", { count: keys.length }));
    return [keys[0]!, (json as Record<string, unknown>)[keys[0]!], `${path}/${keys[0]!}`];
  }

  #list(json: unknown, path: string, least: number): readonly unknown[] {
    if (!Array.isArray(json) || json.length < least) this.refuse(path, message("aas.query.listExpected", { min: least }));
    return json as readonly unknown[];
  }

  #pattern(pattern: string, path: string): (text: string) => boolean {
    const compiled = compilePattern(pattern);
    return isMessage(compiled) ? this.refuse(path, compiled) : compiled;
  }
}

function isMoment(operand: Operand): boolean {
  if (operand.kind === "cast") return operand.to === "dateTime" || operand.to === "time";
  if (operand.kind === "constant") return operand.value.kind === "dateTime" || operand.value.kind === "time";
  return operand.kind === "attribute" && operand.attribute.kind === "global" && operand.attribute.name !== "ANONYMOUS";
}

function momentOf(operand: Operand): Operand {
  if (operand.kind !== "constant" || operand.value.kind !== "str") return operand;
  const { value } = operand.value;
  const moment = valueOfText(value, "time") ?? valueOfText(value, "dateTime");
  return moment === undefined ? operand : { kind: "constant", value: moment };
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
