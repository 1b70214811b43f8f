import type { RecordedAlarm, SetAside } from "@doppelwerk/ports";
import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { figuresOf } from "./model/figures.ts";
import { performanceOf, WINDOW } from "./model/performance.ts";
import { SHIPPED_PHILOSOPHY } from "./model/philosophy-kind.ts";

const FROM = 1_000 * DAY;
const { chatter, fleetingS, staleH } = SHIPPED_PHILOSOPHY;
const rules = { chatter, fleetingS, staleH };

function alarm(rule: string, raised: number, more: Partial<RecordedAlarm> = {}): RecordedAlarm {
  return { rule, title: { en: rule, zh: rule }, priority: 3, raised, ...more };
}
const lasting = (rule: string, raised: number, forS: number): RecordedAlarm =>
  alarm(rule, raised, { returned: raised + forS * SECOND, over: raised + forS * SECOND });

/** Always the same numbers from 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Alarms at random over ten days, with bursts. */
function recorded(count: number, seed: number, to: number): readonly RecordedAlarm[] {
  const next = numbers(seed);
  const bursts = Array.from({ length: 12 }, () => FROM + next() * (to - FROM));
  return Array.from({ length: count }, () => {
    const burst = bursts[Math.floor(next() * bursts.length)]!;
    const raised = Math.round(next() < 0.5 ? burst + next() * 5 * MINUTE : FROM - DAY + next() * (to - FROM + DAY));
    const forS = next() < 0.2 ? next() * 15 : next() * 90_000;
    const isOver = raised + forS * SECOND < to;
    const own = alarm(`alarmRule:${Math.floor(next() ** 2 * 40)}`, raised, { priority: (1 + Math.floor(next() * 4)) as 1 | 2 | 3 | 4 });
    return isOver ? { ...own, returned: raised + forS * SECOND, over: raised + forS * SECOND } : own;
  }).toSorted((a, b) => a.raised - b.raised);
}

test("[AR8] each figure is the one that a slow program by the words of the standard comes to, over alarms at random", () => {
  for (const seed of [3, 17, 2_026]) {
    const to = FROM + 10 * DAY;
    const alarms = recorded(1_500, seed, to);
    const found = performanceOf(alarms, [], { from: FROM, to, rules });
    const raised = alarms.filter((each) => each.raised >= FROM && each.raised < to);
    const times = raised.map((each) => each.raised);
    expect(found.raised).toBe(raised.length);
    expect(found.per10Min).toBeCloseTo(raised.length / 1_440);
    // any ten minutes: those that end with an alarm are enough
    const within = times.map((time) => times.filter((each) => each > time - WINDOW && each <= time).length);
    expect(found.peak.count).toBe(Math.max(...within));
    expect(within[times.indexOf(found.peak.at!)]).toBe(found.peak.count);
    const windows = Array.from(
      { length: 1_440 },
      (_, at) => times.filter((time) => time >= FROM + at * WINDOW && time < FROM + (at + 1) * WINDOW).length,
    );
    expect([found.windows, found.windowsOver]).toEqual([1_440, windows.filter((count) => count > 10).length]);
    expect(Math.max(...found.columns.map(({ most }) => most))).toBe(Math.max(...windows));
    // second by second: in flood from the eleventh within ten minutes back to the first of them, until fewer than five are left
    expect(found.floodShare * (to - FROM)).toBeCloseTo(slowFlood(times, to), -7);
    const names = [...new Set(raised.map(({ rule }) => rule))];
    const own = (rule: string) => raised.filter((each) => each.rule === rule);
    const ranked = names.map((rule) => own(rule).length).toSorted((a, b) => b - a);
    expect(found.top.map(({ count }) => count)).toEqual(ranked.slice(0, 10));
    const chatters = (rule: string) =>
      own(rule).filter((each) => own(rule).filter(({ raised: at }) => at <= each.raised && each.raised - at <= MINUTE).length >= 3).length;
    expect(found.chatteringCount).toBe(names.filter((rule) => chatters(rule) > 0).length);
    for (const row of found.chattering) expect([row.rule, row.chattering]).toEqual([row.rule, chatters(row.rule)]);
    const short = raised.filter((each) => each.returned !== undefined && each.returned - each.raised < 10 * SECOND);
    expect(found.fleetingCount).toBe(new Set(short.map(({ rule }) => rule)).size);
    expect(found.staleCount).toBe(alarms.filter((each) => each.over === undefined && each.raised + DAY < to).length);
    const hours = Array.from({ length: 2_400 }, (_, at) => FROM + at * 6 * MINUTE);
    const staleAt = (at: number) => alarms.filter((each) => each.raised + DAY <= at && (each.over ?? to) > at).length;
    expect(found.mostStale).toBeGreaterThanOrEqual(Math.max(...hours.map(staleAt)));
    expect(found.byPriority[1] + found.byPriority[2] + found.byPriority[3] + found.byPriority[4]).toBe(raised.length);
  }
});

