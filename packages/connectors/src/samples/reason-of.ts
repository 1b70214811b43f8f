import { verbatim, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** What an error says, also when the library left the message empty. */
export function reasonOf(error: unknown): Message {
  if (error instanceof DoppelwerkError) return error.reason;
  if (!(error instanceof Error)) return verbatim(String(error));
  const cause = error.cause instanceof Error ? `: ${error.cause.message || (error.cause as NodeJS.ErrnoException).code}` : "";
  return verbatim(`${error.message || (error as NodeJS.ErrnoException).code || error.name}${cause}`);
}
