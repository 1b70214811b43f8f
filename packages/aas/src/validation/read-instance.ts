import type { ClassRow, AttributeRow, AttributeType, ClassName } from "../class-table.ts";
import { CLASSES, classNamed, standInsOf } from "../class-table.ts";
import { error, repaired, type Finding } from "../finding.ts";
import { isBase64, isXmlText } from "../lexical.ts";
import { constraintOf, hasForm } from "../text-form.ts";

/** Instances inside instances deeper than this are refused, so that no reader runs out of stack. */
export const DEEPEST = 300;

/** More findings than this are not told one by one. */
export const MOST_FINDINGS = 10_000;

type Instance = Record<string, unknown>;

/**
 * The instance of a class inside a value of any kind, so shaped that the types of this room hold:
 * what has the wrong JSON type is left out, what is required and missing is repaired from the table, or the instance is unusable (undefined).
 * Strings that break a rule are kept. Everything wrong is told in `findings`. The same object comes back when nothing had to change.
 */
export function readInstance(row: ClassRow, value: unknown, path: string, findings: Finding[], depth = 0): Instance | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report(findings, path, "type", `Expected an object of class ${row.name}, but found ${kindOf(value)}.`);
    return undefined;
  }
  if (depth > DEEPEST) {
    report(findings, path, "limit", `Nested more than ${DEEPEST} levels deep: left out.`);
    return undefined;
  }
  const given = value as Instance;
  let changed: Instance | undefined;
  const replace = (name: string, next: unknown) => {
    changed ??= { ...given };
    if (next === undefined) delete changed[name];
    else changed[name] = next;
  };
  if (row.hasModelType && given.modelType !== row.name) {
    mend(
      findings,
      path,
      "structure",
      `modelType is ${JSON.stringify(given.modelType) ?? "missing"}, but ${row.name} is expected: taken for one.`,
    );
    replace("modelType", row.name);
  }
  for (const name in given) {
    const attribute = row.byName.get(name);
    if (attribute !== undefined) {
      const next = readValue(attribute.type, given[name], path === "" ? name : `${path}.${name}`, findings, depth);
      if (next !== given[name]) replace(name, next);
    } else if (!(name === "modelType" && row.hasModelType)) {
      report(findings, path, "additional", `${row.name} has no attribute ${JSON.stringify(name)}.`);
    }
  }
  const read = changed ?? given;
  for (const attribute of row.attributes) {
    if (!attribute.required || Object.hasOwn(read, attribute.name)) continue;
    const isMissing = !Object.hasOwn(given, attribute.name);
    if (attribute.repair === undefined) {
      if (isMissing) report(findings, path, "required", `${row.name} must have ${attribute.name}: left out.`);
      return undefined;
    }
    if (isMissing) mend(findings, path, "required", `${row.name} must have ${attribute.name}: set to ${JSON.stringify(attribute.repair)}.`);
    replace(attribute.name, attribute.repair);
  }
  return changed ?? given;
}

/** The row for what an attribute expects: the class itself, or the stand-in that `modelType` names; undefined when it names none. */
export function rowFor(expected: string, value: unknown, path: string, findings: Finding[]): ClassRow | undefined {
  const standIns = standInsOf(expected as ClassName);
  if (standIns === undefined) return classNamed(expected as ClassName);
  const modelType = typeof value === "object" && value !== null ? (value as Instance).modelType : undefined;
  if (typeof modelType === "string" && standIns.has(modelType)) return CLASSES.get(modelType);
  if (typeof value !== "object" || value === null) {
    report(findings, path, "type", `Expected a ${expected}, but found ${kindOf(value)}: left out.`);
    return undefined;
  }
  const told = modelType === undefined ? "has no modelType" : `has modelType ${JSON.stringify(modelType)}`;
  report(findings, path, "structure", `Expected a ${expected}, but the value ${told}: left out.`);
  return undefined;
}

/** Adds an error unless there are too many already; the last one then says so. */
export function report(findings: Finding[], path: string, constraint: string, message: string): void {
  if (findings.length < MOST_FINDINGS) findings.push(error(path, constraint, message));
  else if (findings.length === MOST_FINDINGS)
    findings.push(error("", "limit", `More than ${MOST_FINDINGS} findings: the rest is not told.`));
}

/** Adds that something was wrong and is not any more, within the same limit. */
function mend(findings: Finding[], path: string, constraint: string, message: string): void {
  if (findings.length < MOST_FINDINGS) findings.push(repaired(path, constraint, message));
  else report(findings, path, constraint, message);
}

function readValue(type: AttributeType, value: unknown, path: string, findings: Finding[], depth: number): unknown {
  switch (type.kind) {
    case "text":
      return readText(type, value, path, findings);
    case "boolean":
      return typeof value === "boolean" ? value : refuse(value, "a boolean", path, findings);
    case "bytes":
      if (typeof value !== "string") return refuse(value, "a base64 string", path, findings);
      if (!isBase64(value)) report(findings, path, "lexical", "The value is not base64 (RFC 4648 clause 4, padded).");
      return value;
    case "enumeration":
      if (typeof value !== "string") return refuse(value, "a string", path, findings);
      if (!type.values.has(value)) report(findings, path, "enumeration", `${quote(value)} is not one of ${listed(type.values)}.`);
      return value;
    case "instance": {
      const row = rowFor(type.of, value, path, findings);
      return row && readInstance(row, value, path, findings, depth + 1);
    }
    case "list":
      return readList(type.of, value, path, findings, depth);
  }
}

function readList(of: string, value: unknown, path: string, findings: Finding[], depth: number): unknown {
  if (!Array.isArray(value)) return refuse(value, "an array", path, findings);
  if (value.length === 0) {
    mend(findings, path, "empty", "An empty array is not allowed: left out.");
    return undefined;
  }
  let changed = false;
  const items: unknown[] = [];
  for (let index = 0; index < value.length; index++) {
    const at = `${path}[${index}]`;
    const row = rowFor(of, value[index], at, findings);
    const item = row && readInstance(row, value[index], at, findings, depth + 1);
    if (item !== value[index]) changed = true;
    if (item !== undefined) items.push(item);
  }
  if (items.length === 0) return undefined;
  return changed ? items : value;
}

function readText(type: Extract<AttributeType, { kind: "text" }>, value: unknown, path: string, findings: Finding[]): unknown {
  if (typeof value !== "string") return refuse(value, "a string", path, findings);
  if (value.length < type.shortest) report(findings, path, "length", "The text must not be empty.");
  else if (value.length > type.longest && lengthOf(value) > type.longest) {
    report(findings, path, "length", `The text has ${lengthOf(value)} characters; at most ${type.longest} are allowed.`);
  }
  if (!isXmlText(value)) report(findings, path, "AASd-130", "The text has characters that XML 1.0 cannot hold.");
  if (type.form !== undefined && !hasForm(value, type.form)) {
    report(findings, path, constraintOf(type.form), `${quote(value)} is not of the form that the standard asks for (${type.form}).`);
  }
  return value;
}

function refuse(value: unknown, expected: string, path: string, findings: Finding[]): undefined {
  if (value === null) mend(findings, path, "type", `Expected ${expected}, but found null: left out.`);
  else report(findings, path, "type", `Expected ${expected}, but found ${kindOf(value)}: left out.`);
  return undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

function listed(values: ReadonlySet<string>): string {
  return values.size > 12 ? `the ${values.size} values of the standard` : [...values].join(", ");
}

export type { AttributeRow, Instance };
