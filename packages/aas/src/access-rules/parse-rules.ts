import { isMessage, message } from "@doppelwerk/messages";
import { parseIdShortPath } from "../id-short-path.ts";
import { parseField, type Field, type FieldRoot } from "../query/field-identifier.ts";
import { ConditionReader, readOrProblem, type QueryProblem } from "../query/parse-query.ts";
import type { Attribute, Condition, Operand } from "../query/query.ts";
import { fragmentAsHeld } from "./fragment.ts";
import { RIGHTS, type AccessRule, type AccessRules, type Filter, type ObjectClass, type Right, type RuleObject } from "./access-rules.ts";

const ROOTS: readonly FieldRoot[] = ["aas", "sm", "sme", "cd", "aasdesc", "smdesc"];
const GLOBALS: readonly string[] = ["LOCALNOW", "UTCNOW", "CLIENTNOW", "ANONYMOUS"];
/** How deep definitions may refer to definitions. */
const MAX_DEPTH = 16;
const MAX_RULES = 10_000;
const MAX_OBJECTS = 10_000;
const NAMES = String.raw`[A-Za-z0-9_-]+(?:\[\d{0,9}\])*(?:\.[A-Za-z0-9_-]+(?:\[\d{0,9}\])*)*`;
/** `$aas#assetInformation.specificAssetIds[0]`; an element as a whole has no `#`. */
const FRAGMENT = new RegExp(String.raw`^(?:\$(?:aasdesc|smdesc|aas|sm|cd)#${NAMES}|\$sme(?:\.${NAMES})?(?:#${NAMES})?)$`);

const CLASSES: Readonly<Record<string, ObjectClass>> = {
  assetadministrationshell: "aas",
  aas: "aas",
  submodel: "sm",
  sm: "sm",
  conceptdescription: "cd",
  cd: "cd",
  aasdesc: "aasdesc",
  smdesc: "smdesc",
};

type Json = Readonly<Record<string, unknown>>;
type DefinitionKey = "DEFATTRIBUTES" | "DEFACLS" | "DEFOBJECTS" | "DEFFORMULAS";

/** Reads the JSON form of access rules (IDTA-01004 3.0.2, JSON Schema). Never throws. */
export function parseAccessRules(json: unknown): AccessRules | QueryProblem {
  return readOrProblem(() => new RulesReader().read(json));
}

