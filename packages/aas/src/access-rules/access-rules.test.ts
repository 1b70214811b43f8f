import { isMessage } from "@doppelwerk/messages";
import { describe, expect, test } from "vitest";
import { isFragmentOfModel, parseAccessRules, readAccessRulesText } from "./index.ts";

const RULE = `ACCESSRULE:
  ATTRIBUTES: CLAIM("role")
  RIGHTS: READ
  ACCESS: ALLOW
  OBJECTS: IDENTIFIABLE "(Submodel)*"
  FORMULA: CLAIM("role") $eq "fitter"
`;

const ruleOf = (text: string): Readonly<Record<string, unknown>> => {
  const read = readAccessRulesText(text);
  if ("reason" in read) throw new Error(JSON.stringify(read));
  return (read.AllAccessPermissionRules["rules"] as readonly Readonly<Record<string, unknown>>[])[0]!;
};
const formulaOf = (formula: string): unknown => ruleOf(RULE.replace('CLAIM("role") $eq "fitter"', formula))["FORMULA"];

describe("the text form", () => {
  test("[A100] what is wrong is told with its line and column", () => {
    for (const [change, line, column, code] of [
      [RULE.replace("READ", "LOOK"), 3, 11, "aas.rules.expected"],
      [RULE.replace('"fitter"', "fitter"), 6, 30, "aas.rules.expected"],
      [RULE.replace("$eq", "$is"), 6, 26, "aas.rules.expected"],
      [RULE.replace("OBJECTS:", "THINGS:"), 5, 3, "aas.rules.expected"],
      [RULE.slice(0, RULE.indexOf("FORMULA")), 6, 3, "aas.rules.ended"],
      [`${RULE}?`, 7, 1, "aas.rules.unreadable"],
      [RULE.replace('CLAIM("role") $eq "fitter"', `${"(".repeat(40)}true${")".repeat(40)}`), 6, 44, "aas.query.tooDeep"],
    ] as const)
      expect(readAccessRulesText(change), change).toMatchObject({ line, column, reason: { code } });
  });

  test("[A101] a quoted time beside a moment is a time, a cast to bool a comparison with true", () => {
    expect(formulaOf('GLOBAL(UTCNOW) $ge "09:00"')).toEqual({ $ge: [{ $attribute: { GLOBAL: "UTCNOW" } }, { $timeVal: "09:00" }] });
    expect(formulaOf('"2026-11-30T06:00:00Z" $le GLOBAL(LOCALNOW)')).toEqual({
      $le: [{ $dateTimeVal: "2026-11-30T06:00:00Z" }, { $attribute: { GLOBAL: "LOCALNOW" } }],
    });
    // the grammar leaves out the T, and the seconds before a fraction
    expect(formulaOf("GLOBAL(UTCNOW) $gt 2026-11-3012:00")).toMatchObject({ $gt: [{}, { $dateTimeVal: "2026-11-3012:00" }] });
    expect(formulaOf("time(GLOBAL(UTCNOW)) $gt 12:30.5")).toMatchObject({ $gt: [{}, { $timeVal: "12:30.5" }] });
    expect(formulaOf('CLAIM("role") $eq "09:00"')).toEqual({ $eq: [{ $attribute: { CLAIM: "role" } }, { $strVal: "09:00" }] });
    expect(formulaOf("bool($sme.Ready#value)")).toEqual({ $eq: [{ $boolCast: { $field: "$sme.Ready#value" } }, { $boolean: true }] });
    expect(formulaOf('$match($sme.List[].A#value $eq "1", num($sme.List[].B#value) $gt -2.5)')).toEqual({
      $match: [
        { $eq: [{ $field: "$sme.List[].A#value" }, { $strVal: "1" }] },
        { $gt: [{ $numCast: { $field: "$sme.List[].B#value" } }, { $numVal: -2.5 }] },
      ],
    });
  });
});

