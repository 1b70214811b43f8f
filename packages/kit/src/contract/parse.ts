import { message, textOf, verbatim, type Message } from "@doppelwerk/messages";
import { faultsOf } from "@doppelwerk/messages/faults";
import { DoppelwerkError } from "@doppelwerk/world";
import type { z } from "zod";

/** Parses what came from outside; throws DW_INVALID that names the subject, the field and what is wrong with it. A plain text is the name of a file. */
export function parse<T>(shape: z.ZodType<T>, value: unknown, subject: Message | string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const named = typeof subject === "string" ? verbatim(subject) : subject;
  throw new DoppelwerkError("DW_INVALID", message("messages.faultsOf", { subject: named, faults: faultsOf(parsed.error.issues, value) }));
}

/** What is wrong where, in one line, for a log. */
export function faultsText(error: z.ZodError, value: unknown): string {
  return faultsOf(error.issues, value).map(textOf).join("; ");
}
