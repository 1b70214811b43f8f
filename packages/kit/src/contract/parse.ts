import { verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { z } from "zod";

/** Parses what came over HTTP; throws DW_INVALID that names the field and what is wrong with it. */
export function parse<T>(shape: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DoppelwerkError("DW_INVALID", verbatim(`${what}: ${faultsOf(parsed.error)}`));
}

/** What is wrong where, in one line. */
export function faultsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`)).join("; ");
}
