import { expect, test } from "vitest";
import { PastProgress } from "./past-progress.ts";
import type { PastState } from "@doppelwerk/ports";

/** Does one step after the other; what was told after each. */
function told(past: PastProgress, steps: readonly (() => void)[]): PastState[] {
  return steps.map((step) => {
    step();
    return past.state;
  });
}

const archive = (done: number, total: number) => ({ done, total, samples: done * 10, finished: done === total });

test("[SV10] progress over two archives and three derivations never falls, and is 1 exactly when all is done", () => {
  const past = new PastProgress();
  expect(past.state).toEqual({ progress: 1, samples: 0, done: true });
  const states = told(past, [
    () => past.reading("a", archive(1, 10)),
    () => past.reading("b", archive(0, 100)),
    () => past.reading("a", archive(9, 10)),
    () => past.deriving(0),
    () => past.deriving(0.5),
    () => past.deriving(1),
    () => past.reading("b", archive(100, 100)),
    () => past.deriving(0),
    () => past.deriving(0.9),
    () => past.reading("a", archive(10, 10)),
    () => past.deriving(0.95),
    // late samples: derived once more
    () => past.deriving(0),
    () => past.deriving(0.1),
  ]);
  for (const [i, { progress, done }] of states.entries()) {
    expect(done, `step ${i}`).toBe(false);
    expect(progress, `step ${i}`).toBeGreaterThanOrEqual(states[i - 1]?.progress ?? 0);
    expect(progress, `step ${i}`).toBeLessThan(1);
  }
  past.deriving(1);
  expect(past.state).toEqual({ progress: 1, samples: 1_100, done: true });
});

test("[SV10] what comes after all was done is a round of its own; a connection that goes is not waited for", () => {
  const past = new PastProgress();
  past.reading("a", archive(10, 10));
  expect(past.state).toMatchObject({ progress: 1, done: true });
  past.deriving(0.25);
  expect(past.state).toEqual({ progress: 0.25, samples: 0, done: false });
  past.deriving(1);
  past.reading("a", archive(5, 10));
  past.reading("b", archive(1, 10));
  past.gone("b");
  expect(past.state.done).toBe(false);
  past.gone("a");
  expect(past.state).toMatchObject({ progress: 1, done: true });
});

test("[SV174] while more has to be derived than before, each step of it moves the progress, and it leads to the end", () => {
  const past = new PastProgress();
  const states = told(past, [
    () => past.reading("a", archive(0, 10)),
    () => past.reading("a", archive(10, 10)),
    () => past.deriving(0),
    () => past.deriving(0.25),
    () => past.deriving(0.5),
    // another archive came meanwhile: all is derived again
    () => past.deriving(0),
    ...[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((share) => () => past.deriving(share)),
  ]);
  const shown = states.map(({ progress }) => progress);
  const again = shown.slice(5);
  expect(again[0]).toBe(shown[4]);
  for (const [i, progress] of again.slice(1).entries()) expect(progress, `${i}`).toBeGreaterThan(again[i]!);
  // in equal steps over what remained
  const steps = again.slice(1).map((progress, i) => progress - again[i]!);
  expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(1e-9);
  expect(again.at(-1)! + steps[0]!).toBeCloseTo(1, 9);
});

test("[SV174] the same while archives come one after the other", () => {
  const past = new PastProgress();
  const half = told(past, [() => past.reading("a", archive(0, 10)), () => past.reading("a", archive(10, 20))]).at(-1)!.progress;
  expect(half).toBeCloseTo(1 / 3, 9);
  const shown = told(past, [
    () => past.reading("b", archive(0, 10)),
    () => past.reading("b", archive(5, 10)),
    () => past.reading("a", archive(20, 20)),
    () => past.deriving(0),
    () => past.reading("b", archive(10, 10)),
    () => past.deriving(0.5),
  ]).map(({ progress }) => progress);
  expect(shown[0]).toBe(half);
  expect([shown[1]! > half, shown[2]! > shown[1]!, shown[4]! > shown[2]!, shown[5]! > shown[4]!]).toEqual([true, true, true, true]);
});

test("[SV175] what began before this server listens is unknown until archives are read and derived for the first time, and not again", () => {
  const past = new PastProgress(1_000);
  const unknown = (): unknown => past.state.unknownBefore;
  expect(unknown()).toBeUndefined();
  // a start derives what was recorded before
  past.deriving(0);
  expect(unknown()).toBe(1_000);
  past.deriving(1);
  expect(unknown()).toBeUndefined();
  past.reading("a", archive(0, 10));
  expect(unknown()).toBe(1_000);
  past.deriving(0);
  past.reading("a", archive(10, 10));
  past.reading("b", archive(1, 10));
  past.deriving(1);
  expect(unknown()).toBe(1_000);
  past.deriving(0.5);
  past.reading("b", archive(10, 10));
  expect(unknown()).toBe(1_000);
  past.deriving(1);
  expect([unknown(), past.state.done]).toEqual([undefined, true]);
  // a gap, and late samples
  past.reading("a", archive(1, 2));
  past.deriving(0.5);
  expect([unknown(), past.state.done]).toEqual([undefined, false]);
  // one that is gone is waited for no more
  const other = new PastProgress(5);
  other.reading("c", archive(1, 2));
  expect(other.unknownBefore).toBe(5);
  other.gone("c");
  expect(other.unknownBefore).toBeUndefined();
});
