import { message } from "@doppelwerk/messages";
import type { LogEntry } from "../change.ts";
import { DoppelwerkError } from "../error.ts";

/** The version of log entries this code writes. */
export const ENTRY_VERSION = 1;

/** A stored entry of any past version in today's form; entries on disk are never rewritten. A newer one is refused (DW_FORMAT_NEWER). */
export function upcastEntry(stored: unknown): LogEntry {
  const version = (stored as { readonly v?: unknown } | undefined)?.v;
  if (typeof version !== "number" || version < 1) throw new DoppelwerkError("DW_DAMAGED", message("world.logEntryWithoutVersion"));
  if (version > ENTRY_VERSION)
    throw new DoppelwerkError(
      "DW_FORMAT_NEWER",
      message("world.changeLogWrittenNewerDoppelwerkEntry", { version, entryVersion: ENTRY_VERSION }),
    );
  return stored as LogEntry;
}
