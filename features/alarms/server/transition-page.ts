import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { Alarm } from "../contract.ts";
import type {} from "../message-codes.ts";

/** Where a page begins: below an instant, in microseconds, and behind so many transitions of that instant. */
export interface TransitionCursor {
  readonly instant: number;
  readonly skip: number;
}

/** Throws DW_INVALID when it is no `next` of a page. */
export function readCursor(text: string): TransitionCursor {
  const match = /^(\d{1,16})-(\d{1,9})$/.exec(text);
  if (match === null) throw new DoppelwerkError("DW_INVALID", message("alarms.cursorInvalid", { cursor: text.slice(0, 100) }));
  return { instant: Number(match[1]), skip: Number(match[2]) };
}

/** The next `limit` transitions, newest first, of those up to and with the cursor's instant; `next` where there are more. */
export function pageOf(transitions: readonly Alarm[], limit: number, cursor?: TransitionCursor): { alarms: Alarm[]; next?: string } {
  const rest = cursor === undefined ? transitions : transitions.slice(cursor.skip);
  const alarms = rest.slice(0, limit);
  const last = alarms.at(-1);
  if (last === undefined || rest.length <= limit) return { alarms };
  const known = cursor?.instant === last.changed ? cursor.skip : 0;
  return { alarms, next: `${last.changed}-${known + alarms.filter(({ changed }) => changed === last.changed).length}` };
}
