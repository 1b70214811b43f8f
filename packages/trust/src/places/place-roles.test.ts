import { expect, test } from "vitest";
import { grantsHold, PlaceRoles, type PlaceAssignment, type PlaceRole } from "./place-roles.ts";
import { referencePlaces } from "./reference-places.fixture.ts";

const NOW = 1_790_000_000_000_000;
const ROLES: readonly PlaceRole[] = [
  { name: "shift lead", actions: ["acknowledge", "command"] },
  { name: "planner", actions: ["edit", "propose"] },
];
/** A press in line 1 of hall 1. */
const PRESS = [["shell:press", "shell:line1", "shell:hall1", "shell:site"]];
const ida = { id: "person:ida", roles: ["engineer"] };

const at = (...assignments: readonly PlaceAssignment[]) => new PlaceRoles(ROLES, assignments).for(ida);

test("[T15] a role at a place counts for all that is in it, for its actions alone, and what nobody gave is denied", () => {
  const held = at({ who: "person:ida", role: "shift lead", place: "shell:hall1" });
  expect(held.decide({ actions: ["acknowledge"] }, PRESS, NOW)).toEqual({ allowed: true, role: "shift lead", place: "shell:hall1" });
  for (const [action, chains] of [
    ["edit", PRESS],
    ["acknowledge", [["shell:hall2", "shell:site"]]],
    ["acknowledge", [["shell:site"]]],
    ["acknowledge", []],
    ["acknowledge", [[]]],
  ] as const)
    expect(held.decide({ actions: [action] }, chains, NOW).allowed, `${action} ${JSON.stringify(chains)}`).toBe(false);
  expect(at().decide({ actions: ["acknowledge"] }, PRESS, NOW).allowed).toBe(false);
  expect(at({ who: "person:otto", role: "shift lead", place: "*" }).decide({ actions: ["acknowledge"] }, PRESS, NOW).allowed).toBe(false);
  expect(at({ who: "person:ida", role: "unknown", place: "*" }).decide({ actions: ["acknowledge"] }, PRESS, NOW).allowed).toBe(false);
});

test("[T16] a role of the whole world counts everywhere and where no place is; a group is whoever has that role of the server", () => {
  const held = at({ who: "role:engineer", role: "planner", place: "*" });
  expect([PRESS, [], [[]]].map((chains) => held.decide({ actions: ["edit"] }, chains, NOW).allowed)).toEqual([true, true, true]);
  expect(at({ who: "role:operator", role: "planner", place: "*" }).decide({ actions: ["edit"] }, PRESS, NOW).allowed).toBe(false);
});

test("[T17] an assignment ends at its instant; of several the one that lasts longest decides", () => {
  const timed = at({ who: "person:ida", role: "planner", place: "shell:hall1", until: NOW + 1 });
  expect([timed.decide({ actions: ["edit"] }, PRESS, NOW).allowed, timed.decide({ actions: ["edit"] }, PRESS, NOW + 1).allowed]).toEqual([
    true,
    false,
  ]);
  expect([timed.holds(["edit"], NOW), timed.holds(["edit"], NOW + 1), timed.holds(["command"], NOW)]).toEqual([true, false, false]);
  const twice = at(
    { who: "person:ida", role: "planner", place: "shell:hall1" },
    { who: "person:ida", role: "planner", place: "shell:hall1", until: NOW },
  );
  expect(twice.decide({ actions: ["edit"] }, PRESS, NOW).allowed).toBe(true);
});

test("[T18] what stands in several places needs a role at each; a denial names the roles and the places", () => {
  const both = [PRESS[0]!, ["shell:line9", "shell:hall2", "shell:site"]];
  const one = at({ who: "person:ida", role: "planner", place: "shell:hall1" });
  expect(one.decide({ actions: ["edit"] }, both, NOW)).toEqual({
    allowed: false,
    roles: ["planner"],
    places: ["shell:line9", "shell:hall2", "shell:site"],
  });
  const two = at(
    { who: "person:ida", role: "planner", place: "shell:hall1" },
    { who: "person:ida", role: "planner", place: "shell:line9" },
  );
  expect(two.decide({ actions: ["edit"] }, both, NOW).allowed).toBe(true);
  expect(two.grants(NOW)).toEqual(["planner@shell:hall1", "planner@shell:line9"]);
  expect(grantsHold(new Set(two.grants(NOW)), ["planner"], both)).toBe(true);
  expect(grantsHold(new Set(one.grants(NOW)), ["planner"], both)).toBe(false);
  expect(grantsHold(new Set(["planner"]), ["other", "planner"], [])).toBe(true);
  expect(grantsHold(new Set(["planner@shell:hall1"]), ["planner"], [])).toBe(false);
});

