import {
  holds,
  valueOfText,
  type Attribute,
  type AttributeValues,
  type Condition,
  type QuerySubject,
  type Value,
} from "@doppelwerk/aas/query";
import type { AccessRule, AccessRules, Filter, ObjectClass, Right, RuleObject } from "@doppelwerk/aas/access-rules";
import { attributeAt, boundTo, hidesElement } from "./element-filter.ts";
import { filtered } from "./filtered.ts";
import { forAsker } from "./for-asker.ts";
import { necessaryCondition } from "./necessary-condition.ts";
import { quickCondition } from "./quick-condition.ts";
import { RoutePatterns } from "./route-patterns.ts";
import { requiredTexts, textsOf, type ListedField } from "./required-texts.ts";

/** Who asks: what was proven of them. */
export interface Asker {
  readonly claims: Readonly<Record<string, string | readonly string[]>>;
}

/** What a decision knows beside the asker, at the instant of the decision. */
export interface Surroundings {
  /** µs since the epoch. */
  readonly now: number;
  /** Minutes that the clock of the server is ahead of UTC; of the asker's, where it is known. */
  readonly serverOffset?: number;
  readonly clientOffset?: number;
  /** The value of an element now; undefined where there is none. */
  readonly elementValue?: (submodel: string, path: string) => string | undefined;
}

/** What is asked for. Its content is fetched when a condition needs it. */
export type Asked =
  | { readonly kind: "route"; readonly route: string; readonly subject?: () => QuerySubject }
  | { readonly kind: "object"; readonly class: ObjectClass; readonly id: string; readonly subject: () => QuerySubject }
  | { readonly kind: "element"; readonly submodel: string; readonly path: string; readonly subject: () => QuerySubject };

/** An object as far as a list knows it before it is read. */
export interface ListedObject {
  readonly id: string;
  readonly texts: ListedTexts;
}

/** The texts that conditions read of an object itself, without a look at what it holds. */
export type ListedTexts = Readonly<Partial<Record<ListedField, string>>>;

export type PolicyDecision =
  | { readonly allowed: false }
  /** By the rule of this number. With `filters` only what one of each list lets through may be shown; without, all of it. */
  | { readonly allowed: true; readonly rule: number; readonly filters?: readonly (readonly Filter[])[] };

/** A rule as it is for one asker. */
interface OwnRule {
  readonly number: number;
  readonly rule: AccessRule;
  readonly formula: Condition;
  /** The formula of an object of a class, where it can be a plain function. */
  readonly quick: Map<ObjectClass, ReturnType<typeof quickCondition>>;
  /** What it requires of the texts of an object of a class. */
  readonly necessary: Map<ObjectClass, ReturnType<typeof necessaryCondition>>;
  /** Where the clock of the asker is not known it permits nothing. */
  readonly needsClientNow: boolean;
}

const CLIENT_NOW: Attribute = { kind: "global", name: "CLIENTNOW" };

/** Rules of one right, by what they are about. */
interface Index {
  readonly routes: Map<string, OwnRule[]>;
  readonly routePatterns: RoutePatterns<OwnRule>;
  readonly objects: Readonly<Record<ObjectClass, Map<string, OwnRule[]>>>;
  /** Of any object of a class: by a text that their formula requires of it, and those that require none. */
  readonly anyObject: Map<ObjectClass, AnyObject>;
  /** Of any object of a class, whatever it is: nothing more is looked at. */
  readonly free: Map<ObjectClass, OwnRule>;
  readonly elements: Map<string, OwnRule[]>;
  readonly anyElement: OwnRule[];
}

interface AnyObject {
  readonly rest: OwnRule[];
  readonly byField: Map<ListedField, Map<string, OwnRule[]>>;
}

const ID = /^\$(?:aasdesc|smdesc|aas|sm|cd)#id$/;
const CLASS_OF = {
  shell: "aas",
  submodel: "sm",
  conceptDescription: "cd",
  shellDescriptor: "aasdesc",
  submodelDescriptor: "smdesc",
} as const;

function isOfClass(fragment: string, { kind }: QuerySubject): boolean {
  return fragment.startsWith(`$${CLASS_OF[kind]}#`);
}

const NEVER: PolicyDecision = { allowed: false };

/** Access rules, compiled for many decisions. What no rule permits is denied. */
export class Policy {
  readonly #rules: readonly AccessRule[];
  /** Names of the claims that rules look at: who has the same is decided alike. */
  readonly claims: ReadonlySet<string>;

