import type { AlarmEvent } from "@doppelwerk/operations";
import { hashedId, type EventKind, type EventPayload, type NewEvent, type RecordId } from "@doppelwerk/world";

/** A transition of an alarm (ISA-18.2), of its rule. */
const ALARM_EVENT = "alarm.transition";

export const alarmEvents: readonly EventKind[] = [{ type: ALARM_EVENT, version: 1, keys: ["rule", "station"] }];

/** Concluded again it has the same id. `subject` is the record whose readers may read the alarms of the rule. */
export function eventOfAlarm(alarm: AlarmEvent, subject: RecordId): NewEvent {
  const { instant, actor, ...payload } = alarm;
  return {
    id: hashedId("event", ALARM_EVENT, `${alarm.rule}\n${alarm.action}`),
    subject,
    type: ALARM_EVENT,
    at: instant,
    origin: "derived",
    ...(actor === undefined ? {} : { actor }),
    payload: payload as unknown as EventPayload,
  };
}
