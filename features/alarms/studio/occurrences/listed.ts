import type { AlarmItem } from "@doppelwerk/sync";
import { isSuppressed } from "../active-alarms.ts";
import type { AlarmOccurrence } from "../../contract.ts";

/** A row of a list: an occurrence, and where it is active the alarm that people act on. */
export interface ListedOccurrence extends AlarmOccurrence {
  readonly alarm?: AlarmItem;
  /** It left the list while its row was held in place. */
  readonly isGone?: true;
}

/** An active alarm as an occurrence; with what the server joined of it, where that was read. */
export function listedAlarm(alarm: AlarmItem, known: ReadonlyMap<string, AlarmOccurrence>): ListedOccurrence {
  const key = `${alarm.rule}@${alarm.since}`;
  const { rule, station, title, priority, state, since, changed } = alarm;
  const isReturned = state === "returnedUnacknowledged" || state === "latched";
  return {
    ...known.get(key),
    key,
    rule,
    station,
    title,
    priority,
    state,
    raised: since,
    ...(isReturned && { returned: changed }),
    ...(state === "acknowledged" && { acknowledged: changed }),
    ...(isSuppressed(alarm) && { suppressed: changed, ...(alarm.by !== undefined && { suppressedBy: alarm.by }) }),
    ...(alarm.shelvedUntil !== undefined && { shelvedUntil: alarm.shelvedUntil }),
    ...(alarm.by !== undefined && !isSuppressed(alarm) && { by: alarm.by }),
    ...(alarm.reason !== undefined && { reason: alarm.reason }),
    ...(alarm.value !== undefined && { value: alarm.value }),
    ...(alarm.place !== undefined && { place: alarm.place }),
    alarm,
  };
}

/** When it ended; undefined while it is active. Of an alarm that is shelved now the condition lasts: its time runs on. */
export function endOf({ returned, suppressed, raisedAgain, alarm }: ListedOccurrence): number | undefined {
  return returned ?? (alarm === undefined ? suppressed : undefined) ?? raisedAgain;
}

export type SortColumn = "priority" | "raised" | "place" | "title" | "duration" | "acknowledged";
export interface Sort {
  readonly by: SortColumn;
  readonly descending: boolean;
}

type Order = (a: ListedOccurrence, b: ListedOccurrence) => number;

/** Ascending; of equal ones the newest comes first. What was never acknowledged, or is active, comes last. */
export function inOrder({ by, descending }: Sort, now: number, titleOf: (row: ListedOccurrence) => string): Order {
  const lasted = (row: ListedOccurrence): number => (endOf(row) ?? now) - row.raised;
  const orders: Record<SortColumn, Order> = {
    priority: (a, b) => a.priority - b.priority,
    raised: (a, b) => a.raised - b.raised,
    place: (a, b) => a.station.localeCompare(b.station, undefined, { numeric: true }) || (a.place ?? 0) - (b.place ?? 0),
    title: (a, b) => titleOf(a).localeCompare(titleOf(b)),
    duration: (a, b) => lasted(a) - lasted(b),
    acknowledged: (a, b) => (a.acknowledged ?? Infinity) - (b.acknowledged ?? Infinity) || 0,
  };
  const order = orders[by];
  return (a, b) => (descending ? order(b, a) : order(a, b)) || b.raised - a.raised;
}

/** What a list is narrowed to. */
export interface OccurrenceFilter {
  /** None: all. */
  readonly priorities: readonly number[];
  /** Stations that are asked for; undefined: all. */
  readonly stations?: ReadonlySet<string> | undefined;
  readonly search: string;
}

export function isAsked({
  priorities,
  stations,
  search,
}: OccurrenceFilter): (row: Pick<ListedOccurrence, "priority" | "station" | "title">) => boolean {
  const words = search.trim().toLowerCase();
  return ({ priority, station, title }) =>
    (priorities.length === 0 || priorities.includes(priority)) &&
    (stations === undefined || stations.has(station)) &&
    `${station} ${title.en} ${title.zh}`.toLowerCase().includes(words);
}
