import { message, type Message } from "@doppelwerk/messages";
import { COMPARISONS, TEXT_COMPARISONS } from "../query/query.ts";
import { RIGHTS } from "./access-rules.ts";

/** What is wrong with a text of access rules, and where: both count from 1. */
export interface TextProblem {
  readonly line: number;
  readonly column: number;
  readonly reason: Message;
}

type Json = Readonly<Record<string, unknown>>;

interface AttributeGroup {
  readonly own: readonly Json[];
  /** Names of other groups. */
  readonly groups: readonly string[];
}

const MAX_TEXT = 1_000_000;
const MAX_DEPTH = 32;

const RIGHT_WORDS: readonly string[] = [...RIGHTS, "ALL"];
const OPERATORS: readonly string[] = COMPARISONS;
const TEXT_OPERATORS: readonly string[] = TEXT_COMPARISONS;
const CASTS: Readonly<Record<string, string>> = {
  str: "$strCast",
  num: "$numCast",
  hex: "$hexCast",
  bool: "$boolCast",
  dateTime: "$dateTimeCast",
  time: "$timeCast",
};
const PARTS = ["$dayOfWeek", "$dayOfMonth", "$month", "$year"];
const OBJECTS = ["ROUTE", "IDENTIFIABLE", "REFERABLE", "FRAGMENT", "DESCRIPTOR"];

const TIME = /^\d\d:\d\d(?::\d\d)?(?:\.\d+)?$/;
const DATE_TIME = /^\d{4}-\d\d-\d\dT?\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/;
const MAX_GROUP = 1_000;

/** One token at a time; what is no token is refused where it is. */
const TOKEN =
  /[ \t\r\n]+|"[^"\n]*"|\$(?:aasdesc|smdesc|aas|sme|sm|cd)(?:\.[A-Za-z0-9_\-.[\]]+)?#[A-Za-z0-9_.[\]]+|\$[A-Za-z][A-Za-z-]*|\d{4}-\d\d-\d\d[0-9T:.Z+-]*|\d\d:\d\d(?::\d\d)?(?:\.\d+)?|16#[0-9A-F]+|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z]+:?|[(),]/y;

/** The JSON form of access rules that are written as text (IDTA-01004 3.0.2, Access Rule Model, BNF). Never throws. */
export function readAccessRulesText(text: string): { readonly AllAccessPermissionRules: Json } | TextProblem {
  try {
    return { AllAccessPermissionRules: new TextReader(text).all() };
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  }
}

class Refusal extends Error {
  readonly problem: TextProblem;
  constructor(problem: TextProblem) {
    super();
    this.problem = problem;
  }
}

class TextReader {
  readonly #text: string;
  #at = 0;
  /** The token that comes next, `""` at the end, and where it begins. */
  #token = "";
  #from = 0;
  #depth = 0;
  readonly #attributeGroups: (readonly [name: string, group: AttributeGroup])[] = [];
  readonly #known = new Map<AttributeGroup, readonly Json[]>();

  constructor(text: string) {
    this.#text = text.slice(0, MAX_TEXT + 1);
    if (text.length > MAX_TEXT) this.#refuse(message("aas.rules.tooLong", { max: MAX_TEXT }));
    this.#next();
  }

