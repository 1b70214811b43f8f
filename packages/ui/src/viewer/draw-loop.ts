import { fenceOf, FramePace, LOOK_MS, SETTLE_MS, type FrameKind } from "./frame-pace.ts";

/**
 * When a picture is drawn: after something changed, when the screen is due, the last picture is finished and the machine had its rest. A hidden page is
 * never due, so it draws nothing.
 */
export class DrawLoop {
  #pace = new FramePace();
  #draw: (now: number) => void;
  #finished: () => void;
  #scheduled = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setTimeout> | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #started = false;
  #disposed = false;

  /** `draw` calls `submitted`; `finished` is told when the graphics processor is done with it. */
  constructor(draw: (now: number) => void, finished: () => void) {
    this.#draw = draw;
    this.#finished = finished;
  }

  /** Share of the full resolution to draw with. */
  resolution(): number {
    return this.#pace.resolution(performance.now());
  }

  /** The frame that is drawn now is seen from elsewhere; one that is coarse is followed by a fine one when the eye rests. */
  eyeMoved(): void {
    this.#pace.eyeMoved(performance.now());
    clearTimeout(this.#settling);
    this.#settling = this.resolution() < 1 ? setTimeout(() => this.#settled(), SETTLE_MS + 1) : undefined;
  }

  /** No frame is due or being drawn. */
  get isAsleep(): boolean {
    const isDue = this.#scheduled !== 0 || this.#waiting !== undefined || this.#settling !== undefined;
    return !isDue && this.#pace.isFinished;
  }

  standBeside(): void {
    this.#pace.standBeside();
  }

  start(): void {
    this.#started = true;
  }

  /** Draws soon; many calls cost one frame. */
  invalidate(): void {
    if (this.#scheduled !== 0 || this.#waiting !== undefined || this.#disposed || !this.#started) return;
    this.#scheduled = requestAnimationFrame((now) => {
      this.#scheduled = 0;
      const wait = this.#pace.wait(performance.now());
      if (wait === 0) this.#draw(now);
      else
        this.#waiting = setTimeout(() => {
          this.#waiting = undefined;
          this.invalidate();
        }, wait);
    });
  }

  /** A person does something anywhere on the page: the picture of it does not wait for the long rest. */
  acted(): void {
    this.#pace.acted(performance.now());
    if (this.#waiting === undefined) return;
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.invalidate();
  }

  /** The draw calls of a frame are given; they began at `startedMs`. */
  submitted(startedMs: number, gl: WebGL2RenderingContext, kind: FrameKind): void {
    this.#pace.submitted(startedMs, fenceOf(gl), kind);
    this.#look();
  }

  dispose(): void {
    this.#disposed = true;
    cancelAnimationFrame(this.#scheduled);
    clearTimeout(this.#waiting);
    clearTimeout(this.#looking);
    clearTimeout(this.#settling);
  }

  #settled(): void {
    this.#settling = undefined;
    this.invalidate();
  }

  /** Sees the end of the frame when it comes, whatever is asked for meanwhile. */
  #look(): void {
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => {
      if (this.#pace.look(performance.now())) this.#look();
      else this.#finished();
    }, LOOK_MS);
  }
}
