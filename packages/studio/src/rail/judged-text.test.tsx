import type { Rail, RailLane } from "@doppelwerk/client";
import { startLanguage, translate, verdictText } from "@doppelwerk/ui";
import { HOUR } from "@doppelwerk/world";
import { beforeAll, expect, test } from "vitest";
import { judgedText } from "./judged-text.ts";
import { beginningOf } from "./rail-lanes.ts";

beforeAll(() => startLanguage("en"));

const lane = (judged: RailLane["judged"], verdict: RailLane["verdict"]): RailLane =>
  ({ branch: { id: "branch:1", instant: 7 * HOUR }, hue: "violet", fan: [], verdict, verdictOf: "study", judged }) as unknown as RailLane;

test.each([
  ["better", "better", { mean: 8, halfWidth: 2, relevant: 3 }],
  ["maybe too small to matter", "no evidence", { mean: 4, halfWidth: 2, relevant: 3 }],
  ["too small to matter", "no evidence", { mean: 1.5, halfWidth: 1, relevant: 3 }],
  ["no evidence", "no evidence", { mean: 2, halfWidth: 4, relevant: 3 }],
] as const)("[U152] the Rail words a difference that is %s as its report does, and names the KPI", (text, verdict, difference) => {
  expect(judgedText(lane({ kpi: "throughput", ...difference }, verdict), translate)).toBe(`Study, Throughput: ${text}`);
  expect(verdictText({ ...difference, verdict }, translate)).toBe(text);
});

test("[U152] what is not judged says nothing; without its figures a verdict stands alone", () => {
  expect(judgedText(lane(undefined, undefined), translate)).toBe("");
  expect(judgedText(lane(undefined, "better"), translate)).toBe("Study: better");
});

test("[U152] the units of a forecast are counted from the fork that it was made of, of both of its sides", () => {
  const [fan, reference] = [[], []];
  const rail = { now: 9 * HOUR, lanes: [{ branch: { id: "branch:1", instant: 7 * HOUR }, fan, reference }] } as unknown as Rail;
  expect([beginningOf(rail, fan), beginningOf(rail, reference)]).toEqual([7 * HOUR, 7 * HOUR]);
  expect(beginningOf(rail, [])).toBe(9 * HOUR);
});
