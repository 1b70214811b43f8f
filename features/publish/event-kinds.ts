import type { EventKind } from "@doppelwerk/world";

/** What a client of the OPC UA server of the twin said of an alarm; its subject is an input of the alarm. */
export const ALARM_COMMENT = "alarm.comment";

export const publishEvents: readonly EventKind[] = [{ type: ALARM_COMMENT, version: 1, keys: ["rule"] }];
