import { flowFold } from "@doppelwerk/operations";
import type { Concluded } from "@doppelwerk/world";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BoardPushes } from "./board-pushes.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

const of = (fold: string) => [{ fold } as Concluded];

test("[PT16] counts are told of once a second however many there are, an alarm within a tenth of one", () => {
  let told = 0;
  const pushes = new BoardPushes(() => told++);
  pushes.concluded([]);
  vi.advanceTimersByTime(5_000);
  expect(told).toBe(0);
  for (let at = 0; at < 3_000; at += 10) {
    pushes.concluded(of(flowFold.id));
    vi.advanceTimersByTime(10);
  }
  expect([told >= 3, told <= 4]).toEqual([true, true]);
  vi.advanceTimersByTime(2_000);
  const before = told;
  pushes.concluded(of(flowFold.id));
  vi.advanceTimersByTime(250);
  expect(told).toBe(before + 1);
  pushes.concluded(of(flowFold.id));
  pushes.concluded(of("alarms"));
  vi.advanceTimersByTime(100);
  expect(told).toBe(before + 2);
  pushes.concluded(of("alarms"));
  pushes.close();
  vi.advanceTimersByTime(5_000);
  expect(told).toBe(before + 2);
});

test("[PT16] a change and what it draws after itself are told of once", () => {
  let told = 0;
  const pushes = new BoardPushes(() => told++);
  // a commit, what the server writes for it, and what is derived again
  pushes.changed(false);
  vi.advanceTimersByTime(5);
  pushes.changed(false);
  vi.advanceTimersByTime(120);
  pushes.changed(false);
  vi.advanceTimersByTime(5_000);
  expect(told).toBe(1);
  // an alarm, and the state that it is of
  pushes.concluded(of("alarms"));
  vi.advanceTimersByTime(20);
  pushes.concluded(of(flowFold.id));
  vi.advanceTimersByTime(79);
  expect(told).toBe(2);
  vi.advanceTimersByTime(5_000);
  expect(told).toBe(2);
  pushes.close();
});