/** Random, but the same for one seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("[T39] an action has several names, that of the kernel and that of its feature: a role that has one of them has it", () => {
  const roles: readonly PlaceRole[] = [{ name: "shelver", actions: ["alarms.shelve"] }];
  const held = new PlaceRoles(roles, [{ who: "person:ida", role: "shelver", place: "shell:hall1" }]).for(ida);
  expect(held.decide({ actions: ["acknowledge", "alarms.shelve"] }, PRESS, NOW)).toMatchObject({ allowed: true, role: "shelver" });
  expect(held.decide({ actions: ["acknowledge", "alarms.acknowledge"] }, PRESS, NOW)).toEqual({
    allowed: false,
    roles: [],
    places: PRESS[0],
  });
});

test("[T39] a role for classes counts for what is of them alone; what is of several needs a role for each, and a denial names the one that lacks", () => {
  const roles: readonly PlaceRole[] = [
    { name: "quality", actions: ["edit"], classes: ["Quality"] },
    { name: "safety", actions: ["edit"], classes: ["Safety"] },
    { name: "planner", actions: ["edit"] },
  ];
  const of = (...names: readonly string[]) =>
    new PlaceRoles(
      roles,
      names.map((role) => ({ who: "person:ida", role, place: "shell:hall1" })),
    ).for(ida);
  const may = (held: ReturnType<typeof of>, ...classes: readonly string[]) =>
    held.decide({ actions: ["edit"], classes }, PRESS, NOW).allowed;
  expect([may(of("quality"), "Quality"), may(of("quality")), may(of("quality"), "Safety")]).toEqual([true, false, false]);
  expect([may(of("quality"), "Quality", "Safety"), may(of("quality", "safety"), "Quality", "Safety")]).toEqual([false, true]);
  expect([may(of("planner")), may(of("planner"), "Quality", "Safety")]).toEqual([true, true]);
  expect(of("quality").decide({ actions: ["edit"], classes: ["Quality", "Safety"] }, PRESS, NOW)).toEqual({
    allowed: false,
    roles: ["planner", "safety"],
    places: PRESS[0],
    class: "Safety",
  });
});

test("[T19] every decision is that of the assignments read one after the other, in 100,000 random cases", () => {
  const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_130);
  console.log(`place roles fuzz: FUZZ_SEED=${seed}`);
  const random = randomOf(seed);
  const pick = <Item>(list: readonly Item[]): Item => list[random(list.length)]!;
  const actions = ["edit", "command", "alarms.acknowledge", "alarms.shelve", "acknowledge", "commands.command"];
  const classes = ["Quality", "Safety", "Logistics"];
  let allowed = 0;
  for (let plant = 0; plant < 200; plant++) {
    const places = Array.from({ length: 1 + random(30) }, (_, n) => `shell:${n}`);
    const parentOf = new Map(places.flatMap((place, n) => (n === 0 || random(8) === 0 ? [] : [[place, places[random(n)]!] as const])));
    const chainOf = (place: string): readonly string[] => {
      const chain: string[] = [];
      for (let step: string | undefined = place; step !== undefined; step = parentOf.get(step)) chain.push(step);
      return chain;
    };
    const names = ["lead", "planner", "guest"];
    const roles = Array.from({ length: 1 + random(4) }, () => ({
      name: pick(names),
      actions: actions.filter(() => random(3) === 0),
      ...(random(3) === 0 && { classes: classes.filter(() => random(2) === 0) }),
    }));
    const assignments = Array.from({ length: random(25) }, (): PlaceAssignment => ({
      who: pick(["person:a", "person:b", "role:engineer", "role:operator"]),
      role: pick(names),
      place: random(12) === 0 ? "*" : pick(places),
      ...(random(3) === 0 && { until: NOW + random(3) - 1 }),
    }));
    const compiled = new PlaceRoles(roles, assignments);
    for (let who = 0; who < 10; who++) {
      const asker = { id: pick(["person:a", "person:b", "person:c"]), roles: [["engineer"], ["operator"], []][random(3)]! };
      const own = compiled.for(asker);
      for (let one = 0; one < 50; one++) {
        const asked = {
          actions: [pick(actions), pick(actions)].slice(random(2)),
          classes: random(2) === 0 ? [] : classes.filter(() => random(3) === 0),
        };
        const now = NOW + random(3) - 1;
        const of = Array.from({ length: random(8) === 0 ? random(3) : 1 }, () => pick(places));
        const found = own.decide(asked, of.map(chainOf), now).allowed;
        const expected = referencePlaces(roles, assignments, parentOf, { ...asked, asker, places: of, now });
        if (found !== expected) expect({ found, asker, asked, of, plant }).toEqual(expected);
        if (found) allowed += 1;
      }
    }
  }
  expect(allowed).toBeGreaterThan(10_000);
  expect(allowed).toBeLessThan(90_000);
});
