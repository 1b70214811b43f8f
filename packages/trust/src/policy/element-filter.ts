import type { Filter } from "@doppelwerk/aas/access-rules";
import {
  holds,
  type AttributeValues,
  type Condition,
  type Field,
  type Operand,
  type PathStep,
  type QuerySubject,
} from "@doppelwerk/aas/query";

/** What a filter says of elements: `$sme.Documents[].Title#value`. As in a query the path may begin at any element. */
export interface ElementFragment {
  /** Empty: any element at any depth. */
  readonly path: readonly PathStep[];
  /** Absent: the element as a whole. */
  readonly attribute: string | undefined;
}

/** Undefined where a fragment is of something else. */
export function elementFragment(fragment: string): ElementFragment | undefined {
  const [, path, attribute] = /^\$sme((?:\.[^#]+)?)(?:#(.+))?$/.exec(fragment) ?? [];
  return path === undefined ? undefined : { path: path === "" ? [] : stepsOf(path.slice(1)), attribute };
}

/** Of a path, with places in lists as numbers, or any: `Documents[0][].Title`. */
function stepsOf(path: string): readonly PathStep[] {
  return path.split(".").map((text) => {
    const indexes = [...text.matchAll(/\[(\d*)\]/g)].map(([, index]) => (index === "" ? ("any" as const) : Number(index)));
    return { idShort: text.replace(/\[.*$/, ""), indexes };
  });
}

/** The element and what it stands in, from itself to the outermost. */
function outwards(steps: readonly PathStep[]): readonly (readonly PathStep[])[] {
  return steps
    .flatMap(({ idShort, indexes }, at) =>
      Array.from({ length: indexes.length + 1 }, (_, count) => [...steps.slice(0, at), { idShort, indexes: indexes.slice(0, count) }]),
    )
    .toReversed();
}

/**
 * Whether filters of a rule hide an element: it, or something that it stands in, is hidden as a whole, by its idShort, or by the value of what it stands
 * in. `subject` is its submodel.
 */
export function hidesElement(filters: readonly Filter[], path: string, subject: () => QuerySubject, values: AttributeValues): boolean {
  const own = filters.flatMap(({ fragment, condition }) => {
    const of = elementFragment(fragment);
    return of === undefined || !WHOLE.has(of.attribute) ? [] : [{ of, condition }];
  });
  if (own.length === 0) return false;
  return outwards(stepsOf(path)).some((steps, depth) =>
    own.some(({ of, condition }) => {
      // its own value is a part of it
      if (of.attribute === "value" && depth === 0) return false;
      return isOf(of.path, steps) && !holds(bound(condition, of.path, steps), subject(), values);
    }),
  );
}

/** An element is asked for by its idShort, and what it contains is its value. */
const WHOLE: ReadonlySet<string | undefined> = new Set([undefined, "idShort", "value"]);

/** What a fragment hides of the JSON of an element at this path: its attribute. */
export function attributeAt(fragment: string, path: string): string | undefined {
  const of = elementFragment(fragment);
  return of?.attribute !== undefined && isOf(of.path, stepsOf(path)) ? of.attribute : undefined;
}

/** A condition about the element at this path, where it is of any that its fragment names. */
export function boundTo(condition: Condition, fragment: string, path: string): Condition {
  const of = elementFragment(fragment);
  return of === undefined ? condition : bound(condition, of.path, stepsOf(path));
}

function isOf(pattern: readonly PathStep[], steps: readonly PathStep[]): boolean {
  const inner = steps.slice(steps.length - pattern.length);
  return pattern.length <= steps.length && pattern.every((step, at) => isStep(step, inner[at]!));
}

function isStep(pattern: PathStep, { idShort, indexes }: PathStep): boolean {
  if (pattern.idShort !== idShort || pattern.indexes.length !== indexes.length) return false;
  return pattern.indexes.every((index, at) => index === "any" || index === indexes[at]);
}

function bound(condition: Condition, pattern: readonly PathStep[], steps: readonly PathStep[]): Condition {
  switch (condition.kind) {
    case "constant":
      return condition;
    case "comparison":
      return { ...condition, left: boundOperand(condition.left, pattern, steps), right: boundOperand(condition.right, pattern, steps) };
    case "not":
      return { kind: "not", of: bound(condition.of, pattern, steps) };
    default:
      return { ...condition, of: condition.of.map((one) => bound(one as Condition, pattern, steps)) } as Condition;
  }
}

function boundOperand(operand: Operand, pattern: readonly PathStep[], steps: readonly PathStep[]): Operand {
  if (operand.kind === "cast" || operand.kind === "part") return { ...operand, of: boundOperand(operand.of, pattern, steps) };
  return operand.kind === "field" && operand.field.root === "sme"
    ? { kind: "field", field: boundField(operand.field, pattern, steps) }
    : operand;
}

/** A field below what the fragment names is one of this element. */
function boundField(field: Field, pattern: readonly PathStep[], steps: readonly PathStep[]): Field {
  if (pattern.length === 0) return field.path.length === 0 ? withPath(field, steps) : field;
  const last = pattern.length - 1;
  if (field.path.length <= last || !pattern.every((step, at) => begins(step, field.path[at]!, at < last))) return field;
  const outer = steps.slice(0, steps.length - 1);
  const own = steps.at(-1)!;
  const here = { idShort: own.idShort, indexes: [...own.indexes, ...field.path[last]!.indexes.slice(own.indexes.length)] };
  return withPath(field, [...outer, here, ...field.path.slice(pattern.length)]);
}

/** Whether a step of a field is the one of a fragment, with more places in lists where it is the last. */
function begins(pattern: PathStep, step: PathStep, isExact: boolean): boolean {
  if (pattern.idShort !== step.idShort) return false;
  if (isExact ? pattern.indexes.length !== step.indexes.length : pattern.indexes.length > step.indexes.length) return false;
  return pattern.indexes.every((index, at) => index === step.indexes[at]);
}

function withPath(field: Field, path: readonly PathStep[]): Field {
  const text = path.map(({ idShort, indexes }) => idShort + indexes.map((index) => `[${index === "any" ? "" : index}]`).join("")).join(".");
  return { ...field, path, isFromSubmodel: true, text: `$sme.${text}${field.text.slice(field.text.indexOf("#"))}` };
}
