import { DoppelwerkError } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { z } from "zod";

/** Parses what came over HTTP; throws DW_INVALID that names the field and what is wrong with it. */
export function parse<T>(shape: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DoppelwerkError("DW_INVALID", `${what}: ${faultsOf(parsed.error)}`);
}

/** What is wrong where, in one line. */
export function faultsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`)).join("; ");
}

/** An instant in a query or body: integer microseconds. */
export const instant = z.preprocess(emptyIsNone, z.coerce.number().int().min(0).max(8_000_000_000_000_000)) as z.ZodType<Instant>;

/** `?t=` names no number; read as one it would be 1970. */
function emptyIsNone(value: unknown): unknown {
  return typeof value === "string" && value.trim() === "" ? Number.NaN : value;
}

/** from < to. */
export const range = z.object({ from: instant, to: instant }).refine(({ from, to }) => from < to, { message: "from must lie before to" });
