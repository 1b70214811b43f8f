import { parseAccessRules, readAccessRulesText, RIGHTS, type AccessRules } from "@doppelwerk/aas/access-rules";
import type { Submodel } from "@doppelwerk/aas";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { Policy, type Asked, type Asker, type Surroundings } from "./policy.ts";
import { RandomRules, randomOf } from "./random-rules.fixture.ts";
import { referenceDecision } from "./reference-policy.fixture.ts";
import { routeMatcher } from "./route-patterns.ts";

const NOON = Date.UTC(2026, 10, 30, 12) * 1_000;

function rulesOf(text: string): AccessRules {
  const read = readAccessRulesText(text);
  if ("reason" in read) throw new Error(JSON.stringify(read));
  const rules = parseAccessRules(read);
  if ("reason" in rules) throw new Error(JSON.stringify(rules));
  return rules;
}

const submodel = (id: string, more: Partial<Submodel> = {}): Submodel => ({ modelType: "Submodel", id, ...more }) as Submodel;
const semantic = (value: string) => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] }) as never;
const askedOf = (held: Submodel): Asked => ({
  kind: "object",
  class: "sm",
  id: held.id,
  subject: () => ({ kind: "submodel", submodel: held, elements: () => held.submodelElements ?? [], shells: () => [] }),
});
const elementOf = (held: Submodel, path: string): Asked => ({
  kind: "element",
  submodel: held.id,
  path,
  subject: () => ({ kind: "submodel", submodel: held, elements: () => held.submodelElements ?? [], shells: () => [] }),
});

const rule = (objects: string, formula: string, { attributes = 'CLAIM("role")', rights = "READ" } = {}): string =>
  `ACCESSRULE: ATTRIBUTES: ${attributes} RIGHTS: ${rights} ACCESS: ALLOW OBJECTS: ${objects} FORMULA: ${formula}\n`;

test("[T20] what no rule permits is denied, and a rule permits only the rights that it names", () => {
  const one = askedOf(submodel("urn:a"));
  const policy = new Policy([rulesOf(rule('IDENTIFIABLE "(Submodel)urn:a"', "true", { rights: "READ VIEW" }))]);
  const known = policy.for({ claims: { role: "fitter" } });
  expect(RIGHTS.filter((right) => known.decide(right, one, { now: NOON }).allowed)).toEqual(["READ", "VIEW"]);
  expect(known.decide("READ", askedOf(submodel("urn:b")), { now: NOON }).allowed).toBe(false);
  expect(new Policy([]).for({ claims: { role: "fitter" } }).decide("READ", one, { now: NOON }).allowed).toBe(false);
});

test("[T21] a rule whose attributes are not known of the asker permits nothing, whatever its formula says", () => {
  const policy = new Policy([rulesOf(rule('IDENTIFIABLE "(Submodel)*"', '$not(CLAIM("role") $eq "guest")'))]);
  const one = askedOf(submodel("urn:a"));
  expect(policy.for({ claims: {} }).decide("READ", one, { now: NOON }).allowed).toBe(false);
  expect(policy.for({ claims: { __proto__: { role: "x" } } as never }).decide("READ", one, { now: NOON }).allowed).toBe(false);
  expect(policy.for({ claims: { role: "fitter" } }).decide("READ", one, { now: NOON }).allowed).toBe(true);
});

test("[T22] of a claim with several values any may satisfy a comparison", () => {
  const policy = new Policy([rulesOf(rule('IDENTIFIABLE "(Submodel)*"', 'CLAIM("role") $eq "shift-lead"'))]);
  const one = askedOf(submodel("urn:a"));
  expect(policy.for({ claims: { role: ["fitter", "shift-lead"] } }).decide("READ", one, { now: NOON }).allowed).toBe(true);
  expect(policy.for({ claims: { role: ["fitter"] } }).decide("READ", one, { now: NOON }).allowed).toBe(false);
});

