import { linkAngles, linkFrames, partModel, parametersOf, type PlacedPart } from "@doppelwerk/scene";
import { Box3, Group, Matrix4, Sphere, type Frustum, type Vector3Like } from "three";
import type { DrawnPart, PartSlot } from "./drawn-part.ts";
import { InstanceGroup, type ClayMaterials } from "./instance-group.ts";
import { partGeometry } from "./part-geometry.ts";

const FAR_M = 90;
const NO_LINES_M = 120;

/** One distinct part wherever it stands, near and far. */
interface Body {
  readonly near: InstanceGroup;
  readonly far: InstanceGroup;
  /** Of robots: what moves on them. */
  readonly links: readonly InstanceGroup[];
  readonly bounds: Sphere;
}

interface Robot {
  readonly drawn: DrawnPart;
  readonly groups: readonly InstanceGroup[];
  readonly index: number;
}

/** What a part shows: the code of its state, and its beacon. */
export type MarksOf = (id: string) => readonly [state: number, beacon: number];

/** What is drawn of one line of a site, or of all that stands alone: one instance group per distinct part and level of detail, robots with their links. */
export class PartBodies {
  /** Bodies, their lines, and what is drawn over what stands and moves: links of robots, and panes. */
  readonly standing = new Group();
  readonly lines = new Group();
  readonly over = new Group();
  readonly #bodies: Body[] = [];
  readonly #slots = new Map<string, readonly PartSlot[]>();
  readonly #robots = new Map<string, Robot>();
  readonly #materials: ClayMaterials;

  constructor(parts: readonly DrawnPart[], materials: ClayMaterials, marksOf: MarksOf) {
    this.#materials = materials;
    const kinds = new Map<string, DrawnPart[]>();
    for (const drawn of parts) {
      const key = groupKey(drawn.part);
      const same = kinds.get(key);
      if (same === undefined) kinds.set(key, [drawn]);
      else same.push(drawn);
    }
    for (const same of kinds.values()) this.#addGroup(same, marksOf);
  }

  /** Where a part is drawn: near, far, then its links. */
  slotsOf(id: string): readonly PartSlot[] {
    return this.#slots.get(id) ?? [];
  }

  /** Poses a robot by its six joint angles; another part is left as it is. */
  poseRobot(id: string, joints: readonly [number, number, number, number, number, number]): void {
    const robot = this.#robots.get(id);
    if (robot === undefined) return;
    linkFrames(robot.drawn.model.links, linkAngles(joints)).forEach((frame, i) => {
      const group = robot.groups[i]!;
      group.setMatrix(robot.index, new Matrix4().fromArray(frame).premultiply(robot.drawn.matrix));
      group.flush();
    });
  }

  /** Chooses near or far models by the distance of each group from the eye; what lies outside of a frustum is left out. */
  updateDetail(eye: Vector3Like, within?: Frustum): void {
    for (const { near, far, links, bounds } of this.#bodies) {
      const distance = Math.max(0, bounds.center.distanceTo(eye) - bounds.radius);
      const isFar = distance > FAR_M;
      const isSeen = within?.intersectsSphere(bounds) ?? true;
      near.visible = isSeen && !isFar;
      far.visible = isSeen && isFar;
      far.edgesVisible = distance < NO_LINES_M;
      for (const link of links) link.visible = true;
    }
  }

  dispose(): void {
    for (const { near, far, links } of this.#bodies) for (const group of [near, far, ...links]) group.dispose();
    for (const root of [this.standing, this.lines, this.over]) root.removeFromParent();
  }

  #addGroup(parts: readonly DrawnPart[], marksOf: MarksOf): void {
    const { part: first, model } = parts[0]!;
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
    parts.forEach((drawn, index) => {
      const { part } = drawn;
      const slots = [near, far, ...links].map((group) => ({ group, index }));
      this.#slots.set(part.id, slots);
      near.setMatrix(index, drawn.matrix);
      far.setMatrix(index, drawn.matrix);
      const [state, beacon] = marksOf(part.id);
      for (const { group } of slots) group.setMarks(index, state, -1, beacon, 0);
      bounds.union(drawn.box);
      if (links.length === 0) return;
      this.#robots.set(part.id, { drawn, groups: links, index });
      if (part.kind === "robot") this.poseRobot(part.id, parametersOf("robot", part.parameters).joints);
    });
    for (const group of [near, far]) {
      group.bound();
      group.flush();
      this.standing.add(group.root);
      this.lines.add(group.lines);
      this.over.add(group.panes);
    }
    this.#bodies.push({ near, far, links, bounds: bounds.getBoundingSphere(new Sphere()) });
  }
}

/** Robots that differ only in pose share one group. */
function groupKey(part: PlacedPart): string {
  const parameters: Record<string, unknown> = { ...parametersOf(part.kind, part.parameters) };
  if (part.kind === "robot") delete parameters["joints"];
  return `${part.kind}|${JSON.stringify(parameters)}`;
}
