import { MINUTE, type Instant } from "@doppelwerk/world";
import type { AlarmPriority, LocalText } from "./alarm-rule.ts";
import { isListed, type AlarmAction, type AlarmState } from "./alarm-transition.ts";

/** One step of one alarm, as history keeps it. The list at T is the fold of the events ≤ T. */
export interface AlarmEvent {
  readonly rule: string;
  /** Counts the annunciations of the rule: `rule#3`. */
  readonly instance: string;
  readonly action: AlarmAction;
  readonly from: AlarmState;
  readonly state: AlarmState;
  readonly instant: Instant;
  /** When the alarm that it is a step of annunciated, so that the last step alone tells the entry; absent in the step that does. */
  readonly raisedAt?: Instant;
  readonly priority: AlarmPriority;
  readonly title: LocalText;
  readonly shell?: string;
  readonly station?: string;
  /** The value that decided it. */
  readonly value?: number | string;
  /** Number of the place of the station whose state raised it, from 1; of rules over any place of a station. */
  readonly place?: number;
  /** Of the first of a group of alarms that came together. */
  readonly firstOut: boolean;
  readonly actor?: string;
  readonly reason?: string;
  /** Until when it is shelved. */
  readonly until?: Instant;
}

/** One line of the alarm list. */
export interface AlarmEntry {
  readonly rule: string;
  readonly instance: string;
  readonly state: AlarmState;
  readonly priority: AlarmPriority;
  readonly title: LocalText;
  readonly shell?: string;
  readonly station?: string;
  /** When it annunciated. */
  readonly raisedAt: Instant;
  readonly changedAt: Instant;
  readonly value?: number | string;
  /** Number of the place of the station whose state raised it, from 1. */
  readonly place?: number;
  readonly firstOut: boolean;
  readonly acknowledgedBy?: string;
  /** Shelved, suppressed and out of service: who, why, until when. */
  readonly actor?: string;
  readonly reason?: string;
  readonly until?: Instant;
}

export interface AlarmList {
  /** Priority, then newest first. */
  readonly active: readonly AlarmEntry[];
  readonly aside: readonly AlarmEntry[];
}

/** The alarm list at an instant, from events in any order; the last one of each rule is enough. */
export function alarmListAt(events: readonly AlarmEvent[], instant: Instant): AlarmList {
  const entries = new Map<string, AlarmEntry>();
  const past = events.filter((event) => event.instant <= instant);
  // Events of one instant keep the order in which they were given.
  for (const event of past.toSorted((a, b) => a.instant - b.instant)) {
    const next = entryAfter(entries.get(event.rule), event);
    if (next) entries.set(event.rule, next);
    else entries.delete(event.rule);
  }
  return sortedList([...entries.values()]);
}

/** The entry after one event; undefined once the alarm is normal again. */
export function entryAfter(entry: AlarmEntry | undefined, event: AlarmEvent): AlarmEntry | undefined {
  if (event.state === "normal") return undefined;
  const raised = event.action === "alarm" || entry === undefined;
  const aside = !isListed(event.state);
  return {
    rule: event.rule,
    instance: event.instance,
    state: event.state,
    priority: event.priority,
    title: event.title,
    ...(event.shell === undefined ? {} : { shell: event.shell }),
    ...(event.station === undefined ? {} : { station: event.station }),
    raisedAt: event.raisedAt ?? (raised ? event.instant : entry.raisedAt),
    changedAt: event.instant,
    ...(event.value === undefined ? (entry?.value === undefined ? {} : { value: entry.value }) : { value: event.value }),
    ...(event.place === undefined ? {} : { place: event.place }),
    firstOut: raised ? event.firstOut : entry.firstOut,
    ...(event.action === "acknowledge" && event.actor !== undefined ? { acknowledgedBy: event.actor } : {}),
    ...(aside && event.actor !== undefined ? { actor: event.actor } : {}),
    ...(aside && event.reason !== undefined ? { reason: event.reason } : {}),
    ...(aside && event.until !== undefined ? { until: event.until } : {}),
  };
}

