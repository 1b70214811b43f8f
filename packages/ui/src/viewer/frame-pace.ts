/** What the graphics processor still has to do of a frame. */
export interface Fence {
  done(): boolean;
}

/** A pause after a slow frame is no longer than this: a machine without a graphics card shows the plant in steps, but shows it. */
const MAX_PAUSE_MS = 1_000;
/** Slow frames are drawn by the processor, which has values to read too. While nobody does anything: milliseconds of rest for each of the frame. */
const REST_OF_SLOW = 3;
/** The same where numbers stand beside the picture and say first what it shows: no more than one of them in twenty is late for it. */
const REST_BESIDE = 24;
const MAX_PAUSE_BESIDE_MS = 5_000;
/** So long after a person did something pictures come as fast as they can. */
const ACTED_MS = 2_000;
/** Whether a frame is drawn while the eye moves or while it rests. */
export type FrameKind = "moving" | "resting";

/** So long after the eye moved pictures stay as coarse as they were: who moves it in steps does not wait for a fine one between them. */
export const SETTLE_MS = 400;

/** A fence that never tells (a lost context) stops nothing. */
const GIVE_UP_MS = 5_000;
/** How often a frame at work is looked at. */
export const LOOK_MS = 4;

/** Shares of the full resolution, each about half the pixels of the one before. */
const RESOLUTIONS = [1, 0.7, 0.5, 0.35] as const;
/** Slower frames are drawn smaller, faster ones finer again; apart, so that it settles. */
const TOO_SLOW_MS = 70;
const FAST_MS = 14;
/** Frames to judge by before the next step down, and up: coming back is slow, so that nothing flickers. */
const FRAMES_DOWN = 4;
const FRAMES_UP = 120;
/** Share of a new frame in the running mean. */
const WEIGHT = 0.3;

/**
 * Lets the next frame be drawn only when the last is finished, leaves the machine as much rest as that took (three times as much where it was slow and nobody does anything), and
 * draws fewer pixels where frames are slow and the eye moves. Without it frames queue up on machines without a graphics card, calls into WebGL block, and values wait behind pictures.
 */
export class FramePace {
  #fence: Fence | undefined;
  #submittedAt = 0;
  #restUntil = 0;
  /** The same while nobody does anything. */
  #calmUntil = 0;
  #actedAt = Number.NEGATIVE_INFINITY;
  #kind: FrameKind = "resting";
  #isBeside = false;
  #movedAt = Number.NEGATIVE_INFINITY;
  readonly #moving = new Resolution();

  /** Share of the full resolution to draw with: what follows a moving eye may be coarse, what is looked at is not. */
  resolution(now: number): number {
    return now - this.#movedAt < SETTLE_MS ? this.#moving.share : 1;
  }

  /** The frame that is drawn now is seen from elsewhere. */
  eyeMoved(now: number): void {
    this.#movedAt = now;
  }

  /** The draw calls of a frame are given; `fence` comes after them. Times are in ms of one clock. */
  submitted(now: number, fence: Fence | undefined, kind: FrameKind = "resting"): void {
    this.#fence = fence;
    this.#kind = kind;
    this.#submittedAt = now;
  }

  /** Looks whether the frame is finished; true = look again after LOOK_MS. */
  look(now: number): boolean {
    if (this.#fence === undefined) return false;
    const cost = now - this.#submittedAt;
    if (!this.#fence.done() && cost < GIVE_UP_MS) return true;
    this.#fence = undefined;
    this.#finished(now, cost);
    return false;
  }

  get isFinished(): boolean {
    return this.#fence === undefined;
  }

  /** A person did something and waits for the picture of it. */
  acted(now: number): void {
    this.#actedAt = now;
  }

  /** From now on the picture stands beside numbers that are read first. */
  standBeside(): void {
    this.#isBeside = true;
  }

  /** 0 = draw now, else ask again after so many milliseconds. */
  wait(now: number): number {
    if (this.#fence !== undefined) return LOOK_MS;
    return Math.max(0, (now - this.#actedAt < ACTED_MS ? this.#restUntil : this.#calmUntil) - now);
  }

  #finished(now: number, cost: number): void {
    const rest = cost < FAST_MS ? 0 : Math.min(cost, MAX_PAUSE_MS);
    this.#restUntil = now + rest;
    const givesWay = this.#isBeside && this.#kind !== "moving";
    this.#calmUntil = now + (givesWay ? Math.min(REST_BESIDE * rest, MAX_PAUSE_BESIDE_MS) : Math.min(REST_OF_SLOW * rest, MAX_PAUSE_MS));
    if (this.#kind === "moving") this.#moving.judge(cost);
  }
}

/** Goes down soon where frames are slow, and up slowly where they are fast. */
class Resolution {
  #level = 0;
  #mean = 0;
  /** Frames since the level changed, and those in a row whose mean is too slow or fast. */
  #frames = 0;
  #slow = 0;
  #fast = 0;

  get share(): number {
    return RESOLUTIONS[this.#level]!;
  }

  judge(cost: number): void {
    this.#frames++;
    this.#mean = this.#frames === 1 ? cost : this.#mean + WEIGHT * (cost - this.#mean);
    this.#slow = this.#mean > TOO_SLOW_MS ? this.#slow + 1 : 0;
    this.#fast = this.#mean < FAST_MS ? this.#fast + 1 : 0;
    if (this.#slow >= FRAMES_DOWN && this.#level < RESOLUTIONS.length - 1) this.#go(this.#level + 1);
    else if (this.#fast >= FRAMES_UP && this.#level > 0) this.#go(this.#level - 1);
  }

  #go(level: number): void {
    this.#level = level;
    this.#frames = this.#slow = this.#fast = 0;
  }
}

/** A fence after everything called so far; undefined where the context is lost. */
export function fenceOf(gl: WebGL2RenderingContext): Fence | undefined {
  const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  if (sync === null) return undefined;
  gl.flush();
  return {
    done() {
      if (gl.getSyncParameter(sync, gl.SYNC_STATUS) === gl.UNSIGNALED) return false;
      gl.deleteSync(sync);
      return true;
    },
  };
}
