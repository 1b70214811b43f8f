import { Box3, PerspectiveCamera, Plane, Ray, Vector2, Vector3, Raycaster } from "three";
import type { WalkFloor } from "./walk-floor.ts";

/** A view: where it looks, from which side, how far. Angles in radians; `pitch` 0 = level, π/2 = from above. */
export interface CameraView {
  readonly target: readonly [number, number, number];
  readonly yaw: number;
  readonly pitch: number;
  readonly distance: number;
}

const EASE_MS = 250;
const MIN_PITCH = 0.06;
const MAX_PITCH = Math.PI / 2 - 0.002;
const EYE_M = 1.65;
/** Degrees from top to bottom: seen from afar, and by who walks. */
const FOV = 30;
const WALK_FOV = 46;
const NEAREST_M = 1.2;
/** Zooming out ends where what stands takes two thirds of the picture. */
const FARTHEST = 1.5;
/** Of a walk: metres for a wheel step of factor e, and for a pixel dragged. */
const WHEEL_M = 4;
const DRAG_M = 0.012;

/** Orbits, pans and walks without ever rolling; every jump eases. Knows no events: the viewer feeds it. */
export class CameraRig {
  readonly camera = new PerspectiveCamera(FOV, 1, 0.1, 600);
  reducedMotion = false;
  /** A walk began or ended. */
  onWalking: ((isWalking: boolean) => void) | undefined;
  #view: CameraView = { target: [0, 0, 0], yaw: -0.5, pitch: 0.6, distance: 30 };
  #from: CameraView | undefined;
  #to: CameraView | undefined;
  #startedMs = 0;
  #fovFrom = FOV;
  #limits = new Box3(new Vector3(-50, 0, -50), new Vector3(50, 5, 50));
  #whole = this.#limits.clone();
  #walking = false;
  #beforeWalk: CameraView | undefined;
  #floor: WalkFloor | undefined;

  get view(): CameraView {
    return this.#to ?? this.#view;
  }

  /** The view of this very frame, on the way to `view` while easing. */
  get shown(): CameraView {
    return this.#view;
  }

