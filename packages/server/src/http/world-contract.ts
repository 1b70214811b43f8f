import { eventsQuery } from "@doppelwerk/aas-server";
import { endpoint, localText, z } from "@doppelwerk/kit";
import { connectionStatusShape } from "@doppelwerk/ports";

// What the kernel itself answers of a world and of the person who asks. Times are microseconds since 1970.

export const worldInfoShape = z.object({
  world: z.string(),
  title: localText,
  /** Names from the enterprise down to the line, or to what holds all of them where there are several; empty where there is none. */
  path: z.array(localText).readonly(),
  /** Production lines of live that the caller may read, in the order of `GET /lines`. */
  lines: z.array(z.object({ id: z.string(), title: localText, path: z.array(localText).readonly(), timeZone: z.string() })).readonly(),
  version: z.string(),
  now: z.int(),
  revision: z.int(),
  empty: z.boolean(),
  /** Whether live has a production line. */
  line: z.boolean(),
  /** Whether there is a snapshot of live to be asked for: of the line, or of the conditions of plants without one. */
  snapshot: z.boolean(),
  demo: z.boolean(),
  historyFrom: z.int().optional(),
  backfill: z.object({ progress: z.number(), samples: z.int(), done: z.boolean(), unknownBefore: z.int().optional() }),
  /** Whether what comes is kept, and what of the record is damaged. */
  history: z.object({
    /** Present while the historian takes no samples. */
    refusedSince: z.int().optional(),
    diskFull: z.boolean().optional(),
    /** Samples not kept since the server started. */
    unwritten: z.int(),
    damagedFiles: z.int(),
    missingSamples: z.int(),
  }),
  connections: z.array(connectionStatusShape).readonly(),
  /** IANA name. */
  timeZone: z.string(),
});

export const readWorld = endpoint({
  id: "kernel.world",
  route: "GET /world",
  summary: "What a client asks first: title, time, revision, connections",
  action: "read",
  answer: worldInfoShape,
});

export const eraseName = endpoint({
  id: "kernel.eraseName",
  route: "DELETE /person/name",
  summary: "Erase the name kept for the person of the header Doppelwerk-Person; the log keeps the opaque id",
  // Whoever has the secret of an id may, whatever his rights.
  action: "read",
  answer: undefined,
  errors: ["DW_INVALID"],
});

export const streamEvents = endpoint({
  id: "kernel.events",
  route: "GET /branches/:branch/events",
  summary: "What happens to shells, submodels, elements and concept descriptions, as CloudEvents 1.0 over server-sent events",
  action: "read",
  branch: "params.branch",
  query: eventsQuery,
  answer: { octets: "text/event-stream" },
  errors: ["DW_NOT_FOUND", "DW_INVALID"],
});

/** Routes that the server registers itself; a test holds them to what is registered. */
export const ownContract = [readWorld, eraseName, streamEvents] as const;
