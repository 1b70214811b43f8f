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
