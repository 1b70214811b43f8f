import { linkAngles, linkFrames, partModel, parametersOf, type PartModel, type PlacedPart, type Stage } from "@doppelwerk/scene";
import { Box3, Group, Matrix4, Quaternion, Vector3, type Vector3Like } from "three";
import { STATE_CODES } from "./clay-material.ts";
import { InstanceGroup, type ClayMaterials } from "./instance-group.ts";
import { partGeometry } from "./part-geometry.ts";
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

/** Everything of a stage that stands: one instance group per distinct part and level of detail, robots with their links. */
export class StageView {
  readonly root = new Group();
  readonly drawn = new Map<string, DrawnPart>();
  readonly byStation = new Map<string, DrawnPart[]>();
  #materials: ClayMaterials;
  #bodies: { readonly near: InstanceGroup; readonly far: InstanceGroup; readonly centre: Vector3; readonly radius: number }[] = [];
  #robots = new Map<string, { readonly drawn: DrawnPart; readonly groups: readonly InstanceGroup[]; readonly index: number }>();

  constructor(materials: ClayMaterials) {
    this.#materials = materials;
  }

  setStage(stage: Stage): void {
    this.#clear();
    const kinds = new Map<string, PlacedPart[]>();
    for (const part of stage.parts) if (part.kind !== "agv") put(kinds, groupKey(part), part);
    for (const parts of kinds.values()) this.#addGroup(parts);
  }

  /** Shows states, alarms and place failures; a part whose station is not told is drawn plain. */
  setStations(stations: ReadonlyMap<string, StationFrame>): void {
    for (const { part, slots } of this.drawn.values()) {
      const frame = part.stationId === undefined ? undefined : stations.get(part.stationId);
      const place = part.place === undefined ? undefined : frame?.places?.get(part.place);
      const state = part.kind === "person" ? "running" : (place?.state ?? frame?.state ?? "running");
      const placesFail = frame?.places !== undefined && part.place !== undefined;
      const beacon = place?.beacon ?? (placesFail ? 0 : (frame?.beacon ?? 0));
      for (const { group, index } of slots) group.setMarks(index, STATE_CODES[state], -1, beacon, 0);
    }
    for (const { near, far } of this.#bodies) {
      near.flush();
      far.flush();
    }
    for (const robot of this.#robots.values()) for (const group of robot.groups) group.flush();
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

  /** Chooses near or far models by the distance of each group from the eye. */
  updateDetail(eye: Vector3Like): void {
    for (const { near, far, centre, radius } of this.#bodies) {
      const distance = Math.max(0, centre.distanceTo(eye) - radius);
      const isFar = distance > FAR_M;
      near.root.visible = !isFar;
      far.root.visible = isFar;
      far.edgesVisible = distance < NO_LINES_M;
    }
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
  }

  #clear(): void {
    for (const { near, far } of this.#bodies) {
      near.dispose();
      far.dispose();
    }
    for (const robot of this.#robots.values()) for (const group of robot.groups) group.dispose();
    this.root.clear();
    this.#bodies = [];
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
      this.root.add(group.root);
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
      this.root.add(group.root);
    }
    const centre = bounds.getCenter(new Vector3());
    this.#bodies.push({ near, far, centre, radius: bounds.getSize(new Vector3()).length() / 2 });
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
  return `${part.kind}|${JSON.stringify(parameters)}`;
}

function put<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