  all(): Json {
    const named = <Entry>(keyword: string, key: string, read: () => Entry): readonly Json[] => {
      const list: Json[] = [];
      while (this.#take(keyword)) list.push({ name: this.#string(), [key]: read() });
      return list;
    };
    while (this.#take("DEFATTRIBUTES"))
      this.#attributeGroups.push([this.#string(), { own: this.#attributes(), groups: this.#groupNames() }]);
    const found = {
      // groups of groups are written out: the JSON form has none
      DEFATTRIBUTES: this.#attributeGroups.map(([name, group]) => ({ name, attributes: this.#writtenOut(group, [name]) })),
      DEFACLS: named("DEFACLS", "acl", () => this.#acl()),
      DEFOBJECTS: named("DEFOBJECTS", "objects", () => this.#objects()).map(objectGroup),
      DEFFORMULAS: named("DEFFORMULAS", "formula", () => this.#condition()),
    };
    const rules: Json[] = [];
    while (this.#take("ACCESSRULE:")) rules.push(this.#rule());
    if (this.#token !== "")
      this.#expected(rules.length === 0 ? "ACCESSRULE:, DEFATTRIBUTES, DEFACLS, DEFOBJECTS, DEFFORMULAS" : "ACCESSRULE:");
    return { ...Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0)), rules };
  }

  #rule(): Json {
    const acl = this.#take("USEACL") ? { USEACL: this.#string() } : { ACL: this.#acl() };
    this.#must("OBJECTS:");
    const { objects, groups } = this.#objects();
    const formula = this.#take("USEFORMULA") ? { USEFORMULA: this.#string() } : (this.#must("FORMULA:"), { FORMULA: this.#condition() });
    const filters: Json[] = [];
    while (this.#take("FILTER:")) filters.push(this.#filter());
    return {
      ...acl,
      ...(groups.length > 0 && { USEOBJECTS: groups }),
      ...((objects.length > 0 || groups.length === 0) && { OBJECTS: objects }),
      ...formula,
      ...(filters.length === 1 && { FILTER: filters[0] }),
      ...(filters.length > 1 && { FILTERLIST: filters }),
    };
  }

  #filter(): Json {
    this.#must("FRAGMENT");
    const FRAGMENT = this.#string();
    if (this.#take("USEFORMULA")) return { FRAGMENT, USEFORMULA: this.#string() };
    this.#must("CONDITION:");
    return { FRAGMENT, CONDITION: this.#condition() };
  }

  #acl(): Json {
    this.#must("ATTRIBUTES:");
    const [own, groups] = [this.#attributes(), this.#groupNames()];
    const isOneGroup = own.length === 0 && groups.length === 1;
    const attributes = isOneGroup ? { USEATTRIBUTES: groups[0] } : { ATTRIBUTES: this.#writtenOut({ own, groups }, []) };
    this.#must("RIGHTS:");
    const rights: string[] = [];
    while (RIGHT_WORDS.includes(this.#token)) rights.push(this.#next());
    if (rights.length === 0) this.#expected(RIGHT_WORDS.join(", "));
    this.#must("ACCESS:");
    if (this.#token !== "ALLOW" && this.#token !== "DISABLED") this.#expected("ALLOW, DISABLED");
    return { ...attributes, RIGHTS: rights, ACCESS: this.#next() };
  }

  #attributes(): readonly Json[] {
    const list: Json[] = [];
    for (let one = this.#attribute(); one !== undefined; one = this.#attribute()) list.push(one);
    return list;
  }

  #groupNames(): readonly string[] {
    const names: string[] = [];
    while (this.#take("USEATTRIBUTES")) names.push(this.#string());
    return names;
  }

  /** The attributes of a group with those of the groups in it, each once; `within`: the groups that this one stands in. */
  #writtenOut({ own, groups }: AttributeGroup, within: readonly string[]): readonly Json[] {
    if (within.length > MAX_DEPTH) this.#refuse(message("aas.query.tooDeep", { max: MAX_DEPTH }));
    const all = new Map(own.map((one) => [JSON.stringify(one), one]));
    for (const name of groups) {
      if (within.includes(name)) this.#refuse(message("aas.rules.cycle", { names: [...within, name].join(" → ") }));
      const group = this.#attributeGroups.find(([known]) => known === name)?.[1];
      if (group === undefined) {
        const names = this.#attributeGroups.map(([known]) => known).join(", ") || "–";
        return this.#refuse(message("aas.rules.notDefined", { name, names }));
      }
      let found = this.#known.get(group);
      if (found === undefined) this.#known.set(group, (found = this.#writtenOut(group, [...within, name])));
      for (const one of found) all.set(JSON.stringify(one), one);
    }
    if (all.size > MAX_GROUP) this.#refuse(message("aas.rules.groupTooLarge", { max: MAX_GROUP }));
    return [...all.values()];
  }

  #attribute(): Json | undefined {
    const kind = ["CLAIM", "GLOBAL", "REFERENCE"].find((word) => word === this.#token);
    if (kind === undefined) return undefined;
    this.#next();
    this.#must("(");
    const name = kind === "GLOBAL" ? this.#word() : this.#string();
    this.#must(")");
    return { [kind]: name };
  }

  #objects(): { readonly objects: readonly Json[]; readonly groups: readonly string[] } {
    const objects: Json[] = [];
    const groups: string[] = [];
    for (;;) {
      const kind = OBJECTS.find((word) => word === this.#token);
      if (kind === undefined && this.#token !== "USEOBJECTS") return { objects, groups };
      this.#next();
      if (kind === undefined) groups.push(this.#string());
      else objects.push({ [kind]: this.#string() });
    }
  }

  #condition(): Json {
    if (++this.#depth > MAX_DEPTH) this.#refuse(message("aas.query.tooDeep", { max: MAX_DEPTH }));
    const found = this.#conditionHere();
    this.#depth -= 1;
    return found;
  }

  #conditionHere(): Json {
    if (this.#token === "$and" || this.#token === "$or" || this.#token === "$match") {
      const operator = this.#next();
      return { [operator]: this.#list(() => this.#condition(), operator === "$match" ? 1 : 2) };
    }
    if (this.#take("$not")) return { $not: this.#list(() => this.#condition(), 1, 1)[0] };
    if (TEXT_OPERATORS.includes(this.#token)) {
      const operator = this.#next();
      return { [operator]: this.#list(() => this.#operand(), 2, 2) };
    }
    if (this.#take("(")) {
      const inner = this.#condition();
      this.#must(")");
      return inner;
    }
    const left = this.#operand();
    if (OPERATORS.includes(this.#token)) {
      const operator = this.#next();
      return { [operator]: typed(left, this.#operand()) };
    }
    if ("$boolean" in left) return left;
    // the JSON form has no cast for a condition
    if ("$boolCast" in left) return { $eq: [left, { $boolean: true }] };
    return this.#expected(OPERATORS.join(", "));
  }

  #operand(): Json {
    if (++this.#depth > MAX_DEPTH) this.#refuse(message("aas.query.tooDeep", { max: MAX_DEPTH }));
    const found = this.#operandHere();
    this.#depth -= 1;
    return found;
  }

  #operandHere(): Json {
    const attribute = this.#attribute();
    if (attribute !== undefined) return { $attribute: attribute };
    const token = this.#token;
    if (token.startsWith('"')) return { $strVal: this.#string() };
    if (token === "true" || token === "false") return { $boolean: this.#next() === "true" };
    if (/^\$[a-z]+(?:\.[^#]*)?#/.test(token)) return { $field: this.#next() };
    if (Object.hasOwn(CASTS, token)) return { [CASTS[this.#next()]!]: this.#list(() => this.#operand(), 1, 1)[0] };
    if (PARTS.includes(token)) return { [this.#next()]: this.#list(() => this.#operand(), 1, 1)[0] };
    if (DATE_TIME.test(token)) return { $dateTimeVal: this.#next() };
    if (TIME.test(token)) return { $timeVal: this.#next() };
    if (token.startsWith("16#")) return { $hexVal: this.#next() };
    if (/^[+-]?(?:\d|\.\d)/.test(token)) return { $numVal: Number(this.#next()) };
    return this.#expected(message("aas.rules.operand"));
  }

  #list<Item>(read: () => Item, least: number, most = Infinity): readonly Item[] {
    this.#must("(");
    const list = [read()];
    while (list.length < most && this.#take(",")) list.push(read());
    if (list.length < least) this.#expected(",");
    this.#must(")");
    return list;
  }

  #string(): string {
    if (!this.#token.startsWith('"') || this.#token.length < 3) this.#expected(message("aas.rules.quoted"));
    return this.#next().slice(1, -1);
  }

  #word(): string {
    if (!/^[A-Za-z]+$/.test(this.#token)) this.#expected("LOCALNOW, UTCNOW, CLIENTNOW, ANONYMOUS");
    return this.#next();
  }

  #take(token: string): boolean {
    if (this.#token !== token) return false;
    this.#next();
    return true;
  }

  #must(token: string): void {
    if (!this.#take(token)) this.#expected(token);
  }

  /** Goes on by a token; the one that was there. */
  #next(): string {
    const token = this.#token;
    do {
      this.#from = this.#at;
      if (this.#at >= this.#text.length) {
        this.#token = "";
        return token;
      }
      TOKEN.lastIndex = this.#at;
      const found = TOKEN.exec(this.#text)?.[0];
      if (found === undefined) this.#refuse(message("aas.rules.unreadable", { text: this.#text.slice(this.#at, this.#at + 20) }));
      this.#token = found;
      this.#at += found.length;
    } while (/^\s/.test(this.#token));
    return token;
  }

  #expected(what: string | Message): never {
    const found = this.#token.slice(0, 60);
    return this.#refuse(found === "" ? message("aas.rules.ended", { what }) : message("aas.rules.expected", { what, found }));
  }

  #refuse(reason: Message): never {
    const before = this.#text.slice(0, this.#from).split("\n");
    throw new Refusal({ line: before.length, column: before.at(-1)!.length + 1, reason });
  }
}

/** Groups of objects are one or the other in the JSON form. */
function objectGroup({ name, objects: found }: Json): Json {
  const { objects, groups } = found as { readonly objects: readonly Json[]; readonly groups: readonly string[] };
  return { name, ...(groups.length > 0 ? { USEOBJECTS: groups } : { objects }) };
}

/** A quoted moment beside what is a moment is no text: the text form has quotes around it, the JSON form its kind. */
function typed(left: Json, right: Json): readonly [Json, Json] {
  return [isMoment(right) ? momentOf(left) : left, isMoment(left) ? momentOf(right) : right];
}

function isMoment({ $attribute, ...other }: Json): boolean {
  const { GLOBAL } = ($attribute ?? {}) as { readonly GLOBAL?: string };
  return GLOBAL?.endsWith("NOW") === true || ["$dateTimeCast", "$timeCast", "$dateTimeVal", "$timeVal"].some((key) => key in other);
}

function momentOf(operand: Json): Json {
  const { $strVal } = operand as { readonly $strVal?: string };
  if ($strVal === undefined) return operand;
  return TIME.test($strVal) ? { $timeVal: $strVal } : DATE_TIME.test($strVal) ? { $dateTimeVal: $strVal } : operand;
}