class RulesReader {
  #reader = new ConditionReader(ROOTS, (json, path) => this.#operand(json, path));
  #named: Readonly<Record<DefinitionKey, ReadonlyMap<string, readonly [Json, string]>>> = {
    DEFATTRIBUTES: new Map(),
    DEFACLS: new Map(),
    DEFOBJECTS: new Map(),
    DEFFORMULAS: new Map(),
  };

  /** Each is read once, however many name it. */
  readonly #groups = new Map<Json, readonly RuleObject[]>();

  read(json: unknown): AccessRules {
    const at = "/AllAccessPermissionRules";
    const all = this.#only(this.#object(json, ""), ["AllAccessPermissionRules"], "");
    const held = this.#only(this.#object(all["AllAccessPermissionRules"], at), [...Object.keys(this.#named), "rules"], at);
    this.#named = {
      DEFATTRIBUTES: this.#definitions(held, "DEFATTRIBUTES", at),
      DEFACLS: this.#definitions(held, "DEFACLS", at),
      DEFOBJECTS: this.#definitions(held, "DEFOBJECTS", at),
      DEFFORMULAS: this.#definitions(held, "DEFFORMULAS", at),
    };
    // a definition that no rule names is read too: what is wrong in it is found now
    for (const [acl, where] of this.#named.DEFACLS.values()) this.#acl(acl["acl"], `${where}/acl`);
    for (const [formula, where] of this.#named.DEFFORMULAS.values()) this.#condition(formula["formula"], `${where}/formula`);
    for (const [group, where] of this.#named.DEFATTRIBUTES.values()) this.#attributes(group["attributes"], `${where}/attributes`);
    for (const [group, where] of this.#named.DEFOBJECTS.values()) this.#group(group, where, []);
    const rules = this.#list(held["rules"], `${at}/rules`);
    if (rules.length > MAX_RULES) this.#reader.refuse(`${at}/rules`, message("aas.rules.tooMany", { max: MAX_RULES }));
    return { rules: rules.flatMap((rule, index) => this.#rule(rule, `${at}/rules/${index}`)) };
  }

  /** None where the rule is disabled. */
  #rule(json: unknown, at: string): readonly AccessRule[] {
    const keys = ["ACL", "USEACL", "OBJECTS", "USEOBJECTS", "FORMULA", "USEFORMULA", "FILTER", "FILTERLIST"];
    const rule = this.#only(this.#object(json, at), keys, at);
    this.#oneOf(rule, ["ACL", "USEACL"], at);
    this.#oneOf(rule, ["FORMULA", "USEFORMULA"], at);
    const acl =
      rule["ACL"] === undefined
        ? this.#use("DEFACLS", rule["USEACL"], `${at}/USEACL`, "acl", this.#acl)
        : this.#acl(rule["ACL"], `${at}/ACL`);
    const objects = this.#objectsOf(rule, at);
    const formula = this.#formula(rule, "FORMULA", at);
    const filters = [
      ...(rule["FILTER"] === undefined ? [] : [this.#filter(rule["FILTER"], `${at}/FILTER`)]),
      ...(rule["FILTERLIST"] === undefined
        ? []
        : this.#list(rule["FILTERLIST"], `${at}/FILTERLIST`).map((one, index) => this.#filter(one, `${at}/FILTERLIST/${index}`))),
    ];
    return acl.isOn ? [{ attributes: acl.attributes, rights: acl.rights, objects, formula, filters }] : [];
  }

  #acl = (
    json: unknown,
    at: string,
  ): { readonly isOn: boolean; readonly attributes: readonly Attribute[]; readonly rights: ReadonlySet<Right> } => {
    const acl = this.#only(this.#object(json, at), ["ATTRIBUTES", "USEATTRIBUTES", "RIGHTS", "ACCESS"], at);
    this.#oneOf(acl, ["ATTRIBUTES", "USEATTRIBUTES"], at);
    const attributes =
      acl["ATTRIBUTES"] === undefined
        ? this.#use("DEFATTRIBUTES", acl["USEATTRIBUTES"], `${at}/USEATTRIBUTES`, "attributes", this.#attributes)
        : this.#attributes(acl["ATTRIBUTES"], `${at}/ATTRIBUTES`);
    const rights = this.#list(acl["RIGHTS"], `${at}/RIGHTS`).flatMap((right, index): readonly Right[] => {
      if (right === "ALL") return RIGHTS;
      const known = RIGHTS.find((each) => each === right);
      return [known ?? this.#unknown(right, [...RIGHTS, "ALL"], `${at}/RIGHTS/${index}`)];
    });
    if (rights.length === 0) this.#reader.refuse(`${at}/RIGHTS`, message("aas.query.listExpected", { min: 1 }));
    if (acl["ACCESS"] !== "ALLOW" && acl["ACCESS"] !== "DISABLED") this.#unknown(acl["ACCESS"], ["ALLOW", "DISABLED"], `${at}/ACCESS`);
    return { isOn: acl["ACCESS"] === "ALLOW", attributes, rights: new Set(rights) };
  };

  #attributes = (json: unknown, at: string): readonly Attribute[] =>
    this.#list(json, at).flatMap((one, index) => (ownField(one) === undefined ? [this.#attribute(one, `${at}/${index}`)] : []));

  #attribute(json: unknown, at: string): Attribute {
    const [kind, name, where] = this.#onlyOne(json, ["CLAIM", "GLOBAL", "REFERENCE"], at);
    if (kind === "CLAIM") return { kind: "claim", name };
    if (kind === "GLOBAL")
      return { kind: "global", name: (GLOBALS.includes(name) ? name : this.#unknown(name, GLOBALS, where)) as "UTCNOW" };
    const { submodel, path } = this.#referable(name, where);
    if (submodel === undefined || path === undefined) return this.#reader.refuse(where, message("aas.rules.noElement", { text: name }));
    return { kind: "element", submodel, path };
  }

  /** In a condition. `(Submodel)*#Id` is the submodel that is asked for. */
  #operand(json: unknown, at: string): Operand {
    const field = ownField(json);
    return field === undefined ? { kind: "attribute", attribute: this.#attribute(json, at) } : { kind: "field", field };
  }

  #objectsOf(held: Json, at: string): readonly RuleObject[] {
    if (held["OBJECTS"] === undefined && held["USEOBJECTS"] === undefined)
      this.#reader.refuse(at, message("aas.rules.oneOf", { keys: "OBJECTS, USEOBJECTS" }));
    const own = held["OBJECTS"] === undefined ? [] : this.#objects(held["OBJECTS"], `${at}/OBJECTS`);
    return held["USEOBJECTS"] === undefined ? own : this.#together(own, held["USEOBJECTS"], `${at}/USEOBJECTS`, []);
  }

  /** Objects with those of groups, each once; `within`: the groups that these stand in. */
  #together(own: readonly RuleObject[], groups: unknown, at: string, within: readonly string[]): readonly RuleObject[] {
    const all = new Map(own.map((one) => [JSON.stringify(one), one]));
    for (const [index, name] of this.#list(groups, at).entries()) {
      const where = `${at}/${index}`;
      const known = this.#text(name, where);
      if (within.includes(known)) this.#reader.refuse(where, message("aas.rules.cycle", { names: [...within, known].join(" → ") }));
      const found = this.#use("DEFOBJECTS", known, where, undefined, (group, groupAt) =>
        this.#group(group as Json, groupAt, [...within, known]),
      );
      for (const one of found) all.set(JSON.stringify(one), one);
      if (all.size > MAX_OBJECTS) this.#reader.refuse(where, message("aas.rules.groupTooLarge", { max: MAX_OBJECTS }));
    }
    return [...all.values()];
  }

  #group(held: Json, at: string, within: readonly string[]): readonly RuleObject[] {
    let found = this.#groups.get(held);
    if (found === undefined) {
      if (within.length > MAX_DEPTH) this.#reader.refuse(at, message("aas.query.tooDeep", { max: MAX_DEPTH }));
      this.#oneOf(held, ["objects", "USEOBJECTS"], at);
      const isOfGroups = held["objects"] === undefined;
      found = isOfGroups
        ? this.#together([], held["USEOBJECTS"], `${at}/USEOBJECTS`, within.length === 0 ? [String(held["name"])] : within)
        : this.#objects(held["objects"], `${at}/objects`);
      this.#groups.set(held, found);
    }
    return found;
  }

  #objects(json: unknown, at: string): readonly RuleObject[] {
    return this.#list(json, at).map((one, index) => this.#ruleObject(one, `${at}/${index}`));
  }

  #ruleObject(json: unknown, at: string): RuleObject {
    const [kind, text, where] = this.#onlyOne(json, ["ROUTE", "IDENTIFIABLE", "REFERABLE", "FRAGMENT", "DESCRIPTOR"], at);
    if (kind === "ROUTE") return { kind: "route", route: text };
    if (kind === "REFERABLE") return { kind: "element", ...this.#referable(text, where) };
    // what it names of an object is not readable apart from it here
    if (kind === "FRAGMENT") return this.#reader.refuse(where, message("aas.rules.fragmentAlone"));
    const [, name, id] = /^\(([A-Za-z]+)\)(.+)$/.exec(text) ?? /^\$([a-z]+)\("(.+)"\)$/.exec(text) ?? [];
    const found = name === undefined || !Object.hasOwn(CLASSES, name.toLowerCase()) ? undefined : CLASSES[name.toLowerCase()]!;
    const isDescriptor = found === "aasdesc" || found === "smdesc";
    if (found === undefined || isDescriptor !== (kind === "DESCRIPTOR"))
      return this.#reader.refuse(
        where,
        message("aas.rules.noObject", { text, examples: kind === "DESCRIPTOR" ? '(aasDesc)*, $smdesc("ID")' : '(Submodel)*, $aas("ID")' }),
      );
    return { kind: "object", class: found, ...(id !== "*" && { id: id! }) };
  }

  /** `(Submodel)ID, (Property)a` or `$sme("ID").a.b`; `*` for either is any. */
  #referable(text: string, at: string): { readonly submodel?: string; readonly path?: string } {
    const ofField = /^\$sme\("(.+)"\)(?:\.(.+))?$/.exec(text);
    const [first = "", ...steps] = text.split(/,\s*(?=\()/);
    const ofKeys = /^\(Submodel\)(.+)$/i.exec(first);
    const submodel = ofField?.[1] ?? ofKeys?.[1];
    if (submodel === undefined) return this.#reader.refuse(at, message("aas.rules.noElement", { text }));
    const names = steps.map(
      (step) => /^\([A-Za-z]+\)(.+)$/.exec(step)?.[1] ?? this.#reader.refuse(at, message("aas.rules.noElement", { text })),
    );
    // keys below a list are places in it
    const path =
      ofField === null
        ? names.map((name, at0) => (/^\d+$/.test(name) ? `[${name}]` : `${at0 === 0 ? "" : "."}${name}`)).join("")
        : (ofField[2] ?? "");
    if (path !== "" && path !== "*" && isMessage(parseIdShortPath(path) as never))
      this.#reader.refuse(at, message("aas.rules.noElement", { text }));
    return { ...(submodel !== "*" && { submodel }), ...(path !== "" && path !== "*" && { path }) };
  }

  #filter(json: unknown, at: string): Filter {
    const filter = this.#only(this.#object(json, at), ["FRAGMENT", "CONDITION", "USEFORMULA", "MATCH"], at);
    // conditions are always about the item that is shown or not
    if (filter["MATCH"] !== undefined && filter["MATCH"] !== true) this.#unknown(filter["MATCH"], ["true"], `${at}/MATCH`);
    this.#oneOf(filter, ["CONDITION", "USEFORMULA"], at);
    const fragment = fragmentAsHeld(this.#text(filter["FRAGMENT"], `${at}/FRAGMENT`));
    if (!FRAGMENT.test(fragment)) this.#reader.refuse(`${at}/FRAGMENT`, message("aas.query.noField", { field: fragment.slice(0, 100) }));
    return { fragment, condition: this.#formula(filter, "CONDITION", at) };
  }

  #formula(held: Json, key: string, at: string): Condition {
    return held[key] === undefined
      ? this.#use("DEFFORMULAS", held["USEFORMULA"], `${at}/USEFORMULA`, "formula", this.#condition)
      : this.#condition(held[key], `${at}/${key}`);
  }

  #condition = (json: unknown, at: string): Condition => {
    // bounds are those of one condition
    this.#reader = new ConditionReader(ROOTS, (attribute, path) => this.#operand(attribute, path));
    return this.#reader.condition(json, at, 0);
  };

  #definitions(held: Json, key: string, at: string): ReadonlyMap<string, readonly [Json, string]> {
    const found = new Map<string, readonly [Json, string]>();
    if (held[key] === undefined) return found;
    for (const [index, one] of this.#list(held[key], `${at}/${key}`).entries()) {
      const where = `${at}/${key}/${index}`;
      const definition = this.#object(one, where);
      const name = this.#text(definition["name"], `${where}/name`);
      if (found.has(name)) this.#reader.refuse(`${where}/name`, message("aas.rules.twice", { name }));
      found.set(name, [definition, where]);
    }
    return found;
  }

  #use<Read>(where: DefinitionKey, name: unknown, at: string, key: string | undefined, read: (json: unknown, at: string) => Read): Read {
    const definitions = this.#named[where];
    const found = definitions.get(this.#text(name, at));
    if (found === undefined)
      return this.#reader.refuse(
        at,
        message("aas.rules.notDefined", { name: String(name), names: [...definitions.keys()].join(", ") || "–" }),
      );
    return key === undefined ? read(found[0], found[1]) : read(found[0][key], `${found[1]}/${key}`);
  }

  #onlyOne(json: unknown, keys: readonly string[], at: string): readonly [key: string, text: string, at: string] {
    const held = this.#only(this.#object(json, at), keys, at);
    const [key, ...more] = Object.keys(held);
    if (key === undefined || more.length > 0) return this.#reader.refuse(at, message("aas.rules.oneOf", { keys: keys.join(", ") }));
    return [key, this.#text(held[key], `${at}/${key}`), `${at}/${key}`];
  }

  #oneOf(held: Json, keys: readonly string[], at: string): void {
    if (keys.filter((key) => held[key] !== undefined).length !== 1)
      this.#reader.refuse(at, message("aas.rules.oneOf", { keys: keys.join(", ") }));
  }

  #only(held: Json, keys: readonly string[], at: string): Json {
    for (const key of Object.keys(held)) if (!keys.includes(key)) this.#unknown(key, keys, at);
    return held;
  }

  #unknown(found: unknown, known: readonly string[], at: string): never {
    return this.#reader.refuse(
      at,
      message("aas.rules.unknown", { found: JSON.stringify(found)?.slice(0, 60) ?? "–", known: known.join(", ") }),
    );
  }

  #object(json: unknown, at: string): Json {
    return this.#reader.object(json, at);
  }

  #list(json: unknown, at: string): readonly unknown[] {
    if (!Array.isArray(json)) this.#reader.refuse(at, message("aas.query.listExpected", { min: 0 }));
    return json as readonly unknown[];
  }

  #text(json: unknown, at: string): string {
    if (typeof json !== "string" || json === "" || json.length > 2_048)
      this.#reader.refuse(at, message("aas.query.textExpected", { max: 2_048 }));
    return json as string;
  }
}

const OWN_FIELDS: Readonly<Record<string, string>> = { id: "id", idshort: "idShort", semanticid: "semanticId" };

/** The field of the submodel that is asked for, where a reference is to that. */
function ownField(json: unknown): Field | undefined {
  const { REFERENCE } = (json ?? {}) as { readonly REFERENCE?: unknown };
  const name = typeof REFERENCE === "string" ? /^\(Submodel\)\*#([A-Za-z]+)$/i.exec(REFERENCE)?.[1]!.toLowerCase() : undefined;
  if (name === undefined || !Object.hasOwn(OWN_FIELDS, name)) return undefined;
  const field = parseField(`$sm#${OWN_FIELDS[name]!}`);
  return isMessage(field) ? undefined : field;
}
