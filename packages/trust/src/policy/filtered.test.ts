import { parseAccessRules, readAccessRulesText, type AccessRules } from "@doppelwerk/aas/access-rules";
import type { QuerySubject } from "@doppelwerk/aas/query";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { Policy } from "./policy.ts";

const NOW = Date.UTC(2026, 10, 30, 12) * 1_000;

function rulesOf(text: string): AccessRules {
  const read = readAccessRulesText(text);
  if ("reason" in read) throw new Error(JSON.stringify(read));
  const rules = parseAccessRules(read);
  if ("reason" in rules) throw new Error(JSON.stringify(rules));
  return rules;
}

const subjectOf = (value: object): QuerySubject => ({ kind: "shellDescriptor", value });

/** What an asker is shown of a descriptor. */
function shown(rules: AccessRules, descriptor: object, claims: Readonly<Record<string, string>> = { role: "x" }): unknown {
  const policy = new Policy([rules]).for({ claims });
  const asked = { kind: "object", class: "aasdesc", id: "urn:a", subject: () => subjectOf(descriptor) } as const;
  const decision = policy.decide("READ", asked, { now: NOW });
  if (!decision.allowed) return undefined;
  return decision.filters === undefined ? descriptor : policy.filtered(descriptor, decision.filters, { now: NOW, subjectOf });
}

const rule = (...filters: readonly (readonly [fragment: string, condition: string])[]): string =>
  `ACCESSRULE: ATTRIBUTES: CLAIM("role") RIGHTS: READ ACCESS: ALLOW OBJECTS: DESCRIPTOR "(aasDesc)*" FORMULA: true
${filters.map(([fragment, condition]) => `FILTER: FRAGMENT "${fragment}" CONDITION: ${condition}`).join("\n")}\n`;
const IDS = "$aasdesc#specificAssetIds[]";
const named = (name: string): readonly [string, string] => [IDS, `$aasdesc#specificAssetIds[].name $eq "${name}"`];
const ids = ["a", "b", "c"].map((name) => ({ name, value: name.toUpperCase() }));
const descriptor = { id: "urn:a", idShort: "part", specificAssetIds: ids };
const namesOf = (value: unknown): unknown => (value as typeof descriptor).specificAssetIds?.map(({ name }) => name);

test("[T28] of a list the items are left that one of the rules lets through; all where a rule does not filter it", () => {
  expect(namesOf(shown(rulesOf(rule(named("a"))), descriptor))).toEqual(["a"]);
  expect(namesOf(shown(rulesOf(rule(named("a")) + rule(named("c"))), descriptor))).toEqual(["a", "c"]);
  expect(namesOf(shown(rulesOf(rule(named("a")) + rule(["$aasdesc#idShort", "true"])), descriptor))).toEqual(["a", "b", "c"]);
  expect(shown(rulesOf(rule(named("a")) + rule()), descriptor)).toBe(descriptor);
  // both filters of one rule
  expect(namesOf(shown(rulesOf(rule(named("a"), named("b"))), descriptor))).toBeUndefined();
});

test("[T28] another fragment is there or not; nothing else is touched, and what nothing is hidden of is the same object", () => {
  expect(shown(rulesOf(rule(["$aasdesc#idShort", "false"])), descriptor)).toEqual({ id: "urn:a", specificAssetIds: ids });
  expect(shown(rulesOf(rule(["$aasdesc#idShort", '$aasdesc#idShort $eq "part"'])), descriptor)).toBe(descriptor);
  expect(shown(rulesOf(rule(["$aasdesc#description", "false"])), descriptor)).toBe(descriptor);
  const before = JSON.stringify(descriptor);
  shown(rulesOf(rule(named("none"))), descriptor);
  expect(JSON.stringify(descriptor)).toBe(before);
});

test("[T28] of a list in a list each item is judged with the one that it belongs to", () => {
  const keys = (...values: readonly string[]) => ({
    type: "ExternalReference",
    keys: values.map((value) => ({ type: "GlobalReference", value })),
  });
  const nested = {
    id: "urn:a",
    specificAssetIds: [
      { name: "a", value: "1", externalSubjectId: keys("PUBLIC", "BPN1") },
      { name: "b", value: "2", externalSubjectId: keys("BPN2") },
    ],
  };
  const fragment = "$aasdesc#specificAssetIds[].externalSubjectId.keys[]";
  const condition = '$aasdesc#specificAssetIds[].externalSubjectId.keys[].value $eq "PUBLIC"';
  expect(shown(rulesOf(rule([fragment, condition])), nested)).toMatchObject({
    specificAssetIds: [
      { name: "a", externalSubjectId: { keys: [{ value: "PUBLIC" }] } },
      { name: "b", externalSubjectId: { type: "ExternalReference" } },
    ],
  });
});