test("[T23] a comparison without a result permits nothing, nor does its opposite", () => {
  const formula = 'CLAIM("level") $gt 3';
  const one = askedOf(submodel("urn:a"));
  for (const text of [formula, `$not(${formula})`, `$or(true, ${formula})`]) {
    const policy = new Policy([rulesOf(rule('IDENTIFIABLE "(Submodel)*"', text, { attributes: 'CLAIM("level")' }))]);
    expect(policy.for({ claims: { level: "high" } }).decide("READ", one, { now: NOON }).allowed, text).toBe(false);
    const isPermitted = !text.startsWith("$not");
    expect(policy.for({ claims: { level: "4" } }).decide("READ", one, { now: NOON }).allowed, text).toBe(isPermitted);
  }
});

test("[T24] times are those of the decision: UTC, of the server's clock, and of the asker's where it is known", () => {
  const during = (clock: string): Policy =>
    new Policy([
      rulesOf(
        rule('IDENTIFIABLE "(Submodel)*"', `$and(GLOBAL(${clock}) $ge "11:30", GLOBAL(${clock}) $lt "12:30")`, {
          attributes: "GLOBAL(UTCNOW)",
        }),
      ),
    ]);
  const one = askedOf(submodel("urn:a"));
  const may = (clock: string, more: Partial<Surroundings> = {}): boolean =>
    during(clock)
      .for({ claims: {} })
      .decide("READ", one, { now: NOON, ...more }).allowed;
  expect([may("UTCNOW"), may("UTCNOW", { now: NOON + 3_600_000_000 })]).toEqual([true, false]);
  expect([may("LOCALNOW", { serverOffset: 60 }), may("LOCALNOW", { serverOffset: 0 })]).toEqual([false, true]);
  expect([may("CLIENTNOW"), may("CLIENTNOW", { clientOffset: 15 })]).toEqual([false, true]);
});

test("[T47] the clock of the server has its zone, the one of the asker is known by its offset or its claim, and where it is needed and not known nothing is permitted", () => {
  const one = askedOf(submodel("urn:a"));
  const may = (
    formula: string,
    { attributes = 'CLAIM("role")', claims = {}, ...more }: Partial<Surroundings> & { attributes?: string; claims?: object } = {},
  ) =>
    new Policy([rulesOf(rule('IDENTIFIABLE "(Submodel)*"', formula, { attributes }))])
      .for({ claims: { role: "x", ...claims } })
      .decide("READ", one, { now: NOON, ...more }).allowed;
  // an instant is the same by every clock, hours and days are not
  expect(may('GLOBAL(LOCALNOW) $eq "2026-11-30T12:00:00Z"', { serverOffset: 720 })).toBe(true);
  expect(may("$dayOfMonth(GLOBAL(LOCALNOW)) $eq 1", { serverOffset: 720 })).toBe(true);
  expect(may("$dayOfMonth(GLOBAL(UTCNOW)) $eq 30", { serverOffset: 720 })).toBe(true);
  expect(may('time(GLOBAL(LOCALNOW)) $eq "17:30"', { serverOffset: 330 })).toBe(true);
  expect(may('str(GLOBAL(LOCALNOW)) $eq "2026-11-30T08:30:00-03:30"', { serverOffset: -210 })).toBe(true);
  // Monday, and the Sunday before by a clock that is far behind
  expect(may("$dayOfWeek(GLOBAL(UTCNOW)) $eq 1")).toBe(true);
  expect(may("$dayOfWeek(GLOBAL(LOCALNOW)) $eq 0", { serverOffset: -721 })).toBe(true);
  const late = '$not(GLOBAL(CLIENTNOW) $gt "18:00")';
  const attributes = 'CLAIM("role") GLOBAL(CLIENTNOW)';
  expect(may(late, { attributes })).toBe(false);
  expect(may("true", { attributes })).toBe(false);
  expect([60, 420].map((clientOffset) => may(late, { attributes, clientOffset }))).toEqual([true, false]);
  expect(may(late, { attributes, claims: { CLIENTNOW: "2026-11-30T13:00:00+01:00" } })).toBe(true);
  expect(may(late, { attributes, claims: { CLIENTNOW: "soon" } })).toBe(false);
});

