import type { Branch, Change, DiffItem, LogEntry, WorldRecord } from "@doppelwerk/world";
import { z } from "zod";

const id = z.string().min(1).max(2048);
const json: z.ZodType = z.json();
const receivedRecord = z.looseObject({ id, kind: z.string().min(1).max(64) });

/** One transaction's changes as they are received, on WebSocket and HTTP alike. */
export const changesBody = z
  .array(
    z.discriminatedUnion("op", [
      z.object({ op: z.literal("create"), record: receivedRecord }),
      z.object({ op: z.literal("update"), id, fields: z.record(z.string(), z.object({ from: json.optional(), to: json.optional() })) }),
      z.object({ op: z.literal("delete"), record: receivedRecord }),
    ]),
  )
  .min(1)
  .max(10_000);

// Shapes of answers. The types of the world say more than zod can (readonly JSON), so they are given with the shapes.

/** A record: its id and kind, and the fields of that kind. */
export const worldRecord = z.object({ id: z.string(), kind: z.string() }).catchall(z.json().optional()) as unknown as z.ZodType<
  WorldRecord,
  WorldRecord
>;

export const change = z.discriminatedUnion("op", [
  z.object({ op: z.literal("create"), record: worldRecord }),
  z.object({
    op: z.literal("update"),
    id: z.string(),
    fields: z.record(z.string(), z.object({ from: z.json().optional(), to: z.json().optional() })),
  }),
  z.object({ op: z.literal("delete"), record: worldRecord }),
]) as unknown as z.ZodType<Change, Change>;

/** One entry of the change log. Times are microseconds since 1970. */
export const logEntry = z.object({
  v: z.literal(1),
  revision: z.int(),
  time: z.int(),
  branch: z.string(),
  actor: z.string(),
  reason: z.string(),
  message: z.object({ code: z.string(), params: z.record(z.string(), z.json()) }).optional(),
  changes: z.array(change),
  clientId: z.string().optional(),
  fork: z.object({ name: z.string(), parent: z.string(), baseRevision: z.int(), instant: z.int() }).optional(),
  merge: z.object({ source: z.string(), sourceRevision: z.int(), request: z.string() }).optional(),
  abandon: z.literal(true).optional(),
  undo: z.object({ revision: z.int() }).optional(),
  hash: z.string(),
}) as unknown as z.ZodType<LogEntry, LogEntry>;

/** A branch; live is one of them. */
export const branch = z.object({
  id: z.string(),
  name: z.string(),
  parent: z.string().optional(),
  baseRevision: z.int(),
  /** The instant of the plant's history that it starts from. */
  instant: z.int(),
  createdBy: z.string(),
  createdAt: z.int(),
  /** Absent while it is open. */
  closed: z.object({ as: z.enum(["merged", "abandoned"]), at: z.int(), revision: z.int() }).optional(),
}) as unknown as z.ZodType<Branch, Branch>;

/** A record that differs between two branches: absent on the side where it does not stand. */
export const diffItem = z.object({
  id: z.string(),
  kind: z.string(),
  before: worldRecord.optional(),
  after: worldRecord.optional(),
}) as unknown as z.ZodType<DiffItem, DiffItem>;
