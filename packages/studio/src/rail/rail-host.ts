import type { Rail } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import type { BranchId, Instant } from "@doppelwerk/world";
import { railTicks } from "@doppelwerk/ui";
import type { Address, Language, Tokens, Zone } from "@doppelwerk/ui";
import { railGeometry } from "./rail-geometry.ts";
import type { RailGeometry } from "./rail-geometry.ts";
import { hitTest } from "./rail-hit.ts";
import type { LaneMarks, RailHit, RailScene } from "./rail-hit.ts";
import { laneLayout, railHorizon } from "./rail-lanes.ts";
import type { LaneLayout } from "./rail-lanes.ts";
import { paintRail } from "./rail-paint.ts";
import type { RailWords } from "./rail-paint.ts";
import { advanced, heldView, instantAt, isResting, panned, restingView, revealing, spanOf, visibleRange, zoomed } from "./rail-view.ts";
import type { RailView } from "./rail-view.ts";

export interface RailSettings {
  readonly colours: Tokens;
  readonly words: RailWords;
  readonly zone: Zone;
  readonly language: Language;
  readonly font: string;
  readonly entered: BranchId;
  /** Lanes of merged and abandoned branches are shown, too. */
  readonly closed: boolean;
  /** Marks beside the band, in their order. */
  readonly lanes: readonly Omit<LaneMarks, "marks">[];
}

export interface RailEvents {
  /** Dragged or clicked to an instant; `done` when the pointer is lifted. */
  scrub(instant: Instant, done: boolean): void;
  live(): void;
  enter(branch: BranchId): void;
  open(link: Partial<Address>): void;
  hover(hit: RailHit | undefined, x: number, y: number): void;
  /** So many rows the lanes need at the scale shown; told when it changes, at most with what is loaded. */
  rows(count: number): void;
  /** The window moved: load what it shows. `held` is undefined at rest, else its right edge. */
  range(from: Instant, to: Instant, span: Instant, held: Instant | undefined): void;
}

const CLICK_PIXELS = 4;

/** Draws the Rail and turns pointers into its events; knows no React and repaints only when a pixel would change. */
export class RailHost {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #events: RailEvents;
  readonly #now: () => Instant;
  readonly #shownInstant: () => Instant | undefined;
  #settings: RailSettings;
  #view: RailView;
  #resting = true;
  #geometry: RailGeometry;
  #rail: Rail | undefined;
  #horizon: Instant = 0;
  #marks: readonly LaneMarks[] = [];
  #lanes: LaneLayout = { rows: [], hidden: 0 };
  #layoutKey = "";
  #rows = 0;
  #hoverX: number | undefined;
  #hoverLane: BranchId | undefined;
  #dirty = true;
  #paintedNow = 0;
  #paintedShown: Instant | undefined;
  #frame = 0;
  readonly #pointers = new Map<number, { x: number; y: number }>();
  #gesture:
    | { kind: "scrub" | "pan" | "pinch"; startX: number; lastX: number; moved: boolean; distance: number; hit: RailHit | undefined }
    | undefined;
  readonly #observer: ResizeObserver;
  readonly #off = new AbortController();

  constructor(
    canvas: HTMLCanvasElement,
    options: {
      readonly settings: RailSettings;
      readonly events: RailEvents;
      readonly now: () => Instant;
      readonly shown: () => Instant | undefined;
      readonly span: Instant;
    },
  ) {
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("this browser gives no 2D canvas");
    this.#canvas = canvas;
    this.#context = context;
    this.#events = options.events;
    this.#now = options.now;
    this.#shownInstant = options.shown;
    this.#settings = options.settings;
    const box = canvas.getBoundingClientRect();
    this.#geometry = railGeometry(box.width, box.height);
    this.#view = restingView({ width: box.width, now: options.now(), span: options.span, horizon: 0 });
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(canvas);
    this.#listen();
    this.#resize();
    this.#loop();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#observer.disconnect();
    this.#off.abort();
  }

  configure(settings: RailSettings): void {
    this.#settings = settings;
    this.#layoutKey = "";
    this.#dirty = true;
    this.#tellRows();
  }

