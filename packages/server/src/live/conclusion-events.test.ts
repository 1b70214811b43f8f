import type { AlarmEvent, PartEvent } from "@doppelwerk/operations";
import { verbatim } from "@doppelwerk/messages";
import { DoppelwerkError, type NewEvent } from "@doppelwerk/world";
import { pino } from "pino";
import { expect, test } from "vitest";
import { ConclusionEvents, eventOfAlarm, eventOfPart } from "./conclusion-events.ts";

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
const part: PartEvent = { kind: "completed", serial: "SN-1", station: "S20", at: 1_790_000_000_000_001, reworked: false };
const logger = pino({ level: "silent" });

test("[SV110] transitions of alarms and what happens to parts become events, the same ones when they are concluded again", async () => {
  const recorded: NewEvent[] = [];
  const events = new ConclusionEvents({
    logger,
    subjectOf: () => "signal:temperature",
    async record(call) {
      recorded.push(...call);
      return { recorded: call.length, duplicates: 0 };
    },
  });
  events.add({ alarms: [alarm], parts: [part] });
  events.add({ alarms: [{ ...alarm, instance: "alarmRule:hot#7" }], parts: [] });
  await events.close();
  expect(recorded.map(({ type, at }) => [type, at])).toEqual([
    ["alarm.transition", alarm.instant],
    ["part.completed", part.at],
    ["alarm.transition", alarm.instant],
  ]);
  expect(recorded[0]!.id).toBe(recorded[2]!.id);
  expect(eventOfPart(part).payload).toEqual({ serial: "SN-1", station: "S20", reworked: false });
  expect(eventOfAlarm({ ...alarm, actor: "ann" }, "signal:temperature").actor).toBe("ann");
});

test("[SV110] what cannot be recorded now is tried again in order, and one that is refused keeps no other", async () => {
  const recorded: string[] = [];
  let full = true;
  const events = new ConclusionEvents({
    logger,
    subjectOf: () => "signal:temperature",
    async record(call) {
      if (full) throw new DoppelwerkError("DW_UNAVAILABLE", verbatim("refused"));
      if (call.some(({ payload }) => payload["serial"] === "bad")) throw new DoppelwerkError("DW_INVALID", verbatim("refused"));
      recorded.push(...call.map(({ payload }) => String(payload["serial"])));
      return { recorded: call.length, duplicates: 0 };
    },
  });
  const parts = ["1", "bad", "2", "3"].map((serial): PartEvent => ({ ...part, serial }));
  events.add({ alarms: [], parts });
  await Promise.resolve();
  full = false;
  await events.close();
  expect(recorded).toEqual(["1", "2", "3"]);
});
