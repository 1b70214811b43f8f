import { linkAngles, linkFrames, partModel, parametersOf, type PartModel, type PlacedPart, type Stage } from "@doppelwerk/scene";
import { Box3, Group, Matrix4, Quaternion, Sphere, Vector3, type Frustum, type Vector3Like } from "three";
import { STATE_CODES } from "./clay-material.ts";
import { InstanceGroup, type ClayMaterials } from "./instance-group.ts";
import { partGeometry } from "./part-geometry.ts";
import { StationBlocks } from "./station-blocks.ts";
import type { StationFrame } from "./viewer-frame.ts";

/** Where a placed part is drawn: which group, which instance. */
export interface DrawnPart {
  readonly part: PlacedPart;
  readonly model: PartModel;
  readonly matrix: Matrix4;
  readonly box: Box3;
  readonly slots: readonly { readonly group: InstanceGroup; readonly index: number }[];
}

const FAR_M = 90;
const NO_LINES_M = 120;
const UP = new Vector3(0, 1, 0);

/** One distinct part wherever it stands, near and far. */
interface Body {
  readonly near: InstanceGroup;
  readonly far: InstanceGroup;
  /** Of robots: what moves on them. */
  readonly links: readonly InstanceGroup[];
  readonly cluster: string | undefined;
  readonly bounds: Sphere;
}

/** Everything of a stage: one instance group per distinct part and level of detail, robots with their links. */
export class StageView {
  /** Bodies and their lines. */
  readonly standing = new Group();
  /** What is drawn over what stands and moves: links of robots, and panes, which are looked through. */
  readonly over = new Group();
  #lines = new Group();
  readonly drawn = new Map<string, DrawnPart>();
  readonly byStation = new Map<string, DrawnPart[]>();
  #materials: ClayMaterials;
  #bodies: Body[] = [];
  /** Of each part what it shows: state and beacon as one number. */
  #marks = new Map<string, number>();
  #robots = new Map<string, { readonly drawn: DrawnPart; readonly groups: readonly InstanceGroup[]; readonly index: number }>();

  readonly #blocks: StationBlocks;

