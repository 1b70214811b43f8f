// The JSON form of access rules read as the standard tells it, with nothing shared with what reads, compiles and evaluates them otherwise.
import type { Submodel } from "@doppelwerk/aas";

type Json = Readonly<Record<string, unknown>>;
interface Moment {
  readonly ms: number;
  readonly ahead: number;
}
type Value =
  | { readonly str: string }
  | { readonly num: number }
  | { readonly hex: string }
  | { readonly bool: boolean }
  | { readonly dateTime: Moment }
  | { readonly time: number };
type Kind = "str" | "num" | "hex" | "bool" | "dateTime" | "time";
/** Which item of which list it is of. */
type Where = Readonly<Record<string, number>>;
interface Found {
  readonly value: Value | undefined;
  /** It was there and is of no such kind. */
  readonly isWrong?: boolean;
  readonly isText: boolean;
  /** What leads to nothing at all, other than an attribute that is left out. */
  readonly isNowhere?: boolean;
  readonly where: Where;
}

export interface NaiveAsker {
  readonly claims: Readonly<Record<string, string | readonly string[]>>;
  readonly nowMs: number;
  readonly serverAhead: number;
  readonly clientAhead: number | undefined;
  readonly mode: string | undefined;
}

export type NaiveAsked =
  | { readonly route: string }
  | { readonly element: string; readonly submodel: Submodel }
  | { readonly submodel: Submodel };

const MINUTE = 60_000;
const DAY = 86_400_000;

export class NaiveRules {
  readonly #all: Json;

  constructor(json: unknown) {
    this.#all = (json as { readonly AllAccessPermissionRules: Json }).AllAccessPermissionRules;
  }

