import type { AlarmPriority, StationFrame } from "./viewer-frame.ts";
import type { ViewerTheme } from "./viewer-theme.ts";

/** What a label says and where its foot is on the screen. */
export interface LabelRequest {
  readonly id: string;
  readonly name: string;
  readonly value?: string | undefined;
  readonly frame?: StationFrame | undefined;
  readonly relevance: number;
  readonly selected: boolean;
  readonly x: number;
  readonly y: number;
}

export const LABEL_LIMIT = 20;

/** A small screen shows fewer, so that the world stays visible. */
const PIXELS_PER_LABEL = 36_000;
/** From this relevance on (alarms, selection) a label is shown even where its leader crosses another. */
const MUST_SHOW = 100;
const HEIGHT = 24;
/** Of the name and of the value; the whole text is on hover. */
const MAX_TEXT = "150px";
const GAP = 5;
const MAX_WIDTHS = 1_000;
const SHAPES: Readonly<Record<AlarmPriority, string>> = { 1: "◆", 2: "▲", 3: "■", 4: "●" };

interface Shown {
  readonly box: HTMLElement;
  readonly leader: HTMLElement;
  readonly shape: HTMLElement;
  readonly name: HTMLElement;
  readonly value: HTMLElement;
  text: string;
  /** Where it was last moved. */
  place: string;
  spot: number;
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** HTML labels over the canvas: the most relevant first, each takes the first free spot round its foot or stays away. A label keeps its spot while it is free, so that nothing hops. */
export class Labels {
  readonly host: HTMLElement;
  onSelect: ((id: string) => void) | undefined;
  #shown = new Map<string, Shown>();
  /** Widths that texts were measured with, so that a label which finds no room is not made to learn that. */
  #widths = new Map<string, number>();
  #theme: ViewerTheme | undefined;

