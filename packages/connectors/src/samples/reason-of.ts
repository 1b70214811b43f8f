import { verbatim, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { connectionFailure } from "./connection-failure.ts";

/** What an error says: of the usual causes of a failed connection what to do, else its own words, also when the library left the message empty. */
export function reasonOf(error: unknown): Message {
  if (error instanceof DoppelwerkError) return error.reason;
  if (!(error instanceof Error)) return verbatim(String(error));
  const failure = connectionFailure(error);
  if (failure !== undefined) return failure;
  const cause = error.cause instanceof Error ? `: ${error.cause.message || (error.cause as NodeJS.ErrnoException).code}` : "";
  return verbatim(`${error.message || (error as NodeJS.ErrnoException).code || error.name}${cause}`);
}
