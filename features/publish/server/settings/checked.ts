import { verbatim, type z } from "@doppelwerk/kit";
import { DoppelwerkError } from "@doppelwerk/world";

/** Throws DW_INVALID with one line that names each setting and what is wrong with it. */
export function checked<T>(shape: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
  throw new DoppelwerkError("DW_INVALID", verbatim(`${what}: ${faults.join("; ")}`));
}