describe("groups of groups", () => {
  const inText = (definitions: string, attributes: string): unknown =>
    readAccessRulesText(definitions + RULE.replace('CLAIM("role")', attributes));

  test("[A100] attributes of groups in groups, and beside groups, are written out, each once and whatever the order; a circle is refused", () => {
    const groups =
      'DEFATTRIBUTES "a" CLAIM("x") USEATTRIBUTES "b" USEATTRIBUTES "c" DEFATTRIBUTES "b" CLAIM("y") USEATTRIBUTES "c" DEFATTRIBUTES "c" CLAIM("z")\n';
    const all = ["x", "y", "z"].map((CLAIM) => ({ CLAIM }));
    expect(inText(groups, 'USEATTRIBUTES "a"')).toMatchObject({
      AllAccessPermissionRules: {
        DEFATTRIBUTES: [{ name: "a", attributes: all }, { name: "b" }, { name: "c" }],
        rules: [{ ACL: { USEATTRIBUTES: "a" } }],
      },
    });
    expect(inText(groups, 'CLAIM("role") GLOBAL(UTCNOW) USEATTRIBUTES "c" USEATTRIBUTES "b"')).toMatchObject({
      AllAccessPermissionRules: {
        rules: [{ ACL: { ATTRIBUTES: [{ CLAIM: "role" }, { GLOBAL: "UTCNOW" }, { CLAIM: "z" }, { CLAIM: "y" }] } }],
      },
    });
    expect(inText('DEFATTRIBUTES "a" USEATTRIBUTES "b" DEFATTRIBUTES "b" USEATTRIBUTES "a"\n', 'CLAIM("role")')).toMatchObject({
      reason: { code: "aas.rules.cycle", params: { names: "a → b → a" } },
    });
    expect(inText("", 'CLAIM("role") USEATTRIBUTES "none"')).toMatchObject({ reason: { code: "aas.rules.notDefined" } });
  });

  const documentOf = (DEFOBJECTS: readonly object[], more: object = {}): unknown => ({
    AllAccessPermissionRules: { DEFOBJECTS, ...more, rules: [{ ...ruleOf(RULE), OBJECTS: undefined, USEOBJECTS: ["g0"] }] },
  });

  test("[A102] objects of groups in groups are each there once; a circle, too many of them, and what is wrong in a group that no rule names are refused", () => {
    const doubled = Array.from({ length: 14 }, (_, n) => ({ name: `g${n}`, USEOBJECTS: Array.from({ length: 10 }, () => `g${n + 1}`) }));
    const shells = { name: "g14", objects: [{ IDENTIFIABLE: "(AssetAdministrationShell)*" }] };
    expect(parseAccessRules(documentOf([...doubled, shells]))).toMatchObject({ rules: [{ objects: [{ kind: "object", class: "aas" }] }] });
    const circle = [
      { name: "g0", objects: [] },
      { name: "a", USEOBJECTS: ["b"] },
      { name: "b", USEOBJECTS: ["a"] },
    ];
    expect(parseAccessRules(documentOf(circle))).toMatchObject({ reason: { code: "aas.rules.cycle", params: { names: "a → b → a" } } });
    const many = Array.from({ length: 11 }, (_, n) => ({
      name: `m${n}`,
      objects: Array.from({ length: 1_000 }, (_1, at) => ({ ROUTE: `/${n}/${at}` })),
    }));
    expect(parseAccessRules(documentOf([{ name: "g0", USEOBJECTS: many.map(({ name }) => name) }, ...many]))).toMatchObject({
      reason: { code: "aas.rules.groupTooLarge" },
    });
    const empty = { name: "g0", objects: [] };
    for (const [document, path] of [
      [documentOf([empty, { name: "x", objects: [{ IDENTIFIABLE: "(Machine)*" }] }]), "DEFOBJECTS/1/objects/0/IDENTIFIABLE"],
      [documentOf([empty], { DEFATTRIBUTES: [{ name: "x", attributes: [{ GLOBAL: "NOW" }] }] }), "DEFATTRIBUTES/0/attributes/0/GLOBAL"],
    ] as const)
      expect(parseAccessRules(document)).toMatchObject({ path: `/AllAccessPermissionRules/${path}` });
  });
});

