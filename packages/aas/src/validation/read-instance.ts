import { message, type Message } from "@doppelwerk/messages";
import type { ClassRow, AttributeRow, AttributeType, ClassName } from "../class-table.ts";
import { CLASSES, classNamed, standInsOf } from "../class-table.ts";
import { error, repaired, type Finding } from "../finding.ts";
import { isBase64, isXmlText } from "../lexical.ts";
import { constraintOf, hasForm } from "../text-form.ts";
import { Place } from "./place.ts";

/** Instances inside instances deeper than this are refused, so that no reader runs out of stack. */
export const DEEPEST = 300;

/** More findings than this are not told one by one. */
export const MAX_FINDINGS = 10_000;

type Instance = Record<string, unknown>;

/**
 * The instance of a class inside a value of any kind, so shaped that the types of this room hold:
 * what has the wrong JSON type is left out, what is required and missing is repaired from the table, or the instance is unusable (undefined).
 * Strings that break a rule are kept. Everything wrong is told in `findings`. The same object comes back when nothing had to change.
 */
export function readInstance(row: ClassRow, value: unknown, findings: Finding[], place = new Place(), depth = 0): Instance | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report(findings, place, "type", message("aas.expectedObjectClassFound", { name: row.name, found: kindOf(value) }));
    return undefined;
  }
  if (depth > DEEPEST) {
    report(findings, place, "limit", message("aas.nestedMoreThanLevelsDeep", { max: DEEPEST }));
    return undefined;
  }
  const given = value as Instance;
  /** `given` until something has to change. */
  let read = given;
  if (row.hasModelType && given.modelType !== row.name) {
    mend(
      findings,
      place,
      "structure",
      given.modelType === undefined
        ? message("aas.modelTypeMissing", { name: row.name })
        : message("aas.modelTypeOther", { given: JSON.stringify(given.modelType), name: row.name }),
    );
    read = replaced(read, given, "modelType", row.name);
  }
  for (const name in given) {
    const attribute = row.byName.get(name);
    if (attribute !== undefined) {
      place.enter(name);
      const next = readValue(attribute.type, given[name], findings, place, depth);
      place.leave();
      if (next !== given[name]) read = replaced(read, given, name, next);
    } else if (!(name === "modelType" && row.hasModelType)) {
      report(findings, place, "additional", message("aas.noAttribute", { name: row.name, name2: JSON.stringify(name) }));
    }
  }
  for (const attribute of row.required) {
    if (Object.hasOwn(read, attribute.name)) continue;
    const isMissing = !Object.hasOwn(given, attribute.name);
    if (attribute.repair === undefined) {
      if (isMissing) report(findings, place, "required", message("aas.attributeRequired", { name: row.name, name2: attribute.name }));
      return undefined;
    }
    if (isMissing)
      mend(
        findings,
        place,
        "required",
        message("aas.attributeSet", { name: row.name, name2: attribute.name, repair: JSON.stringify(attribute.repair) }),
      );
    read = replaced(read, given, attribute.name, attribute.repair);
  }
  return read;
}

/** With another value of an attribute, or without it; in a copy, which is made once. */
function replaced(read: Instance, given: Instance, name: string, next: unknown): Instance {
  const changed = read === given ? { ...given } : read;
  if (next === undefined) delete changed[name];
  else changed[name] = next;
  return changed;
}

/** The row for what an attribute expects: the class itself, or the stand-in that `modelType` names; undefined when it names none. */
function rowFor(expected: string, value: unknown, findings: Finding[], place: Place): ClassRow | undefined {
  const standIns = standInsOf(expected as ClassName);
  if (standIns === undefined) return classNamed(expected as ClassName);
  const modelType = typeof value === "object" && value !== null ? (value as Instance).modelType : undefined;
  if (typeof modelType === "string" && standIns.has(modelType)) return CLASSES.get(modelType);
  if (typeof value !== "object" || value === null) {
    report(findings, place, "type", message("aas.expectedClassFound", { expected, found: kindOf(value) }));
    return undefined;
  }
  const found =
    modelType === undefined
      ? message("aas.expectedWithoutModelType", { expected })
      : message("aas.expectedWithModelType", { expected, given: JSON.stringify(modelType) });
  report(findings, place, "structure", found);
  return undefined;
}

