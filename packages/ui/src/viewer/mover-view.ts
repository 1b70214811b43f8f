import {
  blend,
  onStage,
  partModel,
  PLAIN_PRODUCT,
  poseAlong,
  poseAt,
  PRODUCT_FORMS,
  type FlowPath,
  type PartSpec,
  type Pose,
  type ProductForm,
  type ProductLook,
  type Stage,
  type Vec3,
} from "@doppelwerk/scene";
import { Box3, Group, Matrix4, Quaternion, Vector3 } from "three";
import { PRODUCT_COLOURS } from "./clay-material.ts";
import { BlobShadows } from "./blob-shadows.ts";
import { InstanceGroup, type ClayMaterials } from "./instance-group.ts";
import { partGeometry } from "./part-geometry.ts";
import type { PartFrame, PartLocation, VehicleFrame, ViewerFrame } from "./viewer-frame.ts";
import type { ViewerTheme } from "./viewer-theme.ts";

type MoverKind = ProductForm | "carrier" | "agv" | "agv-loaded";

const SPECS: Readonly<Record<Exclude<MoverKind, ProductForm>, PartSpec>> = {
  carrier: { kind: "carrier" },
  agv: { kind: "agv", parameters: { trolley: false } },
  "agv-loaded": { kind: "agv", parameters: { trolley: true } },
};

const CARRIER_TOP_M = 0.05;
/** A product of 0.6 m that is smaller than a fingertip shows nothing of its details. */
const NEAR_PIXELS_PER_METRE = 55;
const INFERRED_FADE = 0.45;
const SNAP_M = 14;
const SNAP_US = 120_000_000;
const UP = new Vector3(0, 1, 0);

/** Where on the net of paths something is. */
type Spot = { readonly path: string; readonly fraction: number } | { readonly station: string };

/** A stretch of a path to follow, and how far each end is off it (a rack's place lies beside the line). */
interface Along {
  readonly path: FlowPath;
  readonly from: number;
  readonly to: number;
  readonly lead: Offset;
  readonly trail: Offset;
}

interface Offset {
  readonly by: Vec3;
  readonly turn: number;
}

/** One moving thing between two frames. */
interface Mover {
  readonly id: string;
  kind: MoverKind;
  colour: number;
  inferred: boolean;
  from: Pose;
  to: Pose;
  /** Set while both ends lie on one path or at its stations: it then follows the path, not the chord. */
  along: Along | undefined;
  spot: Spot | undefined;
  seen: number;
}

/** Products on carriers and vehicles on tracks, gliding from the last frame to this one. */
export class MoverView {
  readonly root = new Group();
  /** By kind and level of detail. */
  #groups = new Map<string, InstanceGroup>();
  #movers = new Map<string, Mover>();
  #materials: ClayMaterials;
  #stage: Stage | undefined;
  #look: ProductLook = PLAIN_PRODUCT;
  #paths = new Map<string, FlowPath>();
  #branchStations = new Set<string>();
  #stages = new Map<string, number>();
  #packed: string | undefined;
  #generation = 0;
  #instant = 0;
  #shadows = new BlobShadows();
  /** Which frame is drawn, how far on its way and in which detail. */
  #drawn: string | undefined;

