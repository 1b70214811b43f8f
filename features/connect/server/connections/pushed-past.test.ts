import { DAY, HOUR, MINUTE, type Instant, type SourceNotice } from "@doppelwerk/world";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PushedPast } from "./pushed-past.ts";

const NOW: Instant = Date.UTC(2026, 10, 24, 12) * 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function sender() {
  const told: Extract<SourceNotice, { kind: "backfill" }>[] = [];
  const state = { told, gone: 0 };
  const past = new PushedPast({ clock: { now: () => NOW }, report: (read) => void told.push(read), gone: () => void state.gone++ });
  const send = (from: Instant, to: Instant, late = true, count = 300) =>
    past.accepted(
      Array.from({ length: count }, (_, at) => ({ time: from + ((to - from) * at) / (count - 1) })),
      late,
    );
  return { past, send, state };
}

test("[CN14] a sender that sends its past counts as an archive that is read as far as its newest value, until it sends the present", () => {
  const { send, state } = sender();
  send(NOW - 10 * DAY, NOW - 8 * DAY);
  send(NOW - 8 * DAY, NOW - 5 * DAY);
  // the rest of a step may be few
  send(NOW - 5 * DAY, NOW - HOUR, true, 20);
  expect(state.told.map(({ done, total, finished }) => [done / total, finished])).toEqual([
    [0.2, false],
    [0.5, false],
    [expect.closeTo(1 - 1 / 240, 6), false],
  ]);
  send(NOW - MINUTE, NOW - MINUTE / 60, false);
  expect(state.told.at(-1)).toEqual({ kind: "backfill", done: 1, total: 1, samples: 620, urgent: true, finished: true });
  // from then on what waited came late
  send(NOW - DAY, NOW - HOUR);
  expect(state.told).toHaveLength(4);
  expect(state.gone).toBe(0);
});

test("[CN14] a few old values are late values, and values without a time are of now: there is no archive", () => {
  const few = sender();
  few.send(NOW - DAY, NOW - HOUR, true, 50);
  few.send(NOW - DAY, NOW - HOUR, false);
  few.past.accepted([{ time: "yesterday" }], true);
  expect(few.state.told).toEqual([]);
});

test("[CN14] a sender that falls silent in the middle is waited for no more, and times may be texts", () => {
  const { past, state } = sender();
  const times = Array.from({ length: 200 }, (_, at) => ({ time: new Date(NOW / 1_000 - 86_400_000 + at * 1_000).toISOString() }));
  past.accepted(times, true);
  expect(state.told).toHaveLength(1);
  vi.advanceTimersByTime(29_000);
  expect(state.gone).toBe(0);
  vi.advanceTimersByTime(2_000);
  expect(state.gone).toBe(1);
});
