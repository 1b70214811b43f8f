import type { AlarmEvent } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { eventOfAlarm } from "./event-kinds.ts";

const alarm = {
  rule: "alarmRule:hot",
  instance: "alarmRule:hot#1",
  action: "alarm",
  from: "normal",
  state: "unacknowledged",
  instant: 1_790_000_000_000_000,
  priority: 2,
  title: { en: "hot", zh: "热" },
  station: "S10",
  firstOut: true,
} as unknown as AlarmEvent;

test("[AL18] a transition of an alarm becomes an event, the same one when it is concluded again", () => {
  const event = eventOfAlarm(alarm, "signal:temperature");
  expect(event).toMatchObject({ type: "alarm.transition", at: alarm.instant, subject: "signal:temperature" });
  expect(eventOfAlarm({ ...alarm, instance: "alarmRule:hot#7" }, "signal:temperature").id).toBe(event.id);
  expect(eventOfAlarm({ ...alarm, actor: "ann" }, "signal:temperature").actor).toBe("ann");
});