test("[T48] what may be permitted before something is read is never less than what is decided then", () => {
  const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_130);
  console.log(`listing fuzz: FUZZ_SEED=${seed}`);
  const random = randomOf(seed);
  const rules = new RandomRules(random);
  let [listed, left] = [0, 0];
  for (let set = 0; set < 400; set++) {
    const read = parseAccessRules(rules.set(1 + random(3)).json);
    if ("reason" in read) throw new Error(JSON.stringify(read));
    const own = new Policy([read]).for({ claims: { role: rules.pick(["fitter", "lead"]) } });
    const mayBe = own.listing("READ", "sm", "/submodels/", (id) => id);
    for (const id of ["urn:a", "urn:b", "urn:c", "1"]) {
      const held = submodel(id, { ...(rules.is(2) && { idShort: "Motor" }), ...(rules.is(2) && { semanticId: semantic("sem:1") }) });
      const texts = { id, ...(held.idShort && { idShort: held.idShort }), ...(held.semanticId && { semanticId: "sem:1" }) };
      const surroundings = { now: NOON, elementValue: () => "fitter", clientOffset: 0 };
      const asked = askedOf(held) as Asked & { readonly kind: "object" };
      const route: Asked = { kind: "route", route: `/submodels/${id}`, subject: asked.subject };
      const isPermitted = [asked, route].some((one) => own.decide("READ", one, surroundings).allowed);
      if (isPermitted) expect(mayBe({ id, texts }), `set ${set} ${id}`).toBe(true);
      if (isPermitted) listed++;
      if (!mayBe({ id, texts })) left++;
    }
  }
  expect(listed).toBeGreaterThan(100);
  expect(left).toBeGreaterThan(100);
});

test("[T25] a rule for an element is about what is below it too, and one for its submodel about all of it", () => {
  const held = submodel("urn:a");
  const policy = new Policy([rulesOf(rule('REFERABLE "(Submodel)urn:a, (SubmodelElementCollection)Motor"', "true"))]).for({
    claims: { role: "x" },
  });
  const may = (path: string): boolean => policy.decide("READ", elementOf(held, path), { now: NOON }).allowed;
  expect(["Motor", "Motor.Speed", "Motor[0]", "Motors", "Pump"].map(may)).toEqual([true, true, true, false, false]);
  expect(policy.decide("READ", askedOf(held), { now: NOON }).allowed).toBe(false);
  const whole = new Policy([rulesOf(rule('IDENTIFIABLE "(Submodel)urn:a"', "true"))]).for({ claims: { role: "x" } });
  expect(whole.decide("READ", elementOf(held, "Pump"), { now: NOON }).allowed).toBe(true);
});

test("[T26] the star of a route is any text, and nothing else has a meaning", () => {
  for (const [pattern, route, isMatch] of [
    ["*", "/shells", true],
    ["/shells/*", "/shells/abc/asset-information", true],
    ["/shells/*", "/shells", false],
    ["/submodels/*/$history", "/submodels/a/b/$history", true],
    ["/submodels/*/$history", "/submodels/$history", false],
    ["/a*a", "/a", false],
    ["/shells.", "/shellsx", false],
  ] as const)
    expect(routeMatcher(pattern)(route), `${pattern} ${route}`).toBe(isMatch);
});

test("[T27] an element's live value decides where a rule refers to it", () => {
  const text = rule('IDENTIFIABLE "(Submodel)*"', 'REFERENCE("(Submodel)urn:mode, (Property)Mode") $eq "maintenance"', {
    attributes: 'CLAIM("role") REFERENCE("(Submodel)urn:mode, (Property)Mode")',
  });
  const policy = new Policy([rulesOf(text)]).for({ claims: { role: "fitter" } });
  const one = askedOf(submodel("urn:a"));
  const may = (mode: string | undefined): boolean =>
    policy.decide("READ", one, { now: NOON, elementValue: (of, path) => (of === "urn:mode" && path === "Mode" ? mode : undefined) })
      .allowed;
  expect(["maintenance", "production", undefined].map(may)).toEqual([true, false, false]);
});

