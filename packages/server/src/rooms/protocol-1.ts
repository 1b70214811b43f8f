import type { ServerMessage } from "@doppelwerk/sync";

/** What a client of protocol 1 receives of a topic; undefined where it knew nothing of the kind. Removed with protocol 1. */
export function asProtocol1(topic: string, payload: unknown): ServerMessage | undefined {
  switch (topic) {
    case "alarms.changed":
      return { kind: "alarm", alarm: payload } as ServerMessage;
    case "connect.status":
      return { kind: "connection", connection: payload } as ServerMessage;
    case "connect.backfill":
      return { kind: "backfill", ...(payload as object) } as ServerMessage;
    case "simulate.progress":
      return { kind: "run", run: payload } as ServerMessage;
    case "line.derived":
      return { kind: "derived", ...(payload as object) } as ServerMessage;
    default:
      return undefined;
  }
}
