import { useEffect, useState } from "react";
import { SECOND } from "@doppelwerk/world";
import type { WatchClock } from "./watch-clock.ts";
import type { Watched } from "./watched.ts";

const BUDGET_MS = 12;

interface Ahead {
  /** Seconds from the start that all sides have reached. */
  readonly reachedS: number;
  /** Why a run could not be gone on with. */
  readonly failure: string | undefined;
}

/** Simulates all sides ahead a few milliseconds a frame, runs the clock, and tells how far they all are. */
export function useSimulatedAhead(sides: readonly Watched[], clock: WatchClock): Ahead {
  const [ahead, setAhead] = useState<Ahead>({ reachedS: 0, failure: undefined });
  useEffect(() => {
    let frame = 0;
    let before = performance.now();
    let told = -1;
    let failure: string | undefined;
    const step = (now: number): void => {
      const until = performance.now() + BUDGET_MS;
      while (failure === undefined && performance.now() < until) {
        const behind = sides.reduce((a, b) => (b.reached - b.from < a.reached - a.from ? b : a));
        if (behind.reached >= behind.to) break;
        try {
          behind.advance();
        } catch (error) {
          failure = error instanceof Error ? error.message : String(error);
          setAhead({ reachedS: told, failure });
        }
      }
      const reached = Math.min(...sides.map((side) => side.reached - side.from)) / SECOND;
      if (reached !== told) setAhead({ reachedS: (told = reached), failure });
      clock.tick(now - before, reached, Math.max(...sides.map((side) => side.to - side.from)) / SECOND);
      before = now;
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [sides, clock]);
  return ahead;
}
