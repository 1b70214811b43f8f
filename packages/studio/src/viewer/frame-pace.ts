/** What the graphics processor still has to do of a frame. */
export interface Fence {
  done(): boolean;
}

/** A pause after a slow frame is no longer than this: a machine without a graphics card shows the plant in steps, but shows it. */
const LONGEST_PAUSE_MS = 250;
/** A fence that never tells (a lost context) stops nothing. */
const GIVE_UP_MS = 2_000;
const POLL_MS = 4;

/**
 * Lets the next frame be drawn only when the graphics processor has finished the last, and leaves it as much rest as that one took. Without it frames
 * queue up on slow machines, calls into WebGL block, and values wait behind pictures.
 */
export class FramePace {
  #fence: Fence | undefined;
  #submittedAt = 0;
  /** Somebody wanted to draw while the last frame was at work, so its end is seen when it comes and not later. */
  #watched = false;
  #restUntil = 0;

  /** 0 = draw now, else ask again after so many milliseconds. Times are in ms of one clock. */
  wait(now: number): number {
    if (this.#fence !== undefined) {
      const cost = now - this.#submittedAt;
      if (!this.#fence.done() && cost < GIVE_UP_MS) {
        this.#watched = true;
        return POLL_MS;
      }
      this.#fence = undefined;
      this.#restUntil = this.#watched ? now + Math.min(cost, LONGEST_PAUSE_MS) : now;
    }
    return Math.max(0, this.#restUntil - now);
  }

  /** The draw calls of a frame are given; `fence` comes after them. */
  submitted(now: number, fence: Fence | undefined): void {
    this.#fence = fence;
    this.#submittedAt = now;
    this.#watched = false;
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