test("[T28] an item at a place of a list is judged alone, whatever is hidden beside it; what each rule hides by another fragment is hidden", () => {
  const at = (index: number, name: string): readonly [string, string] => [
    `$aasdesc#specificAssetIds[${index}]`,
    `$aasdesc#specificAssetIds[${index}].name $eq "${name}"`,
  ];
  expect(namesOf(shown(rulesOf(rule(at(0, "a"), at(1, "x"))), descriptor))).toEqual(["a", "c"]);
  expect(namesOf(shown(rulesOf(rule(at(0, "x"), at(1, "x"))), descriptor))).toEqual(["c"]);
  expect(namesOf(shown(rulesOf(rule(["$aasdesc#specificAssetIds[2]", `$aasdesc#specificAssetIds[].name $eq "a"`])), descriptor))).toEqual([
    "a",
    "b",
  ]);
  expect(namesOf(shown(rulesOf(rule(["$aasdesc#specificAssetIds[9]", "false"])), descriptor))).toEqual(["a", "b", "c"]);
  // one rule hides all of the list, the other one item of it
  expect(namesOf(shown(rulesOf(rule(["$aasdesc#specificAssetIds", "false"]) + rule(at(1, "x"))), descriptor))).toEqual(["a", "c"]);
  // judged of the object as it is, not of what another filter left of it
  const both = rule(["$aasdesc#idShort", "false"], [IDS, `$aasdesc#idShort $eq "part"`]);
  expect(shown(rulesOf(both), descriptor)).toEqual({ id: "urn:a", specificAssetIds: ids });
});

test("[T28] an object whose id is hidden is not permitted by that rule", () => {
  const hidden = rule(["$aasdesc#id", `$starts-with($aasdesc#id, "urn:b")`]);
  expect(shown(rulesOf(hidden), descriptor)).toBeUndefined();
  expect(shown(rulesOf(hidden + rule()), descriptor)).toBe(descriptor);
  expect(shown(rulesOf(hidden), { ...descriptor, id: "urn:b:1" })).toEqual({ ...descriptor, id: "urn:b:1" });
  // of something else
  expect(shown(rulesOf(rule(["$sm#id", "false"])), descriptor)).toBe(descriptor);
});

const property = (idShort: string | undefined, value: string) => ({
  modelType: "Property",
  valueType: "xs:string",
  value,
  ...(idShort && { idShort }),
});
const elements = [
  property("Cost", "99"),
  { modelType: "SubmodelElementList", idShort: "Docs", value: [property(undefined, "public a"), property(undefined, "secret b")] },
  { modelType: "SubmodelElementCollection", idShort: "Inner", value: [property("Cost", "1"), property("Open", "yes")] },
];
const ofSubmodel = (objects: string, ...filters: readonly (readonly [string, string])[]): string =>
  rule(...filters).replace('DESCRIPTOR "(aasDesc)*"', objects);
const ALL_SUBMODELS = 'IDENTIFIABLE "(Submodel)*"';

/** What an asker is shown of an element; undefined where it is hidden as a whole. */
function shownElement(text: string, path: string, element: object): unknown {
  const policy = new Policy([rulesOf(text)]).for({ claims: { role: "x" } });
  const subject = (): QuerySubject => ({
    kind: "submodel",
    submodel: { modelType: "Submodel", id: "urn:s" } as never,
    elements: () => elements as never,
    shells: () => [],
  });
  const decision = policy.decide("READ", { kind: "element", submodel: "urn:s", path, subject }, { now: NOW });
  if (!decision.allowed) return undefined;
  return decision.filters === undefined
    ? element
    : policy.filteredElement(element, path, decision.filters, { now: NOW, subjectOf: subject });
}

