import { Box3, Vector3 } from "three";
import type { DrawnPart } from "./drawn-part.ts";

/** Half the width of who walks, and so the least distance of the eye from anything. */
const BODY_M = 0.4;
/** Lower things are seen over; what hangs higher is walked under. */
const OVER_M = 1.2;
const UNDER_M = 1.9;
const STEP_M = 0.1;
/** What is rounded on the way to a camera and back is no step into anything. */
const ROUNDING_M = 0.001;
const RING_M = 0.25;
const RINGS = 240;
const ANGLES = 24;

interface Rectangle {
  readonly minX: number;
  readonly maxX: number;
  readonly minZ: number;
  readonly maxZ: number;
}

/** What stands in the way of somebody who walks. Walls are drawn cut, so that one looks over them, and are whole all the same. */
export function obstaclesOf(drawn: Iterable<Pick<DrawnPart, "part" | "box">>): readonly Box3[] {
  return Array.from(drawn, ({ part, box }) =>
    part.kind === "wall" ? box.clone().expandByPoint(new Vector3(box.min.x, UNDER_M, box.min.z)) : box,
  );
}

/** The floor on which somebody walks, in metres: where they can stand, and how far a step goes. */
export class WalkFloor {
  #blocked: readonly Rectangle[] = [];

  /** Replaces what stands on it. */
  set(boxes: Iterable<Box3>): void {
    this.#blocked = Array.from(boxes).flatMap(({ min, max }) =>
      max.y <= OVER_M || min.y >= UNDER_M
        ? []
        : [{ minX: min.x - BODY_M, maxX: max.x + BODY_M, minZ: min.z - BODY_M, maxZ: max.z + BODY_M }],
    );
  }

  isFree(x: number, z: number, apart = 0): boolean {
    return this.#blocked.every(
      ({ minX, maxX, minZ, maxZ }) => x <= minX - apart || x >= maxX + apart || z <= minZ - apart || z >= maxZ + apart,
    );
  }

  /** Where a step ends: along what stands in the way, never into it. Who stands inside something may leave it. */
  step(x: number, z: number, dx: number, dz: number): readonly [x: number, z: number] {
    const parts = Math.max(1, Math.ceil(Math.hypot(dx, dz) / STEP_M));
    const [partX, partZ] = [dx / parts, dz / parts];
    let isInside = !this.isFree(x, z);
    for (let i = 0; i < parts; i++) {
      const next = [
        [x + partX, z + partZ],
        [x + partX, z],
        [x, z + partZ],
      ] as const;
      const free = next.find(([toX, toZ]) => isInside || this.isFree(toX, toZ, ROUNDING_M));
      if (free === undefined) break;
      [x, z] = free;
      isInside &&= !this.isFree(x, z);
    }
    return [x, z];
  }

  /** The nearest place where somebody can stand; of several alike the one in this direction (radians about +Y from +z). */
  nearestFree(x: number, z: number, towards: number): readonly [x: number, z: number] {
    if (this.isFree(x, z)) return [x, z];
    for (let ring = 1; ring <= RINGS; ring++) {
      for (let i = 0; i < ANGLES; i++) {
        const angle = towards + (i % 2 === 0 ? 1 : -1) * Math.ceil(i / 2) * ((2 * Math.PI) / ANGLES);
        const [toX, toZ] = [x + Math.sin(angle) * ring * RING_M, z + Math.cos(angle) * ring * RING_M];
        if (this.isFree(toX, toZ, ROUNDING_M)) return [toX, toZ];
      }
    }
    return [x, z];
  }
}
