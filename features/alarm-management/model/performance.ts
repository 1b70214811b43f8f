import { floodsOf, type LocalText } from "@doppelwerk/operations";
import type { RecordedAlarm, SetAside } from "@doppelwerk/ports";
import { DAY, HOUR, MINUTE, SECOND, type Instant } from "@doppelwerk/world";
import type { PhilosophyFields, Priority } from "./philosophy-kind.ts";

export const WINDOW = 10 * MINUTE;
const MAX_COLUMNS = 288;
const FIRST_ALARMS = 5;
const LISTED = 100;

export interface PerformanceSpan {
  readonly from: Instant;
  readonly to: Instant;
  readonly rules: Pick<PhilosophyFields, "chatter" | "fleetingS" | "staleH">;
}

/** An alarm by what it did in the span. */
export interface CountedRule {
  readonly rule: string;
  readonly title: LocalText;
  readonly station?: string | undefined;
  readonly priority: Priority;
  /** How often it was raised, and its share of all. */
  readonly count: number;
  readonly share: number;
  /** Raises that were the last of `chatter.count` or more within `chatter.withinS`. */
  readonly chattering: number;
  /** Raises that returned in less than `fleetingS`. */
  readonly fleeting: number;
  readonly last: Instant;
}

export interface CountedFlood {
  readonly from: Instant;
  readonly to: Instant;
  readonly count: number;
  readonly first: readonly { readonly rule: string; readonly title: LocalText; readonly priority: Priority; readonly at: Instant }[];
}

export interface LastingAlarm {
  readonly rule: string;
  readonly title: LocalText;
  readonly station?: string | undefined;
  readonly priority: Priority;
  readonly since: Instant;
}

/** What the record of a span says of an alarm system. Shares are 0 to 1. */
export interface Performance {
  readonly raised: number;
  readonly per10Min: number;
  /** Most in any ten minutes, and when those ended. */
  readonly peak: { readonly count: number; readonly at?: Instant };
  /** Fixed windows of ten minutes from the beginning, and those with more than ten. */
  readonly windows: number;
  readonly windowsOver: number;
  readonly floods: readonly CountedFlood[];
  readonly floodCount: number;
  readonly floodShare: number;
  readonly columns: readonly { readonly at: Instant; readonly most: number }[];
  readonly columnWidth: number;
  /** Most frequent first. */
  readonly top: readonly CountedRule[];
  readonly topShare: number;
  /** Alarms that chattered or were fleeting, worst first. */
  readonly chattering: readonly CountedRule[];
  readonly chatteringCount: number;
  readonly fleeting: readonly CountedRule[];
  readonly fleetingCount: number;
  /** Stale at the end of the span, the oldest first; `mostStale`: most at any instant of it. */
  readonly stale: readonly LastingAlarm[];
  readonly staleCount: number;
  readonly mostStale: number;
  /** Of priorities 1 to 3; priority 4 is diagnostic. */
  readonly byPriority: Readonly<Record<Priority, number>>;
  /** Set aside at the end of the span. */
  readonly aside: readonly SetAside[];
  readonly asideCount: number;
  /** Times set aside within the span altogether, hours. */
  readonly asideHours: { readonly shelved: number; readonly suppressedByDesign: number; readonly outOfService: number };
}

/** Judges what was raised and set aside in a span, oldest first. */
export function performanceOf(alarms: readonly RecordedAlarm[], aside: readonly SetAside[], span: PerformanceSpan): Performance {
  const { from, to, rules } = span;
  const raised = alarms.filter((alarm) => alarm.raised >= from && alarm.raised < to);
  const times = raised.map((alarm) => alarm.raised);
  const counted = countedRules(raised, rules);
  const top = counted.slice(0, 10);
  const [chattering, fleeting] = [worst(counted, "chattering"), worst(counted, "fleeting")];
  const stale = staleOf(alarms, span);
  const now = aside.filter((each) => each.to === undefined);
  const floods = floodsOf(times, to);
  const byPriority: Record<Priority, number> = { 1: 0, 2: 0, 3: 0, 4: 0 };
  for (const { priority } of raised) byPriority[priority] += 1;
  return {
    raised: raised.length,
    per10Min: (raised.length * WINDOW) / (to - from),
    peak: peakOf(times),
    ...windowsOf(times, span),
    floods: floods
      .slice(-LISTED)
      .toReversed()
      .map((flood) => ({ ...flood, first: firstOf(raised, times, flood.from) })),
    floodCount: floods.length,
    floodShare: floods.reduce((sum, flood) => sum + flood.to - flood.from, 0) / (to - from),
    top,
    topShare: raised.length === 0 ? 0 : top.reduce((sum, { count }) => sum + count, 0) / raised.length,
    chattering: chattering.slice(0, LISTED),
    chatteringCount: chattering.length,
    fleeting: fleeting.slice(0, LISTED),
    fleetingCount: fleeting.length,
    ...stale,
    byPriority,
    aside: now.slice(0, LISTED),
    asideCount: now.length,
    asideHours: asideHours(aside, span),
  };
}

