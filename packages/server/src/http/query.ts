import { DoppelwerkError } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { z } from "zod";

/** Parses what came over HTTP; throws DW_INVALID that names the field and what is wrong with it. */
export function parse<T>(shape: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DoppelwerkError("DW_INVALID", `${what}: ${z.prettifyError(parsed.error)}`);
}

/** An instant in a query: integer microseconds. */
export const instant = z.coerce.number().int().min(0).max(8_000_000_000_000_000) as z.ZodType<Instant>;

/** from < to. */
export const range = z.object({ from: instant, to: instant }).refine(({ from, to }) => from < to, { message: "from must lie before to" });