  constructor(sets: readonly AccessRules[]) {
    this.#rules = sets.flatMap(({ rules }) => rules);
    const claims = new Set<string>();
    for (const { attributes, formula, filters } of this.#rules) collectClaims([attributes, formula, filters], claims);
    this.claims = claims;
  }

  /** The rules as they are for one asker: what depends on the asker alone is decided here, once. */
  for(asker: Asker): AskerPolicy {
    const own = this.#rules.flatMap((rule, number): readonly OwnRule[] => {
      if (!rule.attributes.every((attribute) => isKnown(attribute, asker))) return [];
      const formula = forAsker(rule.formula, (attribute) => claimValues(attribute, asker));
      return formula === undefined || (formula.kind === "constant" && !formula.value)
        ? []
        : [{ number, rule, formula, quick: new Map(), necessary: new Map(), needsClientNow: needsClientNow(rule) }];
    });
    return new AskerPolicy(asker, own);
  }
}

function needsClientNow({ attributes }: AccessRule): boolean {
  return attributes.some((attribute) => attribute.kind === "global" && attribute.name === "CLIENTNOW");
}

function collectClaims(part: unknown, into: Set<string>): void {
  if (typeof part !== "object" || part === null) return;
  const { kind, name } = part as { readonly kind?: unknown; readonly name?: unknown };
  if ((kind === "claim" || (kind === "global" && name === "CLIENTNOW")) && typeof name === "string") into.add(name);
  for (const one of Object.values(part)) collectClaims(one, into);
}

export class AskerPolicy {
  readonly #asker: Asker;
  readonly #rules: readonly OwnRule[];
  readonly #indexes = new Map<Right, Index>();

  constructor(asker: Asker, rules: readonly OwnRule[]) {
    this.#asker = asker;
    this.#rules = rules;
  }

