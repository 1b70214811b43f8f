import { instantOfRfc3339, type Instant } from "@doppelwerk/world";
import { z } from "zod";

/** An instant in a query or body: integer microseconds since 1970, or a date and time of RFC 3339 with its zone. */
export const instant = z.preprocess(microsecondsOf, z.coerce.number().int().min(0).max(8_000_000_000_000_000)) as z.ZodType<
  Instant,
  Instant | string
>;

/** A text in the languages of the product. */
export const localText = z.object({ en: z.string(), zh: z.string() });

/** The shape, which takes fields of a body by the names that they had before too: `withFormerNames({ what: "kind" }, shape)`. */
export function withFormerNames<Shape extends z.ZodType>(names: Readonly<Record<string, string>>, shape: Shape): Shape {
  return z.preprocess((body) => renamed(body, names), shape) as unknown as Shape;
}

function renamed(body: unknown, names: Readonly<Record<string, string>>): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const nameOf = (name: string): string => {
    const now = Object.hasOwn(names, name) ? names[name]! : name;
    return Object.hasOwn(body, now) ? name : now;
  };
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [nameOf(name), value]));
}

/** `?t=` names no number; read as one it would be 1970. */
function microsecondsOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  // the + of a zone, sent as it is, arrives as a space
  const text = value.trim().replace(/ (\d{2}:\d{2})$/, "+$1");
  if (text === "") return Number.NaN;
  return instantOfRfc3339(text) ?? text;
}
