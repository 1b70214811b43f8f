import type { EventLogReport } from "./event-log-api.ts";
import type { Requester } from "./request.ts";

/** Event logs of production; nothing of them is kept. */
export interface EventLogCalls {
  /** CSV or XES. `utcOffset` in minutes is of times that name no zone; without `periodS` the length of the log decides what is forecast. */
  eventLogReport(
    file: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> },
    options?: { readonly utcOffset?: number; readonly periodS?: number },
    call?: { readonly signal?: unknown },
  ): Promise<EventLogReport>;
}

export function eventLogCalls(requester: Requester): EventLogCalls {
  return {
    eventLogReport: ({ name, bytes }, { utcOffset, periodS } = {}, call) =>
      requester.json("POST", "/event-log/report", { query: { name, utcOffset, periodS }, body: bytes, ...call }),
  };
}