  decide(right: Right, asked: Asked, surroundings: Surroundings): PolicyDecision {
    const free = asked.kind === "route" ? undefined : this.#indexOf(right).free.get(asked.kind === "element" ? "sm" : asked.class);
    if (free !== undefined) return { allowed: true, rule: free.number };
    const values = attributesOf(this.#asker, surroundings);
    let subject: QuerySubject | undefined;
    const filtered: OwnRule[] = [];
    // lists and not a generator: it is asked of every record that is looked at
    for (const candidates of this.#candidates(right, asked)) {
      for (const candidate of candidates) {
        if (candidate.needsClientNow && values(CLIENT_NOW).length === 0) continue;
        if (candidate.formula.kind !== "constant") {
          subject ??= asked.subject?.() ?? NOTHING;
          const quick = asked.kind === "route" ? undefined : quickOf(candidate, asked.kind === "element" ? "sm" : asked.class);
          if (quick === undefined ? !holds(candidate.formula, subject, values) : !quick(subject)) continue;
        }
        const { filters } = candidate.rule;
        if (filters.length === 0) return { allowed: true, rule: candidate.number };
        // what has to be hidden as a whole the rule does not permit
        if (!this.#hidesWhole(filters, asked, () => (subject ??= asked.subject?.() ?? NOTHING), values)) filtered.push(candidate);
      }
    }
    const [first] = filtered;
    return first === undefined ? NEVER : { allowed: true, rule: first.number, filters: filtered.map(({ rule }) => rule.filters) };
  }

  /**
   * Whether a right may be permitted to something of this class whose route is `collection` and its name there: false only where `decide` denies both object and route,
   * whatever else the object holds and whenever it is asked.
   */
  listing(right: Right, of: ObjectClass, collection: string, nameOf: (id: string) => string): (object: ListedObject) => boolean {
    const { objects, anyObject, free, routes, routePatterns } = this.#indexOf(right);
    if (free.has(of)) return () => true;
    const permits = (rules: readonly OwnRule[] | undefined, subject: QuerySubject): boolean => {
      for (const rule of rules ?? []) if (rule.formula.kind === "constant" || (necessaryOf(rule, of)?.(subject) ?? true)) return true;
      return false;
    };
    const byId = objects[of];
    const { rest = [], byField = new Map<ListedField, Map<string, OwnRule[]>>() } = anyObject.get(of) ?? {};
    const fields = [...byField] as (readonly [ListedField, Map<string, OwnRule[]>])[];
    const isRouted = routePatterns.mayMatchBelow(collection) || [...routes.keys()].some((route) => route.startsWith(collection));
    return ({ id, texts }) => {
      const subject: QuerySubject = { kind: "conceptDescription", value: texts };
      if (permits(byId.get(id), subject) || permits(rest, subject)) return true;
      for (const [field, byText] of fields) {
        const text = texts[field];
        if (text !== undefined && permits(byText.get(text), subject)) return true;
      }
      if (!isRouted) return false;
      const route = collection + nameOf(id);
      return permits(routes.get(route), subject) || permits(routePatterns.matching(route), subject);
    };
  }

  /** An object by its id, which it cannot be shown without; an element by a fragment that is or holds all of it. */
  #hidesWhole(filters: readonly Filter[], asked: Asked, subject: () => QuerySubject, values: AttributeValues): boolean {
    if (asked.kind === "element") return hidesElement(filters, asked.path, subject, values);
    return filters.some(
      ({ fragment, condition }) => ID.test(fragment) && isOfClass(fragment, subject()) && !holds(condition, subject(), values),
    );
  }

  /** What is left of an element of a submodel under the filters of a decision; `subjectOf`: its submodel, with the element as it is given. */
  filteredElement<Whole extends object>(
    element: Whole,
    path: string,
    filters: readonly (readonly Filter[])[],
    { subjectOf, ...surroundings }: Surroundings & { readonly subjectOf: (element: Whole) => QuerySubject },
  ): Whole {
    const values = attributesOf(this.#asker, surroundings);
    const here = filters.map((ofRule) =>
      ofRule.map(({ fragment, condition }) => ({ fragment, condition: boundTo(condition, fragment, path) })),
    );
    return filtered(
      element,
      here,
      (condition, one) => holds(condition, subjectOf(one), values),
      (fragment) => attributeAt(fragment, path),
    );
  }

  /** What is left of an object under the filters of a decision; `subjectOf` an object as conditions read it. */
  filtered<Whole extends object>(
    object: Whole,
    filters: readonly (readonly Filter[])[],
    { subjectOf, ...surroundings }: Surroundings & { readonly subjectOf: (object: Whole) => QuerySubject },
  ): Whole {
    const values = attributesOf(this.#asker, surroundings);
    const own = `$${CLASS_OF[subjectOf(object).kind]}#`;
    const attributeOf = (fragment: string): string | undefined => (fragment.startsWith(own) ? fragment.slice(own.length) : undefined);
    return filtered(object, filters, (condition, one) => holds(condition, subjectOf(one), values), attributeOf);
  }

  #candidates(right: Right, asked: Asked): readonly (readonly OwnRule[])[] {
    const index = this.#indexOf(right);
    const found: (readonly OwnRule[])[] = [];
    const add = (rules: readonly OwnRule[] | undefined): void => {
      if (rules !== undefined && rules.length > 0) found.push(rules);
    };
    if (asked.kind === "route") {
      add(index.routes.get(asked.route));
      add(index.routePatterns.matching(asked.route));
      return found;
    }
    const [of, id] = asked.kind === "element" ? (["sm", asked.submodel] as const) : ([asked.class, asked.id] as const);
    add(index.objects[of].get(id));
    const any = index.anyObject.get(of);
    if (any !== undefined) {
      const subject = any.byField.size === 0 ? undefined : asked.subject();
      for (const [field, byText] of any.byField) for (const text of textsOf(field, subject!)) add(byText.get(text));
      add(any.rest);
    }
    if (asked.kind === "element") {
      add(index.elements.get(asked.submodel)?.filter((rule) => isAbout(rule, asked)));
      if (index.anyElement.length > 0) add(index.anyElement.filter((rule) => isAbout(rule, asked)));
    }
    return found;
  }

  #indexOf(right: Right): Index {
    const known = this.#indexes.get(right);
    if (known !== undefined) return known;
    const index: Index = {
      routes: new Map(),
      routePatterns: new RoutePatterns(),
      objects: { aas: new Map(), sm: new Map(), cd: new Map(), aasdesc: new Map(), smdesc: new Map() },
      anyObject: new Map(),
      free: new Map(),
      elements: new Map(),
      anyElement: [],
    };
    // what needs no look at the object, and hides nothing of it, is tried first
    const cost = ({ formula, rule }: OwnRule): number => (formula.kind === "constant" ? 0 : 1) + (rule.filters.length > 0 ? 2 : 0);
    for (const rule of this.#rules.filter((each) => each.rule.rights.has(right)).toSorted((a, b) => cost(a) - cost(b)))
      for (const object of rule.rule.objects) enter(index, rule, object);
    this.#indexes.set(right, index);
    return index;
  }
}

function quickOf({ quick, formula }: OwnRule, of: ObjectClass): ReturnType<typeof quickCondition> {
  if (!quick.has(of)) quick.set(of, quickCondition(formula, of));
  return quick.get(of);
}

function necessaryOf({ necessary, formula }: OwnRule, of: ObjectClass): ReturnType<typeof necessaryCondition> {
  if (!necessary.has(of)) necessary.set(of, necessaryCondition(formula, of));
  return necessary.get(of);
}

function enter(index: Index, rule: OwnRule, object: RuleObject): void {
  switch (object.kind) {
    case "route":
      if (object.route.includes("*")) index.routePatterns.add(object.route, rule);
      else add(index.routes, object.route, rule);
      break;
    case "object":
      if (object.id === undefined) enterAny(index, rule, object.class);
      else add(index.objects[object.class], object.id, rule);
      break;
    case "element":
      if (object.submodel === undefined) index.anyElement.push(rule);
      else add(index.elements, object.submodel, rule);
      break;
  }
}

function enterAny(index: Index, rule: OwnRule, of: ObjectClass): void {
  let any = index.anyObject.get(of);
  if (any === undefined) index.anyObject.set(of, (any = { rest: [], byField: new Map() }));
  // what is left of a formula without a result for this asker is not constant
  if (
    rule.formula.kind === "constant" &&
    rule.formula.value &&
    rule.rule.filters.length === 0 &&
    !rule.needsClientNow &&
    !index.free.has(of)
  )
    index.free.set(of, rule);
  const required = requiredTexts(rule.formula, of);
  if (required === undefined) any.rest.push(rule);
  else {
    let byText = any.byField.get(required.field);
    if (byText === undefined) any.byField.set(required.field, (byText = new Map()));
    for (const text of new Set(required.texts)) add(byText, text, rule);
  }
}

function isAbout({ rule }: OwnRule, { submodel, path }: Asked & { readonly kind: "element" }): boolean {
  return rule.objects.some((object) => object.kind === "element" && coversElement(object, submodel, path));
}

/** An element with what is below it. */
export function coversElement(object: RuleObject & { readonly kind: "element" }, submodel: string, path: string): boolean {
  if (object.submodel !== undefined && object.submodel !== submodel) return false;
  if (object.path === undefined || object.path === path) return true;
  return path.startsWith(object.path) && (path[object.path.length] === "." || path[object.path.length] === "[");
}

/** Values of an attribute that depend on the asker alone; undefined = on the instant too. */
function claimValues(attribute: Attribute, asker: Asker): readonly Value[] | undefined {
  if (attribute.kind === "global" && attribute.name === "ANONYMOUS") return [{ kind: "bool", value: isAnonymous(asker) }];
  if (attribute.kind !== "claim") return undefined;
  const claim = Object.hasOwn(asker.claims, attribute.name) ? asker.claims[attribute.name]! : [];
  return (typeof claim === "string" ? [claim] : claim).map((value) => ({ kind: "str", value }));
}

export function attributesOf(asker: Asker, surroundings: Surroundings): AttributeValues {
  const { now, serverOffset = 0, elementValue } = surroundings;
  return (attribute) => {
    if (attribute.kind === "element") {
      const value = elementValue?.(attribute.submodel, attribute.path);
      return value === undefined ? [] : [{ kind: "str", value }];
    }
    if (attribute.kind === "claim" || attribute.name === "ANONYMOUS") return claimValues(attribute, asker)!;
    if (attribute.name === "CLIENTNOW") return clientNow(asker, surroundings);
    return [{ kind: "dateTime", value: now, offset: attribute.name === "UTCNOW" ? 0 : serverOffset }];
  };
}

/** By the offset of the asker's clock, or as a claim says it. */
function clientNow({ claims }: Asker, { now, clientOffset }: Surroundings): readonly Value[] {
  if (clientOffset !== undefined) return [{ kind: "dateTime", value: now, offset: clientOffset }];
  const claim = Object.hasOwn(claims, "CLIENTNOW") ? claims["CLIENTNOW"] : undefined;
  const text = typeof claim === "string" ? claim : claim?.[0];
  const moment = text === undefined ? undefined : valueOfText(text, "dateTime");
  return moment === undefined ? [] : [moment];
}

/** Anybody may be treated as one who is not known: what is permitted to those is permitted to all. */
export function isKnown(attribute: Attribute, asker: Asker): boolean {
  return attribute.kind !== "claim" || Object.hasOwn(asker.claims, attribute.name);
}

function isAnonymous({ claims }: Asker): boolean {
  return Object.keys(claims).length === 0;
}

/** What a route is without an object: no field has a value. */
const NOTHING: QuerySubject = { kind: "conceptDescription", value: {} };

function add<Key>(map: Map<Key, OwnRule[]>, key: Key, rule: OwnRule): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [rule]);
  else if (list.at(-1) !== rule) list.push(rule);
}