  constructor(materials: ClayMaterials) {
    this.#materials = materials;
    this.root.add(this.#shadows.mesh);
  }

  setTheme(theme: ViewerTheme): void {
    this.#shadows.setTheme(theme);
  }

  setStage(stage: Stage): void {
    this.#stage = stage;
    this.#paths = new Map([...stage.paths, ...stage.tracks].map((path) => [path.id, path]));
    this.#branchStations = branchStations(stage.paths);
    this.#stages = completion(stage.paths);
    this.#packed = stage.parts.find((part) => part.kind === "palletiser-cell")?.stationId;
    this.#movers.clear();
    this.#drawn = undefined;
    this.#setLook(stage.product ?? PLAIN_PRODUCT);
  }

  #setLook(look: ProductLook): void {
    if (JSON.stringify(look) === JSON.stringify(this.#look)) return;
    this.#look = look;
    for (const key of PRODUCT_FORMS.flatMap((form) => [`${form} near`, `${form} far`])) {
      const group = this.#groups.get(key);
      if (group === undefined) continue;
      this.root.remove(group.root);
      group.dispose();
      this.#groups.delete(key);
    }
  }

  #specOf(kind: MoverKind): PartSpec {
    return kind in SPECS ? SPECS[kind as keyof typeof SPECS] : (this.#look[kind as ProductForm] ?? PLAIN_PRODUCT.closed);
  }

  /** Takes a frame; things new to it appear in place, things far from where they were jump. */
  setFrame(frame: ViewerFrame, progressNow: number): void {
    const jump = Math.abs(frame.instant - this.#instant) > SNAP_US || frame.instant < this.#instant;
    this.#instant = frame.instant;
    this.#generation++;
    for (const part of frame.parts) this.#update(part.serial, part, jump, progressNow);
    for (const vehicle of frame.vehicles ?? []) this.#updateVehicle(vehicle, jump, progressNow);
    for (const [id, mover] of this.#movers) if (mover.seen !== this.#generation) this.#movers.delete(id);
  }

  /** Draws everything at a share 0…1 of the way between the frames; `pixelsPerMetre` where the eye looks. */
  draw(progress: number, pixelsPerMetre: number): void {
    const counts = new Map<string, number>();
    const detail = pixelsPerMetre < NEAR_PIXELS_PER_METRE ? "far" : "near";
    const drawn = `${this.#generation} ${progress} ${detail}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const next = (kind: MoverKind): readonly [InstanceGroup, number] => {
      const key = `${kind} ${detail}`;
      const index = counts.get(key) ?? 0;
      counts.set(key, index + 1);
      const group = this.#group(key, kind, detail);
      if (group.count <= index) group.count = index + 1;
      return [group, index];
    };
    this.#shadows.begin();
    for (const mover of this.#movers.values()) {
      const pose = poseOf(mover, progress);
      const vehicle = mover.kind === "agv" || mover.kind === "agv-loaded";
      this.#shadows.add(pose, vehicle ? 1.9 : 1, vehicle ? 1.2 : 1, vehicle ? 0.9 : 0.55);
      const fade = mover.inferred ? INFERRED_FADE : 0;
      const onCarrier = !vehicle && mover.kind !== "packed";
      if (onCarrier) put(next("carrier"), pose, 0, -1, fade);
      put(next(mover.kind), pose, onCarrier ? CARRIER_TOP_M : 0, mover.colour, fade);
    }
    this.#shadows.end();
    for (const [key, group] of this.#groups) {
      group.count = counts.get(key) ?? 0;
      group.flush();
    }
  }

  get size(): number {
    return this.#movers.size;
  }

  get moving(): boolean {
    for (const mover of this.#movers.values()) if (mover.from !== mover.to) return true;
    return false;
  }

  /** Boxes to pick from, as drawn at a share of the way. */
  boxes(progress: number): readonly { readonly serial: string; readonly box: Box3 }[] {
    return [...this.#movers.values()].map((mover) => ({ serial: mover.id, box: boxAt(this.#specOf(mover.kind), poseOf(mover, progress)) }));
  }

  dispose(): void {
    for (const group of this.#groups.values()) group.dispose();
    this.#groups.clear();
    this.#shadows.dispose();
    this.root.clear();
  }

  #group(key: string, kind: MoverKind, detail: "near" | "far"): InstanceGroup {
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new InstanceGroup(partGeometry(partModel(this.#specOf(kind), detail).mesh), this.#materials, 32, false);
      group.culled = false;
      this.#groups.set(key, group);
      this.root.add(group.root);
    }
    return group;
  }

  #update(id: string, part: PartFrame, jump: boolean, progress: number): void {
    const to = this.#poseOf(part.at);
    if (to === undefined) return;
    const kind = part.form ?? this.#formOf(part);
    const colour = kind === "joining" ? -1 : colourOf(part.product);
    this.#move(id, kind, colour, part.inferred, to, this.#spotOf(part.at), jump, progress);
  }

  #updateVehicle(vehicle: VehicleFrame, jump: boolean, progress: number): void {
    const at = vehicle.at;
    const kind = vehicle.loaded ? "agv-loaded" : "agv";
    if ("floorX" in at) return this.#moveOnFloor(vehicle.id, kind, at, jump, progress);
    if (!("track" in at))
      return this.#move(vehicle.id, kind, -1, false, { position: [at.x, 0, at.z], turn: at.turn }, undefined, jump, progress);
    const track = this.#paths.get(at.track);
    if (track === undefined) return;
    const metres = ((at.metres % track.lengthM) + track.lengthM) % track.lengthM;
    this.#move(
      vehicle.id,
      kind,
      -1,
      false,
      poseAlong(track.points, metres),
      { path: at.track, fraction: metres / track.lengthM },
      jump,
      progress,
    );
  }

  /** Positions told by vehicles fit the stage only roughly: they are kept on the nearest track, near where they were. */
  #moveOnFloor(
    id: string,
    kind: MoverKind,
    at: { readonly floorX: number; readonly floorY: number; readonly headingDeg: number },
    jump: boolean,
    progress: number,
  ): void {
    const turn = (at.headingDeg * Math.PI) / 180;
    const [x, z] = this.#stage?.floor === undefined ? [at.floorX, -at.floorY] : onStage(this.#stage.floor, at.floorX, at.floorY);
    const track = this.#stage?.tracks[0];
    if (track === undefined) return this.#move(id, kind, -1, false, { position: [x, 0, z], turn }, undefined, jump, progress);
    const last = jump ? undefined : this.#movers.get(id)?.spot;
    const metres = nearestOn(
      track,
      [x, 0, z],
      last !== undefined && "path" in last && last.path === track.id ? last.fraction * track.lengthM : undefined,
    );
    const pose = poseAlong(track.points, metres);
    // Vehicles drive both ways: the track gives the line, the heading the direction.
    const turned = Math.cos(pose.turn - turn) < -0.3 ? pose.turn + Math.PI : pose.turn;
    this.#move(
      id,
      kind,
      -1,
      false,
      { position: pose.position, turn: turned },
      { path: track.id, fraction: metres / track.lengthM },
      jump,
      progress,
    );
  }

  #move(
    id: string,
    kind: MoverKind,
    colour: number,
    inferred: boolean,
    to: Pose,
    spot: Spot | undefined,
    jump: boolean,
    progress: number,
  ): void {
    const known = this.#movers.get(id);
    if (known === undefined) {
      this.#movers.set(id, { id, kind, colour, inferred, from: to, to, along: undefined, spot, seen: this.#generation });
      return;
    }
    const here = poseOf(known, progress);
    const same = samePose(here, to);
    const along = jump || same ? undefined : this.#along(known, spot, here, to, progress);
    const far = jump || (along === undefined && distance(here.position, to.position) > SNAP_M);
    known.along = along;
    known.from = far || same ? to : here;
    Object.assign(known, { kind, colour, inferred, to, spot, seen: this.#generation });
  }

  /** The stretch of one path that leads from where a mover is to its new spot. */
  #along(mover: Mover, spot: Spot | undefined, here: Pose, to: Pose, progress: number): Along | undefined {
    const last = mover.spot;
    if (spot === undefined || last === undefined) return undefined;
    const path = this.#paths.get("path" in spot ? spot.path : "path" in last ? last.path : `${last.station}>${spot.station}`);
    if (path === undefined) return undefined;
    const between = mover.along;
    const from =
      "station" in last
        ? last.station === path.from
          ? 0
          : undefined
        : last.path !== path.id
          ? undefined
          : between?.path === path
            ? between.from + (between.to - between.from) * progress
            : last.fraction;
    const end = "path" in spot ? spot.fraction : spot.station === path.to ? 1 : undefined;
    if (from === undefined || end === undefined) return undefined;
    if (path.from !== path.to) return { path, from, to: end, lead: offset(here, poseAt(path, from)), trail: offset(to, poseAt(path, end)) };
    // A track is a ring: the shorter way may pass its start.
    const start = ((from % 1) + 1) % 1;
    const gap = end - start;
    return {
      path,
      from: start,
      to: start + (gap < -0.5 ? gap + 1 : gap > 0.5 ? gap - 1 : gap),
      lead: offset(here, poseAt(path, start)),
      trail: offset(to, poseAt(path, end)),
    };
  }

  #spotOf(at: PartLocation): Spot | undefined {
    if ("path" in at) return { path: at.path, fraction: at.fraction };
    if (!("bufferOf" in at)) return { station: at.station };
    const slot = this.#stage?.stations.find((station) => station.id === at.bufferOf)?.buffer[at.slot];
    return slot?.path === undefined || slot.fraction === undefined ? undefined : { path: slot.path, fraction: slot.fraction };
  }

  #poseOf(at: PartLocation): Pose | undefined {
    if ("path" in at) {
      const path = this.#paths.get(at.path);
      return path === undefined ? undefined : poseAt(path, at.fraction);
    }
    const id = "bufferOf" in at ? at.bufferOf : at.station;
    const station = this.#stage?.stations.find((candidate) => candidate.id === id);
    if (station === undefined) return undefined;
    return "bufferOf" in at
      ? station.buffer[Math.min(at.slot, station.buffer.length - 1)]
      : station.places[at.place % Math.max(1, station.places.length)];
  }

  #formOf(part: PartFrame): ProductForm {
    const at = part.at;
    const station = "station" in at ? at.station : "bufferOf" in at ? at.bufferOf : at.path.split(">")[0]!;
    if (this.#branchStations.has(station)) return "joining";
    const towards = "path" in at ? at.path.split(">")[1] : "bufferOf" in at ? at.bufferOf : station;
    if (towards !== undefined && towards === this.#packed) return "packed";
    const completed = this.#stages.get(station) ?? this.#stages.get(towards ?? "");
    if (completed === undefined) return part.progress < 0.12 ? "begun" : part.progress < 0.52 ? "open" : "closed";
    return completed < 0 ? "begun" : completed < CLOSED_SHARE ? "open" : "closed";
  }
}

/** From this share of the way between marriage and the end on, the product is closed. */
const CLOSED_SHARE = 0.42;

/** How far each main station is from where the sub-assembly joins (0) to the end (1); before it −1. Empty where nothing joins. */
function completion(paths: readonly FlowPath[]): Map<string, number> {
  const join = paths.find((path) => path.kind === "assembly")?.to;
  if (join === undefined) return new Map();
  const next = new Map(paths.filter((path) => path.kind === "main").map((path) => [path.from, path.to]));
  const after: string[] = [];
  for (let id: string | undefined = join; id !== undefined && !after.includes(id); id = next.get(id)) after.push(id);
  const before = paths.filter((path) => path.kind === "main" && path.to === join).map((path) => [path.from, -1] as const);
  return new Map([...before, ...after.map((id, i) => [id, i / Math.max(1, after.length - 1)] as const)]);
}

/** Stations upstream of an assembly flow: what moves there is a sub-assembly. */
function branchStations(paths: readonly FlowPath[]): Set<string> {
  const found = new Set(paths.filter((path) => path.kind === "assembly").map((path) => path.from));
  for (let grown = true; grown;) {
    grown = false;
    for (const path of paths)
      if (path.kind === "main" && found.has(path.to) && !found.has(path.from)) {
        found.add(path.from);
        grown = true;
      }
  }
  return found;
}

function colourOf(product: string): number {
  let sum = 7;
  for (const character of product) sum = (sum * 33 + character.codePointAt(0)!) >>> 0;
  return sum % PRODUCT_COLOURS;
}

function poseOf(mover: Mover, progress: number): Pose {
  if (mover.from === mover.to || progress >= 1) return mover.to;
  if (mover.along !== undefined) return poseOn(mover.along, progress);
  const { from, to } = mover;
  const mix = (i: 0 | 1 | 2): number => from.position[i] + (to.position[i] - from.position[i]) * progress;
  return { position: [mix(0), mix(1), mix(2)], turn: blend(from.turn, to.turn, progress) };
}

const REACH_M = 8;

function poseOn({ path, from, to, lead, trail }: Along, progress: number): Pose {
  const f = from + (to - from) * progress;
  const on = poseAt(path, path.from === path.to ? ((f % 1) + 1) % 1 : f);
  const off = (i: 0 | 1 | 2): number => on.position[i] + lead.by[i] * (1 - progress) + trail.by[i] * progress;
  return { position: [off(0), off(1), off(2)], turn: on.turn + lead.turn * (1 - progress) + trail.turn * progress };
}

function offset(pose: Pose, on: Pose): Offset {
  const by = (i: 0 | 1 | 2): number => pose.position[i] - on.position[i];
  const gap = pose.turn - on.turn;
  return { by: [by(0), by(1), by(2)], turn: Math.atan2(Math.sin(gap), Math.cos(gap)) };
}

/** Metres along a track of its point nearest to a place; near `around` when given, so that a vehicle does not leap across. */
function nearestOn(track: FlowPath, place: Vec3, around: number | undefined): number {
  let [best, least] = [around ?? 0, Infinity];
  const [from, to] = around === undefined ? [0, track.lengthM] : [around - REACH_M, around + REACH_M];
  for (let metres = from; metres <= to; metres += 0.1) {
    const on = ((metres % track.lengthM) + track.lengthM) % track.lengthM;
    const d = distance(poseAlong(track.points, on).position, place);
    if (d < least - 1e-6) [best, least] = [on, d];
  }
  return best;
}

function samePose(a: Pose, b: Pose): boolean {
  return distance(a.position, b.position) < 1e-4 && Math.abs(Math.sin((a.turn - b.turn) / 2)) < 1e-3;
}

function distance(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const matrix = new Matrix4();
const turn = new Quaternion();
const at = new Vector3();
const ONE = new Vector3(1, 1, 1);

function put([group, index]: readonly [InstanceGroup, number], pose: Pose, lift: number, colour: number, fade: number): void {
  at.set(pose.position[0], pose.position[1] + lift, pose.position[2]);
  group.setMatrix(index, matrix.compose(at, turn.setFromAxisAngle(UP, pose.turn), ONE));
  group.setMarks(index, 0, colour, 0, fade);
}

function boxAt(spec: PartSpec, pose: Pose): Box3 {
  const model = partModel(spec, "near");
  matrix.compose(at.set(...pose.position), turn.setFromAxisAngle(UP, pose.turn), ONE);
  return new Box3(new Vector3(...model.box.min), new Vector3(...model.box.max)).applyMatrix4(matrix);
}