  /** Whether it is permitted by a rule, and by one that filters nothing. */
  decide(right: string, asked: NaiveAsked, asker: NaiveAsker): { readonly allowed: boolean; readonly isWhole: boolean } {
    let [allowed, isWhole] = [false, false];
    for (const rule of this.#all["rules"] as readonly Json[]) {
      const acl = (rule["ACL"] ?? this.#named("DEFACLS", rule["USEACL"])["acl"]) as Json;
      const attributes = (acl["ATTRIBUTES"] ?? this.#named("DEFATTRIBUTES", acl["USEATTRIBUTES"])["attributes"]) as readonly Json[];
      const rights = acl["RIGHTS"] as readonly string[];
      if (acl["ACCESS"] !== "ALLOW" || !(rights.includes(right) || rights.includes("ALL"))) continue;
      if (!attributes.every((one) => isKnown(one, asker)) || !this.#objects(rule).some((object) => covers(object, asked))) continue;
      const submodel = "submodel" in asked ? asked.submodel : undefined;
      const condition = rule["FORMULA"] ?? this.#named("DEFFORMULAS", rule["USEFORMULA"])["formula"];
      if (new Asking(asker, submodel).of(condition as Json) !== true) continue;
      const filter = rule["FILTER"] as Json | undefined;
      if (filter !== undefined && this.#hidesAll(filter, asked, asker)) continue;
      allowed = true;
      if (filter === undefined) isWhole = true;
    }
    return { allowed, isWhole };
  }

  #named(where: string, name: unknown): Json {
    return (this.#all[where] as readonly Json[]).find((one) => one["name"] === name)!;
  }

  #objects(of: Json): readonly Json[] {
    const own = (of["OBJECTS"] ?? of["objects"] ?? []) as readonly Json[];
    return [...own, ...((of["USEOBJECTS"] ?? []) as readonly string[]).flatMap((name) => this.#objects(this.#named("DEFOBJECTS", name)))];
  }

  /** Of the fragments that are made here the id alone hides a submodel; what hides an element is tested apart. */
  #hidesAll(filter: Json, asked: NaiveAsked, asker: NaiveAsker): boolean {
    if (filter["FRAGMENT"] !== "$sm#id" || !("submodel" in asked) || "element" in asked) return false;
    const condition = filter["CONDITION"] ?? this.#named("DEFFORMULAS", filter["USEFORMULA"])["formula"];
    return new Asking(asker, asked.submodel).of(condition as Json) !== true;
  }
}

function isKnown(attribute: Json, { claims, clientAhead }: NaiveAsker): boolean {
  if (attribute["GLOBAL"] === "CLIENTNOW") return clientAhead !== undefined;
  return attribute["CLAIM"] === undefined || Object.keys(claims).includes(String(attribute["CLAIM"]));
}

function covers(object: Json, asked: NaiveAsked): boolean {
  const [[kind, text]] = Object.entries(object) as [[string, string]];
  if (kind === "ROUTE") {
    if (!("route" in asked)) return false;
    return new RegExp(`^${text.replaceAll("*", "[^]*")}$`).test(asked.route);
  }
  if ("route" in asked || kind === "DESCRIPTOR") return false;
  const [first, ...keys] = text.split(", ");
  const id = /^\(Submodel\)(.+)$/.exec(first!)?.[1];
  if (id !== "*" && id !== asked.submodel.id) return false;
  if (kind === "IDENTIFIABLE") return true;
  if (!("element" in asked)) return false;
  const path = keys.map((key) => key.replace(/^\(\w+\)/, ""));
  const wanted = asked.element.split(/[.[\]]+/).filter((step) => step !== "");
  return path.every((step, at) => wanted[at] === step);
}

class Asking {
  readonly #asker: NaiveAsker;
  readonly #submodel: Submodel | undefined;

  constructor(asker: NaiveAsker, submodel: Submodel | undefined) {
    this.#asker = asker;
    this.#submodel = submodel;
  }

  /** Undefined: without a result. */
  of(condition: Json): boolean | undefined {
    const [[operator, of]] = Object.entries(condition) as [[string, unknown]];
    if (operator === "$boolean") return of as boolean;
    if (operator === "$not") {
      const inner = this.of(of as Json);
      return inner === undefined ? undefined : !inner;
    }
    if (operator === "$and" || operator === "$or") {
      const parts = (of as readonly Json[]).map((one) => this.of(one));
      if (parts.includes(undefined)) return undefined;
      return operator === "$and" ? !parts.includes(false) : parts.includes(true);
    }
    return this.#together(operator === "$match" ? comparisonsOf(condition) : [condition]);
  }

  /** Whether some choice of items of the lists satisfies all of them. */
  #together(comparisons: readonly Json[]): boolean | undefined {
    const all = comparisons.map((one) => this.#compared(one));
    if (all.some((one) => !one.some(({ outcome }) => outcome === true) && one.some(({ outcome }) => outcome === undefined)))
      return undefined;
    const choose = (at: number, chosen: Where): boolean =>
      at === all.length ||
      all[at]!.some(({ outcome, where }) => outcome === true && agree(chosen, where) && choose(at + 1, { ...chosen, ...where }));
    return choose(0, {});
  }

  #compared(comparison: Json): readonly { readonly outcome: boolean | undefined; readonly where: Where }[] {
    const [[operator, operands]] = Object.entries(comparison) as [[string, readonly Json[]]];
    let [a, b] = operands as [Json, Json];
    // a text beside a moment is one where it can be
    if (isMoment(b)) a = momentOf(a);
    if (isMoment(a)) b = momentOf(b);
    const found: { outcome: boolean | undefined; where: Where }[] = [];
    for (const left of this.#values(a))
      for (const right of this.#values(b))
        if (agree(left.where, right.where))
          found.push({ outcome: outcomeOf(operator, left, right), where: { ...left.where, ...right.where } });
    return found;
  }

  #values(operand: Json): readonly Found[] {
    const [[kind, of]] = Object.entries(operand) as [[string, unknown]];
    const constant = (value: Value): readonly Found[] => [{ value, isText: false, where: {} }];
    switch (kind) {
      case "$field":
        return this.#field(of as string);
      case "$attribute":
        return this.#attribute(of as Json);
      case "$strVal":
        return constant({ str: of as string });
      case "$numVal":
        return constant({ num: of as number });
      case "$boolean":
        return constant({ bool: of as boolean });
      case "$hexVal":
        return constant(castOf({ str: of as string }, "hex")!);
      case "$timeVal":
        return constant(castOf({ str: of as string }, "time")!);
      case "$dateTimeVal":
        return constant(castOf({ str: of as string }, "dateTime")!);
      default: {
        const part = ["$dayOfWeek", "$dayOfMonth", "$month", "$year"].includes(kind) ? kind : undefined;
        const to = kind.slice(1).replace("Cast", "") as Kind;
        return this.#values(of as Json).map((one): Found => {
          if (one.value === undefined) return { ...one, isText: false };
          const value = part === undefined ? castOf(one.value, to) : partOf(part, one.value);
          return { ...one, isText: false, value, isWrong: value === undefined };
        });
      }
    }
  }

  #attribute({ CLAIM, GLOBAL }: Json): readonly Found[] {
    const { claims, nowMs, serverAhead, clientAhead, mode } = this.#asker;
    const values = ((): readonly Value[] => {
      if (CLAIM !== undefined) {
        const claim = claims[String(CLAIM)] ?? [];
        return (typeof claim === "string" ? [claim] : claim).map((str) => ({ str }));
      }
      if (GLOBAL === "ANONYMOUS") return [{ bool: Object.keys(claims).length === 0 }];
      if (GLOBAL === undefined) return mode === undefined ? [] : [{ str: mode }];
      const ahead = GLOBAL === "UTCNOW" ? 0 : GLOBAL === "LOCALNOW" ? serverAhead : clientAhead;
      return ahead === undefined ? [] : [{ dateTime: { ms: nowMs, ahead } }];
    })();
    if (values.length === 0) return [{ value: undefined, isText: true, isNowhere: true, where: {} }];
    return values.map((value) => ({ value, isText: true, where: {} }));
  }

  #field(field: string): readonly Found[] {
    const [root, attribute] = field.split("#") as [string, string];
    const found: Found[] = [];
    const starts: (readonly [object, Where, string])[] = [];
    if (this.#submodel === undefined)
      return [{ value: undefined, isText: true, isNowhere: root.startsWith("$sme") || attribute.includes("[]"), where: {} }];
    if (!root.startsWith("$sme")) starts.push([this.#submodel, {}, root]);
    else for (const [element, where] of this.#elements(root.slice(5))) starts.push([element, where, root]);
    for (const [start, where, name] of starts) found.push(...attributesAt(start, written(attribute), where, `${name}#`));
    if (found.length > 0) return found;
    return [{ value: undefined, isText: true, isNowhere: root.startsWith("$sme") || attribute.includes("[]"), where: {} }];
  }

  /** The elements that a path leads to, from any element on. */
  #elements(path: string): readonly (readonly [object, Where])[] {
    const everything = allBelow((this.#submodel as unknown as Json)["submodelElements"]);
    if (path === "") return everything.map((one, at) => [one, { $sme: at }]);
    let name = "$sme";
    let here: readonly (readonly [Json, Where])[] = [];
    for (const [at, step] of path.split(".").entries()) {
      const [idShort, ...places] = step.split(/\[|\]\[|\]/) as [string, ...string[]];
      name += `.${idShort}`;
      const key = name;
      here =
        at === 0
          ? everything.flatMap((one, number) => (one["idShort"] === idShort ? [[one, { [key]: number }] as const] : []))
          : here.flatMap(([one, where]) =>
              one["modelType"] === "SubmodelElementList"
                ? []
                : childrenOf(one)
                    .filter((child) => child["idShort"] === idShort)
                    .map((child) => [child, where] as const),
            );
      for (const place of places.slice(0, -1)) {
        name += `[${place}]`;
        const listKey = name;
        here = here.flatMap(([one, where]) => {
          if (one["modelType"] !== "SubmodelElementList") return [];
          const items = childrenOf(one);
          if (place !== "") return items[Number(place)] === undefined ? [] : [[items[Number(place)]!, where] as const];
          return items.map((item) => [item, { ...where, [listKey]: everything.indexOf(item) }] as const);
        });
      }
    }
    return here;
  }
}

function written(attribute: string): readonly string[] {
  return (attribute === "semanticId" ? "semanticId.keys[0].value" : attribute).split(".");
}

function attributesAt(of: unknown, [step, ...rest]: readonly string[], where: Where, name: string): readonly Found[] {
  if (step === undefined) return typeof of === "string" ? [{ value: { str: of }, isText: true, where }] : [];
  if (typeof of !== "object" || of === null) return [];
  const [, key = "", place] = /^(\w+)(?:\[(\d*)\])?$/.exec(step)!;
  const next = (of as Json)[key];
  if (place === undefined) return Array.isArray(next) ? [] : attributesAt(next, rest, where, `${name}.${key}`);
  if (!Array.isArray(next)) return [];
  if (place !== "") return attributesAt(next[Number(place)], rest, where, `${name}.${key}[${place}]`);
  const list = `${name}.${key}[]`;
  return next.flatMap((item: unknown, at) => attributesAt(item, rest, { ...where, [list]: at }, list));
}

function childrenOf(element: Json): readonly Json[] {
  return Array.isArray(element["value"]) ? (element["value"] as readonly Json[]) : [];
}

function allBelow(elements: unknown): readonly Json[] {
  return ((elements ?? []) as readonly Json[]).flatMap((one) => [one, ...allBelow(childrenOf(one))]);
}

function comparisonsOf(condition: Json): readonly Json[] {
  return condition["$match"] === undefined ? [condition] : (condition["$match"] as readonly Json[]).flatMap(comparisonsOf);
}

function agree(one: Where, other: Where): boolean {
  return Object.entries(other).every(([list, at]) => one[list] === undefined || one[list] === at);
}

function isMoment(operand: Json): boolean {
  const global = (operand["$attribute"] as Json | undefined)?.["GLOBAL"];
  return (
    (typeof global === "string" && global.endsWith("NOW")) ||
    ["$dateTimeCast", "$timeCast", "$dateTimeVal", "$timeVal"].some((key) => key in operand)
  );
}

function momentOf(operand: Json): Json {
  const text = operand["$strVal"];
  if (typeof text !== "string") return operand;
  if (castOf({ str: text }, "time") !== undefined) return { $timeVal: text };
  return castOf({ str: text }, "dateTime") === undefined ? operand : { $dateTimeVal: text };
}

function kindOf(value: Value): Kind {
  return Object.keys(value)[0] as Kind;
}

function outcomeOf(operator: string, left: Found, right: Found): boolean | undefined {
  if (left.isWrong === true || right.isWrong === true) return undefined;
  if (left.value === undefined || right.value === undefined) {
    const isBoth = left.value === undefined && right.value === undefined;
    if (["$eq", "$le", "$ge"].includes(operator)) return isBoth;
    return operator === "$ne" && !isBoth && (left.value === undefined ? left.isNowhere : right.isNowhere) !== true;
  }
  let [a, b]: [Value | undefined, Value | undefined] = [left.value, right.value];
  if (left.isText && (!right.isText || kindOf(b) !== "str")) a = castOf(a, kindOf(b));
  else if (right.isText && (!left.isText || kindOf(a) !== "str")) b = castOf(b, kindOf(a));
  if (a === undefined || b === undefined) return operator === "$eq" ? false : operator === "$ne" ? true : undefined;
  return compared(operator, a, b);
}

function compared(operator: string, a: Value, b: Value): boolean | undefined {
  const isSameKind = kindOf(a) === kindOf(b);
  const [x, y] = [comparable(a), comparable(b)];
  if (operator === "$eq") return isSameKind && x === y;
  if (operator === "$ne") return !(isSameKind && x === y);
  if (["$starts-with", "$ends-with", "$contains", "$regex"].includes(operator)) {
    if (!("str" in a) || !("str" in b)) return undefined;
    if (operator === "$regex") return new RegExp(b.str).test(a.str);
    if (operator === "$contains") return a.str.indexOf(b.str) >= 0;
    return operator === "$starts-with" ? a.str.slice(0, b.str.length) === b.str : b.str === "" || a.str.slice(-b.str.length) === b.str;
  }
  if (!isSameKind) return undefined;
  if ("bool" in a) return (operator === "$ge" || operator === "$le") && x === y;
  return { $gt: x > y, $ge: x >= y, $lt: x < y, $le: x <= y }[operator];
}

function comparable(value: Value): string | number | boolean {
  if ("hex" in value) return Number.parseInt(value.hex, 16);
  if ("dateTime" in value) return value.dateTime.ms;
  return Object.values(value)[0] as string | number | boolean;
}

function castOf(value: Value, to: Kind): Value | undefined {
  if (kindOf(value) === to) return value;
  if (to === "str") return { str: textOf(value) };
  if ("str" in value) return ofText(value.str.trim(), to);
  if (to === "num" && "bool" in value) return { num: value.bool ? 1 : 0 };
  if (to === "num" && "hex" in value) return { num: Number.parseInt(value.hex, 16) };
  if (to === "bool" && "num" in value) return { bool: value.num !== 0 };
  if (to === "hex" && "num" in value)
    return Number.isInteger(value.num) && value.num >= 0 ? { hex: value.num.toString(16).toUpperCase() } : undefined;
  if (to === "time" && "dateTime" in value) return { time: local(value.dateTime) % DAY };
  return undefined;
}

function ofText(text: string, to: Kind): Value | undefined {
  if (to === "num") return /^[+-]?\d+(\.\d+)?$/.test(text) ? { num: Number(text) } : undefined;
  if (to === "bool") return ["true", "1"].includes(text) ? { bool: true } : ["false", "0"].includes(text) ? { bool: false } : undefined;
  if (to === "hex") {
    const digits = text.replace(/^16#/, "");
    return /^[0-9A-Fa-f]+$/.test(digits) ? { hex: Number.parseInt(digits, 16).toString(16).toUpperCase() } : undefined;
  }
  if (to === "time") {
    const [, hours, minutes, seconds = "0"] = /^(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
    return hours === undefined ? undefined : { time: ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 };
  }
  return /^\d{4}-\d\d-\d\dT/.test(text) ? { dateTime: { ms: Date.parse(text), ahead: 0 } } : undefined;
}

/** A clock of UTC that shows what the local one does. */
function local({ ms, ahead }: Moment): number {
  return ms + ahead * MINUTE;
}

function textOf(value: Value): string {
  if ("hex" in value) return value.hex;
  if ("time" in value) return new Date(value.time).toISOString().slice(11, 19);
  if (!("dateTime" in value)) return String(Object.values(value)[0]);
  const { ahead } = value.dateTime;
  const [hours, minutes] = [Math.floor(Math.abs(ahead) / 60), Math.abs(ahead) % 60].map((part) => String(part).padStart(2, "0"));
  return new Date(local(value.dateTime)).toISOString().slice(0, 19) + (ahead === 0 ? "Z" : `${ahead < 0 ? "-" : "+"}${hours}:${minutes}`);
}

function partOf(part: string, value: Value): Value | undefined {
  const moment = castOf(value, "dateTime");
  if (moment === undefined || !("dateTime" in moment)) return undefined;
  const date = new Date(local(moment.dateTime));
  if (part === "$dayOfWeek") return { num: date.getUTCDay() };
  return { num: part === "$dayOfMonth" ? date.getUTCDate() : part === "$month" ? date.getUTCMonth() + 1 : date.getUTCFullYear() };
}
