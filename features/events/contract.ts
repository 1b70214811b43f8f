import { endpoint, instant, z } from "@doppelwerk/kit";
import { fault, message } from "@doppelwerk/kit";
import type {} from "./message-codes.ts";

/** A structured fact: what happened to which record, and when. Times are microseconds since 1970. */
export const EventRecord = z.object({
  id: z.string(),
  branch: z.string(),
  subject: z.string(),
  type: z.string(),
  /** Version of the type that the payload has. */
  version: z.int(),
  at: z.int(),
  /** When the server got to know it. */
  known: z.int(),
  origin: z.enum(["measured", "simulated", "replayed", "entered", "derived"]),
  actor: z.string().optional(),
  payload: z.record(z.string(), z.json().optional()),
  /** Values by which it is found, by the name of the key. */
  keys: z.record(z.string(), z.array(z.string()).readonly()),
});
export type EventRecord = z.output<typeof EventRecord>;

const name = z.string().min(1).max(500);
const types = z
  .string()
  .max(5_000)
  .transform((text) => text.split(",").filter((type) => type !== ""));

const conditions = z.object({
  branch: name.default("live"),
  /** The record that it happened to. */
  subject: name.optional(),
  /** By commas. */
  types: types.optional(),
  /** Name and value of a key: `serial` and `S-1042`. */
  key: name.optional(),
  value: z.string().max(200).optional(),
  from: instant.optional(),
  to: instant.optional(),
  /** Rewind: what had happened and was known at this instant. */
  knownAt: instant.optional(),
});
export type Conditions = z.output<typeof conditions>;

const wholeKey = [
  ({ key, value }: Conditions): boolean => (key === undefined) === (value === undefined),
  fault(message("events.keyAndValue")),
] as const;

export const list = endpoint({
  id: "events.list",
  route: "GET /event-records",
  summary: "Recorded events by subject, types, key and time, on a branch and as known at an instant; newest first",
  action: "read",
  branch: "query.branch",
  query: conditions
    .extend({
      order: z.enum(["ascending", "descending"]).default("descending"),
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
      /** `next` of the page before. */
      cursor: z.string().max(500).optional(),
    })
    .refine(...wholeKey),
  answer: z.object({ events: z.array(EventRecord), next: z.string().optional() }),
});

export const count = endpoint({
  id: "events.count",
  route: "GET /event-records/count",
  summary: "How many recorded events there are",
  action: "read",
  branch: "query.branch",
  query: conditions.refine(...wholeKey),
  answer: z.object({ count: z.int() }),
});

export const expire = endpoint({
  id: "events.expire",
  route: "DELETE /event-records",
  summary: "Remove events before an instant for good, all or of some types",
  action: "administer",
  branch: "query.branch",
  query: z.object({ before: instant, branch: name.optional(), types: types.optional() }),
  answer: z.object({ expired: z.int() }),
});
