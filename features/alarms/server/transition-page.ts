import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { AlarmFold } from "@doppelwerk/ports";
import type { Instant, RecordId } from "@doppelwerk/world";
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
  const next = rest.length <= limit ? undefined : nextOf(alarms, ({ changed }) => changed, cursor);
  return next === undefined ? { alarms } : { alarms, next };
}

/** Where the page behind this one begins; undefined where this one is empty. */
export function nextOf<Item>(page: readonly Item[], instantOf: (item: Item) => Instant, cursor?: TransitionCursor): string | undefined {
  const last = page.at(-1);
  if (last === undefined) return undefined;
  const instant = instantOf(last);
  const known = cursor?.instant === instant ? cursor.skip : 0;
  return `${instant}-${known + page.filter((item) => instantOf(item) === instant).length}`;
}

export interface TransitionQuery {
  readonly from: Instant;
  readonly to: Instant;
  readonly station?: string | undefined;
  /** Alarms that are asked for, by the id of their rule and their station; absent: all. */
  isAsked?(alarm: { readonly rule: RecordId; readonly station?: string | undefined }): boolean;
  /** Whether an input of an alarm may be read; an alarm with one that may not is left out. */
  mayRead(signal: RecordId): boolean;
}

/** One page of what is recorded; only so many transitions are read as it needs. */
export async function readPage(
  fold: Pick<AlarmFold, "transitions">,
  { from, to, station, limit, isAsked, mayRead }: TransitionQuery & { readonly limit: number },
  cursor?: TransitionCursor,
): Promise<{ alarms: Alarm[]; next?: string }> {
  const end = cursor === undefined ? to : Math.min(to, cursor.instant + 1);
  const max = (cursor?.skip ?? 0) + limit + 1;
  const found = await fold.transitions(from, end, station, { max, mayRead, ...(isAsked && { isAsked }) });
  return pageOf(
    found.map(({ alarm }) => alarm),
    limit,
    cursor,
  );
}
