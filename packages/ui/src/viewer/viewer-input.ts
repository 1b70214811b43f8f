/** What gestures ask for; positions are pixels of the canvas. */
export interface ViewerActions {
  readonly orbit: (yaw: number, pitch: number) => void;
  readonly pan: (dx: number, dy: number) => void;
  readonly zoom: (factor: number, x: number, y: number) => void;
  readonly walk: (forward: number, sideways: number) => void;
  readonly hover: (x: number, y: number) => void;
  readonly leave: () => void;
  readonly select: (x: number, y: number) => void;
  readonly frameAt: (x: number, y: number) => void;
  /** True where the viewer did something by it: then the page around need not. */
  readonly key: (name: "home" | "top" | "frame" | "walk" | "clear" | "digit", digit: number | undefined, store: boolean) => boolean;
  readonly changed: () => void;
}

const RADIANS_PER_PIXEL = 0.0055;
const CLICK_PX = 5;
const WALK_MPS = 2.4;
const KEYS: Readonly<Record<string, "home" | "top" | "frame" | "walk" | "clear">> = {
  h: "home",
  Home: "home",
  t: "top",
  ".": "frame",
  g: "walk",
  Escape: "clear",
};
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  w: [1, 0],
  ArrowUp: [1, 0],
  s: [-1, 0],
  ArrowDown: [-1, 0],
  a: [0, -1],
  ArrowLeft: [0, -1],
  d: [0, 1],
  ArrowRight: [0, 1],
};

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Mouse, touch and keys of one canvas. Left drag or one finger turns; right, middle or shift drag or two fingers move; wheel or pinch zooms. */
export class ViewerInput {
  #canvas: HTMLCanvasElement;
  #actions: ViewerActions;
  #down = new Map<number, Point>();
  #travel = 0;
  #button = 0;
  #held = new Set<string>();
  #lastStep = 0;
  #hoverPending = false;
  /** What had the focus when a walk began: its button. */
  #before: HTMLElement | undefined;
  #stop = new AbortController();

