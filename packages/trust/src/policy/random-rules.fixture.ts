// Random access rules of the whole grammar of IDTA-01004 3.0.2, each as its text and as its JSON.

/** The same thing in both forms. */
export interface Both {
  readonly text: string;
  readonly json: unknown;
}

export type Random = (below: number) => number;

/** Random, but the same for one seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export const MODE = "(Submodel)urn:mode, (Property)Mode";
const FIELDS = [
  "$sm#id",
  "$sm#idShort",
  "$sm#semanticId",
  "$sm#semanticId.type",
  "$sm#semanticId.keys[0].value",
  "$sm#semanticId.keys[1].value",
  "$sm#semanticId.keys[].value",
  "$sm#semanticId.keys[].type",
  "$sme#idShort",
  "$sme#value",
  "$sme.Motor#value",
  "$sme.Motor#valueType",
  "$sme.Motor#semanticId",
  "$sme.List[]#value",
  "$sme.List[0]#value",
  "$sme.List[2]#value",
  "$sme.Box.Motor#value",
  "$sme.Box#idShort",
  "$sme.Rows[].Name#value",
  "$sme.Rows[].Size#value",
  "$sme.Rows[1].Size#value",
];
export const TEXTS = ["fitter", "urn:a", "urn:", "sem:1", "3", "07", "true", "Motor", "12:30", "2026-11-30T12:00:00Z", "16#0A", "a"];
const PATTERNS = ["^urn:", "r$", "[0-9]+", "^(fitter|lead)$", "o.*o", "."];
const COMPARED = ["$eq", "$ne", "$gt", "$ge", "$lt", "$le"];

export class RandomRules {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  pick<Item>(list: readonly Item[]): Item {
    return list[this.#random(list.length)]!;
  }

  is(of: number): boolean {
    return this.#random(of) === 0;
  }

  /** With some of each kind of definition, and rules that use them. */
  set(count: number): Both {
    const groups = [this.#attributes(2), this.#attributes(1)];
    const [acl, formula] = [this.#acl(["g0", "g1"]), this.condition(2)];
    const objects = [this.#objects(2), this.#objects(1)];
    const rules = Array.from({ length: count }, () => this.#rule());
    return {
      text: [
        ...groups.map((group, at) => `DEFATTRIBUTES "g${at}" ${group.text}`),
        `DEFACLS "acl" ${acl.text}`,
        ...objects.map((group, at) => `DEFOBJECTS "o${at}" ${group.text}`),
        'DEFOBJECTS "both" USEOBJECTS "o0" USEOBJECTS "o1"',
        `DEFFORMULAS "formula" ${formula.text}`,
        ...rules.map(({ text }) => text),
      ].join(this.pick(["\n", " ", "\r\n\t"])),
      json: {
        AllAccessPermissionRules: {
          DEFATTRIBUTES: groups.map(({ json }, at) => ({ name: `g${at}`, attributes: json })),
          DEFACLS: [{ name: "acl", acl: acl.json }],
          DEFOBJECTS: [...objects.map(({ json }, at) => ({ name: `o${at}`, objects: json })), { name: "both", USEOBJECTS: ["o0", "o1"] }],
          DEFFORMULAS: [{ name: "formula", formula: formula.json }],
          rules: rules.map(({ json }) => json),
        },
      },
    };
  }

  #rule(): Both {
    const own = this.#acl(["g0"]);
    const acl = this.is(4) ? { text: 'USEACL "acl"', json: { USEACL: "acl" } } : { text: own.text, json: { ACL: own.json } };
    const listed = this.#objects(1 + this.#random(2));
    const named = this.pick(["o0", "both"]);
    const objects = this.is(4)
      ? { text: `USEOBJECTS "${named}"`, json: { USEOBJECTS: [named] } }
      : { text: listed.text, json: { OBJECTS: listed.json } };
    const condition = this.condition(3);
    const formula = this.is(5)
      ? { text: 'USEFORMULA "formula"', json: { USEFORMULA: "formula" } }
      : { text: `FORMULA: ${condition.text}`, json: { FORMULA: condition.json } };
    const filter = this.#filter();
    return {
      text: `ACCESSRULE: ${acl.text} OBJECTS: ${objects.text} ${formula.text} ${filter?.text ?? ""}`,
      json: { ...acl.json, ...objects.json, ...formula.json, ...(filter && { FILTER: filter.json }) },
    };
  }

  #filter(): Both | undefined {
    if (!this.is(4)) return undefined;
    const fragment = this.pick(["$sm#idShort", "$sm#semanticId", "$sm#id", "$sme.Motor#value", "$sme.List[]", "$sme.Box"]);
    if (this.is(3))
      return { text: `FILTER: FRAGMENT "${fragment}" USEFORMULA "formula"`, json: { FRAGMENT: fragment, USEFORMULA: "formula" } };
    const condition = this.condition(1);
    return {
      text: `FILTER: FRAGMENT "${fragment}" CONDITION: ${condition.text}`,
      json: { FRAGMENT: fragment, CONDITION: condition.json },
    };
  }

  #acl(groups: readonly string[]): Both {
    const rights = [
      ...new Set(Array.from({ length: 1 + this.#random(2) }, () => this.pick(["READ", "READ", "UPDATE", "EXECUTE", "ALL", "VIEW"]))),
    ];
    const access = this.is(8) ? "DISABLED" : "ALLOW";
    const [own, group] = [this.#attributes(1 + this.#random(2)), this.pick(groups)];
    const attributes = this.is(3)
      ? { text: `USEATTRIBUTES "${group}"`, json: { USEATTRIBUTES: group } }
      : { text: own.text, json: { ATTRIBUTES: own.json } };
    return {
      text: `ATTRIBUTES: ${attributes.text} RIGHTS: ${rights.join(" ")} ACCESS: ${access}`,
      json: { ...attributes.json, RIGHTS: rights, ACCESS: access },
    };
  }

  #attributes(count: number): Both {
    const all = [...new Map(Array.from({ length: count }, () => this.#attribute()).map((one) => [one.text, one])).values()];
    return { text: all.map(({ text }) => text).join(" "), json: all.map(({ json }) => json) };
  }

  #attribute(): Both {
    const [kind, name] = this.pick([
      ["CLAIM", "role"],
      ["CLAIM", "role"],
      ["CLAIM", "level"],
      ["GLOBAL", "UTCNOW"],
      ["GLOBAL", "LOCALNOW"],
      ["GLOBAL", "CLIENTNOW"],
      ["GLOBAL", "ANONYMOUS"],
      ["REFERENCE", MODE],
    ] as const);
    return { text: `${kind}(${kind === "GLOBAL" ? name : `"${name}"`})`, json: { [kind]: name } };
  }

  #objects(count: number): Both {
    const all = Array.from({ length: count }, () =>
      this.pick([
        ["IDENTIFIABLE", "(Submodel)*"],
        ["IDENTIFIABLE", "(Submodel)*"],
        ["IDENTIFIABLE", `(Submodel)urn:${this.pick(["a", "b", "c"])}`],
        ["REFERABLE", `(Submodel)urn:a, (Property)${this.pick(["Motor", "Box"])}`],
        ["REFERABLE", "(Submodel)*, (SubmodelElementCollection)Box, (Property)Motor"],
        ["REFERABLE", "(Submodel)urn:b, (SubmodelElementList)List, (Property)1"],
        ["ROUTE", this.pick(["*", "/submodels/*", "/submodels", "/shells/*/x", "/submodels/1"])],
        ["DESCRIPTOR", "(aasDesc)*"],
        ["IDENTIFIABLE", "(AssetAdministrationShell)*"],
      ] as const),
    );
    const unique = [...new Map(all.map((one) => [one.join(), one])).values()];
    return { text: unique.map(([kind, name]) => `${kind} "${name}"`).join(" "), json: unique.map(([kind, name]) => ({ [kind]: name })) };
  }

  condition(depth: number): Both {
    const kind = depth === 0 ? 3 : this.#random(9);
    if (kind === 0) {
      const inner = this.condition(depth - 1);
      return { text: `$not(${inner.text})`, json: { $not: inner.json } };
    }
    if (kind < 3) {
      const parts = Array.from({ length: 2 + this.#random(2) }, () => this.condition(depth - 1));
      const operator = kind === 1 ? "$and" : "$or";
      return { text: `${operator}(${parts.map(({ text }) => text).join(", ")})`, json: { [operator]: parts.map(({ json }) => json) } };
    }
    if (kind === 4) {
      const value = this.is(2);
      return { text: String(value), json: { $boolean: value } };
    }
    if (kind === 5) return this.#match(1);
    if (kind === 6) {
      const inner = this.condition(depth - 1);
      return { text: `( ${inner.text} )`, json: inner.json };
    }
    return this.#comparison();
  }

  #match(depth: number): Both {
    const parts = Array.from({ length: 1 + this.#random(3) }, () =>
      depth > 0 && this.is(6) ? this.#match(depth - 1) : this.#comparison(),
    );
    return { text: `$match(${parts.map(({ text }) => text).join(", ")})`, json: { $match: parts.map(({ json }) => json) } };
  }

  #comparison(): Both {
    if (this.is(4)) {
      const operator = this.pick(["$starts-with", "$ends-with", "$contains", "$regex"]);
      const left = this.#textOperand();
      const pattern = this.pick(PATTERNS);
      const right = operator === "$regex" ? { text: `"${pattern}"`, json: { $strVal: pattern } } : this.#textOperand();
      return { text: `${operator}(${left.text}, ${right.text})`, json: { [operator]: [left.json, right.json] } };
    }
    const operator = this.pick(COMPARED);
    const kinds = [
      () => this.#textOperand(),
      () => this.#number(),
      () => this.#hex(),
      () => this.#bool(),
      () => this.#moment(),
      () => this.#time(),
    ];
    const [one, field] = [this.pick(kinds), () => this.#field()];
    const [first, second] = this.is(3) ? [field, one] : [one, one];
    const [left, right] = (this.is(2) ? [first, second] : [second, first]).map((operand) => operand()) as [Both, Both];
    return { text: `${left.text} ${operator} ${right.text}`, json: { [operator]: [left.json, right.json] } };
  }

  #field(): Both {
    const field = this.pick(FIELDS);
    return { text: field, json: { $field: field } };
  }

  #textOperand(): Both {
    const text = this.pick(TEXTS);
    return this.pick([
      () => this.#field(),
      () => this.#field(),
      () => ({ text: `"${text}"`, json: { $strVal: text } }),
      () => this.#cast("str", this.#operand()),
      () => {
        const { text: attribute, json } = this.#attribute();
        return { text: attribute, json: { $attribute: json } };
      },
    ])();
  }

  #operand(): Both {
    return this.pick([
      () => this.#field(),
      () => this.#number(),
      () => this.#hex(),
      () => this.#bool(),
      () => this.#moment(),
      () => this.#time(),
      () => {
        const text = this.pick(TEXTS);
        return { text: `"${text}"`, json: { $strVal: text } };
      },
    ])();
  }

  #cast(to: string, of: Both): Both {
    return { text: `${to}(${of.text})`, json: { [`$${to}Cast`]: of.json } };
  }

  #number(): Both {
    const number = this.pick([0, 3, 7, 10, -2, 2.5, 12]);
    return this.pick([
      () => ({ text: String(number), json: { $numVal: number } }),
      () => this.#cast("num", this.#field()),
      () => {
        const [part, moment] = [this.pick(["$dayOfWeek", "$dayOfMonth", "$month", "$year"]), this.#moment()];
        return { text: `${part}(${moment.text})`, json: { [part]: moment.json } };
      },
    ])();
  }

  #hex(): Both {
    const hex = this.pick(["16#A", "16#00FF", "16#3"]);
    return this.is(2) ? { text: hex, json: { $hexVal: hex } } : this.#cast("hex", this.#field());
  }

  #bool(): Both {
    const value = this.is(2);
    return this.is(2) ? { text: String(value), json: { $boolean: value } } : this.#cast("bool", this.#field());
  }

  #moment(): Both {
    const moment = this.pick(["2026-11-30T12:00:00Z", "2026-11-29T23:30:00Z", "2026-11-30T13:00:00+01:00", "2026-12-01T00:00:00Z"]);
    const now = this.pick(["UTCNOW", "LOCALNOW", "CLIENTNOW"]);
    return this.pick([
      () => ({ text: moment, json: { $dateTimeVal: moment } }),
      () => ({ text: `GLOBAL(${now})`, json: { $attribute: { GLOBAL: now } } }),
      () => this.#cast("dateTime", this.#field()),
    ])();
  }

  #time(): Both {
    const time = this.pick(["09:00", "12:30", "12:00:00", "23:59"]);
    return this.pick([
      () => ({ text: time, json: { $timeVal: time } }),
      () => this.#cast("time", this.#moment()),
      () => this.#cast("time", this.#field()),
    ])();
  }
}
