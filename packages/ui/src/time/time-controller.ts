import type { Instant } from "@doppelwerk/world";
import { createStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";

export type TimeState =
  | { readonly kind: "live" }
  | { readonly kind: "at"; readonly instant: Instant }
  | { readonly kind: "playing"; readonly speed: number };

/** Steps of the playback speed, times real time. */
export const speeds = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 1000] as const;

export interface TimeControllerOptions {
  /** The server's now, µs. */
  readonly now: () => Instant;
  /** Calls back on the next frame; returns how to call it off. */
  readonly nextFrame: (run: () => void) => () => void;
  /** Nothing lies before this instant; undefined = not known yet. */
  readonly earliest?: () => Instant | undefined;
}

/** The one instant every panel shows: live, held at T, or playing from T. Nothing is ever in the future (P13). */
export interface TimeController {
  readonly state: Store<TimeState>;
  /** The instant shown, updated every frame while live or playing, without telling anyone. */
  instant(): Instant;
  /** Tells at most ~10 times a second while playing; what rewound data loads by. */
  readonly shown: Store<Instant | undefined>;
  /** Counts seeks: every change of the instant that is not its own course. */
  readonly jumps: Store<number>;
  speed(): number;
  goLive(): void;
  goTo(instant: Instant): void;
  play(speed?: number): void;
  pause(): void;
  /** From now on, playing or not; within the steps of `speeds`. */
  setSpeed(speed: number): void;
  /** Next faster (+1) or slower (−1) speed of `speeds`. */
  changeSpeed(direction: 1 | -1): void;
  dispose(): void;
}

const TELL_EVERY: Instant = 100_000;
/** A longer pause between two looks was nobody's looking: a hidden tab, a sleeping machine, or a clock that was set. What plays goes on where it was. */
const LONGEST_LOOK: Instant = 2_000_000;

export function createTimeController(options: TimeControllerOptions): TimeController {
  const state = createStore<TimeState>({ kind: "live" });
  const shown = createStore<Instant | undefined>(undefined);
  const jumps = createStore(0);
  let speed = 1;
  let origin = { wall: 0, instant: 0 };
  let looked = 0;
  let told = 0;
  let cancelFrame: (() => void) | undefined;

  const playingInstant = (): Instant => {
    const now = options.now();
    const since = now - looked;
    looked = now;
    if (since < 0 || since > LONGEST_LOOK) origin = { ...origin, wall: origin.wall + since };
    return Math.round(origin.instant + (now - origin.wall) * speed);
  };
  const stopFrames = (): void => {
    cancelFrame?.();
    cancelFrame = undefined;
  };
  const controller: TimeController = {
    state,
    shown,
    jumps,
    speed: () => speed,
    instant() {
      const current = state.get();
      if (current.kind === "live") return options.now();
      if (current.kind === "at") return current.instant;
      return Math.min(playingInstant(), options.now());
    },
    goLive() {
      stopFrames();
      const caughtUp = state.get().kind === "playing" && playingInstant() >= options.now();
      if (state.get().kind !== "live" && !caughtUp) jumps.update((count) => count + 1);
      state.set({ kind: "live" });
      shown.set(undefined);
    },
    goTo(instant) {
      stopFrames();
      const clamped = Math.max(Math.round(instant), options.earliest?.() ?? 0);
      if (clamped >= options.now()) {
        controller.goLive();
        return;
      }
      if (clamped !== controller.instant()) jumps.update((count) => count + 1);
      state.set({ kind: "at", instant: clamped });
      shown.set(clamped);
    },
    play(at = speed) {
      const from = controller.instant();
      if (state.get().kind === "live" && at >= 1) return;
      speed = Math.min(speeds.at(-1)!, Math.max(speeds[0], at));
      origin = { wall: options.now(), instant: from };
      looked = told = origin.wall;
      stopFrames();
      state.set({ kind: "playing", speed });
      const frame = (): void => {
        if (state.get().kind !== "playing") return;
        const now = options.now();
        if (playingInstant() >= now) {
          controller.goLive();
          return;
        }
        if (Math.abs(now - told) >= TELL_EVERY) {
          told = now;
          shown.set(playingInstant());
        }
        cancelFrame = options.nextFrame(frame);
      };
      cancelFrame = options.nextFrame(frame);
    },
    pause() {
      const instant = controller.instant();
      stopFrames();
      state.set({ kind: "at", instant });
      shown.set(instant);
    },
    setSpeed(next) {
      if (state.get().kind === "playing") controller.play(next);
      else {
        speed = Math.min(speeds.at(-1)!, Math.max(speeds[0], next));
        state.set({ ...state.get() });
      }
    },
    changeSpeed(direction) {
      const index = speeds.findIndex((candidate) => candidate >= speed);
      controller.setSpeed(speeds[Math.min(speeds.length - 1, Math.max(0, index + direction))]!);
    },
    dispose: stopFrames,
  };
  return controller;
}