export function sortedList(entries: readonly AlarmEntry[]): AlarmList {
  const order = (a: AlarmEntry, b: AlarmEntry) => a.priority - b.priority || b.raisedAt - a.raisedAt || (a.rule < b.rule ? -1 : 1);
  return {
    active: entries.filter((entry) => isListed(entry.state)).toSorted(order),
    aside: entries.filter((entry) => !isListed(entry.state)).toSorted(order),
  };
}

/** ISA-18.2 §16 measures over a span. */
export interface AlarmReport {
  readonly annunciations: number;
  /** Mean per 10 minutes. */
  readonly per10Min: number;
  readonly floods: readonly { readonly from: Instant; readonly to: Instant; readonly count: number }[];
  /** Share of the span in flood, 0–1. */
  readonly floodShare: number;
  /** Rules with three or more annunciations within a minute, and how often that came about. */
  readonly chattering: readonly { readonly rule: string; readonly count: number }[];
  readonly topTen: readonly { readonly rule: string; readonly title: LocalText; readonly count: number; readonly share: number }[];
  readonly byPriority: Readonly<Record<AlarmPriority, number>>;
}

const WINDOW = 10 * MINUTE;

/** A flood begins with more than 10 annunciations within 10 minutes and ends when fewer than 5 are left in the last 10. */
export function alarmReport(events: readonly AlarmEvent[], from: Instant, to: Instant): AlarmReport {
  const raised = events.filter(
    (event) => event.state === "unacknowledged" && event.action === "alarm" && event.instant >= from && event.instant < to,
  );
  raised.sort((a, b) => a.instant - b.instant);
  const floods = floodsOf(
    raised.map((event) => event.instant),
    to,
  );
  const counts = new Map<string, AlarmEvent[]>();
  for (const event of raised) {
    const own = counts.get(event.rule);
    if (own) own.push(event);
    else counts.set(event.rule, [event]);
  }
  const byPriority: Record<AlarmPriority, number> = { 1: 0, 2: 0, 3: 0, 4: 0 };
  for (const event of raised) byPriority[event.priority] += 1;
  return {
    annunciations: raised.length,
    per10Min: to > from ? (raised.length * WINDOW) / (to - from) : 0,
    floods,
    floodShare: to > from ? floods.reduce((sum, flood) => sum + flood.to - flood.from, 0) / (to - from) : 0,
    chattering: [...counts]
      .map(([rule, own]) => ({ rule, count: chatters(own) }))
      .filter((entry) => entry.count > 0)
      .toSorted((a, b) => b.count - a.count),
    topTen: [...counts]
      .map(([rule, own]) => ({ rule, title: own[0]!.title, count: own.length, share: own.length / raised.length }))
      .toSorted((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1))
      .slice(0, 10),
    byPriority,
  };
}

/** Floods of raises in order of time: each begins with more than 10 within 10 minutes and ends when fewer than 5 are left in the last 10. */
export function floodsOf(times: readonly Instant[], end: Instant): AlarmReport["floods"] {
  const floods: { from: Instant; to: Instant; count: number }[] = [];
  let first = 0;
  for (let index = 0; index < times.length; index++) {
    const open = floods[floods.length - 1];
    if (open && open.to > times[index]!) {
      open.count += 1;
      open.to = endOfFlood(times, index, end);
      continue;
    }
    while (times[first]! <= times[index]! - WINDOW) first += 1;
    if (index - first + 1 > 10) floods.push({ from: times[first]!, to: endOfFlood(times, index, end), count: index - first + 1 });
  }
  return floods;
}

/** When fewer than 5 annunciations, seen from number `index`, are younger than 10 minutes. */
function endOfFlood(times: readonly Instant[], index: number, end: Instant): Instant {
  return Math.min(end, times[Math.max(0, index - 4)]! + WINDOW);
}

function chatters(events: readonly AlarmEvent[]): number {
  let count = 0;
  for (let index = 2; index < events.length; index++) if (events[index]!.instant - events[index - 2]!.instant <= MINUTE) count += 1;
  return count;
}