test("[T28] filters of all rules that permit are told, and none where a rule permits the whole", () => {
  const filtered = `${rule('IDENTIFIABLE "(Submodel)*"', "true")} FILTER: FRAGMENT "$sm#semanticId" CONDITION: true`;
  const decided = new Policy([rulesOf(filtered)]).for({ claims: { role: "x" } }).decide("READ", askedOf(submodel("urn:a")), { now: NOON });
  expect(decided).toMatchObject({ allowed: true, filters: [[{ fragment: "$sm#semanticId" }]] });
  const whole = new Policy([rulesOf(filtered), rulesOf(rule('IDENTIFIABLE "(Submodel)urn:a"', "true"))]).for({ claims: { role: "x" } });
  expect(whole.decide("READ", askedOf(submodel("urn:a")), { now: NOON })).toEqual({ allowed: true, rule: 1 });
});

test("[T29] every decision is that of the rules read one after the other, in 100,000 random cases", () => {
  const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_129);
  console.log(`policy fuzz: FUZZ_SEED=${seed}`);
  const random = randomOf(seed);
  const pick = <Item>(list: readonly Item[]): Item => list[random(list.length)]!;
  const [ids, meanings, roles, names] = [
    ["urn:a", "urn:b", "urn:c"],
    ["sem:1", "sem:2"],
    ["fitter", "lead", "guest"],
    ["Motor", "Pump"],
  ];
  const operand = (): string =>
    pick([
      () => 'CLAIM("role")',
      () => 'CLAIM("level")',
      () => '"fitter"',
      () => "$sm#semanticId",
      () => "$sm#id",
      () => '"sem:1"',
      () => "GLOBAL(UTCNOW)",
      () => '"12:00"',
      () => "3",
      () => "$sme.Motor#value",
      () => `"${pick(ids)}"`,
    ])();
  const comparison = (): string => {
    // an operand of a text form is a text on one side at least
    const [left, right] = [operand(), operand()];
    return random(5) === 0
      ? `$${pick(["contains", "starts-with", "ends-with"])}($sm#id, "${pick(["urn", "a", "b"])}")`
      : `${left} ${pick(["$eq", "$ne", "$gt", "$le"])} ${right}`;
  };
  const formula = (depth: number): string => {
    const kind = depth === 0 ? 4 : random(7);
    if (kind === 0) return `$not(${formula(depth - 1)})`;
    if (kind < 4) return `${pick(["$and", "$or"])}(${Array.from({ length: 2 + random(2) }, () => formula(depth - 1)).join(", ")})`;
    if (kind === 4) return pick(["true", `$sm#semanticId $eq "${pick(meanings)}"`, `CLAIM("role") $eq "${pick(roles)}"`]);
    return comparison();
  };
  const object = (): string =>
    pick([
      () => 'IDENTIFIABLE "(Submodel)*"',
      () => `IDENTIFIABLE "(Submodel)${pick(ids)}"`,
      () => `REFERABLE "(Submodel)${pick(ids)}, (Property)${pick(names)}"`,
      () => `ROUTE "${pick(["*", "/submodels/*", "/submodels", "/shells/*/x"])}"`,
    ])();
  const wholeRule = (): string =>
    `ACCESSRULE: ATTRIBUTES: ${pick(['CLAIM("role")', "GLOBAL(ANONYMOUS)", 'CLAIM("level")'])} RIGHTS: ${pick(["READ", "ALL", "UPDATE READ"])} ACCESS: ${pick(["ALLOW", "ALLOW", "ALLOW", "DISABLED"])} OBJECTS: ${object()} ${random(3) === 0 ? object() : ""} FORMULA: ${formula(2)} ${random(4) === 0 ? 'FILTER: FRAGMENT "$sm#idShort" CONDITION: true' : ""}`;
  const property = (value: string) => ({ modelType: "Property", idShort: "Motor", valueType: "xs:string", value }) as never;
  let permitted = 0;
  for (let set = 0; set < 250; set++) {
    const sets = [rulesOf(Array.from({ length: 1 + random(12) }, wholeRule).join("\n"))];
    const policy = new Policy(sets);
    for (let who = 0; who < 20; who++) {
      const asker: Asker = {
        claims: {
          ...(random(4) > 0 && { role: random(3) === 0 ? [pick(roles), pick(roles)] : pick(roles) }),
          ...(random(2) === 0 && { level: pick(["2", "4", "high"]) }),
        },
      };
      const own = policy.for(asker);
      for (let one = 0; one < 20; one++) {
        const held = submodel(pick(ids), {
          ...(random(3) > 0 && { semanticId: semantic(pick(meanings)) }),
          ...(random(2) === 0 && { submodelElements: [property(pick(["3", "fitter"]))] }),
        });
        const asked: Asked = pick([
          (): Asked => askedOf(held),
          (): Asked => elementOf(held, pick(["Motor", "Motor.Speed", "Pump"])),
          (): Asked => ({ kind: "route", route: pick(["/submodels", "/submodels/1", "/shells/1/x"]) }),
        ])();
        const right = pick(RIGHTS);
        const surroundings = { now: NOON + random(24) * 3_600_000_000 };
        const found = own.decide(right, asked, surroundings);
        const expected = referenceDecision(sets, { asker, right, asked, surroundings });
        if (found.allowed !== expected.allowed || (found.allowed && (found.filters === undefined) !== expected.isWhole))
          expect({ found, asker, right, asked, set }).toEqual(expected);
        if (found.allowed) permitted += 1;
      }
    }
  }
  expect(permitted).toBeGreaterThan(10_000);
  expect(permitted).toBeLessThan(90_000);
});

