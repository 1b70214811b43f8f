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
  /** Calls back on the next frame; returns how to cancel that. */
  readonly nextFrame: (run: () => void) => () => void;
  /** Nothing lies before this instant; undefined = not known yet. */
  readonly earliest?: () => Instant | undefined;
}

/** The one instant every panel shows: live, held at T, or playing from T. Nothing is ever in the future (P13). */
export interface TimeController {
  readonly state: Store<TimeState>;
  /** The instant shown, updated every frame while live or playing, without notifying anyone. */
  instant(): Instant;
  /** Notifies at most ~10 times a second while playing; what rewound data loads by. */
  readonly shown: Store<Instant | undefined>;
  /** Counts seeks: every change of the instant that is not its own course. */
  readonly jumps: Store<number>;
  speed(): number;
  goLive(): void;
  goTo(instant: Instant): void;
  /**
   * To where a pointer or a held key is now. `instant()` is there at once; what is shown follows as fast as the page can draw it, at most ten times a
   * second: the newest instant, never one that was passed.
   */
  scrub(instant: Instant): void;
  play(speed?: number): void;
  pause(): void;
  /** From now on, playing or not; within the steps of `speeds`. */
  setSpeed(speed: number): void;
  /** Next faster (+1) or slower (−1) speed of `speeds`. */
  changeSpeed(direction: 1 | -1): void;
  dispose(): void;
}

const SHOW_EVERY: Instant = 100_000;
/** Where it takes long to draw what is shown, the rest of the time is for the pointer: so many times as long. */
const REST_OF_SCRUB = 2;
/** A longer pause between two readings: a hidden tab, a sleeping machine, or a clock that was set. What plays continues where it was. */
const MAX_PAUSE: Instant = 2_000_000;

export function createTimeController(options: TimeControllerOptions): TimeController {
  const state = createStore<TimeState>({ kind: "live" });
  const shown = createStore<Instant | undefined>(undefined);
  const jumps = createStore(0);
  let speed = 1;
  const playback = createPlayback(options, { onInstant: shown.set, onCaughtUp: () => controller.goLive() });
  const scrub = createScrub(options, (instant) => show(instant));
  const halt = (): void => {
    scrub.stop();
    playback.stop();
  };
  const within = (instant: Instant): Instant => Math.max(Math.round(instant), options.earliest?.() ?? 0);
  const show = (instant: Instant): void => {
    const clamped = within(instant);
    if (clamped >= options.now()) return controller.goLive();
    if (clamped !== controller.instant() || scrub.wanted() !== undefined) jumps.update((count) => count + 1);
    halt();
    state.set({ kind: "at", instant: clamped });
    shown.set(clamped);
  };
  const controller: TimeController = {
    state,
    shown,
    jumps,
    speed: () => speed,
    instant() {
      const wanted = scrub.wanted();
      if (wanted !== undefined) return Math.min(within(wanted), options.now());
      const current = state.get();
      if (current.kind !== "playing") return current.kind === "live" ? options.now() : current.instant;
      return Math.min(playback.instant(), options.now());
    },
    goLive() {
      halt();
      const caughtUp = state.get().kind === "playing" && playback.instant() >= options.now();
      if (state.get().kind !== "live" && !caughtUp) jumps.update((count) => count + 1);
      state.set({ kind: "live" });
      shown.set(undefined);
    },
    goTo: show,
    scrub: scrub.to,
    play(at = speed) {
      const from = controller.instant();
      if (state.get().kind === "live" && at >= 1) return;
      scrub.stop();
      speed = withinSpeeds(at);
      playback.start(from, speed);
      state.set({ kind: "playing", speed });
    },
    pause() {
      const instant = controller.instant();
      halt();
      state.set({ kind: "at", instant });
      shown.set(instant);
    },
    setSpeed(next) {
      if (state.get().kind === "playing") controller.play(next);
      else {
        speed = withinSpeeds(next);
        state.set({ ...state.get() });
      }
    },
    changeSpeed(direction) {
      const index = speeds.findIndex((candidate) => candidate >= speed);
      controller.setSpeed(speeds[Math.min(speeds.length - 1, Math.max(0, index + direction))]!);
    },
    dispose: halt,
  };
  return controller;
}

function withinSpeeds(speed: number): number {
  return Math.min(speeds.at(-1)!, Math.max(speeds[0], speed));
}

interface Scrub {
  readonly to: (instant: Instant) => void;
  /** Forgets what is not shown yet. */
  readonly stop: () => void;
  /** The instant that is not shown yet. */
  readonly wanted: () => Instant | undefined;
}

/** Shows the first instant at once and then the newest, after a rest in proportion to the time from showing the last to the next frame. */
function createScrub({ now, nextFrame }: Pick<TimeControllerOptions, "now" | "nextFrame">, show: (instant: Instant) => void): Scrub {
  let wanted: Instant | undefined;
  let shownAt = Number.NEGATIVE_INFINITY;
  let rest: Instant = SHOW_EVERY;
  let cancelFrame: (() => void) | undefined;
  const isResting = (): boolean => now() >= shownAt && now() - shownAt < rest;
  const present = (instant: Instant): void => {
    shownAt = now();
    // how long is known with the next frame
    rest = Number.POSITIVE_INFINITY;
    show(instant);
    const began = shownAt;
    nextFrame(() => (rest = Math.max(SHOW_EVERY, (1 + REST_OF_SCRUB) * (now() - began))));
  };
  const frame = (): void => {
    cancelFrame = undefined;
    if (wanted === undefined) return;
    if (isResting()) cancelFrame = nextFrame(frame);
    else present(wanted);
  };
  return {
    to(instant) {
      wanted = instant;
      if (cancelFrame !== undefined) return;
      if (isResting()) cancelFrame = nextFrame(frame);
      else present(instant);
    },
    stop() {
      wanted = undefined;
      cancelFrame?.();
      cancelFrame = undefined;
    },
    wanted: () => wanted,
  };
}

interface Playback {
  readonly start: (from: Instant, speed: number) => void;
  readonly stop: () => void;
  /** Where it is; after `stop`, where it would be. May be later than now. */
  readonly instant: () => Instant;
}

/** Plays the past by the wall clock: reports an instant every `SHOW_EVERY`, and when it has caught up with now. */
function createPlayback(
  { now, nextFrame }: Pick<TimeControllerOptions, "now" | "nextFrame">,
  { onInstant, onCaughtUp }: { readonly onInstant: (instant: Instant) => void; readonly onCaughtUp: () => void },
): Playback {
  let speed = 1;
  let origin = { wall: 0, instant: 0 };
  let lastRead = 0;
  let lastShown = 0;
  let cancelFrame: (() => void) | undefined;
  const instant = (): Instant => {
    const wall = now();
    const since = wall - lastRead;
    lastRead = wall;
    if (since < 0 || since > MAX_PAUSE) origin = { ...origin, wall: origin.wall + since };
    return Math.round(origin.instant + (wall - origin.wall) * speed);
  };
  const stop = (): void => {
    cancelFrame?.();
    cancelFrame = undefined;
  };
  const frame = (): void => {
    if (cancelFrame === undefined) return;
    const wall = now();
    if (instant() >= wall) return onCaughtUp();
    if (Math.abs(wall - lastShown) >= SHOW_EVERY) {
      lastShown = wall;
      onInstant(instant());
    }
    cancelFrame = nextFrame(frame);
  };
  const start = (from: Instant, at: number): void => {
    stop();
    speed = at;
    origin = { wall: now(), instant: from };
    lastRead = lastShown = origin.wall;
    cancelFrame = nextFrame(frame);
  };
  return { start, stop, instant };
}
