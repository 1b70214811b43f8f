import { EMPTY_STAGE, robotPose, type Stage, type StageChange } from "@doppelwerk/scene";
import {
  Box3,
  Color,
  DirectionalLight,
  HemisphereLight,
  PCFShadowMap,
  Scene,
  SRGBColorSpace,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { Beacons, type Beacon } from "./beacons.ts";
import { CameraRig, type CameraView } from "./camera-rig.ts";
import { clayMaterial, clayUniforms, edgeMaterial, glassMaterial, paint } from "./clay-material.ts";
import { fenceOf, FramePace, LOOK_MS } from "./frame-pace.ts";
import { Ghosts } from "./ghosts.ts";
import { Ground } from "./ground.ts";
import type { ClayMaterials } from "./instance-group.ts";
import { Labels, type LabelRequest } from "./labels.ts";
import { MoverView } from "./mover-view.ts";
import { Outlines, type Outline } from "./outlines.ts";
import { Picker, type Hit } from "./picker.ts";
import { Pointers } from "./pointers.ts";
import { StageView, type DrawnPart } from "./stage-view.ts";
import type { ViewerFrame } from "./viewer-frame.ts";
import { ViewerInput } from "./viewer-input.ts";
import type { ViewerTheme } from "./viewer-theme.ts";

/** Figures of the last drawn frame. `submitMs` is CPU time inside render calls; GPU time is not in it. */
export interface ViewerStatistics {
  readonly drawCalls: number;
  readonly triangles: number;
  readonly submitMs: number;
  readonly frames: number;
  readonly labels: number;
  readonly parts: number;
  readonly movers: number;
}

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
  /** A frame with the line in it is on the screen. */
  onFinished: (() => void) | undefined;

  readonly rig = new CameraRig();
  #theme: ViewerTheme;
  #renderer: WebGLRenderer;
  #scene = new Scene();
  #sky = new HemisphereLight();
  #sun = new DirectionalLight();
  #fill = new DirectionalLight();
  #uniforms = clayUniforms();
  #materials: ClayMaterials = {
    solid: clayMaterial(this.#uniforms),
    glass: glassMaterial(this.#uniforms),
    edges: edgeMaterial(this.#uniforms),
  };
  #stageView = new StageView(this.#materials);
  #movers = new MoverView(this.#materials);
  #ground = new Ground();
  #ghosts = new Ghosts();
  #outlines = new Outlines();
  #beacons = new Beacons();
  #labels: Labels;
  #pointers: Pointers;
  #picker = new Picker();
  #input: ViewerInput;
  #watching = new AbortController();
  #host: HTMLElement | undefined;
  #observer: ResizeObserver | undefined;
  #stage: Stage = EMPTY_STAGE;
  #frame: ViewerFrame = EMPTY_FRAME;
  #ghostHue = new Color();
  #robotPhases = new Map<string, { from: number; to: number }>();
  #glideStart = 0;
  #glideMs = 0;
  #lastFrameAt = 0;
  #selected: string | undefined;
  #hovered: string | undefined;
  #scheduled = 0;
  #pace = new FramePace();
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setTimeout> | undefined;
  #drawnResolution = 1;
  #blinkTimer: ReturnType<typeof setTimeout> | undefined;
  #views = new Map<number, CameraView>();
  #generation = 0;
  #size = new Vector2(1, 1);
  #pixelRatioLimit: number;
  #framed = false;
  #disposed = false;
  #statistics: ViewerStatistics = { drawCalls: 0, triangles: 0, submitMs: 0, frames: 0, labels: 0, parts: 0, movers: 0 };

  constructor(options: ViewerOptions) {
    this.#theme = options.theme;
    this.#pixelRatioLimit = options.pixelRatioLimit ?? 2;
    this.rig.reducedMotion = options.reducedMotion ?? matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#renderer = new WebGLRenderer({ antialias: true, powerPreference: "high-performance" });
    this.#renderer.outputColorSpace = SRGBColorSpace;
    this.#renderer.shadowMap.enabled = true;
    this.#renderer.shadowMap.type = PCFShadowMap;
    this.#renderer.shadowMap.autoUpdate = false;
    this.#renderer.info.autoReset = false;
    this.#labels = new Labels(document);
    this.#labels.onSelect = (id) =>
      this.#select({ stationId: id, at: this.#stage.stations.find((station) => station.id === id)?.labelAt ?? [0, 0, 0] });
    this.#pointers = new Pointers(document);
    this.#scene.add(
      this.#ground.root,
      this.#stageView.root,
      this.#movers.root,
      this.#ghosts.root,
      this.#beacons.points,
      this.#sky,
      this.#sun,
      this.#sun.target,
      this.#fill,
    );
    this.#sun.castShadow = true;
    this.#sun.shadow.mapSize.set(4096, 4096);
    this.#sun.shadow.normalBias = 0.03;
    this.#sun.shadow.bias = -0.0004;
    this.#sun.shadow.radius = 2.2;
    this.#renderer.domElement.addEventListener("webglcontextrestored", () => {
      this.#renderer.shadowMap.needsUpdate = true;
      this.invalidate();
    });
    this.#input = new ViewerInput(this.#renderer.domElement, this.#actions());
    const anywhere = { capture: true, passive: true, signal: this.#watching.signal };
    for (const act of ["pointerdown", "pointermove", "keydown", "wheel"]) document.addEventListener(act, () => this.#acted(), anywhere);
    this.setTheme(options.theme);
  }

  /** Puts the canvas and its overlay into a host element, which must have a size of its own. */
  mount(canvasHost: HTMLElement): void {
    this.#host = canvasHost;
    if (getComputedStyle(canvasHost).position === "static") canvasHost.style.position = "relative";
    const canvas = this.#renderer.domElement;
    Object.assign(canvas.style, { display: "block", position: "absolute", inset: "0", touchAction: "none", outline: "none" });
    canvas.tabIndex = 0;
    canvasHost.append(canvas, this.#labels.host, this.#pointers.host);
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(canvasHost);
    this.#resize();
  }

  setTheme(theme: ViewerTheme): void {
    this.#theme = theme;
    paint(this.#uniforms, theme);
    this.#renderer.setClearColor(theme.background, 1);
    this.#ground.setTheme(theme);
    this.#movers.setTheme(theme);
    this.#beacons.setTheme(theme, this.#pixelRatio());
    this.#labels.setTheme(theme);
    this.#sky.color.copy(new Color(1, 1, 1));
    this.#sky.groundColor
      .copy(theme.background)
      .lerp(new Color(1, 1, 1), 0.25)
      .multiplyScalar(0.62);
    this.#sky.intensity = theme.sky;
    this.#sun.intensity = theme.sun;
    this.#fill.intensity = theme.fill;
    this.#outline();
    this.invalidate();
  }

  /** Replaces everything that stands. The first stage is framed; later ones keep the view. */
  setStage(stage: Stage): void {
    this.#stage = stage;
    this.#generation++;
    this.#stageView.setStage(stage);
    this.#movers.setStage(stage);
    this.#ground.setStage(stage);
    this.#aimSun(stage);
    const { min, max } = stage.bounds;
    this.rig.setLimits(new Box3(new Vector3(...min), new Vector3(...max)));
    this.#robotPhases.clear();
    this.setFrame(this.#frame);
    this.#renderer.shadowMap.needsUpdate = true;
    if (!this.#framed && stage.parts.length > 0) {
      this.#framed = true;
      this.rig.set(this.#homeView());
    }
    this.#outline();
    this.invalidate();
  }

  setFrame(frame: ViewerFrame): void {
    const now = performance.now();
    const progress = this.#progress(now);
    this.#movers.setFrame(frame, this.rig.reducedMotion ? 1 : progress);
    this.#setRobots(frame, progress);
    this.#frame = frame;
    this.#stageView.setStations(frame.stations);
    this.#beacons.set(this.#beaconsOf(frame));
    this.#pointers.set(frame.pointers ?? []);
    this.#outline();
    this.#glideMs = Math.min(MAX_GLIDE_MS, Math.max(MIN_GLIDE_MS, now - this.#lastFrameAt));
    this.#glideStart = now;
    this.#lastFrameAt = now;
    this.invalidate();
  }

  /** A station, a part, a shell or nothing. */
  setSelection(id: string | undefined): void {
    if (this.#selected === id) return;
    this.#selected = id;
    this.#outline();
    this.invalidate();
  }

  /** What a branch changes, in its hue; an empty list takes the ghosts away. */
  setGhosts(changes: readonly StageChange[], hue: string): void {
    this.#ghostHue.set(hue);
    this.#ghosts.set(changes, this.#ghostHue);
    this.invalidate();
  }

  home(): void {
    this.#go(this.#homeView());
  }

  top(): void {
    this.#go(this.rig.framing(this.#wholeBox(), 0, TOP_PITCH, 0.94));
  }

  /** Frames the selection, or everything. */
  frame(id: string | undefined = this.#selected): void {
    const parts = id === undefined ? [] : this.#stageView.partsOf(id);
    if (parts.length === 0) return this.home();
    const box = parts.reduce((all, { box: own }) => all.union(own), new Box3());
    const pitch = Math.min(0.75, Math.max(0.4, this.rig.view.pitch));
    this.#go(this.rig.framing(box.expandByScalar(0.6), this.rig.view.yaw, pitch, 0.62));
  }

  walk(): void {
    this.rig.startWalk(performance.now());
    this.invalidate();
  }

  /** Keeps the current view under a digit 1–9. */
  storeView(digit: number): void {
    this.#views.set(digit, this.rig.view);
  }

  /** 1 is home and 2 the plan until something else is stored there. */
  recallView(digit: number): void {
    const view = this.#views.get(digit);
    if (view !== undefined) this.#go(view);
    else if (digit === 1) this.home();
    else if (digit === 2) this.top();
  }

  setView(view: CameraView): void {
    this.#go(view);
  }

  /** Looks from there at once: what follows another viewer does not ease after it. */
  lookFrom(view: CameraView): void {
    this.rig.set(view);
    this.invalidate();
  }

  statistics(): ViewerStatistics {
    return this.#statistics;
  }

  /** The world position of a pixel of the host, for context menus and drops. */
  pickAt(x: number, y: number): Hit | undefined {
    return this.#pick(x, y);
  }

  /** Draws soon; many calls cost one frame. */
  invalidate(): void {
    if (this.#scheduled !== 0 || this.#waiting !== undefined || this.#disposed || this.#host === undefined) return;
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
  #acted(): void {
    this.#pace.acted(performance.now());
    if (this.#waiting === undefined) return;
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.invalidate();
  }

  dispose(): void {
    this.#disposed = true;
    cancelAnimationFrame(this.#scheduled);
    clearTimeout(this.#blinkTimer);
    clearTimeout(this.#waiting);
    clearTimeout(this.#looking);
    this.#observer?.disconnect();
    this.#input.dispose();
    this.#watching.abort();
    for (const part of [
      this.#stageView,
      this.#movers,
      this.#ground,
      this.#ghosts,
      this.#outlines,
      this.#beacons,
      this.#labels,
      this.#pointers,
    ])
      part.dispose();
    for (const material of Object.values(this.#materials)) material.dispose();
    this.#sun.shadow.map?.dispose();
    this.#renderer.dispose();
    this.#renderer.domElement.remove();
  }

  #draw(now: number): void {
    // A canvas of another size is empty until it is drawn: both happen in one frame.
    if (this.#resolution() !== this.#drawnResolution) this.#resize();
    const progress = this.#progress(now);
    const easing = this.rig.update(now);
    const walking = this.#input.step(now);
    this.#movers.draw(progress);
    this.#poseRobots(progress);
    this.#stageView.updateDetail(this.rig.camera.position);
    const before = performance.now();
    this.#renderer.info.reset();
    this.#renderer.render(this.#scene, this.rig.camera);
    const { calls, triangles } = this.#renderer.info.render;
    this.#outlines.render(this.#renderer, this.rig.camera);
    this.#pace.submitted(before, fenceOf(this.#renderer.getContext() as WebGL2RenderingContext));
    this.#look();
    const submitMs = performance.now() - before;
    this.#layOutLabels();
    this.#statistics = {
      drawCalls: this.#renderer.info.render.calls,
      triangles,
      submitMs,
      frames: this.#statistics.frames + 1,
      labels: this.#labels.count,
      parts: this.#stage.parts.length,
      movers: this.#movers.size,
    };
    if (calls === 0) return;
    if (easing || walking || (progress < 1 && (this.#movers.moving || this.#robotPhases.size > 0))) this.invalidate();
    this.onView?.(this.rig.shown);
    this.#blink();
  }

  /** Sees the end of the frame when it comes, whatever is asked for meanwhile. */
  #look(): void {
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => {
      if (this.#pace.look(performance.now())) return this.#look();
      if (this.#statistics.parts > 0) this.onFinished?.();
      if (this.#resolution() !== this.#drawnResolution) this.invalidate();
    }, LOOK_MS);
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

  #setRobots(frame: ViewerFrame, progress: number): void {
    for (const [id, phase] of frame.robots ?? []) {
      const known = this.#robotPhases.get(id);
      if (known === undefined) {
        this.#robotPhases.set(id, { from: phase, to: phase });
        continue;
      }
      const here = known.from + (known.to - known.from) * progress;
      // Forward round the cycle unless the step back is tiny.
      const gap = (((phase - here) % 1) + 1) % 1;
      this.#robotPhases.set(id, { from: here, to: here + (gap > 0.9 ? gap - 1 : gap) });
    }
  }

  #poseRobots(progress: number): void {
    for (const [id, { from, to }] of this.#robotPhases) {
      const drawn = this.#stageView.drawn.get(id);
      if (drawn === undefined || drawn.part.kind !== "robot") continue;
      const rest = drawn.part.parameters?.joints?.[0] ?? 0;
      this.#stageView.poseRobot(id, robotPose(from + (to - from) * progress, 1.9, rest));
    }
  }

  #beaconsOf(frame: ViewerFrame): readonly Beacon[] {
    return this.#stage.stations.flatMap((station) => {
      const own = frame.stations.get(station.id);
      if (own === undefined) return [];
      const places = [...(own.places ?? [])].flatMap(([index, place]) => {
        const body = this.#stageView.byStation.get(station.id)?.find(({ part }) => part.place === index);
        const anchor = body?.model.anchors["beacon0"] ?? body?.model.anchors["beacon"];
        if (place.beacon === undefined || body === undefined || anchor === undefined) return [];
        const at = new Vector3(...anchor).applyMatrix4(body.matrix);
        return [{ at: [at.x, at.y + 0.12, at.z] as const, priority: place.beacon, acknowledged: own.acknowledged ?? true }];
      });
      if (places.length > 0 || own.beacon === undefined) return places;
      return [{ at: station.beaconAt, priority: own.beacon, acknowledged: own.acknowledged ?? true }];
    });
  }

  #outline(): void {
    const outlines: Outline[] = [];
    // The line through a station is not what is meant by the station.
    const bodies = (id: string): readonly DrawnPart[] => {
      const parts = this.#stageView.partsOf(id);
      const own = parts.filter(({ part }) => part.kind !== "conveyor" && part.kind !== "pallet");
      return own.length > 0 ? own : parts;
    };
    for (const [id, station] of this.#frame.stations) {
      if (station.state !== "failed" && station.state !== "unknown" && station.places === undefined) continue;
      const parts = bodies(id);
      const failedPlaces = [...(station.places ?? [])].filter(([, place]) => place.state === "failed").map(([index]) => index);
      if (failedPlaces.length > 0)
        outlines.push({
          parts: parts.filter(({ part }) => part.place !== undefined && failedPlaces.includes(part.place)),
          colour: this.#theme.failed,
          style: "solid",
        });
      else if (station.state === "failed") outlines.push({ parts, colour: this.#theme.failed, style: "solid" });
      else if (station.state === "unknown") outlines.push({ parts, colour: this.#theme.unknown, style: "dotted" });
    }
    const hovered = this.#hovered === undefined || this.#hovered === this.#selected ? [] : bodies(this.#hovered);
    if (hovered.length > 0) outlines.push({ parts: hovered, colour: this.#theme.hover, style: "solid" });
    const selected = this.#selected === undefined ? [] : bodies(this.#selected);
    if (selected.length > 0) outlines.push({ parts: selected, colour: this.#theme.selection, style: "solid" });
    this.#outlines.set(outlines, this.#generation);
  }

  #layOutLabels(): void {
    const { x: width, y: height } = this.#size;
    const ratio = this.#renderer.getPixelRatio();
    const [w, h] = [width / ratio, height / ratio];
    const point = new Vector3();
    const screen = (at: readonly [number, number, number]): { x: number; y: number; ahead: boolean } => {
      point.set(...at).project(this.rig.camera);
      return { x: ((point.x + 1) / 2) * w, y: ((1 - point.y) / 2) * h, ahead: point.z < 1 };
    };
    const requests = this.#stage.stations.flatMap((station, order): LabelRequest[] => {
      const at = screen(station.labelAt);
      if (!at.ahead) return [];
      const frame = this.#frame.stations.get(station.id);
      const selected = this.#selected === station.id || (station.subject !== undefined && this.#selected === station.subject);
      const hovered = this.#hovered === station.id;
      const alarm = frame?.beacon === undefined ? 0 : 500 - frame.beacon * 50;
      const relevance =
        (selected ? 2000 : 0) +
        (hovered ? 1500 : 0) +
        alarm +
        (frame?.state === "failed" ? 250 : 0) +
        (frame?.relevance ?? 0) -
        order * 0.01;
      return [
        {
          id: station.id,
          name: station.id === station.label ? station.label : station.id,
          value: frame?.value ?? station.label,
          frame,
          relevance,
          selected,
          x: at.x,
          y: at.y,
        },
      ];
    });
    this.#labels.layOut(requests, w, h);
    this.#pointers.move(screen, w, h);
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

  #go(view: CameraView): void {
    this.rig.go(view, performance.now());
    this.invalidate();
  }

  #aimSun(stage: Stage): void {
    const { min, max } = stage.bounds;
    const centre = new Vector3((min[0] + max[0]) / 2, 0, (min[2] + max[2]) / 2);
    const reach = Math.hypot(max[0] - min[0], max[2] - min[2]) / 2 + 3;
    const direction = new Vector3(-0.5, 1, 0.42).normalize();
    this.#sun.target.position.copy(centre);
    this.#sun.position.copy(centre).addScaledVector(direction, reach * 1.6);
    this.#fill.position.copy(centre).add(new Vector3(reach, reach * 0.5, -reach));
    const camera = this.#sun.shadow.camera;
    Object.assign(camera, { left: -reach, right: reach, top: reach * 0.72, bottom: -reach * 0.72, near: 0.5, far: reach * 3.4 });
    camera.updateProjectionMatrix();
    this.#sun.target.updateMatrixWorld();
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
      frameAt: (x, y) => this.#frameAt(x, y),
      key: (name, digit, store) => this.#key(name, digit, store),
      changed: () => this.invalidate(),
    };
  }

  #key(name: string, digit: number | undefined, store: boolean): void {
    if (digit !== undefined) return store ? this.storeView(digit) : this.recallView(digit);
    if (name === "home") this.home();
    else if (name === "top") this.top();
    else if (name === "frame") this.frame();
    else if (name === "walk") this.walk();
    else if (name === "clear") this.#select(undefined);
  }

  #frameAt(x: number, y: number): void {
    const hit = this.#pick(x, y);
    this.frame(hit?.stationId ?? hit?.partId);
  }

  #hover(x: number, y: number): void {
    const hit = this.#pick(x, y);
    this.onPointer?.(hit?.at);
    const id = hit?.stationId ?? hit?.partId;
    this.#renderer.domElement.style.cursor = id === undefined && hit?.serial === undefined ? "default" : "pointer";
    this.onHover?.(hit);
    if (id === this.#hovered) return;
    this.#hovered = id;
    this.#outline();
    this.invalidate();
  }

  #leave(): void {
    this.onPointer?.(undefined);
    this.onHover?.(undefined);
    this.#hovered = undefined;
    this.#outline();
    this.invalidate();
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
    return this.rig.reducedMotion ? 1 : this.#pace.resolution;
  }

  #resize(): void {
    this.#drawnResolution = this.#resolution();
    const host = this.#host;
    if (host === undefined || host.clientWidth === 0 || host.clientHeight === 0) return;
    const ratio = this.#pixelRatio();
    const first = this.#size.x <= 1;
    this.#renderer.setPixelRatio(ratio);
    this.#renderer.setSize(host.clientWidth, host.clientHeight);
    this.#renderer.getDrawingBufferSize(this.#size);
    this.#outlines.setSize(this.#size.x, this.#size.y, ratio);
    this.#uniforms.pixelRatio.value = ratio;
    this.#beacons.setTheme(this.#theme, ratio);
    this.rig.setAspect(host.clientWidth / host.clientHeight);
    if (first && this.#framed) this.rig.set(this.#homeView());
    this.invalidate();
  }
}
