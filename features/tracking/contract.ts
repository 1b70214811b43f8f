import { endpoint, instant, z } from "@doppelwerk/kit";
import { EpcisDocument } from "./model/epcis-event.ts";
import { HoldFields } from "./model/hold-kind.ts";
import { MAX_IDENTIFIER } from "./model/identifier.ts";
import type {} from "./message-codes.ts";

/** Identifiers go in as a URN, a web address of GS1, or any other text of a system; they come out as the canonical one. */
const thing = z.string().min(1).max(MAX_IDENTIFIER);
/** A place or a station that events happened at. */
const place = z.string().max(200);

export const capture = endpoint({
  id: "tracking.capture",
  route: "POST /epcis/capture",
  summary: "Record what happened to things: a document of EPCIS 2.0 in JSON, all of it or nothing",
  action: "enter",
  query: z.object({
    /** Where events happened whose read point and business location are no place here; without it they are refused. */
    place: place.optional(),
  }),
  body: EpcisDocument,
  answer: z.object({
    recorded: z.int(),
    /** Were recorded before. */
    duplicates: z.int(),
    /** Events that were declared to be wrong. */
    withdrawn: z.int(),
  }),
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const events = endpoint({
  id: "tracking.events",
  route: "GET /epcis/events",
  summary: "Events of EPCIS 2.0 that may be read, newest first, by the parameters of its simple query that are listed",
  action: "read",
  query: z.object({
    eventType: z.enum(["ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent"]).optional(),
    GE_eventTime: instant.optional(),
    LT_eventTime: instant.optional(),
    EQ_eventID: thing.optional(),
    EQ_bizStep: thing.optional(),
    MATCH_anyEPC: thing.optional(),
    perPage: z.coerce.number().int().min(1).max(200).default(30),
    nextPageToken: z.string().max(200).optional(),
  }),
  answer: z.object({
    "@context": z.array(z.string()),
    type: z.literal("EPCISQueryDocument"),
    schemaVersion: z.literal("2.0"),
    creationDate: z.string(),
    epcisBody: z.object({
      queryResults: z.object({
        queryName: z.literal("SimpleEventQuery"),
        resultsBody: z.object({ eventList: z.array(z.looseObject({})) }),
      }),
    }),
    /** Asks for the page behind this one; absent on the last. */
    nextPageToken: z.string().optional(),
  }),
});

/** The shell of a place or station. */
const At = z.object({ id: z.string(), name: z.string() });

/** A thing with where it was named last. */
export const KnownThing = z.object({
  name: z.string(),
  /** What people call it: serial, lot or number of a container. */
  short: z.string(),
  last: z.object({ at: z.int(), place: At }).optional(),
});
export type KnownThing = z.output<typeof KnownThing>;

export const things = endpoint({
  id: "tracking.things",
  route: "GET /tracking/things",
  summary: "Things whose identifier has a text in it, those that came last first",
  action: "read",
  query: z.object({ find: z.string().max(MAX_IDENTIFIER).default(""), limit: z.coerce.number().int().min(1).max(100).default(20) }),
  answer: z.array(KnownThing),
});

/** What was said of a thing. `step` and `disposition` are words of the Core Business Vocabulary (ISO/IEC 19988). */
export const Visit = z.object({
  at: z.int(),
  place: At,
  type: z.string(),
  action: z.string().optional(),
  step: z.string().optional(),
  disposition: z.string().optional(),
  /** Orders and other business transactions. */
  transactions: z.array(z.string()),
  /** The event says that another one was wrong. */
  isError: z.boolean(),
});
export type Visit = z.output<typeof Visit>;

/** Something that stands in the way of using, packing or shipping what it reaches. */
export const Hold = HoldFields.extend({
  id: z.string(),
  short: z.string(),
  by: z.string(),
  at: z.int(),
  released: z.object({ by: z.string(), at: z.int(), reason: z.string() }).optional(),
});
export type Hold = z.output<typeof Hold>;

export const history = endpoint({
  id: "tracking.history",
  route: "GET /tracking/history",
  summary: "What happened to a thing, newest first, and the holds that reach it",
  action: "read",
  people: { as: "author" },
  query: z.object({ thing, before: instant.optional(), limit: z.coerce.number().int().min(1).max(100).default(50) }),
  answer: z.object({ thing: KnownThing, visits: z.array(Visit), next: z.int().optional(), holds: z.array(Hold) }),
  errors: ["DW_NOT_FOUND"],
});

export const MAX_TRACED = 10_000;

export const trace = endpoint({
  id: "tracking.trace",
  route: "GET /tracking/trace",
  summary: "Everything a thing went into (forward), or everything that went into it (backward), with the links between them",
  action: "read",
  query: z.object({
    thing,
    direction: z.enum(["into", "from"]),
    /** As it was at an instant, without what happened after it. */
    at: instant.optional(),
    /** Backward: only what is in it at the instant, without what was taken out before. */
    current: z.enum(["true", "false"]).default("false"),
    limit: z.coerce.number().int().min(1).max(MAX_TRACED).default(1_000),
  }),
  answer: z.object({
    /** The thing itself first, then by distance. */
    things: z.array(KnownThing.extend({ depth: z.int() })),
    /** Places in `things`; `until` is absent while it lasts. */
    links: z.array(
      z.object({
        from: z.int(),
        into: z.int(),
        kind: z.enum(["made", "assembled", "packed"]),
        since: z.int(),
        until: z.int().optional(),
      }),
    ),
    /** There are more things than the limit. */
    isCut: z.boolean(),
  }),
  errors: ["DW_NOT_FOUND"],
});

export const traceFile = endpoint({
  id: "tracking.traceFile",
  route: "GET /tracking/trace/file",
  summary: "The same as CSV, a row a link: for a recall",
  action: "export",
  query: z.object({ thing, direction: z.enum(["into", "from"]) }),
  answer: { octets: "text/csv" },
  errors: ["DW_NOT_FOUND"],
});

const branch = z.object({ branch: z.string().max(200).default("live") });

export const holds = endpoint({
  id: "tracking.holds",
  route: "GET /tracking/holds",
  summary: "Holds of a branch, the newest first",
  action: "read",
  branch: "query.branch",
  people: { as: "author" },
  query: branch,
  answer: z.array(Hold),
});

export const hold = endpoint({
  id: "tracking.hold",
  route: "POST /tracking/holds",
  summary: "Hold a thing and everything it went into or goes into",
  action: "enter",
  branch: "query.branch",
  query: branch,
  body: HoldFields,
  answer: z.object({ id: z.string() }),
  status: 201,
});

export const release = endpoint({
  id: "tracking.release",
  route: "POST /tracking/holds/:id/release",
  summary: "Release what was held; once",
  action: "enter",
  branch: "query.branch",
  query: branch,
  body: z.object({ reason: z.string().trim().min(1).max(1_000) }),
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});