test("[T28] a fragment of elements hides an element, its value, or an attribute, each judged alone; what stands in it goes with it", () => {
  const [cost] = elements;
  const of = (path: string, element: object, ...filters: readonly (readonly [string, string])[]) =>
    shownElement(ofSubmodel(ALL_SUBMODELS, ...filters), path, element);
  expect(of("Cost", cost!, ["$sme.Cost#value", "false"])).toEqual({ modelType: "Property", valueType: "xs:string", idShort: "Cost" });
  expect(of("Cost", cost!, ["$sme.Cost#value", `$sme.Cost#value $eq "99"`])).toBe(cost);
  expect(of("Cost", cost!, ["$sme.Cost", "false"])).toBeUndefined();
  expect(of("Cost", cost!, ["$sme.Cost#idShort", "false"])).toBeUndefined();
  expect(of("Cost", cost!, ["$sme.Other#value", "false"])).toBe(cost);
  expect(of("Cost", cost!, ["$sm#idShort", "false"])).toBe(cost);
  // as in a query a path begins at any element, and a field without one is of the element that is judged
  expect(of("Inner.Cost", property("Cost", "1"), ["$sme.Cost#value", `$sme.Cost#value $eq "99"`])).not.toHaveProperty("value");
  expect(of("Cost", cost!, ["$sme.Cost#value", `$sme.Cost#value $eq "1"`])).not.toHaveProperty("value");
  expect(of("Inner.Open", property("Open", "yes"), ["$sme", `$sme#idShort $ne "Inner"`])).toBeUndefined();
  expect(of("Inner.Open", property("Open", "yes"), ["$sme.Inner#value", "false"])).toBeUndefined();
  expect(of("Inner", elements[2]!, ["$sme", `$sme#idShort $eq "Inner"`])).toBe(elements[2]);
  const listed = ["$sme.Docs[]", `$starts-with($sme.Docs[]#value, "public")`] as const;
  expect(of("Docs[0]", property(undefined, "public a"), listed)).toEqual(property(undefined, "public a"));
  expect(of("Docs[1]", property(undefined, "secret b"), listed)).toBeUndefined();
  expect(of("Docs[1]", property(undefined, "secret b"), ["$sme.Docs[1]#value", "false"])).not.toHaveProperty("value");
  expect(of("Docs[0]", property(undefined, "public a"), ["$sme.Docs[1]", "false"])).toEqual(property(undefined, "public a"));
});

test("[T28] what each of several rules hides of an element is hidden, by whatever fragment; what one of them shows is shown", () => {
  const [cost] = elements;
  const one = ofSubmodel(ALL_SUBMODELS, ["$sme.Cost#value", "false"]);
  const any = ofSubmodel(ALL_SUBMODELS, ["$sme#value", `$sme#value $eq "x"`]);
  expect(shownElement(one + any, "Cost", cost!)).not.toHaveProperty("value");
  expect(shownElement(one + ofSubmodel(ALL_SUBMODELS, ["$sme#valueType", "false"]), "Cost", cost!)).toBe(cost);
  const whole = ofSubmodel(ALL_SUBMODELS, ["$sme.Cost", "false"]);
  expect(shownElement(whole + one, "Cost", cost!)).not.toHaveProperty("value");
  expect(shownElement(whole + ofSubmodel('REFERABLE "(Submodel)urn:s, (Property)Cost"'), "Cost", cost!)).toBe(cost);
});

testOnSharedData("[T28] the example of the standard shows its items, in text and JSON form", "aas/security", (folder) => {
  const json = parseAccessRules(JSON.parse(readFileSync(join(folder, "filter.json"), "utf8")));
  const forms = [rulesOf(readFileSync(join(folder, "filter.bnf"), "utf8")), json as AccessRules];
  const external = (value: string) => ({ externalSubjectId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value }] } });
  const of = (name: string, value: string, subject: string) => ({ name, value, ...external(subject) });
  const part = {
    id: "urn:a",
    specificAssetIds: [
      of("manufacturerPartId", "99991", "PUBLIC_READABLE"),
      of("customerPartId", "ACME001", "BPNL00000000000B"),
      of("customerPartId", "OTHER", "BPNL00000000000B"),
      of("partInstanceId", "7", "BPNL00000000000B"),
      of("price", "9", "BPNL00000000000A"),
      of("price", "8", "BPNL00000000000B"),
    ],
  };
  for (const rules of forms) {
    const left = shown(rules, part, { BusinessPartnerNumber: "BPNL00000000000A" }) as typeof part;
    expect(left.specificAssetIds.map(({ value }) => value)).toEqual(["99991", "ACME001", "7", "9"]);
    expect(shown(rules, part, { BusinessPartnerNumber: "BPNL00000000000B" })).toBeUndefined();
  }
});
