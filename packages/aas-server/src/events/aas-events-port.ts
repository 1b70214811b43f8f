import type { AasEvents } from "@doppelwerk/ports";
import { LIVE, type LogEntry, type Principal, type WorldView } from "@doppelwerk/world";
import { eventQueryOf } from "./event-choice.ts";
import { eventsOf } from "./event-stream.ts";

/** The events of live as features follow them: each principal receives what it may read. */
export function aasEventsPort(
  viewOf: (principal: Principal) => WorldView,
  logAfter: (view: WorldView, after: number) => AsyncIterable<LogEntry>,
): AasEvents {
  return {
    check: async (query) => void eventQueryOf(query),
    follow(principal, { query, ...request }, signal) {
      const view = viewOf(principal);
      return eventsOf({
        ...request,
        view,
        branch: LIVE,
        log: (after) => logAfter(view, after),
        ...(query !== undefined && { query: eventQueryOf(query) }),
        signal,
      });
    },
  };
}
