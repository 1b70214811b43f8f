/** What the graphics processor still has to do of a frame. */
export interface Fence {
  done(): boolean;
}

/** A pause after a slow frame is no longer than this: a machine without a graphics card shows the plant in steps, but shows it. */
const MAX_PAUSE_MS = 1_000;
/** Slow frames are drawn by the processor, which has values to read too. While nobody does anything: milliseconds of rest for each of the frame. */
const REST_OF_SLOW = 3;
/** So long after a person did something pictures come as fast as they can. */
const ACTED_MS = 2_000;
/**
 * What a frame is: drawn while the eye moves, or while it rests; or the one in which what stands is drawn for a resting eye, which comes once and says
 * nothing of the next ones.
 */
export type FrameKind = "moving" | "resting" | "taking";

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
 * draws fewer pixels where frames are slow. Without it frames queue up on machines without a graphics card, calls into WebGL block, and values wait behind pictures.
 */
export class FramePace {
  #fence: Fence | undefined;
  #submittedAt = 0;
  #restUntil = 0;
  /** The same while nobody does anything. */
  #calmUntil = 0;
  #actedAt = Number.NEGATIVE_INFINITY;
  #kind: FrameKind = "resting";
  /** A picture that is kept may be finer than those that follow a moving eye. */
  readonly #moving = new Resolution();
  readonly #resting = new Resolution();

  /** Share of the full resolution to draw with. */
  resolution(eyeMoves: boolean): number {
    return (eyeMoves ? this.#moving : this.#resting).share;
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

  /** A person did something and waits for the picture of it. */
  acted(now: number): void {
    this.#actedAt = now;
  }

  /** 0 = draw now, else ask again after so many milliseconds. */
  wait(now: number): number {
    if (this.#fence !== undefined) return LOOK_MS;
    return Math.max(0, (now - this.#actedAt < ACTED_MS ? this.#restUntil : this.#calmUntil) - now);
  }

  #finished(now: number, cost: number): void {
    const rest = cost < FAST_MS ? 0 : Math.min(cost, MAX_PAUSE_MS);
    this.#restUntil = now + rest;
    this.#calmUntil = now + Math.min(REST_OF_SLOW * rest, MAX_PAUSE_MS);
    if (this.#kind === "moving") this.#moving.judge(cost);
    else if (this.#kind === "resting") this.#resting.judge(cost);
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
