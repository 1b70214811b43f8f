import { MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { andonRule, type AndonRuleFields, type StoredCall } from "./andon-kinds.ts";
import { dueStep, isAbout, isBeyond } from "./escalation.ts";

const fields = (more: Partial<AndonRuleFields> = {}): AndonRuleFields => ({
  name: "calls",
  isOn: true,
  cause: { kind: "call", reasons: [] },
  priority: 2,
  steps: [
    { afterMinutes: 0, to: [] },
    { afterMinutes: 5, to: [] },
    { afterMinutes: 15, to: [] },
  ],
  ...more,
});
const call = (more: Partial<StoredCall> = {}): StoredCall => ({ station: "S10", reason: "help", raisedAt: 0, notified: {}, ...more });
const due = (at: number, more: Partial<StoredCall> = {}, rule = fields()) => dueStep({ id: "r", fields: rule }, call(more), at * MINUTE);

test("[AN3] steps are due by time until somebody takes it; after a time off the last one alone, and none twice", () => {
  expect([due(0), due(4), due(5), due(15), due(99)]).toEqual([1, 1, 2, 3, 3]);
  expect([due(4, { notified: { r: 1 } }), due(5, { notified: { r: 1 } }), due(99, { notified: { r: 3 } })]).toEqual([
    undefined,
    2,
    undefined,
  ]);
  expect([due(99, { owner: "person:eva" }), due(99, { closedAt: 1 })]).toEqual([undefined, undefined]);
});

test("[AN3] [AN4] a rule is about its reasons, its station, and its own KPI; a limit is below or above", () => {
  const about = (rule: Partial<AndonRuleFields>, more: Partial<StoredCall> = {}) => isAbout({ id: "r", fields: fields(rule) }, call(more));
  expect(about({ cause: { kind: "call", reasons: ["material"] } })).toBe(false);
  expect(about({ cause: { kind: "call", reasons: ["help"] }, station: "S10" })).toBe(true);
  expect(about({ station: "S20" })).toBe(false);
  expect(about({ isOn: false })).toBe(false);
  expect(about({}, { reason: "kpi", rule: "other" })).toBe(false);
  const kpi = { kind: "kpi", indicator: "oee", limit: "below", value: 0.6, afterMinutes: 0 } as const;
  expect(about({ cause: kpi }, { reason: "kpi", rule: "r" })).toBe(true);
  expect([isBeyond(fields({ cause: kpi }), 0.59), isBeyond(fields({ cause: kpi }), 0.6)]).toEqual([true, false]);
  expect(isBeyond(fields({ cause: { ...kpi, limit: "above" } }), 0.61)).toBe(true);
  const late = [
    { afterMinutes: 5, to: [] },
    { afterMinutes: 5, to: [] },
  ];
  expect(andonRule.schema.safeParse(fields({ steps: late })).success).toBe(false);
});
