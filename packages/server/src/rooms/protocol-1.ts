import type { ServerMessage } from "@doppelwerk/sync";

/** What a client of protocol 1 receives of a topic; undefined where it knew nothing of the kind. Removed with protocol 1. */
export function asProtocol1(topic: string, payload: unknown): ServerMessage | undefined {
  return topic === "alarms.changed" ? ({ kind: "alarm", alarm: payload } as ServerMessage) : undefined;
}
