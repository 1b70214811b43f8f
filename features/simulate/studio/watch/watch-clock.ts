import { createStore } from "@doppelwerk/kit/studio";
import type { Store } from "@doppelwerk/kit/studio";

/** Steps of the speed, times real time. */
export const watchSpeeds = [1, 10, 60, 300, 1000, 10_000] as const;

/** Seconds from the start of the run: held, or running on at a speed; never beyond what has been simulated. */
export interface WatchClock {
  readonly shownS: Store<number>;
  readonly playing: Store<boolean>;
  readonly speed: Store<number>;
  goTo(seconds: number): void;
  toggle(): void;
  /** One frame: `elapsedMs` of real time went by, `reachedS` is simulated, `endS` is the end. */
  tick(elapsedMs: number, reachedS: number, endS: number): void;
}

export function createWatchClock(startS: number, plays = false): WatchClock {
  const shownS = createStore(Math.max(0, startS));
  const playing = createStore(plays);
  const speed = createStore<number>(60);
  return {
    shownS,
    playing,
    speed,
    goTo: (seconds) => shownS.set(Math.max(0, seconds)),
    toggle: () => playing.update((held) => !held),
    tick(elapsedMs, reachedS, endS) {
      if (!playing.get()) return;
      const next = shownS.get() + (elapsedMs / 1000) * speed.get();
      shownS.set(Math.min(next, reachedS));
      if (next >= endS) playing.set(false);
    },
  };
}