/** Where the text of the standard and its JSON say different things. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "reuse-acl-object-formula": "after 15:00 in the text, at 15:00 in the JSON",
};

testOnSharedData("[T30] every published example decides the same in its text and its JSON form", "aas/security", (folder) => {
  const names = [
    "allow-read-all-users-of-company-for-submodel",
    "allow-read-complete-api",
    "allow-read-list-semanticids",
    "allow-read-update-submodel",
    "allow-read-update-users",
    "bpn",
    "filter",
    "reuse-acl-object-formula",
  ];
  const claims: readonly Asker["claims"][] = [
    {},
    { email: "user1@company1.com" },
    { email: "a.b@company.com" },
    { BusinessPartnerNumber: "BPN1234" },
    { BusinessPartnerNumber: "BPNL00000000000A" },
  ];
  const descriptor = {
    id: "urn:d",
    specificAssetIds: [
      { name: "manufacturerPartId", value: "99991", externalSubjectId: semantic("PUBLIC_READABLE") },
      { name: "customerPartId", value: "ACME001" },
    ],
  };
  const all: readonly Asked[] = [
    { kind: "route", route: "/shells" },
    askedOf(submodel("https://submodel1.company1.com")),
    askedOf(submodel("urn:n", { semanticId: semantic("SemanticID-Nameplate") })),
    elementOf(submodel("https://s1.com"), "p1"),
    { kind: "object", class: "aasdesc", id: "urn:d", subject: () => ({ kind: "shellDescriptor", value: descriptor }) },
  ];
  let permitted = 0;
  for (const name of names) {
    const fromText = readAccessRulesText(readFileSync(join(folder, `${name}.bnf`), "utf8"));
    const [text, json] = [fromText, JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as unknown].map((each) => {
      const rules = parseAccessRules(each);
      if ("reason" in rules) throw new Error(`${name}: ${rules.path} ${JSON.stringify(rules.reason)}`);
      return new Policy([rules]);
    }) as [Policy, Policy];
    for (const asker of claims.map((each): Asker => ({ claims: each })))
      for (const right of RIGHTS)
        for (const asked of all)
          for (const now of [NOON, NOON + 3 * 3_600_000_000, NOON + 4 * 3_600_000_000]) {
            if (DIFFERENT[name] !== undefined && now !== NOON) continue;
            const [one, other] = [text, json].map((policy) => policy.for(asker).decide(right, asked, { now }).allowed);
            expect(one, `${name} ${JSON.stringify(asker)} ${right}`).toBe(other);
            if (one) permitted += 1;
          }
  }
  expect(permitted).toBeGreaterThan(30);
});
