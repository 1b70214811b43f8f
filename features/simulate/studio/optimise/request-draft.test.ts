import { expect, test } from "vitest";
import { groupsOf, NEW_REQUEST, requestOf, withChoice } from "./request-draft.ts";
import { factors } from "./recorded.fixture.ts";

const groups = groupsOf(factors);

test("a factor that is chosen begins within bounds about its value, and leaves nothing when it is no longer chosen", () => {
  const [factor] = factors;
  const chosen = withChoice(NEW_REQUEST.choices, [factor!], true);
  const { min, max } = chosen.get(factor!.key)!;
  expect(min).toBeLessThanOrEqual(factor!.value);
  expect(max).toBeGreaterThanOrEqual(factor!.value);
  expect(withChoice(chosen, [factor!], false).size).toBe(0);
});

test("the request names what was chosen, and keeps nothing that is a goal", () => {
  const choices = withChoice(NEW_REQUEST.choices, factors.slice(0, 1), true);
  const request = requestOf("A", groups, { ...NEW_REQUEST, choices, seed: "7", keep: ["throughput", "wip"] });
  expect(request).toMatchObject({ title: "A", goals: ["throughput"], keep: ["wip"], totals: [], seed: 7, budget: 120 });
  expect(request.factors.map(({ key }) => key)).toEqual([factors[0]!.key]);
});

test("the sum of several buffers is kept exactly, until it is free", () => {
  const buffers = [1, 2].map((n) => ({ ...factors[0]!, key: `B${n}/Capacity`, group: "buffer" as const, value: n }));
  const choices = withChoice(NEW_REQUEST.choices, buffers, true);
  const draft = { ...NEW_REQUEST, choices };
  expect(requestOf("", groupsOf(buffers), draft).totals).toEqual([{ keys: ["B1/Capacity", "B2/Capacity"], kind: "exactly", total: 3 }]);
  expect(requestOf("", groupsOf(buffers), { ...draft, totals: new Map() }).totals).toEqual([]);
});