function countedRules(raised: readonly RecordedAlarm[], { chatter, fleetingS }: PerformanceSpan["rules"]): readonly CountedRule[] {
  const byRule = new Map<string, RecordedAlarm[]>();
  for (const alarm of raised) {
    const own = byRule.get(alarm.rule);
    if (own) own.push(alarm);
    else byRule.set(alarm.rule, [alarm]);
  }
  return [...byRule]
    .map(([rule, own]): CountedRule => {
      const last = own.at(-1)!;
      let [chattering, fleeting] = [0, 0];
      for (const [at, { raised: time, returned }] of own.entries()) {
        const before = own[at - chatter.count + 1];
        if (before !== undefined && time - before.raised <= chatter.withinS * SECOND) chattering++;
        if (returned !== undefined && returned - time < fleetingS * SECOND) fleeting++;
      }
      const { title, station, priority, raised: time } = last;
      return { rule, title, station, priority, count: own.length, share: own.length / raised.length, chattering, fleeting, last: time };
    })
    .toSorted((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1));
}

function worst(counted: readonly CountedRule[], by: "chattering" | "fleeting"): readonly CountedRule[] {
  return counted.filter((rule) => rule[by] > 0).toSorted((a, b) => b[by] - a[by] || (a.rule < b.rule ? -1 : 1));
}

/** The most in any ten minutes; the instant is that of the last of them. */
function peakOf(times: readonly Instant[]): Performance["peak"] {
  let [first, count, at]: [number, number, Instant | undefined] = [0, 0, undefined];
  for (const [index, time] of times.entries()) {
    while (times[first]! <= time - WINDOW) first++;
    if (index - first + 1 > count) [count, at] = [index - first + 1, time];
  }
  return { count, ...(at !== undefined && { at }) };
}

function windowsOf(
  times: readonly Instant[],
  { from, to }: PerformanceSpan,
): Pick<Performance, "windows" | "windowsOver" | "columns" | "columnWidth"> {
  const windows = Math.max(1, Math.ceil((to - from) / WINDOW));
  const each = Math.ceil(windows / MAX_COLUMNS);
  const counts = new Map<number, number>();
  for (const time of times) {
    const window = Math.floor((time - from) / WINDOW);
    counts.set(window, (counts.get(window) ?? 0) + 1);
  }
  const most = new Map<number, number>();
  let windowsOver = 0;
  for (const [window, count] of counts) {
    if (count > 10) windowsOver++;
    const column = Math.floor(window / each);
    most.set(column, Math.max(most.get(column) ?? 0, count));
  }
  const columnWidth = each * WINDOW;
  const columns = Array.from({ length: Math.ceil(windows / each) }, (_, n) => ({ at: from + n * columnWidth, most: most.get(n) ?? 0 }));
  return { windows, windowsOver, columns, columnWidth };
}

function firstOf(raised: readonly RecordedAlarm[], times: readonly Instant[], from: Instant): CountedFlood["first"] {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return raised.slice(low, low + FIRST_ALARMS).map(({ rule, title, priority, raised: at }) => ({ rule, title, priority, at }));
}

function staleOf(
  alarms: readonly RecordedAlarm[],
  { to, rules, from }: PerformanceSpan,
): Pick<Performance, "stale" | "staleCount" | "mostStale"> {
  const after = rules.staleH * HOUR;
  const lasting = alarms.filter(({ raised, over }) => (over ?? to) - raised > after);
  const steps = lasting
    .flatMap(({ raised, over = to }) =>
      over > from
        ? [
            { at: raised + after, by: 1 },
            { at: over, by: -1 },
          ]
        : [],
    )
    .toSorted((a, b) => a.at - b.at || a.by - b.by);
  let [now, mostStale] = [0, 0];
  for (const { at, by } of steps) {
    now += by;
    if (at < to) mostStale = Math.max(mostStale, now);
  }
  const stale = lasting.filter(({ over, raised }) => over === undefined && raised + after < to);
  const listed = stale
    .slice(0, LISTED)
    .map(({ rule, title, station, priority, raised: since }) => ({ rule, title, station, priority, since }));
  return { stale: listed, staleCount: stale.length, mostStale };
}

function asideHours(aside: readonly SetAside[], { from, to }: PerformanceSpan): Performance["asideHours"] {
  const hours = { shelved: 0, suppressedByDesign: 0, outOfService: 0 };
  for (const each of aside) hours[each.how] += Math.max(0, Math.min(each.to ?? to, to) - Math.max(each.from, from)) / HOUR;
  return hours;
}

export const DAYS = (from: Instant, to: Instant): number => (to - from) / DAY;
