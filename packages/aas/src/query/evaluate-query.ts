import { message, textOf, type Message } from "@doppelwerk/messages";
import { childrenOf } from "../id-short-path.ts";
import type { Shell, Submodel, SubmodelElement } from "../metamodel.ts";
import type { AttributeStep, Field, ListIndex } from "./field-identifier.ts";
import { findsPattern } from "./pattern.ts";
import type { Attribute, Comparison, Condition, Match, MatchPart, Operand, Operator, Value } from "./query.ts";
import { cast, compare, partOf } from "./values.ts";

/** What a condition is asked of. What it does not need is not fetched. */
export type QuerySubject =
  | { readonly kind: "shell"; readonly shell: Shell; readonly submodels: () => readonly Submodel[] }
  | {
      readonly kind: "submodel";
      /** Without its elements. */
      readonly submodel: Submodel;
      readonly elements: () => readonly SubmodelElement[];
      /** Those that refer to it. */
      readonly shells: () => readonly Shell[];
    }
  | { readonly kind: "conceptDescription" | "shellDescriptor" | "submodelDescriptor"; readonly value: object };

/** A condition combined more elements than anyone meant. */
export class QueryTooWide extends Error {
  readonly reason: Message;

  constructor() {
    const reason = message("aas.query.tooWide", { max: MAX_COMBINATIONS });
    super(textOf(reason));
    this.name = "QueryTooWide";
    this.reason = reason;
  }
}

const MAX_COMBINATIONS = 20_000;
const DEEPEST_ELEMENT = 512;

/**
 * Whether a subject is a result of the query. A comparison without a result (an order of a text and a number) makes everything it is part of invalid,
 * and what is invalid is no result (IDTA-01002 3.1, Query Language, "Comparison Operators"). Errors: QueryTooWide.
 */
export function holds(condition: Condition, subject: QuerySubject, attributes: AttributeValues = () => []): boolean {
  return new Evaluation(subject, attributes).of(condition) === true;
}

/** The values of an attribute of who asks; none where it is not known. */
export type AttributeValues = (attribute: Attribute) => readonly Value[];

/** Undefined = invalid. */
type Outcome = boolean | undefined;

/** Which element of which list a value came from: list → number of the element. */
type Bindings = ReadonlyMap<string, number>;

/** One value of an operand, or its absence. */
interface Found {
  readonly value: Value | "absent" | "invalid";
  /** A field is a text, and takes the kind of what it is compared with. */
  readonly isField: boolean;
  /** Absent below a path or in a list: there is nothing that could be unequal. */
  readonly isNothing?: boolean;
  readonly bindings: Bindings;
}

/** What satisfies a comparison, and whether some of it had no result. */
interface Satisfied {
  readonly by: readonly Bindings[];
  readonly isInvalid: boolean;
}

/** Bindings that hold across an `$and` too: "only the submodels referenced by the matching $aas are searched". */
const HIERARCHY: ReadonlySet<string> = new Set(["$aas", "$sm"]);
const UNBOUND: Bindings = new Map();

class Evaluation {
  readonly #subject: QuerySubject;
  readonly #numbers = new Map<object, number>();
  #submodels: readonly Submodel[] | undefined;
  #shells: readonly Shell[] | undefined;
  /** Every element of a submodel at any depth: fetched once, since which element it is tells values of one from those of another. */
  readonly #all = new Map<Submodel, readonly SubmodelElement[]>();

  readonly #attributes: AttributeValues;

  constructor(subject: QuerySubject, attributes: AttributeValues) {
    this.#subject = subject;
    this.#attributes = attributes;
  }