describe("the JSON form", () => {
  const documentOf = (change: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): unknown => ({
    AllAccessPermissionRules: { ...more, rules: [{ ...ruleOf(RULE), ...change }] },
  });

  test("[A102] objects in both spellings, with * for any", () => {
    const objects = [
      { IDENTIFIABLE: "(Submodel)*" },
      { IDENTIFIABLE: '$aas("urn:x")' },
      { DESCRIPTOR: "(aasDesc)*" },
      { REFERABLE: "(Submodel)urn:s, (SubmodelElementList)L, (Property)0" },
      { REFERABLE: '$sme("urn:s").A.B' },
      { ROUTE: "/shells/*" },
    ];
    expect(parseAccessRules(documentOf({ OBJECTS: objects }))).toMatchObject({
      rules: [
        {
          objects: [
            { kind: "object", class: "sm" },
            { kind: "object", class: "aas", id: "urn:x" },
            { kind: "object", class: "aasdesc" },
            { kind: "element", submodel: "urn:s", path: "L[0]" },
            { kind: "element", submodel: "urn:s", path: "A.B" },
            { kind: "route", route: "/shells/*" },
          ],
        },
      ],
    });
  });

  test("[A101] a text beside a moment is one in JSON, too", () => {
    const now = { $attribute: { GLOBAL: "UTCNOW" } };
    const right = (text: string): unknown => {
      const read = parseAccessRules(documentOf({ FORMULA: { $gt: [now, { $strVal: text }] } }));
      return "rules" in read && read.rules[0]!.formula.kind === "comparison" ? read.rules[0]!.formula.right : read;
    };
    expect(right("15:00")).toEqual({ kind: "constant", value: { kind: "time", value: 54_000_000_000 } });
    expect(right("12:30.5")).toEqual({ kind: "constant", value: { kind: "time", value: 45_030_000_000 } });
    expect(right("2026-11-3012:00")).toEqual(right("2026-11-30T12:00:00Z"));
    expect(right("24:30")).toEqual({ kind: "constant", value: { kind: "str", value: "24:30" } });
    expect(parseAccessRules(documentOf({ FORMULA: { $gt: [now, { $timeVal: "24:00:01" }] } }))).toMatchObject({
      reason: { code: "aas.query.notLiteral" },
    });
  });

  test("[A102] what Part 4 writes below the asset information of a descriptor is the descriptor's own; a fragment is of an attribute of its object", () => {
    const fragment = "$aasdesc#assetInformation.specificAssetIds[]";
    const field = { $eq: [{ $field: `${fragment}.name` }, { $strVal: "a" }] };
    expect(parseAccessRules(documentOf({ FORMULA: field, FILTER: { FRAGMENT: fragment, CONDITION: field } }))).toMatchObject({
      rules: [
        {
          formula: { left: { field: { attribute: [{ name: "specificAssetIds", index: "any" }, { name: "name" }] } } },
          filters: [{ fragment: "$aasdesc#specificAssetIds[]" }],
        },
      ],
    });
    const known = [
      "$aas#assetInformation.specificAssetIds[]",
      "$sm#description",
      "$sme",
      "$sme.A#value",
      "$sme#displayName",
      "$cd#isCaseOf",
      "$aasdesc#own",
    ];
    expect(known.filter((one) => !isFragmentOfModel(one))).toEqual([]);
    const unknown = [
      "$sm#submodelElements",
      "$sm#submodelElements[]",
      "$aas#specificAssetIds[]",
      "$sme.A#values",
      "$cd#own",
      "$aas",
      "$x#id",
    ];
    expect(unknown.filter((one) => isFragmentOfModel(one))).toEqual([]);
  });

  test("[A102] a reference to the submodel that is asked for is its field", () => {
    const formula = { $eq: [{ $attribute: { REFERENCE: "(Submodel)*#Id" } }, { $strVal: "urn:s" }] };
    expect(parseAccessRules(documentOf({ FORMULA: formula }))).toMatchObject({
      rules: [{ formula: { left: { kind: "field", field: { text: "$sm#id" } } } }],
    });
  });

  test("[A102] definitions stand for their names, a disabled rule is none, and what is not known is refused with its place", () => {
    const acl = { ATTRIBUTES: [{ CLAIM: "role" }], RIGHTS: ["ALL"], ACCESS: "ALLOW" };
    const named = { DEFACLS: [{ name: "all", acl }] };
    const used = parseAccessRules(documentOf({ ACL: undefined, USEACL: "all" }, named));
    expect("rules" in used && [...used.rules[0]!.rights]).toEqual(["CREATE", "READ", "UPDATE", "DELETE", "EXECUTE", "VIEW"]);
    expect(parseAccessRules(documentOf({ ACL: { ...acl, ACCESS: "DISABLED" } }))).toEqual({ rules: [] });
    for (const [document, path, code] of [
      [documentOf({ ACL: undefined, USEACL: "none" }, named), "/rules/0/USEACL", "aas.rules.notDefined"],
      [documentOf({ ACL: { ...acl, RIGHTS: ["LOOK"] } }), "/rules/0/ACL/RIGHTS/0", "aas.rules.unknown"],
      [documentOf({ COMMENT: "x" }), "/rules/0", "aas.rules.unknown"],
      [documentOf({ USEFORMULA: "x" }), "/rules/0", "aas.rules.oneOf"],
      [documentOf({ OBJECTS: [{ IDENTIFIABLE: "(Machine)*" }] }), "/rules/0/OBJECTS/0/IDENTIFIABLE", "aas.rules.noObject"],
      [documentOf({ OBJECTS: [{ FRAGMENT: "$sm#id" }] }), "/rules/0/OBJECTS/0/FRAGMENT", "aas.rules.fragmentAlone"],
      [
        documentOf({ FORMULA: { $regex: [{ $field: "$sm#id" }, { $strVal: "(?=a)" }] } }),
        "/rules/0/FORMULA/$regex/1",
        "aas.query.noPattern",
      ],
      [
        documentOf(
          {},
          {
            DEFOBJECTS: [
              { name: "a", objects: [] },
              { name: "a", objects: [] },
            ],
          },
        ),
        "/DEFOBJECTS/1/name",
        "aas.rules.twice",
      ],
      [documentOf({ OBJECTS: undefined, USEOBJECTS: ["a"] }, { DEFOBJECTS: [{ name: "a", USEOBJECTS: ["a"] }] }), "", "aas.rules.cycle"],
    ] as const) {
      const found = parseAccessRules(document);
      expect(found, path).toMatchObject({ reason: { code } });
      if (path !== "") expect((found as { readonly path: string }).path).toBe(`/AllAccessPermissionRules${path}`);
    }
  });
});