/** How long it was in flood, by the definition, for times in order. */
function slowFlood(times: readonly number[], end: number): number {
  let [sum, until] = [0, 0];
  for (const [at, time] of times.entries()) {
    const young = times.slice(0, at + 1).filter((each) => each > time - WINDOW);
    if (time >= until && young.length <= 10) continue;
    const begun = time < until ? until : young[0]!;
    // fewer than five are left when the fourth youngest but one is ten minutes old
    const over = Math.min(end, times[Math.max(0, at - 4)]! + WINDOW);
    if (over > begun) sum += over - begun;
    until = Math.max(until, over);
  }
  return sum;
}

test("[AR8] the figures have clause, counts and time base; what is at the recommended value is within it", () => {
  const to = FROM + DAY;
  const alarms = Array.from({ length: 144 }, (_, at) => lasting(`alarmRule:${at % 72}`, FROM + at * WINDOW + SECOND, 60));
  const figures = new Map(figuresOf(performanceOf(alarms, [], { from: FROM, to, rules }), FROM, to).map((figure) => [figure.id, figure]));
  expect(figures.get("rate")).toMatchObject({ value: 1, verdict: "within", clause: "16.5.2", count: 144, below: 144, most: 1 });
  expect(figures.get("peak")).toMatchObject({ value: 1, verdict: "within" });
  expect(figures.get("topShare")).toMatchObject({ value: 20 / 144, count: 20, below: 144, verdict: "beyond" });
  expect(figures.get("chattering")).toMatchObject({ value: 0, verdict: "within" });
  const twice = [...alarms, ...alarms].toSorted((a, b) => a.raised - b.raised);
  const [rate] = figuresOf(performanceOf(twice, [], { from: FROM, to, rules }), FROM, to);
  expect(rate).toMatchObject({ value: 2, verdict: "tolerated" });
});

test("[AR8] of a span without alarms nothing is more than nothing, and a flood that lasts ends with the span", () => {
  const empty = performanceOf([], [], { from: FROM, to: FROM + HOUR, rules });
  expect(empty).toMatchObject({ raised: 0, per10Min: 0, peak: { count: 0 }, floods: [], topShare: 0, staleCount: 0 });
  const to = FROM + 5 * MINUTE;
  const flood = Array.from({ length: 12 }, (_, at) => alarm(`alarmRule:${at}`, FROM + at * SECOND));
  expect(performanceOf(flood, [], { from: FROM, to, rules })).toMatchObject({ floodCount: 1, floodShare: 1 });
  expect(performanceOf(flood, [], { from: FROM, to, rules }).floods[0]!.first.map(({ rule }) => rule)).toEqual(
    flood.slice(0, 5).map(({ rule }) => rule),
  );
});

test("[AR9] what is set aside now is listed, and its hours are those within the span", () => {
  const aside = (how: SetAside["how"], from: number, to?: number): SetAside => ({
    rule: how,
    title: { en: how, zh: how },
    priority: 2,
    how,
    from,
    ...(to !== undefined && { to }),
  });
  const to = FROM + 10 * HOUR;
  const found = performanceOf(
    [],
    [aside("shelved", FROM - HOUR, FROM + HOUR), aside("shelved", FROM + 2 * HOUR), aside("outOfService", FROM - DAY, FROM - HOUR)],
    { from: FROM, to, rules },
  );
  expect(found.asideHours).toEqual({ shelved: 9, suppressedByDesign: 0, outOfService: 0 });
  expect(found.aside.map(({ from }) => from)).toEqual([FROM + 2 * HOUR]);
});
