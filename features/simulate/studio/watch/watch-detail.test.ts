import { expect, test } from "vitest";
import { createWatchClock } from "./watch-clock.ts";
import { watchOpening } from "./watch-detail.ts";

test("[SI10] watching begins by itself; a link with an instant holds it, and with reduced motion the line is shown after its first hour", () => {
  expect(watchOpening("watch", false)).toEqual({ startS: 0, plays: true });
  expect(watchOpening("watch@7200", false)).toEqual({ startS: 7200, plays: false });
  expect(watchOpening("watch", true)).toEqual({ startS: 3600, plays: false });
  const clock = createWatchClock(0, true);
  // a minute of the line a second, never beyond what is simulated
  clock.tick(1_000, 40, 3_600);
  expect([clock.playing.get(), clock.shownS.get()]).toEqual([true, 40]);
  clock.tick(1_000, 3_600, 3_600);
  expect(clock.shownS.get()).toBe(100);
});
