import { message, type Instant, type Message } from "@doppelwerk/kit";
import { DAY, instantOfRfc3339 } from "@doppelwerk/world";
import { z } from "zod";
import type {} from "../message-codes.ts";
import { Movement } from "./movement.ts";
import { PartFields } from "./part-kind.ts";

const text = z.string().trim().min(1).max(300);

/** A part as a program of the stores answers it. */
const Row = z.object({
  part: text,
  name: z.union([text, z.object({ en: text, zh: text })]).optional(),
  usedAt: z.union([text, z.array(text)]).optional(),
  unit: text.optional(),
  place: text.optional(),
  onHand: z.number().optional(),
  minimum: z.number().min(0).optional(),
  order: z.number().min(0).optional(),
  leadDays: z.number().min(0).optional(),
  priceEur: z.number().min(0).optional(),
});

export interface ReportedPart {
  readonly fields: PartFields;
  readonly onHand?: number;
}

type Read<Value> = { readonly value: Value } | { readonly fault: Message };

/** A text in one language is that in the other too: nobody translates it. */
export function readPart(row: unknown): Read<ReportedPart> {
  const read = Row.safeParse(row);
  if (!read.success) return { fault: faultOf(read.error.issues[0]!, row) };
  const { part, name = part, usedAt, unit, place, onHand, minimum, order, leadDays, priceEur } = read.data;
  const fields = PartFields.safeParse({
    number: part,
    title: typeof name === "string" ? { en: name, zh: name } : name,
    fits: usedAt === undefined ? [] : [usedAt].flat(),
    unit: spelled(unit),
    place,
    minimum,
    reorder: order,
    leadDays,
    price: priceEur,
    ...(priceEur !== undefined && { currency: "EUR" }),
  });
  if (!fields.success) return { fault: faultOf(fields.error.issues[0]!, row) };
  return { value: { fields: fields.data, ...(onHand !== undefined && { onHand }) } };
}

/** The other spelling of pieces. */
const spelled = (unit: string | undefined): string | undefined => (unit === "PC" || unit === "EA" || unit === "C62" ? "PCE" : unit);

const Entry = z.object({
  seq: z.int().positive(),
  time: text,
  document: text.optional(),
  kind: z.enum(["receipt", "issue", "pick", "count", "reversal"]),
  item: text,
  quantity: z.number(),
});

export interface ReportedMovement {
  readonly seq: number;
  readonly at: Instant;
  readonly movement: Movement;
}

/** Further ahead than this the time of an entry is wrong, not early. */
export const MAX_AHEAD: Instant = DAY;

/**
 * An entry of the ledger of a program: its quantities have a sign, a count is how much more there was than its book said. What is booked twice there is two
 * entries, and taken back by a third: all count, each once by its number.
 */
export function readEntry(source: string, row: unknown, now: Instant): Read<ReportedMovement> {
  const read = Entry.safeParse(row);
  if (!read.success) return { fault: faultOf(read.error.issues[0]!, row) };
  const { seq, time, document, kind, item, quantity } = read.data;
  const at = instantOfRfc3339(time);
  if (at === undefined || at > now + MAX_AHEAD) return { fault: message("stores.fault.time", { time: time.slice(0, 60) }) };
  const own = { movement: `${source} ${seq}`, part: item, source, ...(document !== undefined && { document }) };
  const movement = Movement.safeParse(
    kind === "count" || kind === "reversal" || (kind === "receipt" && quantity < 0)
      ? { ...own, kind: "corrected", quantity, reason: kind }
      : { ...own, kind: quantity < 0 ? "taken" : kind === "receipt" ? "received" : "returned", quantity: Math.abs(quantity) },
  );
  return movement.success ? { value: { seq, at, movement: movement.data } } : { fault: faultOf(movement.error.issues[0]!, row) };
}

function faultOf({ path }: { readonly path: readonly PropertyKey[] }, row: unknown): Message {
  const field = path.map(String).join(".") || "–";
  const value = path.reduce<unknown>(
    (at, name) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[name] : undefined),
    row,
  );
  return message("stores.fault.field", { field, value: JSON.stringify(value ?? null).slice(0, 60) });
}
