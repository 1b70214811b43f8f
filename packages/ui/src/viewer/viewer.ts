import { EMPTY_STAGE, type Stage, type StageChange } from "@doppelwerk/scene";
import { Box3, Color, Group, PCFShadowMap, Scene, SRGBColorSpace, Vector2, Vector3, type WebGLRenderer } from "three";
import { Beacons } from "./beacons.ts";
import { CameraRig, type CameraView } from "./camera-rig.ts";
import { clayMaterial, clayUniforms, depthMaterial, edgeMaterial, EVEN_WITHIN_M, glassMaterial, paint } from "./clay-material.ts";
import { DrawLoop } from "./draw-loop.ts";
import type { DrawnPart } from "./drawn-part.ts";
import { Ghosts } from "./ghosts.ts";
import { Ground } from "./ground.ts";
import type { ClayMaterials } from "./instance-group.ts";
import { Labels } from "./labels.ts";
import { Lights } from "./lights.ts";
import { MoverView } from "./mover-view.ts";
import { Outlines } from "./outlines.ts";
import { Picker, type Hit } from "./picker.ts";
import { followMotion } from "./motion.ts";
import { Pointers } from "./pointers.ts";
import { Presentation } from "./presentation.ts";
import { rendererOfBrowser } from "./renderer-of-browser.ts";
import { RobotGlide } from "./robot-glide.ts";
import { frustumOf, screenRect, within } from "./screen-rect.ts";
import { beaconsOf, labelsOf, outlinesOf, stationLabels, type Attention, type OnScreen, type StationLabel } from "./stage-marks.ts";
import { StageView } from "./stage-view.ts";
import { StillPicture, type StillScene } from "./still-picture.ts";
import type { ViewerFrame } from "./viewer-frame.ts";
import { ViewerInput } from "./viewer-input.ts";
import { NO_STATISTICS, type ViewerStatistics } from "./viewer-statistics.ts";
import type { ViewerTheme } from "./viewer-theme.ts";
import { WalkFloor } from "./walk-floor.ts";

export interface ViewerOptions {
  readonly theme: ViewerTheme;
  /** Cap of the device pixel ratio; default 2. */
  readonly pixelRatioLimit?: number;
  readonly reducedMotion?: boolean;
}

const HOME: Omit<CameraView, "target" | "distance"> = { yaw: -0.34, pitch: 0.6 };
const TOP_PITCH = Math.PI / 2 - 0.002;
const MIN_GLIDE_MS = 60;
const MAX_GLIDE_MS = 1200;
const BLINK_MS = 600;
/** Lines and shades reach a little over their bodies. */
const CHANGED_MARGIN_PX = 3;
const EMPTY_FRAME: ViewerFrame = { instant: 0, stations: new Map(), parts: [] };

/**
 * The world in 3D, without a framework: give it a stage once, frames as they come, and it draws only when something
 * changed or glides. Callbacks tell what is hovered, selected and pointed at.
 */
export class Viewer {
  onHover: ((hit: Hit | undefined) => void) | undefined;
  onSelect: ((hit: Hit | undefined) => void) | undefined;
  /** Where this user's pointer meets the world, for presence. */
  onPointer: ((at: readonly [number, number, number] | undefined) => void) | undefined;
  /** The view of each frame drawn. */
  onView: ((view: CameraView) => void) | undefined;
  /** A walk began or ended. */
  onWalking: ((isWalking: boolean) => void) | undefined;
  /** A frame with the line in it is on the screen. */
  onFinished: (() => void) | undefined;