/** Adds an error unless there are too many already; the last one then says so. */
export function report(findings: Finding[], place: Place | string, constraint: string, reason: Message): void {
  if (findings.length < MAX_FINDINGS) findings.push(error(String(place), constraint, reason));
  else if (findings.length === MAX_FINDINGS) findings.push(error("", "limit", message("aas.tooManyFindings", { max: MAX_FINDINGS })));
}

/** Adds that something was wrong and is not any more, within the same limit. */
function mend(findings: Finding[], place: Place, constraint: string, reason: Message): void {
  if (findings.length < MAX_FINDINGS) findings.push(repaired(String(place), constraint, reason));
  else report(findings, place, constraint, reason);
}

function readValue(type: AttributeType, value: unknown, findings: Finding[], place: Place, depth: number): unknown {
  switch (type.kind) {
    case "text":
      return readText(type, value, findings, place);
    case "boolean":
      return typeof value === "boolean" ? value : refuse(value, "boolean", findings, place);
    case "bytes":
      if (typeof value !== "string") return refuse(value, "bytes", findings, place);
      if (!isBase64(value)) report(findings, place, "lexical", message("aas.valueBase64Rfc4648Clause"));
      return value;
    case "enumeration":
      if (typeof value !== "string") return refuse(value, "string", findings, place);
      if (!type.values.has(value))
        report(findings, place, "enumeration", message("aas.notOneOf", { value: quote(value), type: listed(type.values) }));
      return value;
    case "instance": {
      const row = rowFor(type.of, value, findings, place);
      return row && readInstance(row, value, findings, place, depth + 1);
    }
    case "list":
      return readList(type.of, value, findings, place, depth);
  }
}

function readList(of: string, value: unknown, findings: Finding[], place: Place, depth: number): unknown {
  if (!Array.isArray(value)) return refuse(value, "array", findings, place);
  if (value.length === 0) {
    mend(findings, place, "empty", message("aas.emptyArrayAllowed"));
    return undefined;
  }
  /** What is left of the list once an item had to change. */
  let items: unknown[] | undefined;
  for (let index = 0; index < value.length; index++) {
    const given: unknown = value[index];
    place.enter(index);
    const row = rowFor(of, given, findings, place);
    const item = row && readInstance(row, given, findings, place, depth + 1);
    place.leave();
    if (item !== given) items ??= value.slice(0, index);
    if (item !== undefined) items?.push(item);
  }
  if (items === undefined) return value;
  return items.length === 0 ? undefined : items;
}

function readText(type: Extract<AttributeType, { kind: "text" }>, value: unknown, findings: Finding[], place: Place): unknown {
  if (typeof value !== "string") return refuse(value, "string", findings, place);
  if (value.length < type.shortest) report(findings, place, "length", message("aas.textEmpty"));
  else if (value.length > type.longest && lengthOf(value) > type.longest) {
    report(findings, place, "length", message("aas.textCharactersAtMostAllowed", { value: lengthOf(value), longest: type.longest }));
  }
  if (!isXmlText(value)) report(findings, place, "AASd-130", message("aas.textCharactersXml10"));
  if (type.form !== undefined && !hasForm(value, type.form)) {
    report(findings, place, constraintOf(type.form), message("aas.notOfStandardForm", { value: quote(value), form: type.form }));
  }
  return value;
}

function refuse(value: unknown, expected: string, findings: Finding[], place: Place): undefined {
  if (value === null) mend(findings, place, "type", message("aas.expectedFoundNull", { expected }));
  else report(findings, place, "type", message("aas.expectedKindFound", { expected, found: kindOf(value) }));
  return undefined;
}

/** As the words of findings name it: `null`, `nothing`, `array`, or what `typeof` says. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  return Array.isArray(value) ? "array" : typeof value;
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