  of(condition: Condition): Outcome {
    switch (condition.kind) {
      case "constant":
        return condition.value;
      case "not": {
        const inner = this.of(condition.of);
        return inner === undefined ? undefined : !inner;
      }
      case "or":
        return every(
          condition.of.map((one) => this.of(one)),
          (outcomes) => outcomes.includes(true),
        );
      case "and": {
        const flat = flattened(condition);
        const comparisons = flat.filter((one) => one.kind === "comparison");
        const outcomes = flat.filter((one) => one.kind !== "comparison").map((one) => this.of(one));
        if (comparisons.length > 0) outcomes.push(this.#together(comparisons.map((one) => this.#satisfied(one, HIERARCHY))));
        return every(outcomes, () => !outcomes.includes(false));
      }
      case "match": {
        const parts = partsOf(condition);
        if (parts.some((one) => one.kind === "constant" && !one.value)) return false;
        const comparisons = parts.filter((one) => one.kind === "comparison");
        return this.#together(comparisons.map((one) => this.#satisfied(one, undefined)));
      }
      case "comparison":
        return this.#together([this.#satisfied(condition, HIERARCHY)]);
    }
  }

  /** Whether there is one choice of elements that satisfies all. */
  #together(parts: readonly Satisfied[]): Outcome {
    if (parts.some(({ by, isInvalid }) => by.length === 0 && isInvalid)) return undefined;
    let joined: readonly Bindings[] = [UNBOUND];
    for (const { by } of [...parts].sort((a, b) => a.by.length - b.by.length)) {
      const next = new Map<string, Bindings>();
      for (const one of joined)
        for (const other of by) {
          const both = merged(one, other);
          if (both === undefined) continue;
          next.set(keyOf(both), both);
          if (next.size > MAX_COMBINATIONS) throw new QueryTooWide();
        }
      if (next.size === 0) return false;
      joined = [...next.values()];
    }
    return true;
  }

  /** `kept` = the bindings that matter outside of the comparison; undefined = all. */
  #satisfied(comparison: Comparison, kept: ReadonlySet<string> | undefined): Satisfied {
    const [left, right] = [this.#values(comparison.left), this.#values(comparison.right)];
    if (left.length * right.length > MAX_COMBINATIONS * 10) throw new QueryTooWide();
    const by = new Map<string, Bindings>();
    let isInvalid = false;
    for (const a of left) {
      for (const b of right) {
        const bindings = merged(a.bindings, b.bindings);
        if (bindings === undefined) continue;
        const outcome = outcomeOf(comparison, a, b);
        if (outcome === undefined) isInvalid = true;
        if (outcome !== true) continue;
        const own = kept === undefined ? bindings : only(bindings, kept);
        by.set(keyOf(own), own);
      }
    }
    return { by: [...by.values()], isInvalid };
  }

