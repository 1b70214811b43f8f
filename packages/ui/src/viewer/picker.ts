import { Box3, Matrix4, Ray, Vector3, type BufferGeometry } from "three";
import { MeshBVH } from "three-mesh-bvh";
import type { DrawnPart } from "./drawn-part.ts";
import type { StageView } from "./stage-view.ts";

/** What lies under a pointer. */
export interface Hit {
  readonly partId?: string;
  readonly stationId?: string;
  readonly subject?: string;
  readonly serial?: string;
  readonly at: readonly [number, number, number];
}

/** Casts rays against boxes first, then against a BVH of the candidate's mesh: no GPU read-back. */
export class Picker {
  #trees = new WeakMap<BufferGeometry, MeshBVH>();
  #inverse = new Matrix4();
  #local = new Ray();
  #point = new Vector3();

  pick(
    ray: Ray,
    stage: StageView,
    movers: readonly { readonly serial: string; readonly box: Box3 }[],
    floor: Vector3 | undefined,
  ): Hit | undefined {
    let best: { hit: Hit; distance: number } | undefined;
    const offer = (hit: Omit<Hit, "at">, point: Vector3): void => {
      const distance = point.distanceTo(ray.origin);
      if (best === undefined || distance < best.distance) best = { hit: { ...hit, at: [point.x, point.y, point.z] }, distance };
    };
    for (const { serial, box } of movers) {
      const point = ray.intersectBox(box, this.#point);
      if (point !== null) offer({ serial }, point);
    }
    for (const drawn of stage.drawn.values()) {
      if (drawn.part.kind === "aisle" || !ray.intersectsBox(drawn.box)) continue;
      const point = this.#exact(ray, drawn);
      if (point !== undefined) offer(hitOf(drawn), point);
    }
    return best?.hit ?? (floor === undefined ? undefined : { at: [floor.x, floor.y, floor.z] });
  }

  #exact(ray: Ray, drawn: DrawnPart): Vector3 | undefined {
    let nearest: Vector3 | undefined;
    const matrix = new Matrix4();
    drawn.slots.forEach(({ group, index }, i) => {
      // Slot 1 is the far model of the same body.
      if (i === 1 || group.geometry.solid === undefined) return;
      group.matrixAt(index, matrix);
      this.#local.copy(ray).applyMatrix4(this.#inverse.copy(matrix).invert());
      const found = this.#tree(group.geometry.solid).raycastFirst(this.#local);
      if (!found) return;
      const point = found.point.clone().applyMatrix4(matrix);
      if (nearest === undefined || point.distanceTo(ray.origin) < nearest.distanceTo(ray.origin)) nearest = point;
    });
    return nearest;
  }

  #tree(geometry: BufferGeometry): MeshBVH {
    let tree = this.#trees.get(geometry);
    if (tree === undefined) this.#trees.set(geometry, (tree = new MeshBVH(geometry, { indirect: true })));
    return tree;
  }
}

function hitOf(drawn: DrawnPart): Omit<Hit, "at"> {
  const { id, stationId, subject } = drawn.part;
  return { partId: id, ...(stationId === undefined ? {} : { stationId }), ...(subject === undefined ? {} : { subject }) };
}
