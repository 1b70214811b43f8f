import type { Submodel } from "@doppelwerk/aas";
import { parseAccessRules, readAccessRulesText, RIGHTS } from "@doppelwerk/aas/access-rules";
import { expect, test } from "vitest";
import { NaiveRules, type NaiveAsked, type NaiveAsker } from "./naive-rules.fixture.ts";
import { Policy, type Asked, type Surroundings } from "./policy.ts";
import { RandomRules, randomOf, TEXTS } from "./random-rules.fixture.ts";

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 30, 12);

/** As the tests of decisions ask for it: by the object, an element of it, or a route. */
function bothAsked(of: NaiveAsked): Asked {
  if ("route" in of) return { kind: "route", route: of.route };
  const { submodel } = of;
  const subject = () => ({ kind: "submodel", submodel, elements: () => submodel.submodelElements ?? [], shells: () => [] }) as const;
  return "element" in of
    ? { kind: "element", submodel: submodel.id, path: of.element, subject }
    : { kind: "object", class: "sm", id: submodel.id, subject };
}

function randomSubmodel(rules: RandomRules): Submodel {
  const text = () => rules.pick(TEXTS);
  const property = (idShort?: string) => ({
    modelType: "Property",
    ...(idShort !== undefined && { idShort }),
    valueType: rules.pick(["xs:string", "xs:int"]),
    ...(rules.is(6) ? {} : { value: text() }),
    ...(rules.is(3) && { semanticId: reference() }),
  });
  const reference = () => ({
    type: rules.pick(["ExternalReference", "ModelReference"]),
    keys: Array.from({ length: rules.pick([1, 1, 2]) }, () => ({
      type: "GlobalReference",
      value: rules.pick(["sem:1", "sem:2", "fitter"]),
    })),
  });
  const some = <Item>(make: () => Item): readonly Item[] => Array.from({ length: rules.pick([0, 1, 2, 3]) }, make);
  const collection = (idShort: string | undefined, ...value: readonly object[]) => ({
    modelType: "SubmodelElementCollection",
    ...(idShort !== undefined && { idShort }),
    value,
  });
  const elements: readonly object[] = [
    property("Motor"),
    { modelType: "SubmodelElementList", idShort: "List", value: some(() => property()) },
    collection("Box", property("Motor"), property("Size")),
    { modelType: "SubmodelElementList", idShort: "Rows", value: some(() => collection(undefined, property("Name"), property("Size"))) },
  ];
  return {
    modelType: "Submodel",
    id: rules.pick(["urn:a", "urn:b", "urn:c"]),
    ...(rules.is(2) && { idShort: rules.pick(["Motor", "a", "fitter"]) }),
    ...(!rules.is(3) && { semanticId: reference() }),
    submodelElements: elements.filter(() => !rules.is(4)),
  } as unknown as Submodel;
}

test("[T46] rules of the whole grammar read the same from text and JSON, and decide as one who reads them naively does", () => {
  const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_130);
  const sets = Number(process.env["FUZZ_SETS"] ?? 600);
  console.log(`access rules of the whole grammar: FUZZ_SEED=${seed} FUZZ_SETS=${sets}`);
  const random = new RandomRules(randomOf(seed));
  let [permitted, decided] = [0, 0];
  for (let at = 0; at < sets; at++) {
    const { text, json } = random.set(random.pick([1, 2, 4, 8]));
    const read = readAccessRulesText(text);
    if ("reason" in read) throw new Error(`set ${at}: ${JSON.stringify(read)}\n${text}`);
    const [fromText, fromJson] = [parseAccessRules(read), parseAccessRules(json)];
    if ("reason" in fromJson) throw new Error(`set ${at}: ${JSON.stringify(fromJson)}\n${text}`);
    // what a pattern is compiled to is no part of what it says
    expect(JSON.stringify(fromText), text).toBe(JSON.stringify(fromJson));
    const [policy, naive] = [new Policy([fromJson]), new NaiveRules(json)];
    for (let who = 0; who < 10; who++) {
      const asker: NaiveAsker = {
        claims: {
          ...(!random.is(4) && { role: random.is(3) ? ["lead", "fitter"] : random.pick(["fitter", "guest", "a"]) }),
          ...(random.is(2) && { level: random.pick(["3", "true", "12:30", "2026-11-30T12:00:00Z"]) }),
        },
        nowMs: NOON + random.pick([-36, -12, -1, 0, 1, 12, 30]) * HOUR,
        serverAhead: random.pick([0, 60, -330]),
        clientAhead: random.pick([undefined, 0, 480]),
        mode: random.pick([undefined, "fitter", "3"]),
      };
      const surroundings: Surroundings = {
        now: asker.nowMs * 1_000,
        serverOffset: asker.serverAhead,
        ...(asker.clientAhead !== undefined && { clientOffset: asker.clientAhead }),
        elementValue: (submodel, path) => (submodel === "urn:mode" && path === "Mode" ? asker.mode : undefined),
      };
      const own = policy.for({ claims: asker.claims });
      for (let one = 0; one < 8; one++) {
        const submodel = randomSubmodel(random);
        const asked = random.pick<NaiveAsked>([
          { submodel },
          { submodel },
          { route: random.pick(["/submodels", "/submodels/1", "/shells/2/x", "/"]) },
          { element: random.pick(["Motor", "Box", "Box.Motor", "List[1]", "Rows[0].Name"]), submodel },
        ]);
        const right = random.pick(RIGHTS);
        const found = own.decide(right, bothAsked(asked), surroundings);
        // what filters hide of an element is tested with filters
        if ("element" in asked && found.allowed && found.filters !== undefined) continue;
        const expected = naive.decide(right, asked, asker);
        const isHiddenElement = "element" in asked && expected.allowed && !expected.isWhole && !found.allowed;
        if (isHiddenElement) continue;
        const isSame = found.allowed === expected.allowed && (!found.allowed || (found.filters === undefined) === expected.isWhole);
        if (!isSame) expect({ found, set: at, asker, right, asked, text }).toEqual(expected);
        decided++;
        if (found.allowed) permitted++;
      }
    }
  }
  expect(decided).toBeGreaterThan(sets * 70);
  expect(permitted).toBeGreaterThan(decided / 20);
  expect(permitted).toBeLessThan((decided * 3) / 4);
});
