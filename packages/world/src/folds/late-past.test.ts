import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LatePast, type After } from "./late-past.ts";

const after: After = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("late samples are derived from the earliest on, once they have stopped coming", () => {
  const derived: number[] = [];
  const late = new LatePast((from) => derived.push(from), after);
  for (const instant of [70, 30, 50]) {
    late.stored(instant);
    vi.advanceTimersByTime(1_000);
  }
  expect([derived, late.settled]).toEqual([[], false]);
  vi.advanceTimersByTime(1_000);
  expect([derived, late.settled]).toEqual([[30], true]);
});

test("of an archive the past is derived when its urgent part is there and when all is, and not in between", () => {
  const derived: number[] = [];
  const late = new LatePast((from) => derived.push(from), after);
  late.archive("plant", { urgent: false, finished: false });
  late.stored(40);
  vi.advanceTimersByTime(10_000);
  expect([derived, late.reading, late.complete]).toEqual([[], true, false]);
  late.archive("plant", { urgent: true, finished: false });
  expect([derived, late.reading]).toEqual([[40], false]);
  late.owe(20);
  late.archive("plant", { urgent: true, finished: false });
  expect(derived).toEqual([40]);
  late.archive("plant", { urgent: true, finished: true });
  expect([derived, late.settled]).toEqual([[40, 20], true]);
});

test("what one archive holds is derived with the urgent part of others that are read beside it, or when they let it wait", () => {
  const derived: number[] = [];
  const late = new LatePast((from) => derived.push(from), after);
  for (const name of ["line", "meters", "utilities"]) late.archive(name, { urgent: false, finished: false });
  late.stored(40);
  late.archive("meters", { urgent: true, finished: true });
  vi.advanceTimersByTime(5_000);
  late.archive("line", { urgent: true, finished: false });
  expect(derived).toEqual([]);
  late.archive("utilities", { urgent: true, finished: true });
  expect(derived).toEqual([40]);
  late.archive("meters", { urgent: false, finished: false });
  late.owe(30);
  late.archive("line", { urgent: true, finished: true });
  expect(derived).toEqual([40]);
  vi.advanceTimersByTime(10_000);
  expect([derived, late.complete]).toEqual([[40, 30], false]);
});

test("an archive that is gone holds nothing up, and nothing is derived after the end", () => {
  const derived: number[] = [];
  const late = new LatePast((from) => derived.push(from), after);
  late.archive("plant", { urgent: false, finished: false });
  late.stored(40);
  late.archiveGone("plant");
  vi.advanceTimersByTime(2_000);
  expect(derived).toEqual([40]);
  late.stored(10);
  late.close();
  vi.advanceTimersByTime(2_000);
  expect(derived).toEqual([40]);
});