  constructor(document: Document) {
    this.host = document.createElement("div");
    Object.assign(this.host.style, { position: "absolute", inset: "0", overflow: "hidden", pointerEvents: "none", isolation: "isolate" });
    this.host.dataset["viewer"] = "labels";
    document.fonts?.addEventListener("loadingdone", this.#measureAgain);
  }

  get count(): number {
    return this.#shown.size;
  }

  setTheme(theme: ViewerTheme): void {
    this.#theme = theme;
    this.#measureAgain();
  }

  /** Lays the labels out in a screen of this size; `keepOut` are rectangles of other overlays. */
  layOut(requests: readonly LabelRequest[], width: number, height: number, keepOut: readonly Rect[] = []): void {
    const taken: Rect[] = [...keepOut];
    const leaders: Rect[] = [];
    const kept = new Set<string>();
    const limit = Math.min(LABEL_LIMIT, Math.max(5, Math.round((width * height) / PIXELS_PER_LABEL)));
    const ordered = requests
      .filter((request) => request.x > -60 && request.x < width + 60 && request.y > 0 && request.y < height)
      .toSorted((a, b) => b.relevance - a.relevance || a.id.localeCompare(b.id));
    for (const request of ordered) {
      if (kept.size >= limit) break;
      const text = textOf(request);
      const own = this.#shown.get(request.id);
      const size = { width: this.#widths.get(text) ?? this.#measure(request, text), spot: own?.spot ?? 0 };
      const spot =
        this.#spot(size, request, taken, leaders, width, height) ??
        (request.relevance < MUST_SHOW ? undefined : this.#spot(size, request, taken, [], width, height));
      if (spot === undefined) continue;
      taken.push(spot.rect);
      leaders.push(leaderOf(request, spot.rect));
      kept.add(request.id);
      const shown = own ?? this.#shown.get(request.id) ?? this.#create(request.id);
      this.#write(shown, request, text);
      shown.spot = spot.index;
      this.#move(shown, request, spot.rect);
    }
    for (const [id, shown] of this.#shown) if (!kept.has(id)) this.#remove(id, shown);
  }

  /** Rectangles as laid out, for tests. */
  rects(): readonly DOMRect[] {
    return [...this.#shown.values()].map((shown) => shown.box.getBoundingClientRect());
  }

  dispose(): void {
    this.host.ownerDocument.fonts?.removeEventListener("loadingdone", this.#measureAgain);
    this.host.remove();
    this.#shown.clear();
  }

  #measureAgain = (): void => {
    this.#widths.clear();
    for (const shown of this.#shown.values()) shown.text = "";
  };

  /** Writes the label to see how wide it is; it goes again when it finds no room. */
  #measure(request: LabelRequest, text: string): number {
    const shown = this.#shown.get(request.id) ?? this.#create(request.id);
    this.#write(shown, request, text);
    const width = shown.box.offsetWidth;
    if (this.#widths.size >= MAX_WIDTHS) this.#widths.clear();
    // of a page that is not laid out nothing is learned
    if (width > 0) this.#widths.set(text, width);
    return width;
  }

  #spot(
    shown: { readonly width: number; readonly spot: number },
    request: LabelRequest,
    taken: readonly Rect[],
    leaders: readonly Rect[],
    width: number,
    height: number,
  ): { readonly rect: Rect; readonly index: number } | undefined {
    const tries = SPOTS.map((_, i) => (i === 0 ? shown.spot : i <= shown.spot ? i - 1 : i));
    for (const index of tries) {
      const [dx, dy] = SPOTS[index]!;
      const x = Math.min(Math.max(4, request.x - shown.width / 2 + dx * (shown.width / 2 + 6)), width - shown.width - 4);
      const rect: Rect = { x: Math.round(x), y: Math.round(request.y - HEIGHT - 16 - dy * (HEIGHT + GAP)), w: shown.width, h: HEIGHT };
      if (rect.y < 4 || rect.y + HEIGHT > height - 4) continue;
      if (Math.abs(rect.x + rect.w / 2 - request.x) > rect.w / 2 + 30) continue;
      if (taken.some((other) => overlaps(rect, other)) || leaders.some((other) => overlaps(rect, other))) continue;
      const leader = leaderOf(request, rect);
      if (leaders.length === 0 || !taken.some((other) => crosses(leader, other))) return { rect, index };
    }
    return undefined;
  }

  #create(id: string): Shown {
    const document = this.host.ownerDocument;
    const span = (): HTMLElement => document.createElement("span");
    const shown: Shown = {
      box: document.createElement("div"),
      leader: document.createElement("div"),
      shape: span(),
      name: span(),
      value: span(),
      text: "",
      place: "",
      spot: 0,
    };
    Object.assign(shown.box.style, {
      position: "absolute",
      left: "0",
      top: "0",
      height: `${HEIGHT}px`,
      lineHeight: `${HEIGHT - 2}px`,
      boxSizing: "border-box",
      padding: "0 8px",
      borderRadius: "4px",
      fontSize: "12px",
      whiteSpace: "nowrap",
      pointerEvents: "auto",
      cursor: "pointer",
      fontVariantNumeric: "tabular-nums",
      willChange: "transform",
    });
    Object.assign(shown.leader.style, { position: "absolute", left: "0", top: "0", width: "1px", transformOrigin: "0 0" });
    shown.name.style.fontWeight = "600";
    for (const part of [shown.name, shown.value])
      Object.assign(part.style, {
        display: "inline-block",
        maxWidth: MAX_TEXT,
        overflow: "hidden",
        textOverflow: "ellipsis",
        verticalAlign: "top",
      });
    shown.shape.style.marginRight = "6px";
    shown.value.style.marginLeft = "8px";
    shown.box.append(shown.shape, shown.name, shown.value);
    shown.box.dataset["label"] = id;
    shown.box.addEventListener("click", () => this.onSelect?.(id));
    this.host.append(shown.leader, shown.box);
    this.#shown.set(id, shown);
    return shown;
  }

  #write(shown: Shown, request: LabelRequest, text: string): void {
    const theme = this.#theme?.label;
    if (theme === undefined || text === shown.text) return;
    const { frame } = request;
    const quality = frame?.quality ?? "good";
    shown.text = text;
    Object.assign(shown.box.style, {
      background: theme.surface,
      color: theme.text,
      border: request.selected ? `2px solid ${theme.accent}` : `1px ${frame?.state === "unknown" ? "dotted" : "solid"} ${theme.line}`,
      lineHeight: `${HEIGHT - (request.selected ? 4 : 2)}px`,
      boxShadow: `0 1px 3px ${theme.shadow}`,
    });
    shown.leader.style.background = theme.muted;
    shown.shape.textContent = frame?.beacon === undefined ? "" : SHAPES[frame.beacon];
    shown.shape.style.display = frame?.beacon === undefined ? "none" : "inline";
    if (frame?.beacon !== undefined) shown.shape.style.color = theme.alarms[frame.beacon];
    shown.name.textContent = request.name;
    shown.value.textContent = valueText(request.value, quality);
    shown.value.style.display = request.value === undefined ? "none" : "inline-block";
    Object.assign(shown.value.style, {
      color: theme.muted,
      textDecoration: quality === "bad" ? "line-through" : "none",
      opacity: quality === "stale" ? "0.55" : "1",
    });
    shown.box.title = [`${request.name} ${request.value ?? ""}`.trim(), frame?.cause].filter(Boolean).join("\n");
  }

  #move(shown: Shown, request: LabelRequest, rect: Rect): void {
    const place = `${rect.x} ${rect.y} ${request.x} ${request.y} ${rect.w} ${Math.round(request.relevance)}`;
    if (place === shown.place) return;
    shown.place = place;
    shown.box.style.transform = `translate(${rect.x}px, ${rect.y}px)`;
    shown.box.style.zIndex = String(Math.round(request.relevance));
    const above = rect.y + HEIGHT <= request.y;
    const from = Math.min(Math.max(request.x, rect.x + 6), rect.x + rect.w - 6);
    const top = above ? rect.y + HEIGHT : request.y;
    const length = Math.max(0, above ? request.y - rect.y - HEIGHT : rect.y - request.y);
    const lean = Math.atan2(-(request.x - from), Math.max(1, length));
    shown.leader.style.height = `${Math.hypot(length, request.x - from)}px`;
    shown.leader.style.transform = `translate(${from}px, ${top}px) rotate(${lean}rad)`;
    shown.leader.style.opacity = "0.6";
  }

  #remove(id: string, shown: Shown): void {
    shown.box.remove();
    shown.leader.remove();
    this.#shown.delete(id);
  }
}

// Shifts in half widths and rows: above, raised, to the sides, then farther.
const SPOTS: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [-0.7, 0],
  [0.7, 0],
  [-0.7, 1],
  [0.7, 1],
  [0, 2],
  [-0.7, 2],
  [0.7, 2],
  [0, 3],
  [-0.7, 3],
  [0.7, 3],
  [0, 4],
];

/** The strip between a label and its foot. */
function leaderOf(request: LabelRequest, rect: Rect): Rect {
  const from = Math.min(Math.max(request.x, rect.x + 6), rect.x + rect.w - 6);
  const [top, bottom] = rect.y + HEIGHT <= request.y ? [rect.y + HEIGHT, request.y] : [request.y, rect.y];
  return { x: Math.min(from, request.x), y: top, w: Math.abs(from - request.x) + 1, h: Math.max(0, bottom - top) };
}

function crosses(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.w + GAP && b.x < a.x + a.w + GAP && a.y < b.y + b.h + GAP && b.y < a.y + a.h + GAP;
}

/** All that the look and the width of a label depend on, and its hint. */
function textOf({ name, value, frame, selected }: LabelRequest): string {
  const look = [frame?.beacon, frame?.quality ?? "good", frame?.state === "unknown", selected];
  return [name, value, ...look, frame?.cause].join("|");
}

function valueText(value: string | undefined, quality: NonNullable<StationFrame["quality"]>): string {
  if (value === undefined) return "";
  return `${value}${quality === "uncertain" ? " ?" : ""}`;
}
