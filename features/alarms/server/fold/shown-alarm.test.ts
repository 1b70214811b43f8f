import { expect, test } from "vitest";
import type { AlarmEntry } from "@doppelwerk/operations";
import { shownAlarm, shownAlarmEvent } from "./shown-alarm.ts";

test("[CM11] an alarm that follows a condition of a plant says where it stands, in the list and in each of its steps; one of ours does not", () => {
  const place = { connection: "connection:tank", condition: "condition:nsu=urn:test:tank;s=LevelHigh" };
  const names = {
    nameOf: (actor: string) => `name of ${actor}`,
    atPlant: (rule: string) => (rule === "alarmRule:theirs" ? place : undefined),
  };
  const entry = (rule: string): AlarmEntry =>
    ({
      rule,
      title: { en: "x", zh: "x" },
      state: "unacknowledged",
      priority: 2,
      raisedAt: 1,
      changedAt: 2,
      instant: 2,
      actor: "a",
    }) as never;
  expect(shownAlarm(entry("alarmRule:theirs"), names)).toMatchObject({ atPlant: place, by: "name of a" });
  expect(shownAlarmEvent(entry("alarmRule:theirs") as never, names)).toMatchObject({ atPlant: place, by: "name of a" });
  expect("atPlant" in shownAlarm(entry("alarmRule:ours"), names)).toBe(false);
});

test("[AL31] the number that raised an alarm is shown with the name that the plant gives it", () => {
  const names = {
    nameOf: (actor: string) => actor,
    atPlant: () => undefined,
    nameOfValue: (rule: string, value: number) => (rule === "alarmRule:state" && value === 4 ? "Avería" : undefined),
  };
  const valueOf = (rule: string, value: number | string) => {
    const entry = { rule, value, title: { en: "x", zh: "x" }, state: "unacknowledged", priority: 2, raisedAt: 1, changedAt: 2 } as never;
    return [shownAlarm(entry, names).value, shownAlarmEvent(entry, names).value];
  };
  expect(valueOf("alarmRule:state", 4)).toEqual(["Avería (4)", "Avería (4)"]);
  expect(valueOf("alarmRule:state", 5)).toEqual(["5", "5"]);
  expect(valueOf("alarmRule:other", 4.00004)).toEqual(["4", "4"]);
  expect(valueOf("alarmRule:state", "Marcha")).toEqual(["Marcha", "Marcha"]);
});
