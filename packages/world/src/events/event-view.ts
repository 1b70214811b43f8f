import { message } from "@doppelwerk/messages";
import type { BranchId } from "../change.ts";
import { DoppelwerkError } from "../error.ts";
import type { Decision } from "../ports/access-gate.ts";
import type { EventExpiry } from "../ports/event-store.ts";
import type { Action, Principal } from "../ports/access-gate.ts";
import type { RecordId } from "../record.ts";
import type { EventBook } from "./event-book.ts";
import type { EventReader, NewEvent, RecordedEvents } from "./event.ts";

/** Events as one principal may read and record them. */
export interface EventView extends EventReader {
  /** The actor is the principal. Errors as `World.record`; DW_FORBIDDEN without the right to enter; DW_NOT_FOUND for a subject that is hidden, too. */
  record(events: readonly Omit<NewEvent, "actor">[]): Promise<RecordedEvents>;
  /** For administrators. */
  expire(expiry: EventExpiry): Promise<number>;
}

export interface EventViewOptions {
  readonly book: EventBook;
  readonly principal: Principal;
  /** Throws DW_NOT_FOUND for a branch that is hidden. */
  branch(id: BranchId): unknown;
  may(action: Action, branch: BranchId): Decision;
  sees(subject: RecordId, branch: BranchId): boolean;
}

/** Access is decided once for each subject of a question, never for each event. */
export function createEventView({ book, principal, branch: branchOf, may, sees }: EventViewOptions): EventView {
  const shownOn = (branch: BranchId): ((subject: RecordId) => boolean) => {
    branchOf(branch);
    const decided = new Map<RecordId, boolean>();
    return (subject) => {
      let shown = decided.get(subject);
      if (shown === undefined) decided.set(subject, (shown = sees(subject, branch)));
      return shown;
    };
  };
  const need = (action: Action, branch: BranchId): void => {
    branchOf(branch);
    const decision = may(action, branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
  };
  const view: EventView = {
    async query(query) {
      const shows = shownOn(query.branch);
      return query.subject !== undefined && !shows(query.subject) ? { events: [] } : book.pageOf(query, shows);
    },
    latest: async (query) => (await view.query({ ...query, order: "descending", limit: 1 })).events[0],
    async count(query) {
      const shows = shownOn(query.branch);
      return query.subject !== undefined && !shows(query.subject) ? 0 : book.countOf(query, shows);
    },
    async record(events) {
      for (const branch of new Set(events.map(({ branch: id }) => id ?? "live"))) {
        need("enter", branch);
        const shows = shownOn(branch);
        for (const { branch: id, subject } of events)
          if ((id ?? "live") === branch && !shows(subject))
            throw new DoppelwerkError("DW_NOT_FOUND", message("world.noRecord", { id: subject }));
      }
      return book.record(events.map((event) => ({ ...event, actor: principal.id })));
    },
    async expire(expiry) {
      need("administer", expiry.branch ?? "live");
      return book.expire(expiry);
    },
  };
  return view;
}
