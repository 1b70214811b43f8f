import { hashedId, type EventKind, type EventPayload, type Instant, type NewEvent, type RecordId } from "@doppelwerk/world";

export const NOTIFICATION_EVENTS = [
  "notification.sent",
  "notification.failed",
  "notification.expired",
  "notification.acknowledged",
] as const;
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

/** `alarms`: ids of alarm rules; `person`: id of whom it was sent to, absent for a channel. */
export const notificationEvents: readonly EventKind[] = NOTIFICATION_EVENTS.map((type) => ({
  type,
  version: 1,
  keys: ["alarms", "person", "channel"],
}));

/** Alarms that one event names; what is more is counted. */
export const MAX_NAMED_ALARMS = 100;

export interface NotificationFact {
  readonly type: NotificationEvent;
  /** What makes it one event, however often it is recorded. */
  readonly key: string;
  readonly at: Instant;
  /** The notification rule. */
  readonly subject: RecordId;
  readonly alarms: readonly RecordId[];
  readonly person?: string | undefined;
  readonly channel?: string | undefined;
  /** Who did it. */
  readonly actor?: string | undefined;
  readonly payload?: EventPayload;
}

export function eventOfNotification({ type, key, at, subject, alarms, person, channel, actor, payload }: NotificationFact): NewEvent {
  const named = [...new Set(alarms)];
  return {
    id: hashedId("event", type, key),
    subject,
    type,
    at,
    origin: "derived",
    ...(actor !== undefined && { actor }),
    payload: {
      ...payload,
      alarms: named.slice(0, MAX_NAMED_ALARMS),
      count: named.length,
      ...(person !== undefined && { person }),
      ...(channel !== undefined && { channel }),
    },
  };
}
