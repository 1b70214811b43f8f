import { endpoint, instant, z } from "@doppelwerk/kit";

const anyValue = z.union([z.number(), z.boolean(), z.string()]);

/** One value that a person typed in. It stays as it was written; a correction is an entry of its own. Times are microseconds since 1970. */
export const Entry = z.object({
  id: z.string(),
  signal: z.string(),
  name: z.string(),
  unit: z.string().optional(),
  connection: z.string(),
  /** Absent = withdrawn: from this time on nothing is known. */
  value: anyValue.optional(),
  /** When it held, as the person says. */
  time: z.int(),
  /** Its place in the history: a correction stands a microsecond after what it corrects, so that both can be read. */
  sampleTime: z.int(),
  note: z.string().optional(),
  enteredBy: z.string(),
  enteredByName: z.string().optional(),
  enteredAt: z.int(),
  /** The entry that this one corrects. */
  corrects: z.string().optional(),
  /** The entry that corrected this one. */
  correctedBy: z.string().optional(),
});
export type Entry = z.output<typeof Entry>;

/** A signal that people type values in for. */
export const EntrySignal = z.object({
  id: z.string(),
  name: z.string(),
  names: z.record(z.string(), z.string()).optional(),
  unit: z.string().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  valueType: z.enum(["boolean", "integer", "double", "string", "enumeration"]),
  connection: z.string(),
  connectionName: z.string(),
  /** False = its connection is switched off. */
  open: z.boolean(),
});
export type EntrySignal = z.output<typeof EntrySignal>;

export const list = endpoint({
  id: "entries.list",
  route: "GET /entries",
  people: { as: "author" },
  summary: "Values that people typed in, newest first",
  action: "read",
  tool: { name: "entries", effect: "read", description: "Values that people typed in, newest first." },
  query: z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(100), signal: z.string().max(200).optional() }),
  answer: z.array(Entry),
});

export const signals = endpoint({
  id: "entries.signals",
  route: "GET /entries/signals",
  summary: "Signals that people type values in for",
  action: "read",
  answer: z.array(EntrySignal),
});

export const enter = endpoint({
  id: "entries.enter",
  route: "POST /entries",
  summary: "Type in a value, correct one, or withdraw one (value null); nothing is overwritten",
  action: "enter",
  subject: "body.signal",
  body: z.strictObject({
    signal: z.string().min(1).max(200),
    /** null withdraws the entry that is corrected. */
    value: z.union([z.number(), z.boolean(), z.string().max(10_000), z.null()]),
    time: instant.optional(),
    note: z.string().trim().max(500).optional(),
    corrects: z.string().max(200).optional(),
  }),
  answer: Entry,
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});