  constructor(canvas: HTMLCanvasElement, actions: ViewerActions) {
    this.#canvas = canvas;
    this.#actions = actions;
    const options = { signal: this.#stop.signal };
    canvas.addEventListener("pointerdown", (event) => this.#onDown(event), options);
    canvas.addEventListener("pointermove", (event) => this.#onMove(event), options);
    canvas.addEventListener("pointerup", (event) => this.#onUp(event), options);
    canvas.addEventListener("pointercancel", (event) => this.#down.delete(event.pointerId), options);
    canvas.addEventListener("pointerleave", () => this.#actions.leave(), options);
    canvas.addEventListener("dblclick", (event) => this.#actions.frameAt(...this.#at(event)), options);
    canvas.addEventListener("contextmenu", (event) => event.preventDefault(), options);
    canvas.addEventListener("wheel", (event) => this.#onWheel(event), { ...options, passive: false });
    canvas.addEventListener("keydown", (event) => this.#onKey(event), options);
    canvas.addEventListener("keyup", (event) => this.#onKeyUp(event), options);
    canvas.addEventListener("blur", () => this.#held.clear(), options);
  }

  /** Walks as far as the time since the last step lets one while keys are held, however seldom pictures are drawn; true while any is held. */
  step(now: number): boolean {
    if (this.#held.size === 0) return false;
    const seconds = Math.max(0, now - this.#lastStep) / 1000;
    this.#lastStep = Math.max(now, this.#lastStep);
    let [forward, sideways] = [0, 0];
    for (const key of this.#held) {
      forward += STEPS[key]![0];
      sideways += STEPS[key]![1];
    }
    this.#actions.walk(forward * seconds * WALK_MPS, sideways * seconds * WALK_MPS);
    return true;
  }

  /** Whoever begins a walk by its button walks by keys at once: the canvas takes the focus. */
  takeFocus(): void {
    const { activeElement } = document;
    const isElsewhere = activeElement instanceof HTMLElement && activeElement !== document.body && activeElement !== this.#canvas;
    this.#before = isElsewhere ? activeElement : undefined;
    this.#canvas.focus({ preventScroll: true });
  }

  /** The walk is over: the focus goes back to where it came from. */
  returnFocus(): void {
    if (this.#before?.isConnected === true) this.#before.focus({ preventScroll: true });
    this.#before = undefined;
  }

  dispose(): void {
    this.#stop.abort();
  }

  #at(event: { clientX: number; clientY: number }): [number, number] {
    const rect = this.#canvas.getBoundingClientRect();
    return [event.clientX - rect.left, event.clientY - rect.top];
  }

  #onDown(event: PointerEvent): void {
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    const [x, y] = this.#at(event);
    this.#down.set(event.pointerId, { x, y });
    this.#button = event.shiftKey || event.ctrlKey ? 2 : event.button;
    if (this.#down.size === 1) this.#travel = 0;
  }

  #onMove(event: PointerEvent): void {
    const [x, y] = this.#at(event);
    const before = this.#down.get(event.pointerId);
    if (before === undefined) return this.#hoverSoon(x, y);
    const [dx, dy] = [x - before.x, y - before.y];
    this.#travel += Math.abs(dx) + Math.abs(dy);
    const others = [...this.#down].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    this.#down.set(event.pointerId, { x, y });
    if (this.#travel < CLICK_PX) return;
    const other = others[0];
    if (other !== undefined) this.#pinch(before, { x, y }, other);
    else if (this.#button === 0) this.#actions.orbit(-dx * RADIANS_PER_PIXEL, dy * RADIANS_PER_PIXEL);
    else this.#actions.pan(dx, dy);
    this.#actions.changed();
  }

  #pinch(before: Point, now: Point, other: Point): void {
    const [d0, d1] = [Math.hypot(before.x - other.x, before.y - other.y), Math.hypot(now.x - other.x, now.y - other.y)];
    if (d0 > 8 && d1 > 8) this.#actions.zoom(d0 / d1, (now.x + other.x) / 2, (now.y + other.y) / 2);
    this.#actions.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
  }

  #onUp(event: PointerEvent): void {
    const clicked = this.#down.delete(event.pointerId) && this.#down.size === 0 && this.#travel < CLICK_PX && event.button === 0;
    if (clicked) this.#actions.select(...this.#at(event));
  }

  /** At most one pick a frame. */
  #hoverSoon(x: number, y: number): void {
    if (this.#hoverPending) return;
    this.#hoverPending = true;
    requestAnimationFrame(() => {
      this.#hoverPending = false;
      if (!this.#stop.signal.aborted) this.#actions.hover(x, y);
    });
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    const pixels = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    this.#actions.zoom(Math.exp(Math.max(-120, Math.min(120, pixels)) * 0.0016), ...this.#at(event));
    this.#actions.changed();
  }

  #onKeyUp(event: KeyboardEvent): void {
    const key = stepKeyOf(event);
    if (!this.#held.has(key)) return;
    this.step(event.timeStamp);
    this.#held.delete(key);
    this.#actions.changed();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.metaKey || event.ctrlKey) return;
    const stepKey = stepKeyOf(event);
    if (STEPS[stepKey] !== undefined) {
      // the way with the keys held before ends here
      if (!this.step(event.timeStamp)) this.#lastStep = event.timeStamp;
      this.#held.add(stepKey);
      this.#actions.changed();
      event.stopPropagation();
      return event.preventDefault();
    }
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    const name = KEYS[event.key];
    const isTaken =
      digit !== undefined
        ? this.#actions.key("digit", Number(digit), event.shiftKey)
        : name !== undefined && this.#actions.key(name, undefined, false);
    if (isTaken) event.stopPropagation();
  }
}

/** Letters walk with the capitals key on as well. */
function stepKeyOf({ key }: KeyboardEvent): string {
  return key.length === 1 ? key.toLowerCase() : key;
}
