import type { Instant } from "@doppelwerk/world";
import { z } from "zod";

/** An instant in a query or body: integer microseconds since 1970, or a date and time of RFC 3339 with its zone. */
export const instant = z.preprocess(microsecondsOf, z.coerce.number().int().min(0).max(8_000_000_000_000_000)) as z.ZodType<
  Instant,
  Instant | string
>;

/** A text in the languages of the product. */
export const localText = z.object({ en: z.string(), zh: z.string() });

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** `?t=` names no number; read as one it would be 1970. Of a time, Date reads milliseconds: what follows them is added. */
function microsecondsOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  // the + of a zone, sent as it is, arrives as a space
  const text = value.trim().replace(/ (\d{2}:\d{2})$/, "+$1");
  if (text === "") return Number.NaN;
  if (!RFC_3339.test(text)) return text;
  const beyond = Number((/\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? "").padEnd(3, "0"));
  return Date.parse(text.replace(" ", "T")) * 1_000 + beyond;
}