test("[A100] neither reader throws, whatever a text is made of", () => {
  const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_129);
  console.log(`access rules fuzz: FUZZ_SEED=${seed}`);
  let state = seed >>> 0;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const tokens = [
    ...RULE.split(/(\s+|[(),])/),
    "$and",
    "$match",
    "$sm#id",
    "16#A0",
    "12:00",
    "2026-01-01T00:00Z",
    "-1.5e3",
    "USEACL",
    "FILTER:",
    "FRAGMENT",
    "\u0000",
    "𝕏",
    '"',
    "__proto__",
  ];
  let read = 0;
  for (let turn = 0; turn < 20_000; turn++) {
    const parts = RULE.split(/(\s+)/);
    for (let change = random(4); change >= 0; change--) parts.splice(random(parts.length), random(2), tokens[random(tokens.length)]!);
    const found = readAccessRulesText(parts.join(""));
    if ("reason" in found) expect(isMessage(found.reason) && found.line > 0 && found.column > 0).toBe(true);
    else {
      read += 1;
      const rules = parseAccessRules(found);
      expect("rules" in rules || isMessage(rules.reason)).toBe(true);
    }
  }
  expect(read).toBeGreaterThan(100);
  for (const json of [
    null,
    1,
    [],
    {},
    { AllAccessPermissionRules: null },
    { AllAccessPermissionRules: { rules: [null] } },
    { AllAccessPermissionRules: { rules: [{ ACL: [] }] } },
  ])
    expect("reason" in parseAccessRules(json)).toBe(true);
});
