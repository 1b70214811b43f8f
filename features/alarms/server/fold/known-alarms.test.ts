import { expect, test } from "vitest";
import { KnownAlarms } from "./known-alarms.ts";

const SINCE = 1_000;

function known(values: Readonly<Record<string, number>> = {}) {
  const state: { since: number | undefined } = { since: SINCE };
  return { state, alarms: new KnownAlarms({ unknownBefore: () => state.since, valueAt: (id) => values[id] }) };
}

test("[AL46] while the past is read an alarm is known that was raised since, or whose values are all of the present", () => {
  const { alarms, state } = known({ present: SINCE, old: SINCE - 1 });
  const isKnown = (raisedAt: number, ...inputs: string[]) => alarms.isKnown({ rule: "a", raisedAt }, inputs);
  expect([isKnown(SINCE, "old"), isKnown(SINCE - 1, "present")]).toEqual([true, true]);
  expect([isKnown(SINCE - 1, "old"), isKnown(SINCE - 1, "present", "old"), isKnown(SINCE - 1, "none"), isKnown(SINCE - 1)]).toEqual([
    false,
    false,
    false,
    false,
  ]);
  state.since = undefined;
  expect(isKnown(1, "old")).toBe(true);
});

test("[AL46] one that was raised live stays known when it is found to have lasted for longer, until it returns", () => {
  const { alarms, state } = known();
  const isKnown = () => alarms.isKnown({ rule: "a", raisedAt: 1 }, ["old"]);
  expect(isKnown()).toBe(false);
  alarms.concluded({ rule: "a", state: "unacknowledged" });
  alarms.concluded({ rule: "b", state: "normal" });
  expect(isKnown()).toBe(true);
  alarms.concluded({ rule: "a", state: "acknowledged" });
  expect(isKnown()).toBe(true);
  alarms.concluded({ rule: "a", state: "normal" });
  expect(isKnown()).toBe(false);
  alarms.concluded({ rule: "a", state: "unacknowledged" });
  state.since = undefined;
  alarms.concluded({ rule: "b", state: "normal" });
  state.since = SINCE;
  expect(isKnown()).toBe(false);
});