  readonly rig = new CameraRig();
  #theme: ViewerTheme;
  #renderer: WebGLRenderer;
  #presentation: Presentation;
  #scene = new Scene();
  #lights = new Lights();
  /** Drawn over the picture of what stands, each frame. */
  #moving = new Group();
  #uniforms = clayUniforms();
  #materials: ClayMaterials = {
    solid: clayMaterial(this.#uniforms),
    glass: glassMaterial(this.#uniforms),
    edges: edgeMaterial(this.#uniforms),
  };
  #depth = depthMaterial();
  #stageView = new StageView(this.#materials);
  #still = new StillPicture();
  /** Parts that look different since what stands was drawn. */
  readonly #changed = new Set<DrawnPart>();
  /** Draw calls and triangles of what stands. */
  #standingCost = { calls: 0, triangles: 0 };
  #movers = new MoverView(this.#materials);
  #robots = new RobotGlide();
  #ground = new Ground();
  #ghosts = new Ghosts();
  #outlines = new Outlines();
  #beacons = new Beacons();
  #labels: Labels;
  /** Whether labels and outlines are of this frame, of what is pointed at and of the lines that are near. */
  #isMarked = false;
  #stationLabels: readonly StationLabel[] = [];
  #pointers: Pointers;
  #picker = new Picker();
  #floor = new WalkFloor();
  #input: ViewerInput;
  #watching = new AbortController();
  #host: HTMLElement | undefined;
  #observer: ResizeObserver | undefined;
  #stage: Stage = EMPTY_STAGE;
  #frame: ViewerFrame = EMPTY_FRAME;
  #ghostHue = new Color();
  #glideStart = 0;
  #glideMs = 0;
  #lastFrameAt = 0;
  #selected: string | undefined;
  #hovered: string | undefined;
  #loop = new DrawLoop(
    (now) => this.#draw(now),
    () => this.#drawn(),
  );
  /** The picture stands beside numbers that say first what it shows: where pictures are slow, they come more seldom. */
  readonly standBeside = (): void => this.#loop.standBeside();
  #drawnResolution = 1;
  /** The view of the last frame. */
  #lastView: CameraView | undefined;
  #blinkTimer: ReturnType<typeof setTimeout> | undefined;
  #views = new Map<number, CameraView>();
  #generation = 0;
  #size = new Vector2(1, 1);
  #pixelRatioLimit: number;
  #framed = false;
  #statistics: ViewerStatistics = NO_STATISTICS;

  constructor(options: ViewerOptions) {
    this.#theme = options.theme;
    this.#pixelRatioLimit = options.pixelRatioLimit ?? 2;
    followMotion(options.reducedMotion, this.#watching.signal, (isReduced) => {
      this.rig.reducedMotion = isReduced;
      this.invalidate();
    });
    this.#renderer = rendererOfBrowser();
    this.#presentation = new Presentation(this.#renderer);
    this.#renderer.outputColorSpace = SRGBColorSpace;
    this.#renderer.shadowMap.enabled = true;
    this.#renderer.shadowMap.type = PCFShadowMap;
    this.#renderer.shadowMap.autoUpdate = false;
    this.#renderer.info.autoReset = false;
    this.#labels = new Labels(document);
    this.#labels.onSelect = (id) =>
      this.#select({ stationId: id, at: this.#stage.stations.find((station) => station.id === id)?.labelAt ?? [0, 0, 0] });
    this.#pointers = new Pointers(document);
    this.#moving.add(this.#stageView.over, this.#movers.root, this.#ghosts.root, this.#beacons.points);
    // Everything stands in the frame of the world, or updates its own matrix when it is placed: a frame updates none.
    this.#scene.matrixWorldAutoUpdate = false;
    this.#scene.add(this.#ground.root, this.#stageView.standing, this.#moving, this.#lights.root);
    this.#renderer.domElement.addEventListener("webglcontextrestored", () => {
      this.#renderer.shadowMap.needsUpdate = true;
      this.#still.forget();
      this.invalidate();
    });
    this.#input = new ViewerInput(this.#presentation.canvas, this.#actions());
    const anywhere = { capture: true, passive: true, signal: this.#watching.signal };
    for (const act of ["pointerdown", "pointermove", "keydown", "wheel"])
      document.addEventListener(act, () => this.#loop.acted(), anywhere);
    this.rig.setFloor(this.#floor);
    this.rig.onWalking = (isWalking) => this.onWalking?.(isWalking);
    this.setTheme(options.theme);
  }

  /** Puts the canvas and its overlay into a host element, which must have a size of its own. */
  mount(canvasHost: HTMLElement): void {
    this.#host = canvasHost;
    if (getComputedStyle(canvasHost).position === "static") canvasHost.style.position = "relative";
    canvasHost.append(this.#presentation.canvas, this.#labels.host, this.#pointers.host);
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(canvasHost);
    this.#resize();
    this.#begin();
  }

  setTheme(theme: ViewerTheme): void {
    this.#theme = theme;
    paint(this.#uniforms, theme);
    this.#renderer.setClearColor(theme.background, 1);
    this.#ground.setTheme(theme);
    this.#movers.setTheme(theme);
    this.#beacons.setTheme(theme, this.#pixelRatio());
    this.#labels.setTheme(theme);
    this.#lights.setTheme(theme);
    this.#still.forget();
    if (this.#statistics.frames === 0) this.#presentation.blank(theme.background);
    this.#mark();
  }

  /** Replaces everything that stands. The first stage is framed; later ones keep the view. */
  setStage(stage: Stage): void {
    this.#stage = stage;
    this.#generation++;
    this.#stageView.setStage(stage);
    this.#movers.setStage(stage);
    this.#ground.setStage(stage);
    this.#lights.aim(stage);
    this.#still.forget();
    this.#changed.clear();
    this.rig.setLimits(new Box3(new Vector3(...stage.bounds.min), new Vector3(...stage.bounds.max)));
    this.#floor.stand([...this.#stageView.drawn.values()]);
    this.#robots.clear();
    this.setFrame(this.#frame);
    this.#renderer.shadowMap.needsUpdate = true;
    if (!this.#framed && stage.parts.length > 0) {
      this.#framed = true;
      this.rig.set(this.#homeView());
    }
    this.#begin();
  }

  /** A picture of nothing would cost the first one with the line in it the rest after a slow frame. */
  #begin(): void {
    if (this.#host === undefined || this.#stage === EMPTY_STAGE) return;
    this.#loop.start();
    this.invalidate();
  }

  setFrame(frame: ViewerFrame): void {
    const now = performance.now();
    const progress = this.#progress(now);
    this.#movers.setFrame(frame, this.rig.reducedMotion ? 1 : progress);
    this.#robots.set(frame.robots ?? new Map(), progress);
    this.#frame = frame;
    for (const drawn of this.#stageView.setStations(frame.stations)) this.#changed.add(drawn);
    this.#beacons.set(beaconsOf(this.#stage, frame, this.#stageView));
    this.#pointers.set(frame.pointers ?? []);
    this.#mark();
    this.#glideMs = Math.min(MAX_GLIDE_MS, Math.max(MIN_GLIDE_MS, now - this.#lastFrameAt));
    this.#glideStart = now;
    this.#lastFrameAt = now;
  }

  /** A station, a part, a shell or nothing. */
  setSelection(id: string | undefined): void {
    if (this.#selected === id) return;
    this.#selected = id;
    this.#mark();
  }

  /** What a branch changes, in its hue; an empty list takes the ghosts away. */
  setGhosts(changes: readonly StageChange[], hue: string): void {
    this.#ghostHue.set(hue);
    this.#ghosts.set(changes, this.#ghostHue);
    this.invalidate();
  }

  home(): void {
    this.setView(this.#homeView());
  }

  top(): void {
    this.setView(this.rig.framing(this.#wholeBox(), 0, TOP_PITCH, 0.94));
  }

  /** Frames the selection, or everything. */
  frame(id: string | undefined = this.#selected): void {
    const parts = id === undefined ? [] : this.#stageView.partsOf(id);
    if (parts.length === 0) return this.home();
    const box = parts.reduce((all, { box: own }) => all.union(own), new Box3());
    const pitch = Math.min(0.75, Math.max(0.4, this.rig.view.pitch));
    this.setView(this.rig.framing(box.expandByScalar(0.6), this.rig.view.yaw, pitch, 0.62));
  }

  /** Begins a walk, or ends the one there is. */
  walk(): void {
    if (this.endWalk()) return;
    this.rig.startWalk(performance.now());
    this.#input.takeFocus();
    this.invalidate();
  }

  /** Back to the view before the walk, and to what had the focus; false when nobody walks. */
  endWalk(): boolean {
    if (!this.rig.endWalk(performance.now())) return false;
    this.#input.returnFocus();
    this.invalidate();
    return true;
  }

  /** Keeps the current view under a digit 1–9. */
  storeView(digit: number): void {
    this.#views.set(digit, this.rig.view);
  }

  /** 1 is home and 2 the plan until something else is stored there. */
  recallView(digit: number): void {
    const view = this.#views.get(digit);
    if (view !== undefined) this.setView(view);
    else if (digit === 1) this.home();
    else if (digit === 2) this.top();
  }

  setView(view: CameraView): void {
    this.rig.go(view, performance.now());
    this.invalidate();
  }

  /** Looks from there at once: what follows another viewer does not ease after it. */
  lookFrom(view: CameraView): void {
    this.rig.set(view);
    this.invalidate();
  }

  statistics(): ViewerStatistics {
    return { ...this.#statistics, isAsleep: this.#loop.isAsleep };
  }

  /** The world position of a pixel of the host, for context menus and drops. */
  pickAt(x: number, y: number): Hit | undefined {
    return this.#pick(x, y);
  }

  /** Draws soon; many calls cost one frame. */
  invalidate(): void {
    this.#loop.invalidate();
  }

  dispose(): void {
    this.#loop.dispose();
    clearTimeout(this.#blinkTimer);
    this.#observer?.disconnect();
    this.#input.dispose();
    this.#watching.abort();
    for (const part of [
      this.#stageView,
      this.#still,
      this.#movers,
      this.#ground,
      this.#lights,
      this.#ghosts,
      this.#outlines,
      this.#beacons,
      this.#labels,
      this.#pointers,
    ])
      part.dispose();
    for (const material of [...Object.values(this.#materials), this.#depth]) material.dispose();
    this.#renderer.dispose();
    this.#presentation.dispose();
  }

  #draw(now: number): void {
    const progress = this.#progress(now);
    const easing = this.rig.update(now);
    const walking = this.#input.step(now);
    this.#uniforms.evenWithin.value = this.rig.walking ? EVEN_WITHIN_M : 0;
    const eyeMoves = easing || this.rig.shown !== this.#lastView;
    this.#lastView = this.rig.shown;
    if (eyeMoves) this.#loop.eyeMoved();
    // A canvas of another size is empty until it is drawn: both happen in one frame.
    if (this.#resolution() !== this.#drawnResolution) this.#resize();
    this.#movers.draw(progress, this.rig.pixelsPerMetre(this.#size.y));
    this.#robots.pose(this.#stageView, progress);
    if (this.#stageView.updateDetail(this.rig.camera.position)) {
      this.#still.forget();
      this.#renderer.shadowMap.needsUpdate = true;
      this.#isMarked = false;
    }
    if (!this.#isMarked) {
      this.#stationLabels = stationLabels(this.#stage, this.#frame, this.#attention());
      this.#outlines.set(outlinesOf(this.#frame, this.#stageView, this.#attention(), this.#theme), this.#generation);
      this.#isMarked = true;
    }
    const before = performance.now();
    const { calls, triangles, pictures } = this.#paint();
    this.#loop.submitted(before, this.#renderer.getContext() as WebGL2RenderingContext, eyeMoves ? "moving" : "resting");
    const submitMs = performance.now() - before;
    const [parts, movers] = [this.#stage.parts.length, this.#movers.size];
    this.#statistics = { ...this.#statistics, drawCalls: calls, triangles, submitMs, pictures, parts, movers };
    if (!this.#presentation.isLater) this.#shown();
    if (calls === 0) return;
    if (easing || walking || (progress < 1 && (this.#movers.moving || this.#robots.moving))) this.invalidate();
    this.onView?.(this.rig.shown);
    this.#blink();
  }

  /** What stands, from its kept picture where it has not changed; then what moves; then outlines. */
  #paint(): { readonly calls: number; readonly triangles: number; readonly pictures: number } {
    const renderer = this.#renderer;
    const { camera } = this.rig;
    const boxes = Array.from(this.#changed, ({ box }) => box);
    this.#changed.clear();
    const isDrawn = this.#still.show(renderer, camera, this.#standing(), screenRect(boxes, camera, this.#size, CHANGED_MARGIN_PX));
    const { render } = renderer.info;
    renderer.info.reset();
    this.#showOnly("moving");
    renderer.autoClear = false;
    renderer.render(this.#scene, camera);
    renderer.autoClear = true;
    const triangles = render.triangles + this.#standingCost.triangles;
    this.#outlines.render(renderer, camera);
    const calls = render.calls + this.#standingCost.calls;
    return { calls, triangles, pictures: this.#statistics.pictures + (isDrawn ? 1 : 0) };
  }

  #standing(): StillScene {
    const renderer = this.#renderer;
    const { camera } = this.rig;
    const drawAll = (): void => {
      this.#showOnly("standing");
      renderer.info.reset();
      renderer.render(this.#scene, camera);
    };
    return {
      draw: (rect) => {
        if (rect === undefined) {
          drawAll();
          this.#standingCost = { calls: renderer.info.render.calls, triangles: renderer.info.render.triangles };
          return;
        }
        this.#stageView.updateDetail(camera.position, frustumOf(rect, camera, this.#size));
        within(renderer, rect, drawAll);
        this.#stageView.updateDetail(camera.position);
      },
      drawDepth: () => {
        this.#stageView.linesVisible = this.#ground.root.visible = false;
        this.#moving.visible = false;
        this.#stageView.standing.visible = true;
        this.#scene.overrideMaterial = this.#depth;
        renderer.render(this.#scene, camera);
        this.#scene.overrideMaterial = null;
        this.#stageView.linesVisible = true;
      },
    };
  }

  #showOnly(what: "standing" | "moving"): void {
    this.#ground.root.visible = this.#stageView.standing.visible = what === "standing";
    this.#moving.visible = what === "moving";
  }

  #drawn(): void {
    if (this.#presentation.isLater) {
      this.#presentation.present();
      this.#shown();
    }
    if (this.#statistics.parts > 0) this.onFinished?.();
    const isOther = this.#ground.bake();
    if (isOther) this.#still.forget();
    if (isOther || this.#resolution() !== this.#drawnResolution) this.invalidate();
  }

  /** The frame comes onto the page now, and its labels with it. */
  #shown(): void {
    this.#layOutLabels();
    this.#statistics = { ...this.#statistics, frames: this.#statistics.frames + 1, labels: this.#labels.count };
  }

  /** Unacknowledged beacons change twice in 1.2 s by a timer of their own: nothing else keeps the loop awake. */
  #blink(): void {
    if (!this.#beacons.blinking || this.rig.reducedMotion || this.#blinkTimer !== undefined) return;
    this.#blinkTimer = setTimeout(() => {
      this.#blinkTimer = undefined;
      this.#beacons.dim = Math.floor(performance.now() / BLINK_MS) % 2 === 1;
      this.invalidate();
    }, BLINK_MS);
  }

  #progress(now: number): number {
    return this.#glideMs === 0 || this.rig.reducedMotion ? 1 : Math.min(1, Math.max(0, (now - this.#glideStart) / this.#glideMs));
  }

  /** After another frame, another choice or another theme; the frame that is drawn next knows which lines are near. */
  #mark(): void {
    this.#isMarked = false;
    this.invalidate();
  }

  #attention(): Attention {
    return { hovered: this.#hovered, selected: this.#selected };
  }

  #layOutLabels(): void {
    const ratio = this.#renderer.getPixelRatio();
    const [width, height] = [this.#size.x / ratio, this.#size.y / ratio];
    const point = new Vector3();
    const onScreen: OnScreen = (at) => {
      point.set(...at).project(this.rig.camera);
      return { x: ((point.x + 1) / 2) * width, y: ((1 - point.y) / 2) * height, ahead: point.z < 1 };
    };
    this.#labels.layOut(labelsOf(this.#stationLabels, onScreen), width, height);
    this.#pointers.move(onScreen, width, height);
  }

  #homeView(): CameraView {
    const portrait = this.rig.camera.aspect < 0.85;
    return this.rig.framing(this.#wholeBox(), portrait ? -1.2 : HOME.yaw, portrait ? 0.9 : HOME.pitch, portrait ? 0.96 : 0.93);
  }

  /** What matters of a stage: its stations; the racks and aisles around may be cut. */
  #wholeBox(): Box3 {
    const box = new Box3();
    for (const drawn of this.#stageView.drawn.values()) if (drawn.part.stationId !== undefined) box.union(drawn.box);
    const { min, max } = this.#stage.bounds;
    if (box.isEmpty()) box.set(new Vector3(...min), new Vector3(...max));
    box.max.y = Math.min(box.max.y, 2.6);
    return box;
  }

  #actions(): ConstructorParameters<typeof ViewerInput>[1] {
    return {
      orbit: (yaw, pitch) => this.rig.orbit(yaw, pitch),
      pan: (dx, dy) => this.rig.pan(dx, dy, this.#size.y / this.#renderer.getPixelRatio()),
      zoom: (factor, x, y) => this.rig.zoom(factor, this.rig.floorAt(...this.#device(x, y))),
      walk: (forward, sideways) => this.rig.walk(forward, sideways),
      hover: (x, y) => this.#hover(x, y),
      leave: () => this.#leave(),
      select: (x, y) => this.#select(this.#pick(x, y)),
      frameAt: (x, y) => {
        const hit = this.#pick(x, y);
        this.frame(hit?.stationId ?? hit?.partId);
      },
      key: (name, digit, store) => this.#key(name, digit, store),
      changed: () => this.invalidate(),
    };
  }

  #key(name: string, digit: number | undefined, store: boolean): boolean {
    // Escape leaves a walk first; what it means to the page around comes after
    if (name === "clear") return this.endWalk() || this.#clear();
    if (digit !== undefined) {
      if (store) this.storeView(digit);
      else this.recallView(digit);
    } else if (name === "home") this.home();
    else if (name === "top") this.top();
    else if (name === "frame") this.frame();
    else if (name === "walk") this.walk();
    return true;
  }

  #clear(): false {
    this.#select(undefined);
    return false;
  }

  #hover(x: number, y: number): void {
    const hit = this.#pick(x, y);
    this.onPointer?.(hit?.at);
    const id = hit?.stationId ?? hit?.partId;
    this.#presentation.canvas.style.cursor = id === undefined && hit?.serial === undefined ? "default" : "pointer";
    this.onHover?.(hit);
    if (id === this.#hovered) return;
    this.#hovered = id;
    this.#mark();
  }

  #leave(): void {
    this.onPointer?.(undefined);
    this.onHover?.(undefined);
    this.#hovered = undefined;
    this.#mark();
  }

  #select(hit: Hit | undefined): void {
    const named = hit !== undefined && (hit.stationId !== undefined || hit.partId !== undefined || hit.serial !== undefined);
    this.setSelection(named ? (hit.stationId ?? hit.partId) : undefined);
    this.onSelect?.(named ? hit : undefined);
  }

  #pick(x: number, y: number): Hit | undefined {
    const [dx, dy] = this.#device(x, y);
    return this.#picker.pick(
      this.rig.rayAt(dx, dy),
      this.#stageView,
      this.#movers.boxes(this.#progress(performance.now())),
      this.rig.floorAt(dx, dy),
    );
  }

  #device(x: number, y: number): [number, number] {
    const ratio = this.#renderer.getPixelRatio();
    return [(x / (this.#size.x / ratio)) * 2 - 1, 1 - (y / (this.#size.y / ratio)) * 2];
  }

  #pixelRatio(): number {
    return Math.min(globalThis.devicePixelRatio || 1, this.#pixelRatioLimit) * this.#resolution();
  }

  /** Few frames are drawn where motion is reduced, so they may cost what they cost. */
  #resolution(): number {
    return this.rig.reducedMotion ? 1 : this.#loop.resolution();
  }

  #resize(): void {
    this.#drawnResolution = this.#resolution();
    const host = this.#host;
    if (host === undefined || host.clientWidth === 0 || host.clientHeight === 0) return;
    const ratio = this.#pixelRatio();
    const first = this.#size.x <= 1;
    this.#renderer.setPixelRatio(ratio);
    this.#renderer.setSize(host.clientWidth, host.clientHeight, false);
    this.#presentation.blank(this.#theme.background);
    this.#renderer.getDrawingBufferSize(this.#size);
    this.#outlines.setSize(this.#size.x, this.#size.y, ratio);
    this.#still.setSize(this.#size.x, this.#size.y);
    this.#uniforms.pixelRatio.value = ratio;
    this.#beacons.setTheme(this.#theme, ratio);
    this.rig.setAspect(host.clientWidth / host.clientHeight);
    if (first && this.#framed) this.rig.set(this.#homeView());
    this.invalidate();
  }
}