  /** How large a metre is where it looks, on a screen of so many pixels from top to bottom. */
  pixelsPerMetre(height: number): number {
    return height / (2 * Math.tan((this.camera.fov * Math.PI) / 360) * this.#view.distance);
  }

  get walking(): boolean {
    return this.#walking;
  }

  get moving(): boolean {
    return this.#to !== undefined;
  }

  setLimits(box: Box3): void {
    this.#whole.copy(box);
    this.#limits.copy(box).expandByScalar(15);
  }

  setAspect(aspect: number): void {
    this.camera.aspect = aspect;
    this.camera.updateProjectionMatrix();
  }

  /** Where somebody can walk; without one nothing is in the way. */
  setFloor(floor: WalkFloor): void {
    this.#floor = floor;
  }

  /** Eases to a view; `now` in milliseconds. */
  go(view: CameraView, now: number): void {
    this.#setWalking(false);
    this.#ease(view, now);
  }

  #ease(view: CameraView, now: number): void {
    if (this.reducedMotion) {
      this.#view = view;
      this.#to = undefined;
      return;
    }
    const turns = Math.round((this.#view.yaw - view.yaw) / (2 * Math.PI));
    this.#from = this.#view;
    this.#fovFrom = this.camera.fov;
    this.#to = { ...view, yaw: view.yaw + turns * 2 * Math.PI };
    this.#startedMs = now;
  }

  set(view: CameraView): void {
    this.#view = view;
    this.#to = undefined;
  }

  orbit(yaw: number, pitch: number): void {
    this.#settle();
    const v = this.#view;
    if (this.#walking) {
      const eye = this.#eye(v);
      const next = { ...v, yaw: v.yaw + yaw * 0.6, pitch: clamp(v.pitch + pitch * 0.6, -0.6, 0.9) };
      this.#view = { ...next, target: targetFrom(eye, next) };
      return;
    }
    this.#view = { ...v, yaw: v.yaw + yaw, pitch: clamp(v.pitch + pitch, MIN_PITCH, MAX_PITCH) };
  }

  /** Drags the floor: moves the target by pixels. */
  pan(dx: number, dy: number, heightPx: number): void {
    if (this.#walking) return this.walk(dy * DRAG_M, -dx * DRAG_M);
    this.#settle();
    const v = this.#view;
    const perPixel = 1 / this.pixelsPerMetre(heightPx);
    const depth = 1 / Math.max(0.35, Math.sin(v.pitch));
    const [c, s] = [Math.cos(v.yaw), Math.sin(v.yaw)];
    const right = -dx * perPixel;
    const back = -dy * perPixel * depth;
    this.#move(right * c + back * s, -right * s + back * c);
  }

  /** Nearer (factor < 1) or farther, towards a point if given. Out it ends with all that stands in the middle; on a walk it is a step. */
  zoom(factor: number, towards?: Vector3): void {
    if (this.#walking) return this.walk(-Math.log(factor) * WHEEL_M, 0);
    this.#settle();
    const v = this.#view;
    const whole = factor > 1 ? this.framing(this.#whole, v.yaw, v.pitch) : undefined;
    const farthest = whole === undefined ? v.distance : Math.max(v.distance, whole.distance * FARTHEST);
    const distance = clamp(v.distance * factor, NEAREST_M, farthest);
    const share = 1 - distance / v.distance;
    this.#view = { ...v, distance };
    if (towards !== undefined) this.#move((towards.x - v.target[0]) * share, (towards.z - v.target[2]) * share);
    if (whole === undefined) return;
    const rest = farthest - v.distance;
    const centred = rest > 0 ? (distance - v.distance) / rest : 1;
    const [x, , z] = this.#view.target;
    this.#move((whole.target[0] - x) * centred, (whole.target[2] - z) * centred);
  }

  /** Steps forward and sideways in metres, at eye height. */
  walk(forward: number, sideways: number): void {
    this.#settle();
    const v = this.#view;
    const [c, s] = [Math.cos(v.yaw), Math.sin(v.yaw)];
    const [dx, dz] = [sideways * c - forward * s, -sideways * s - forward * c];
    if (!this.#walking || this.#floor === undefined) return this.#move(dx, dz);
    const eye = this.#eye(v);
    const [x, z] = this.#floor.step(eye.x, eye.z, dx, dz);
    const { min, max } = this.#limits;
    const [toX, toZ] = [clamp(x, min.x, max.x), clamp(z, min.z, max.z)];
    this.#view = { ...v, target: [v.target[0] + toX - eye.x, v.target[1], v.target[2] + toZ - eye.z] };
  }

  /** Enters the walk near where the camera looks, eyes at 1.65 m, in free floor with a line ahead. */
  startWalk(now: number): void {
    if (this.#walking) return;
    const v = this.view;
    const [x, z] = [v.target[0] + Math.sin(v.yaw) * 5, v.target[2] + Math.cos(v.yaw) * 5];
    const start = this.#floor?.start(x, z, v.yaw) ?? { x, z, yaw: v.yaw };
    const next = { ...v, yaw: start.yaw, pitch: 0.04, distance: 3 };
    this.#beforeWalk = v;
    this.#ease({ ...next, target: targetFrom(new Vector3(start.x, EYE_M, start.z), next) }, now);
    this.#setWalking(true);
  }

  /** Back to the view from which the walk began; false when nobody walks. */
  endWalk(now: number): boolean {
    if (!this.#walking || this.#beforeWalk === undefined) return false;
    this.go(this.#beforeWalk, now);
    return true;
  }

  /** View that shows a box whole from the current side. */
  framing(box: Box3, yaw = this.view.yaw, pitch = this.view.pitch, fill = 0.9): CameraView {
    const centre = box.getCenter(new Vector3());
    const probe = new PerspectiveCamera(FOV, this.camera.aspect);
    const corners = [0, 1, 2, 3, 4, 5, 6, 7].map(
      (i) => new Vector3(i & 1 ? box.max.x : box.min.x, i & 2 ? box.max.y : box.min.y, i & 4 ? box.max.z : box.min.z),
    );
    let [low, high] = [0.5, 400];
    let target = centre;
    for (let i = 0; i < 26; i++) {
      const distance = (low + high) / 2;
      // Perspective makes the near side larger: centre the projection, not the box.
      for (let k = 0; k < 3; k++) {
        place(probe, { target: [target.x, target.y, target.z], yaw, pitch, distance });
        const range = projected(probe, corners);
        const [mx, my] = [(range.minX + range.maxX) / 2, (range.minY + range.maxY) / 2];
        const h = Math.tan((probe.fov * Math.PI) / 360) * distance;
        const up = (my * h) / Math.max(0.4, Math.sin(pitch));
        target = target
          .clone()
          .add(
            new Vector3(
              Math.cos(yaw) * mx * h * probe.aspect - Math.sin(yaw) * up,
              0,
              -Math.sin(yaw) * mx * h * probe.aspect - Math.cos(yaw) * up,
            ),
          );
      }
      place(probe, { target: [target.x, target.y, target.z], yaw, pitch, distance });
      const range = projected(probe, corners);
      if (range.behind || range.maxX - range.minX > 2 * fill || range.maxY - range.minY > 2 * fill) low = distance;
      else high = distance;
      if (!Number.isFinite(target.x)) target = centre;
    }
    return { target: [target.x, target.y, target.z], yaw, pitch, distance: high };
  }

  /** Advances an ease; true while there is more to come. */
  update(now: number): boolean {
    const wanted = this.#walking ? WALK_FOV : FOV;
    let fov = wanted;
    if (this.#from !== undefined && this.#to !== undefined) {
      const x = Math.min(1, (now - this.#startedMs) / EASE_MS);
      const t = x * x * (3 - 2 * x);
      this.#view = between(this.#from, this.#to, t);
      fov = this.#fovFrom + (wanted - this.#fovFrom) * t;
      if (x >= 1) this.#to = undefined;
    }
    this.camera.fov = fov;
    place(this.camera, this.#view);
    return this.#to !== undefined;
  }

  /** Where a screen point (−1…1) meets the floor. */
  floorAt(x: number, y: number): Vector3 | undefined {
    const caster = new Raycaster();
    caster.setFromCamera(new Vector2(x, y), this.camera);
    return caster.ray.intersectPlane(new Plane(new Vector3(0, 1, 0), 0), new Vector3()) ?? undefined;
  }

  rayAt(x: number, y: number): Ray {
    const caster = new Raycaster();
    caster.setFromCamera(new Vector2(x, y), this.camera);
    return caster.ray;
  }

  /** What moves the eye begins where it is; on the way into a walk it begins at its end, at eye height. */
  #settle(): void {
    if (this.#walking && this.#to !== undefined) this.#view = this.#to;
    this.#to = undefined;
  }

  #setWalking(isWalking: boolean): void {
    if (this.#walking === isWalking) return;
    this.#walking = isWalking;
    this.onWalking?.(isWalking);
  }

  #eye(v: CameraView): Vector3 {
    return new Vector3(...v.target).add(direction(v).multiplyScalar(v.distance));
  }

  #move(dx: number, dz: number): void {
    const v = this.#view;
    const { min, max } = this.#limits;
    this.#view = { ...v, target: [clamp(v.target[0] + dx, min.x, max.x), v.target[1], clamp(v.target[2] + dz, min.z, max.z)] };
  }
}

function direction(v: CameraView): Vector3 {
  return new Vector3(Math.sin(v.yaw) * Math.cos(v.pitch), Math.sin(v.pitch), Math.cos(v.yaw) * Math.cos(v.pitch));
}

function targetFrom(eye: Vector3, v: CameraView): readonly [number, number, number] {
  const target = eye.clone().sub(direction(v).multiplyScalar(v.distance));
  return [target.x, target.y, target.z];
}

function place(camera: PerspectiveCamera, v: CameraView): void {
  const target = new Vector3(...v.target);
  camera.position.copy(target).add(direction(v).multiplyScalar(v.distance));
  camera.up.set(v.pitch > 1.5 ? -Math.sin(v.yaw) : 0, v.pitch > 1.5 ? 0 : 1, v.pitch > 1.5 ? -Math.cos(v.yaw) : 0);
  camera.lookAt(target);
  camera.near = Math.max(0.05, v.distance * 0.02);
  camera.far = v.distance * 6 + 200;
  camera.updateProjectionMatrix();
  camera.updateMatrixWorld(true);
}

function projected(
  camera: PerspectiveCamera,
  corners: readonly Vector3[],
): { minX: number; maxX: number; minY: number; maxY: number; behind: boolean } {
  const out = { minX: Infinity, maxX: -Infinity, minY: Infinity, maxY: -Infinity, behind: false };
  for (const corner of corners) {
    const p = corner.clone().applyMatrix4(camera.matrixWorldInverse);
    if (p.z > -0.1) out.behind = true;
    p.applyMatrix4(camera.projectionMatrix);
    out.minX = Math.min(out.minX, p.x);
    out.maxX = Math.max(out.maxX, p.x);
    out.minY = Math.min(out.minY, p.y);
    out.maxY = Math.max(out.maxY, p.y);
  }
  return out;
}

function between(a: CameraView, b: CameraView, t: number): CameraView {
  const mix = (x: number, y: number): number => x + (y - x) * t;
  return {
    target: [mix(a.target[0], b.target[0]), mix(a.target[1], b.target[1]), mix(a.target[2], b.target[2])],
    yaw: mix(a.yaw, b.yaw),
    pitch: mix(a.pitch, b.pitch),
    distance: Math.exp(mix(Math.log(a.distance), Math.log(b.distance))),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
