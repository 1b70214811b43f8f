import type { Finding } from "@doppelwerk/aas";
import { nearestWord } from "../json-shape.ts";

/** What a JSON value must look like. A field whose name ends in "?" may be absent. */
export type Shape =
  | { readonly is: "string" | "boolean" | "number" | "whole" | "positive" | "notNegative" | "count" | "probability" }
  /** Whatever it is: somebody else checks it. */
  | { readonly is: "any" }
  | { readonly is: "oneOf"; readonly values: readonly string[] }
  /** A number of 0 or more, or one word. */
  | { readonly is: "numberOr"; readonly word: string }
  | { readonly is: "list"; readonly of: Shape }
  | { readonly is: "record"; readonly of: Shape }
  | { readonly is: "object"; readonly fields: Readonly<Record<string, Shape>> }
  /** An object told apart by `kind`. */
  | { readonly is: "kinds"; readonly kinds: Readonly<Record<string, Readonly<Record<string, Shape>>>> };

const numbers: Readonly<Record<string, readonly [(value: number) => boolean, string]>> = {
  number: [() => true, "a number"],
  whole: [Number.isInteger, "a whole number"],
  positive: [(value) => value > 0, "a number above 0"],
  notNegative: [(value) => value >= 0, "a number of 0 or more"],
  count: [(value) => Number.isInteger(value) && value >= 0, "a whole number of 0 or more"],
  probability: [(value) => value >= 0 && value <= 1, "a number from 0 to 1"],
};

/** Findings of a value that is not of a shape: `type`, `required`, `additional` (a warning) or `value`. */
export function shapeFindings(value: unknown, shape: Shape, path: string): Finding[] {
  switch (shape.is) {
    case "any":
      return [];
    case "string":
    case "boolean":
      return typeof value === shape.is ? [] : [problem(path, "type", `must be a ${shape.is}`)];
    case "oneOf":
      return typeof value === "string" && shape.values.includes(value)
        ? []
        : [problem(path, "value", `must be one of ${shape.values.join(", ")}`)];
    case "numberOr":
      return value === shape.word || (typeof value === "number" && Number.isFinite(value) && value >= 0)
        ? []
        : [problem(path, "value", `must be a number of 0 or more, or "${shape.word}"`)];
    case "list":
      return Array.isArray(value)
        ? value.flatMap((entry, index) => shapeFindings(entry, shape.of, `${path}[${index}]`))
        : [problem(path, "type", "must be a list")];
    case "record":
      return isObject(value)
        ? Object.entries(value).flatMap(([name, entry]) => shapeFindings(entry, shape.of, `${path}.${name}`))
        : [problem(path, "type", "must be an object")];
    case "object":
      return isObject(value) ? fieldFindings(value, shape.fields, path) : [problem(path, "type", "must be an object")];
    case "kinds": {
      if (!isObject(value)) return [problem(path, "type", "must be an object")];
      const fields = typeof value.kind === "string" && Object.hasOwn(shape.kinds, value.kind) ? shape.kinds[value.kind] : undefined;
      if (fields === undefined) return [problem(join(path, "kind"), "value", `must be one of ${Object.keys(shape.kinds).join(", ")}`)];
      return fieldFindings(value, { kind: { is: "string" }, ...fields }, path);
    }
    default: {
      const [holds, name] = numbers[shape.is]!;
      return typeof value === "number" && Number.isFinite(value) && holds(value)
        ? []
        : [problem(path, typeof value === "number" ? "value" : "type", `must be ${name}`)];
    }
  }
}

/** A finding of severity error. */
export function problem(path: string, constraint: string, message: string): Finding {
  return { path, constraint, severity: "error", message };
}

/** A finding of severity warning. */
export function doubt(path: string, constraint: string, message: string): Finding {
  return { path, constraint, severity: "warning", message };
}

function fieldFindings(value: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, Shape>>, path: string): Finding[] {
  const known = new Set<string>();
  const findings: Finding[] = [];
  for (const [field, shape] of Object.entries(fields)) {
    const optional = field.endsWith("?");
    const name = optional ? field.slice(0, -1) : field;
    known.add(name);
    const entry = value[name];
    if (entry !== undefined) findings.push(...shapeFindings(entry, shape, join(path, name)));
    else if (!optional) findings.push(problem(join(path, name), "required", "is required"));
  }
  for (const name of Object.keys(value)) {
    if (known.has(name)) continue;
    const near = nearestWord(
      name,
      [...known].filter((candidate) => value[candidate] === undefined),
    );
    const hint = near === undefined ? "" : `; did you mean "${near}"?`;
    findings.push(doubt(join(path, name), "additional", `is not a field of this format and is ignored${hint}`));
  }
  return findings;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