  constructor(materials: ClayMaterials) {
    this.#materials = materials;
    this.#blocks = new StationBlocks(materials);
    this.standing.add(this.#lines, this.#blocks.group.root);
    this.#lines.add(this.#blocks.group.lines);
  }

  /** Lines have no depth of their own. */
  set linesVisible(value: boolean) {
    this.#lines.visible = value;
  }

  setStage(stage: Stage): void {
    this.#clear();
    const kinds = new Map<string, PlacedPart[]>();
    for (const part of stage.parts) if (part.kind !== "agv") put(kinds, groupKey(part), part);
    for (const parts of kinds.values()) this.#addGroup(parts);
    this.#blocks.set(stage.clusters ?? []);
  }

  /** Shows states, alarms and place failures; a part whose station is not told is drawn plain. Returns the parts that look different now. */
  setStations(stations: ReadonlyMap<string, StationFrame>): readonly DrawnPart[] {
    const changed: DrawnPart[] = [];
    const stale = new Set<InstanceGroup>();
    for (const drawn of this.drawn.values()) {
      const { part, slots } = drawn;
      const frame = part.stationId === undefined ? undefined : stations.get(part.stationId);
      const place = part.place === undefined ? undefined : frame?.places?.get(part.place);
      const state = STATE_CODES[part.kind === "person" ? "running" : (place?.state ?? frame?.state ?? "running")];
      const placesFail = frame?.places !== undefined && part.place !== undefined;
      const beacon = place?.beacon ?? (placesFail ? 0 : (frame?.beacon ?? 0));
      const mark = state * 8 + beacon;
      if (this.#marks.get(part.id) === mark) continue;
      this.#marks.set(part.id, mark);
      changed.push(drawn);
      for (const { group, index } of slots) {
        group.setMarks(index, state, -1, beacon, 0);
        stale.add(group);
      }
    }
    for (const group of stale) group.flush();
    for (const [id, { state, beacon = 0 }] of stations) this.#blocks.setMarks(id, STATE_CODES[state], beacon);
    return changed;
  }

  /** Poses a robot by its six joint angles. */
  poseRobot(id: string, joints: readonly [number, number, number, number, number, number]): void {
    const robot = this.#robots.get(id);
    if (robot === undefined) return;
    linkFrames(robot.drawn.model.links, linkAngles(joints)).forEach((frame, i) => {
      const group = robot.groups[i]!;
      group.setMatrix(robot.index, new Matrix4().fromArray(frame).premultiply(robot.drawn.matrix));
      group.flush();
    });
  }

  /**
   * Chooses near or far models by the distance of each group from the eye, and blocks for lines that are farther still; what lies outside of a frustum is left out.
   * True = other lines are blocks than before.
   */
  updateDetail(eye: Vector3Like, within?: Frustum): boolean {
    const isOther = within === undefined && this.#blocks.choose(eye);
    for (const { near, far, links, cluster, bounds } of this.#bodies) {
      const distance = Math.max(0, bounds.center.distanceTo(eye) - bounds.radius);
      const isFar = distance > FAR_M;
      const isDrawn = this.#blocks.isNear(cluster);
      const isSeen = isDrawn && (within?.intersectsSphere(bounds) ?? true);
      near.visible = isSeen && !isFar;
      far.visible = isSeen && isFar;
      far.edgesVisible = distance < NO_LINES_M;
      for (const link of links) link.visible = isDrawn;
    }
    return isOther;
  }

  partsOf(id: string): readonly DrawnPart[] {
    const own = this.drawn.get(id);
    if (own !== undefined) return [own];
    const station = this.byStation.get(id);
    if (station !== undefined) return station;
    return [...this.drawn.values()].filter(({ part }) => part.subject === id);
  }

  dispose(): void {
    this.#clear();
    this.#blocks.dispose();
  }

  #clear(): void {
    for (const { near, far } of this.#bodies) {
      near.dispose();
      far.dispose();
    }
    for (const robot of this.#robots.values()) for (const group of robot.groups) group.dispose();
    this.#bodies = [];
    this.#marks.clear();
    this.#robots.clear();
    this.drawn.clear();
    this.byStation.clear();
  }

  #addGroup(parts: readonly PlacedPart[]): void {
    const first = parts[0]!;
    const model = partModel(first, "near");
    const flat = first.kind === "aisle" || first.kind === "marking";
    const near = new InstanceGroup(partGeometry(model.mesh), this.#materials, parts.length, !flat);
    const far = new InstanceGroup(partGeometry(partModel(first, "far").mesh), this.#materials, parts.length, !flat);
    near.count = far.count = parts.length;
    const links = model.links.map((link) => {
      // The sun's shadow is rendered once a stage: what moves casts none, rather than a stale one.
      const group = new InstanceGroup(partGeometry(link.mesh), this.#materials, parts.length, false);
      group.count = parts.length;
      group.culled = false;
      this.over.add(group.root);
      return group;
    });
    const bounds = new Box3();
    parts.forEach((part, i) => {
      const drawn = this.#draw(
        part,
        partModel(part, "near"),
        [near, far, ...links].map((group) => ({ group, index: i })),
      );
      near.setMatrix(i, drawn.matrix);
      far.setMatrix(i, drawn.matrix);
      bounds.union(drawn.box);
      if (links.length > 0) {
        this.#robots.set(part.id, { drawn, groups: links, index: i });
        if (part.kind === "robot") this.poseRobot(part.id, parametersOf("robot", part.parameters).joints);
      }
    });
    for (const group of [near, far]) {
      group.bound();
      group.flush();
      this.standing.add(group.root);
      this.#lines.add(group.lines);
      this.over.add(group.panes);
    }
    this.#bodies.push({ near, far, links, cluster: first.cluster, bounds: bounds.getBoundingSphere(new Sphere()) });
  }

  #draw(part: PlacedPart, model: PartModel, slots: DrawnPart["slots"]): DrawnPart {
    const matrix = new Matrix4().compose(
      new Vector3(...part.position),
      new Quaternion().setFromAxisAngle(UP, part.turn),
      new Vector3(1, 1, 1),
    );
    const box = new Box3(new Vector3(...model.box.min), new Vector3(...model.box.max)).applyMatrix4(matrix);
    const drawn: DrawnPart = { part, model, matrix, box, slots };
    this.drawn.set(part.id, drawn);
    if (part.stationId !== undefined) put(this.byStation, part.stationId, drawn);
    return drawn;
  }
}

/** Robots that differ only in pose share one group. */
function groupKey(part: PlacedPart): string {
  const parameters: Record<string, unknown> = { ...parametersOf(part.kind, part.parameters) };
  if (part.kind === "robot") delete parameters["joints"];
  return `${part.cluster ?? ""}|${part.kind}|${JSON.stringify(parameters)}`;
}

function put<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
