import { expect, test } from "vitest";
import { AlarmRuleFields } from "../../contract.ts";
import { EMPTY_DRAFT, draftOf, faultsOf, fieldsOf } from "./rule-draft.ts";
import type { RuleDraft } from "./rule-draft.ts";

const text = (en: string) => ({ en, zh: `${en} 中` });
const RULE: AlarmRuleFields = {
  title: text("title"),
  shell: "urn:shell",
  station: "S10",
  condition: { kind: "high", signal: "signal:a", limit: 50, deadband: 2 },
  priority: 2,
  onDelayS: 0,
  offDelayS: 3,
  cause: text("cause"),
  consequence: text("consequence"),
  response: text("response"),
  timeToRespondS: 600,
  latching: true,
  suppressedIn: ["break"],
  suppressedBy: "S20",
  suppressedWhen: 'is("signal:a", "CLEAN")',
  firstOut: { group: "oil", withinS: 30 },
  enabled: false,
};
const CONDITIONS: readonly AlarmRuleFields["condition"][] = [
  RULE.condition,
  { kind: "low", signal: "signal:a", limit: -1.5, deadband: 0 },
  { kind: "deviation", signal: "signal:a", limit: 1, deadband: 0, target: 0 },
  { kind: "deviation", signal: "signal:a", limit: 1, deadband: 0, reference: "signal:b" },
  { kind: "value", signal: "signal:a", values: [3, "jam", -0.5] },
  { kind: "condition", signal: "signal:a" },
  { kind: "state", station: "S10", states: ["failed", "blocked"] },
  { kind: "state", station: "S10", states: ["failed"], of: "anyPlace" },
  { kind: "noData", signals: ["signal:a", "signal:b"], afterS: 30 },
  { kind: "highHigh", expression: 'last("signal:a") * 2', limit: 3, deadband: 1 },
  { kind: "lowLow", signal: "signal:a", limit: 3, deadband: 1 },
  { kind: "deviation", expression: 'last("signal:a") * 2', limit: 3, deadband: 1, usualS: 600 },
  { kind: "rate", signal: "signal:a", limit: 3, deadband: 1, windowS: 30, direction: "falling" },
  { kind: "model", signal: "signal:a", limit: 3, deadband: 1, expected: 'last("signal:b") + 1', smoothS: 20 },
  { kind: "expression", expression: 'is("signal:a", "AUTO")' },
  { kind: "sequence", first: 'last("signal:a") > 1', next: 'last("signal:b") > 1', withinS: 4, isMissing: true },
  { kind: "nOfM", conditions: ['last("signal:a") > 1', 'last("signal:b") > 1'], atLeast: 2 },
  { kind: "repeated", expression: 'last("signal:a") > 1', times: 3, withinS: 60 },
];

test.each(CONDITIONS)("[AL13] [AL62] a rule of $kind that is opened and stored unchanged is the same rule", (condition) => {
  const rule = { ...RULE, condition };
  expect(fieldsOf(draftOf(rule))).toEqual(rule);
  expect(AlarmRuleFields.parse(fieldsOf(draftOf(rule)))).toEqual(rule);
});

test("[AL13] an empty form names what is missing and makes no rule", () => {
  expect(faultsOf(EMPTY_DRAFT)).toEqual(["title", "signals", "limit", "cause", "consequence", "response"]);
  expect(fieldsOf(EMPTY_DRAFT)).toBeUndefined();
});

test.each<[string, Partial<RuleDraft>, string]>([
  ["a deviation from nothing", { kind: "deviation", target: undefined }, "target"],
  ["a deviation from a signal that is missing", { kind: "deviation", from: "reference" }, "reference"],
  ["a negative deadband", { deadband: -1 }, "deadband"],
  ["a limit that is no number", { limit: Number.NaN }, "limit"],
  ["a state of no station", { kind: "state", station: undefined, states: ["failed"] }, "station"],
  ["a station in no state", { kind: "state", states: [] }, "states"],
  ["no value", { kind: "value", values: " , " }, "values"],
  ["silence for no time", { kind: "noData", afterS: 0 }, "afterS"],
  ["no time to respond", { timeToRespondS: 0 }, "timeToRespondS"],
  ["a text of blanks", { cause: { en: " ", zh: "" } }, "cause"],
])("[AL13] %s is named and makes no rule", (_, change, fault) => {
  const draft = { ...draftOf(RULE), ...change };
  expect(faultsOf(draft)).toEqual([fault]);
  expect(fieldsOf(draft)).toBeUndefined();
});

test("[AL13] a text in one language stands for both, and nothing else of it changes", () => {
  const draft = { ...draftOf(RULE), title: { en: "", zh: " 压力过高 " } };
  expect(fieldsOf(draft)).toEqual({ ...RULE, title: { en: "压力过高", zh: "压力过高" } });
});
