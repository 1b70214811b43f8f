import type { PlantView } from "@doppelwerk/kit/server";
import { hashedId, LIVE, type EventPayload, type EventRecord, type Instant, type NewEvent, type RecordId } from "@doppelwerk/world";
import type { EpcisEvent } from "../model/epcis-event.ts";
import { ERROR_EVENT, THING_EVENT } from "../model/event-kinds.ts";
import { trackedBy } from "../model/links.ts";
import type { Indexed } from "./genealogy-index.ts";

/** An event of EPCIS as it is recorded: once, however often it is sent. */
export function recordOf(event: EpcisEvent, at: Instant, subject: RecordId): Omit<NewEvent, "actor"> {
  const wrong = event.errorDeclaration;
  const { recordTime: _recordTime, "@context": _context, ...kept } = event as EpcisEvent & { readonly "@context"?: unknown };
  const name = event.eventID ?? JSON.stringify(kept);
  const id = hashedId("event", wrong ? `${ERROR_EVENT} ${wrong.declarationTime}` : THING_EVENT, name);
  return {
    id,
    subject,
    type: wrong ? ERROR_EVENT : THING_EVENT,
    at,
    origin: "measured",
    payload: { ...(kept as EventPayload), eventID: event.eventID ?? `urn:doppelwerk:${id}` },
  };
}

/** What a recorded event is to the index. That one was wrong names its things, and links nothing. */
export function indexedOf({ id, subject, at, type, payload }: Pick<EventRecord, "id" | "subject" | "at" | "type" | "payload">): Indexed {
  const tracked = trackedBy(payload as unknown as EpcisEvent, String(payload["eventID"]));
  return { ...tracked, id, subject, at, links: type === ERROR_EVENT ? [] : tracked.links };
}

const PAGE = 1_000;

/** Every recorded event of a span, oldest first, page by page. */
export async function* recordedEvents(
  view: PlantView,
  {
    types = [THING_EVENT, ERROR_EVENT],
    from,
    to,
  }: { readonly types?: readonly string[]; readonly from?: Instant; readonly to?: Instant } = {},
): AsyncIterable<readonly EventRecord[]> {
  let cursor: string | undefined;
  do {
    const page = await view.events.query({
      branch: LIVE,
      types,
      limit: PAGE,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(cursor !== undefined && { cursor }),
    });
    yield page.events;
    cursor = page.next;
  } while (cursor !== undefined);
}

/** The events of EPCIS with an id of theirs. */
export async function eventsOfId(view: PlantView, eventID: string, types: readonly string[]): Promise<readonly EventRecord[]> {
  const page = await view.events.query({ branch: LIVE, types, key: { name: "eventID", value: eventID }, limit: 100 });
  return page.events;
}
