import type { AnswerOf, QueryOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { LIVE, type EventRecord, type Instant } from "@doppelwerk/world";
import type * as contract from "../contract.ts";
import { plainWord, type EpcisEvent } from "../model/epcis-event.ts";
import { ERROR_EVENT, THING_EVENT } from "../model/event-kinds.ts";
import { canonicalIdentifier } from "../model/identifier.ts";
import { trackedBy } from "../model/links.ts";

const CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";
/** Read at a time where events are left out by what stands in them. */
const SCANNED = 500;
/** Of one answer: then it has fewer events than a page, and says where to go on. */
const MAX_SCANNED = 20_000;

type Query = QueryOf<typeof contract.events>;

/** The simple event query of EPCIS 2.0 (8.2.7), as far as its parameters are taken. */
export async function queryEvents(view: PlantView, query: Query, now: Instant): Promise<AnswerOf<typeof contract.events>> {
  const found: EventRecord[] = [];
  let cursor = query.nextPageToken;
  for (let scanned = 0; found.length < query.perPage && scanned < MAX_SCANNED; scanned += SCANNED) {
    const wanted = query.perPage - found.length;
    const page = await view.events.query({
      branch: LIVE,
      types: [THING_EVENT, ERROR_EVENT],
      order: "descending",
      // a page of exactly what is wanted, so that its end is where the next one begins
      limit: selects(query) ? SCANNED : wanted,
      ...(query.GE_eventTime !== undefined && { from: query.GE_eventTime }),
      ...(query.LT_eventTime !== undefined && { to: query.LT_eventTime }),
      ...(query.EQ_eventID !== undefined && { key: { name: "eventID", value: query.EQ_eventID } }),
      ...(cursor !== undefined && { cursor }),
    });
    const fitting = page.events.filter((event) => fits(event, query));
    found.push(...fitting.slice(0, wanted));
    cursor = fitting.length > wanted ? placeOf(found.at(-1)!) : page.next;
    if (cursor === undefined) break;
  }
  return {
    "@context": [CONTEXT],
    type: "EPCISQueryDocument",
    schemaVersion: "2.0",
    creationDate: new Date(now / 1_000).toISOString(),
    epcisBody: { queryResults: { queryName: "SimpleEventQuery", resultsBody: { eventList: found.map(shownEvent) } } },
    ...(cursor !== undefined && { nextPageToken: cursor }),
  };
}

/** The cursor behind an event, as pages of events name it. */
const placeOf = ({ at, id }: EventRecord): string => `${at}:${id}`;

const selects = ({ eventType, EQ_bizStep, MATCH_anyEPC }: Query): boolean =>
  eventType !== undefined || EQ_bizStep !== undefined || MATCH_anyEPC !== undefined;

function fits({ payload }: EventRecord, { eventType, EQ_bizStep, MATCH_anyEPC }: Query): boolean {
  const event = payload as unknown as EpcisEvent;
  if (eventType !== undefined && event.type !== eventType) return false;
  if (EQ_bizStep !== undefined && (event.bizStep === undefined || plainWord(event.bizStep) !== plainWord(EQ_bizStep))) return false;
  return MATCH_anyEPC === undefined || trackedBy(event, "").things.includes(canonicalIdentifier(MATCH_anyEPC));
}

function shownEvent({ known, payload }: EventRecord): Record<string, unknown> {
  return { ...payload, recordTime: new Date(known / 1_000).toISOString() };
}
