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
