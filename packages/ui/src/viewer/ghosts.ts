import { partModel, type PlacedPart, type Pose, type StageChange } from "@doppelwerk/scene";
import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DoubleSide,
  Group,
  LineDashedMaterial,
  LineBasicMaterial,
  LineSegments,
  Line,
  Mesh,
  MeshBasicMaterial,
  Quaternion,
  Vector3,
  type Material,
  type Object3D,
} from "three";

const UP = new Vector3(0, 1, 0);
const ARROW_LIFT_M = 0.35;

/** What a branch changes, over the stage it changes: new parts in the branch's hue, gone parts as dashed lines, moved parts with an arrow from their old place. */
export class Ghosts {
  readonly root = new Group();
  #owned: { dispose(): void }[] = [];

  set(changes: readonly StageChange[], hue: Color): void {
    this.#clear();
    const body = this.#own(
      new MeshBasicMaterial({
        color: hue,
        transparent: true,
        opacity: 0.34,
        depthWrite: false,
        polygonOffset: true,
        polygonOffsetFactor: -1,
        polygonOffsetUnits: -1,
      }),
    );
    const faint = this.#own(new MeshBasicMaterial({ color: hue, transparent: true, opacity: 0.1, depthWrite: false, side: DoubleSide }));
    const line = this.#own(new LineBasicMaterial({ color: hue, transparent: true, opacity: 0.9 }));
    const dashed = this.#own(new LineDashedMaterial({ color: hue, transparent: true, opacity: 0.9, dashSize: 0.12, gapSize: 0.09 }));
    for (const change of changes) {
      if (change.kind === "added") this.#solid(change.part, change.part, body, line);
      else if (change.kind === "removed") this.#solid(change.part, change.part, faint, dashed);
      else if (change.kind === "changed") this.#solid(change.part, change.part, body, line);
      else {
        this.#solid(change.part, change.from, faint, dashed);
        this.#solid(change.part, change.part, body, line);
        this.#arrow(change.from, change.part, line, body);
      }
    }
    this.root.updateMatrixWorld();
  }

  dispose(): void {
    this.#clear();
  }

  #own<T extends { dispose(): void }>(resource: T): T {
    this.#owned.push(resource);
    return resource;
  }

  #clear(): void {
    this.root.clear();
    for (const resource of this.#owned) resource.dispose();
    this.#owned = [];
  }

  #solid(part: PlacedPart, pose: Pose, body: Material, line: LineBasicMaterial): void {
    const { mesh } = partModel(part, "near");
    const geometry = this.#own(new BufferGeometry());
    geometry.setAttribute("position", new BufferAttribute(mesh.positions, 3));
    geometry.setIndex(new BufferAttribute(mesh.indices, 1));
    const lines = this.#own(new BufferGeometry());
    lines.setAttribute("position", new BufferAttribute(mesh.edges, 3));
    const edges = new LineSegments(lines, line);
    if (line instanceof LineDashedMaterial) edges.computeLineDistances();
    for (const object of [new Mesh(geometry, body), edges] as Object3D[]) {
      object.position.set(...pose.position);
      object.quaternion.copy(new Quaternion().setFromAxisAngle(UP, pose.turn));
      object.renderOrder = 3;
      this.root.add(object);
    }
  }

  /** A low arc on the floor from the old place to the new, with a flat head. */
  #arrow(from: Pose, to: Pose, line: LineBasicMaterial, body: Material): void {
    const [a, b] = [new Vector3(...from.position).setY(ARROW_LIFT_M), new Vector3(...to.position).setY(ARROW_LIFT_M)];
    const along = b.clone().sub(a);
    if (along.length() < 0.4) return;
    along.normalize();
    const side = new Vector3(-along.z, 0, along.x);
    const neck = b.clone().addScaledVector(along, -0.5);
    const head = this.#own(
      new BufferGeometry().setFromPoints([b, neck.clone().addScaledVector(side, 0.22), neck.clone().addScaledVector(side, -0.22)]),
    );
    this.root.add(new Line(this.#own(new BufferGeometry().setFromPoints([a, neck])), line), new Mesh(head, body));
  }
}