  #values(operand: Operand): readonly Found[] {
    switch (operand.kind) {
      case "constant":
        return [{ value: operand.value, isField: false, bindings: UNBOUND }];
      case "attribute": {
        const values = this.#attributes(operand.attribute);
        if (values.length === 0) return [{ value: "absent", isField: true, isNothing: true, bindings: UNBOUND }];
        return values.map((value) => ({ value, isField: true, bindings: UNBOUND }));
      }
      case "cast":
        return this.#values(operand.of).map((found) => ({
          ...found,
          isField: false,
          value: changed(found.value, (value) => cast(value, operand.to)),
        }));
      case "part":
        return this.#values(operand.of).map((found) => ({
          ...found,
          isField: false,
          value: changed(found.value, (value) => partOf(operand.part, value)),
        }));
      case "field":
        return this.#field(operand.field);
    }
  }

  #field(field: Field): readonly Found[] {
    const found: Found[] = [];
    for (const [owner, bindings] of this.#roots(field)) {
      const before = found.length;
      const starts: readonly (readonly [object, Bindings, string])[] =
        field.root === "sme" ? this.#elements(owner as Submodel, field, bindings) : [[owner, bindings, `$${field.root}#`]];
      for (const [value, own, prefix] of starts)
        if (field.root === "sme") this.#attributeOfElement(value as SubmodelElement, field, own, prefix, found);
        else this.#attribute(value, field.attribute, own, prefix, found);
      const isNothing = field.root === "sme" || field.attribute.some(({ index }) => index === "any");
      if (found.length === before) found.push({ value: "absent", isField: true, isNothing, bindings });
    }
    return found;
  }

  /** What a field begins at, with what that binds. */
  #roots({ root }: Field): readonly (readonly [object, Bindings])[] {
    const subject = this.#subject;
    if (subject.kind === "shell") {
      if (root === "aas") return [[subject.shell, UNBOUND]];
      this.#submodels ??= subject.submodels();
      return this.#submodels.map((submodel) => [submodel, new Map([["$sm", this.#numberOf(submodel)]])] as const);
    }
    if (subject.kind === "submodel") {
      if (root !== "aas") return [[subject.submodel, UNBOUND]];
      this.#shells ??= subject.shells();
      return this.#shells.map((shell) => [shell, new Map([["$aas", this.#numberOf(shell)]])] as const);
    }
    return [[subject.value, UNBOUND]];
  }

  /** The elements at the path of a field; the path may begin at any element of the tree. */
  #elements(
    submodel: Submodel,
    { path, isFromSubmodel }: Field,
    bindings: Bindings,
  ): readonly (readonly [SubmodelElement, Bindings, string])[] {
    const [first, ...rest] = path;
    if (first === undefined)
      return this.#allElements(submodel).map((element) => [element, this.#bound(bindings, "$sme", element), "$sme"] as const);
    let prefix = `$sme.${first.idShort}`;
    let here = (isFromSubmodel === true ? this.#outermost(submodel) : this.#allElements(submodel))
      .filter(({ idShort }) => idShort === first.idShort)
      .map((element) => [element, this.#bound(bindings, prefix, element)] as const);
    const takePlaces = (indexes: readonly ListIndex[]): void => {
      for (const index of indexes) {
        prefix += index === "any" ? "[]" : `[${index}]`;
        here = here.flatMap(([element, own]) => {
          const items = element.modelType === "SubmodelElementList" ? childrenOf(element) : [];
          if (index !== "any") return items[index] === undefined ? [] : [[items[index], own] as const];
          return items.map((item) => [item, this.#bound(own, prefix, item)] as const);
        });
      }
    };
    takePlaces(first.indexes);
    for (const step of rest) {
      prefix += `.${step.idShort}`;
      here = here.flatMap(([element, own]) =>
        element.modelType === "SubmodelElementList"
          ? []
          : childrenOf(element)
              .filter(({ idShort }) => idShort === step.idShort)
              .map((child) => [child, own] as const),
      );
      takePlaces(step.indexes);
    }
    return here.map(([element, own]) => [element, own, prefix] as const);
  }

  #outermost(submodel: Submodel): readonly SubmodelElement[] {
    return this.#subject.kind === "submodel" ? this.#subject.elements() : (submodel.submodelElements ?? []);
  }

  #allElements(submodel: Submodel): readonly SubmodelElement[] {
    let all = this.#all.get(submodel);
    if (all === undefined) {
      const found: SubmodelElement[] = [];
      collect(this.#outermost(submodel), found, 0);
      this.#all.set(submodel, (all = found));
    }
    return all;
  }

  #attributeOfElement(element: SubmodelElement, { attribute }: Field, bindings: Bindings, prefix: string, into: Found[]): void {
    const [{ name }] = attribute as [AttributeStep];
    if (name !== "value" && name !== "language") return this.#attribute(element, attribute, bindings, `${prefix}#`, into);
    const held = (element as { readonly value?: unknown }).value;
    if (element.modelType === "MultiLanguageProperty") {
      for (const text of (held ?? []) as readonly { readonly text: string; readonly language: string }[])
        into.push(textFound(name === "value" ? text.text : text.language, this.#bound(bindings, `${prefix}#text`, text)));
    } else if (name === "value" && typeof held === "string" && element.modelType !== "Blob") into.push(textFound(held, bindings));
    else if (name === "value" && element.modelType === "ReferenceElement" && held !== undefined) {
      const [key] = (held as { readonly keys?: readonly { readonly value: string }[] }).keys ?? [];
      if (key !== undefined) into.push(textFound(key.value, bindings));
    }
  }

  #attribute(value: unknown, steps: readonly AttributeStep[], bindings: Bindings, prefix: string, into: Found[]): void {
    const [step, ...rest] = steps;
    if (step === undefined) {
      if (typeof value === "string") into.push(textFound(value, bindings));
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const next =
      (value as Readonly<Record<string, unknown>>)[step.name] ??
      (step.name === "protocolinformation" ? (value as { protocolInformation?: unknown }).protocolInformation : undefined);
    if (step.index === undefined) return this.#attribute(next, rest, bindings, `${prefix}.${step.name}`, into);
    if (!Array.isArray(next)) return;
    if (step.index !== "any") return this.#attribute(next[step.index], rest, bindings, `${prefix}.${step.name}[${step.index}]`, into);
    const list = `${prefix}.${step.name}[]`;
    for (const item of next as readonly unknown[])
      this.#attribute(item, rest, typeof item === "object" && item !== null ? this.#bound(bindings, list, item) : bindings, list, into);
  }

  #bound(bindings: Bindings, list: string, element: object): Bindings {
    return new Map(bindings).set(list, this.#numberOf(element));
  }

  #numberOf(element: object): number {
    let number = this.#numbers.get(element);
    if (number === undefined) this.#numbers.set(element, (number = this.#numbers.size));
    return number;
  }
}

function outcomeOf({ operator, finds }: Comparison, left: Found, right: Found): Outcome {
  if (left.value === "invalid" || right.value === "invalid") return undefined;
  if (left.value === "absent" || right.value === "absent") return outcomeOfAbsent(operator, left, right);
  let [a, b] = [left.value, right.value];
  if (left.isField !== right.isField) {
    // A field takes the kind of what it is compared with; what does not fit there is only unequal.
    const [field, other] = left.isField ? [a, b] : [b, a];
    const fitting = cast(field, other.kind);
    if (fitting === undefined) return operator === "$eq" ? false : operator === "$ne" ? true : undefined;
    [a, b] = left.isField ? [fitting, b] : [a, fitting];
  }
  // of two fields, attributes among them, a text takes the kind of what is none
  else if (left.isField && a.kind !== b.kind && (a.kind === "str" || b.kind === "str")) {
    const [text, other] = a.kind === "str" ? [a, b] : [b, a];
    const fitting = cast(text, other.kind);
    if (fitting === undefined) return operator === "$eq" ? false : operator === "$ne" ? true : undefined;
    [a, b] = a.kind === "str" ? [fitting, b] : [a, fitting];
  }
  if (operator === "$regex") {
    if (a.kind !== "str" || b.kind !== "str") return undefined;
    return finds === undefined ? findsPattern(a.value, b.value) : finds(a.value);
  }
  return compare(operator, a, b);
}

function outcomeOfAbsent(operator: Operator, left: Found, right: Found): Outcome {
  const isBoth = left.value === "absent" && right.value === "absent";
  if (operator === "$eq" || operator === "$le" || operator === "$ge") return isBoth;
  if (operator !== "$ne" || isBoth) return false;
  return !(left.isNothing ?? right.isNothing ?? false);
}

function changed(value: Found["value"], change: (value: Value) => Value | undefined): Found["value"] {
  return value === "absent" || value === "invalid" ? value : (change(value) ?? "invalid");
}

function textFound(value: string, bindings: Bindings): Found {
  return { value: { kind: "str", value }, isField: true, bindings };
}

function every(outcomes: readonly Outcome[], result: (outcomes: readonly Outcome[]) => boolean): Outcome {
  return outcomes.includes(undefined) ? undefined : result(outcomes);
}

function flattened(condition: Condition): readonly Condition[] {
  return condition.kind === "and" ? condition.of.flatMap(flattened) : [condition];
}

function partsOf({ of }: Match): readonly Exclude<MatchPart, Match>[] {
  return of.flatMap((one) => (one.kind === "match" ? partsOf(one) : [one]));
}

/** Undefined = they chose different elements of one list. */
function merged(one: Bindings, other: Bindings): Bindings | undefined {
  if (one.size === 0) return other;
  if (other.size === 0) return one;
  for (const [list, element] of other) if (one.has(list) && one.get(list) !== element) return undefined;
  return new Map([...one, ...other]);
}

function only(bindings: Bindings, kept: ReadonlySet<string>): Bindings {
  return bindings.size === 0 ? bindings : new Map([...bindings].filter(([list]) => kept.has(list)));
}

function keyOf(bindings: Bindings): string {
  return [...bindings]
    .map(([list, element]) => `${list}=${element}`)
    .sort()
    .join(" ");
}

function collect(elements: readonly SubmodelElement[], into: SubmodelElement[], depth: number): void {
  if (depth > DEEPEST_ELEMENT) return;
  for (const element of elements) {
    into.push(element);
    collect(childrenOf(element), into, depth + 1);
  }
}