  data(rail: Rail): void {
    const horizon = railHorizon(rail, this.#now());
    const moved = horizon > 0 !== this.#horizon > 0;
    this.#rail = rail;
    this.#horizon = horizon;
    this.#geometry = this.#geometryOf(this.#geometry);
    if (this.#resting) this.#view = restingView({ width: this.#view.width, now: this.#now(), span: spanOf(this.#view), horizon });
    this.#layoutKey = "";
    this.#dirty = true;
    this.#tellRows();
    if (moved) this.#tellRange();
  }

  #tellRows(): void {
    const rows = this.#rail === undefined ? [] : this.#layoutIn(this.#rail, Number.POSITIVE_INFINITY).rows;
    const count = Math.max(0, ...rows.map(({ row }) => row + 1));
    if (count === this.#rows) return;
    this.#rows = count;
    this.#events.rows(count);
  }

  view(): RailView {
    return this.#view;
  }

  zoom(factor: number, x = this.#resting ? this.#view.nowX : this.#view.width / 2): void {
    const anchor = this.#resting && x >= this.#view.nowX - 80 ? this.#view.nowX : x;
    this.#move(zoomed(this.#view, factor, anchor, this.#horizon));
  }

  pan(dx: number): void {
    this.#move(panned(this.#view, dx, this.#horizon));
  }

  /** Shows a span at rest (`held` undefined) or ending at an instant. */
  show(span: Instant, held: Instant | undefined): void {
    const rest = { width: this.#view.width, now: this.#now(), span, horizon: this.#horizon };
    this.#move(held === undefined ? restingView(rest) : heldView(rest, held));
  }

  /** Brings an instant into the plot, if it is not. */
  reveal(instant: Instant): void {
    const next = revealing(this.#view, instant, 24, this.#horizon);
    if (next !== this.#view) this.#move(next);
  }

  rest(): void {
    this.show(spanOf(this.#view), undefined);
  }

  #move(view: RailView): void {
    this.#view = view;
    this.#resting = isResting(view, this.#horizon);
    this.#layoutKey = "";
    this.#dirty = true;
    this.#tellRange();
  }

  #tellRange(): void {
    const { from, to } = visibleRange(this.#view);
    this.#events.range(
      from,
      to,
      spanOf(this.#view),
      this.#resting ? undefined : Math.min(to, instantAt(this.#view, Math.min(this.#view.width, this.#view.nowX))),
    );
  }

  #resize(): void {
    const box = this.#canvas.getBoundingClientRect();
    if (box.width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.width = Math.round(box.width * ratio);
    this.#canvas.height = Math.round(box.height * ratio);
    this.#geometry = this.#geometryOf(box);
    if (this.#view.width !== box.width) {
      const span = spanOf(this.#view);
      const held = this.#resting ? undefined : instantAt(this.#view, this.#view.width);
      this.#view = { ...this.#view, width: box.width };
      this.show(span, held);
    }
    this.#layoutKey = "";
    this.#dirty = true;
    this.#paint();
  }

  #geometryOf({ width, height }: { readonly width: number; readonly height: number }): RailGeometry {
    return railGeometry(width, height, this.#rail?.bands?.length ?? 1);
  }

  #loop = (): void => {
    this.#frame = requestAnimationFrame(this.#loop);
    const now = this.#now();
    const shown = this.#shownInstant();
    const secondTurned = Math.floor(now / 1_000_000) !== Math.floor(this.#paintedNow / 1_000_000);
    const flowed = (now - this.#paintedNow) / this.#view.pastScale >= 0.34;
    const played = shown !== this.#paintedShown && Math.abs((shown ?? 0) - (this.#paintedShown ?? 0)) / this.#view.pastScale >= 0.34;
    const turned =
      (shown === undefined) !== (this.#paintedShown === undefined) ||
      (shown !== undefined && Math.floor(shown / 1_000_000) !== Math.floor(this.#paintedShown! / 1_000_000));
    if (this.#dirty || secondTurned || flowed || played || turned) this.#paint();
  };

  #scene(): RailScene {
    const key = `${this.#view.pastScale} ${this.#geometry.laneRows} ${this.#settings.entered} ${this.#settings.closed}`;
    if (key !== this.#layoutKey && this.#rail !== undefined) {
      this.#layoutKey = key;
      const rail = this.#rail;
      this.#marks = this.#settings.lanes.map(({ row, lane }) => ({ row, lane, marks: lane.marks(rail, this.#view.pastScale) }));
      this.#lanes = this.#layoutIn(rail, this.#geometry.laneRows);
    }
    return {
      view: this.#view,
      geometry: this.#geometry,
      rail: this.#rail,
      marks: this.#marks,
      lanes: this.#lanes.rows,
    };
  }

  #layoutIn(rail: Rail, rows: number): LaneLayout {
    return laneLayout(rail, {
      rows,
      gap: this.#view.pastScale * 30,
      entered: this.#settings.entered,
      closed: this.#settings.closed,
      ...visibleRange(this.#view),
    });
  }

  #paint(): void {
    const now = this.#now();
    this.#view = advanced(this.#view, now, this.#resting);
    this.#dirty = false;
    this.#paintedNow = now;
    this.#paintedShown = this.#shownInstant();
    const scene = this.#scene();
    const { from, to } = visibleRange(this.#view);
    const { zone, language } = this.#settings;
    const past = railTicks({ from, to: Math.min(to, now), scale: this.#view.pastScale, zone, language });
    const future = to > now ? railTicks({ from: now, to, scale: this.#view.futureScale, zone, language, spacing: 90 }) : [];
    paintRail({
      context: this.#context,
      pixelRatio: window.devicePixelRatio || 1,
      scene,
      ticks: [...past, ...future],
      hiddenLanes: this.#lanes.hidden,
      colours: this.#settings.colours,
      font: this.#settings.font,
      words: this.#settings.words,
      zone,
      shown: this.#paintedShown,
      entered: this.#settings.entered,
      hoverX: this.#gesture === undefined ? this.#hoverX : undefined,
      hoverLane: this.#hoverLane,
    });
  }

  #listen(): void {
    const on = <Kind extends keyof HTMLElementEventMap>(
      kind: Kind,
      run: (event: HTMLElementEventMap[Kind]) => void,
      passive = true,
    ): void => this.#canvas.addEventListener(kind, run, { signal: this.#off.signal, passive });
    on("pointerdown", (event) => this.#down(event));
    on("pointermove", (event) => this.#moved(event));
    on("pointerup", (event) => this.#up(event));
    on("pointercancel", (event) => this.#up(event));
    on("pointerleave", () => this.#hoverTo(undefined, 0));
    on("wheel", (event) => this.#wheel(event), false);
    on("dblclick", () => this.#events.live());
  }

  #down(event: PointerEvent): void {
    const { x, y } = this.#place(event);
    this.#pointers.set(event.pointerId, { x, y });
    this.#canvas.setPointerCapture(event.pointerId);
    if (this.#pointers.size === 2) {
      this.#gesture = {
        kind: "pinch",
        startX: x,
        lastX: this.#pinch().middle,
        moved: true,
        distance: this.#pinch().distance,
        hit: undefined,
      };
      return;
    }
    const pan = event.shiftKey || event.button === 1 || y < this.#geometry.labelY + 8;
    this.#gesture = { kind: pan ? "pan" : "scrub", startX: x, lastX: x, moved: false, distance: 0, hit: hitTest(this.#scene(), x, y) };
    this.#events.hover(undefined, 0, 0);
  }

  #moved(event: PointerEvent): void {
    const { x, y } = this.#place(event);
    if (this.#pointers.has(event.pointerId)) this.#pointers.set(event.pointerId, { x, y });
    const gesture = this.#gesture;
    if (gesture === undefined) {
      this.#hoverTo(x, y);
      return;
    }
    if (gesture.kind === "pinch") {
      const { distance, middle } = this.#pinch();
      if (gesture.distance > 0)
        this.#move(panned(zoomed(this.#view, distance / gesture.distance, middle, this.#horizon), middle - gesture.lastX, this.#horizon));
      gesture.distance = distance;
      gesture.lastX = middle;
      return;
    }
    if (!gesture.moved && Math.abs(x - gesture.startX) < CLICK_PIXELS) return;
    gesture.moved = true;
    if (gesture.kind === "pan") this.pan(x - gesture.lastX);
    else this.#events.scrub(instantAt(this.#view, Math.min(Math.max(0, x), this.#view.nowX)), false);
    gesture.lastX = x;
  }

  #up(event: PointerEvent): void {
    const { x } = this.#place(event);
    this.#pointers.delete(event.pointerId);
    const gesture = this.#gesture;
    if (gesture === undefined || this.#pointers.size > 0) return;
    this.#gesture = undefined;
    this.#dirty = true;
    if (gesture.kind !== "scrub" || event.type === "pointercancel") return;
    if (gesture.moved) this.#events.scrub(instantAt(this.#view, Math.min(Math.max(0, x), this.#view.nowX)), true);
    else this.#click(gesture.hit, x);
  }

  #click(hit: RailHit | undefined, x: number): void {
    if (hit?.kind === "lane") this.#events.enter(hit.row.lane.branch.id);
    else if (hit?.kind === "future") {
      this.#events.enter(LIVE);
      this.#events.live();
    } else if (hit?.kind === "mark") {
      this.#events.scrub(hit.mark.at, true);
      const link = hit.lane.link?.(hit.mark);
      if (link !== undefined) this.#events.open(link);
    } else this.#events.scrub(instantAt(this.#view, x), true);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { x } = this.#place(event);
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    if (sideways) this.pan(-(event.deltaX || event.deltaY));
    else this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0022)), x);
    this.#hoverTo(x, this.#place(event).y);
  }

  #hoverTo(x: number | undefined, y: number): void {
    this.#hoverX = x;
    const hit = x === undefined ? undefined : hitTest(this.#scene(), x, y);
    this.#hoverLane = hit?.kind === "lane" ? hit.row.lane.branch.id : undefined;
    this.#canvas.style.cursor =
      hit?.kind === "lane" || hit?.kind === "mark" ? "pointer" : y < this.#geometry.labelY + 8 ? "grab" : "col-resize";
    this.#dirty = true;
    this.#events.hover(hit, x ?? 0, y);
  }

  #pinch(): { readonly distance: number; readonly middle: number } {
    const [a, b] = [...this.#pointers.values()];
    if (a === undefined || b === undefined) return { distance: 1, middle: 0 };
    return { distance: Math.max(12, Math.abs(a.x - b.x)), middle: (a.x + b.x) / 2 };
  }

  #place(event: MouseEvent): { readonly x: number; readonly y: number } {
    const box = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
