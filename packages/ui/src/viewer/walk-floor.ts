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
/** A walk begins this far from anything, low things too; what is flatter than a step lies on the floor. */
const CLEAR_M = 0.9;
const STEP_OVER_M = 0.12;
/** It begins with this much free floor ahead, across what is seen, and with something of a line not farther than that. */
const AHEAD_M = 3.5;
const SEEN_M = 18;
const RAYS = [-0.45, -0.3, -0.15, 0, 0.15, 0.3, 0.45];
const TURNS = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6].map((turn) => (turn * Math.PI) / 6);
const START_RINGS = 120;

/** Where a walk begins and which way it looks: radians of the eye about +Y, as of a camera. */
interface WalkStart {
  readonly x: number;
  readonly z: number;
  readonly yaw: number;
}

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
  /** All that stands, low things too. */
  #bodies: readonly Rectangle[] = [];
  #lines: readonly Rectangle[] = [];

  /** Replaces what stands on it, and what of it belongs to a line. */
  set(boxes: Iterable<Box3>, lines: Iterable<Box3> = []): void {
    const all = Array.from(boxes);
    this.#bodies = all.flatMap(footprintOf);
    this.#lines = Array.from(lines).flatMap(footprintOf);
    this.#blocked = all.flatMap(({ min, max }) =>
      max.y <= OVER_M || min.y >= UNDER_M
        ? []
        : [{ minX: min.x - BODY_M, maxX: max.x + BODY_M, minZ: min.z - BODY_M, maxZ: max.z + BODY_M }],
    );
  }

  /** Replaces what stands on it by what is drawn of a stage: stations are of lines. */
  stand(drawn: readonly Pick<DrawnPart, "part" | "box">[]): void {
    this.set(
      obstaclesOf(drawn),
      drawn.filter(({ part }) => part.stationId !== undefined).map(({ box }) => box),
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

  /** The free place nearest to this one from which a line is seen across free floor: beside everything, looking the asked way where that sees one. */
  start(lookedX: number, lookedZ: number, yaw: number): WalkStart {
    const [x, z] = this.#besideLine(lookedX, lookedZ);
    for (let ring = 0; ring <= START_RINGS; ring++) {
      for (let i = 0; i < (ring === 0 ? 1 : ANGLES); i++) {
        const angle = yaw + (i % 2 === 0 ? 1 : -1) * Math.ceil(i / 2) * ((2 * Math.PI) / ANGLES);
        const [toX, toZ] = [x + Math.sin(angle) * ring * RING_M, z + Math.cos(angle) * ring * RING_M];
        const turn = this.#isClear(toX, toZ) ? this.#turnTo(toX, toZ, yaw) : undefined;
        if (turn !== undefined) return { x: toX, z: toZ, yaw: turn };
      }
    }
    const [freeX, freeZ] = this.nearestFree(x, z, yaw);
    return { x: freeX, z: freeZ, yaw };
  }

  /** The same place, or where no line is near, the nearest point of one. */
  #besideLine(x: number, z: number): readonly [x: number, z: number] {
    let best: Rectangle | undefined;
    for (const line of this.#lines) if (best === undefined || distance(line, x, z) < distance(best, x, z)) best = line;
    if (best === undefined || distance(best, x, z) < SEEN_M / 2) return [x, z];
    return [Math.min(Math.max(x, best.minX), best.maxX), Math.min(Math.max(z, best.minZ), best.maxZ)];
  }

  #isClear(x: number, z: number): boolean {
    return this.#bodies.every((body) => distance(body, x, z) >= CLEAR_M) && this.isFree(x, z, ROUNDING_M);
  }

  /** The turn nearest to the asked one that sees a line across free floor. */
  #turnTo(x: number, z: number, yaw: number): number | undefined {
    const isNear = (body: Rectangle): boolean => distance(body, x, z) < SEEN_M;
    const [bodies, lines] = [this.#bodies.filter(isNear), this.#lines.filter(isNear)];
    if (this.#lines.length > 0 && lines.length === 0) return undefined;
    return TURNS.map((turn) => yaw + turn).find((turn) => {
      const ways = RAYS.map((ray) => [-Math.sin(turn + ray), -Math.cos(turn + ray)] as const);
      if (ways.some(([dx, dz]) => bodies.some((body) => reach(body, x, z, dx, dz) < AHEAD_M))) return false;
      return this.#lines.length === 0 || ways.filter(([dx, dz]) => lines.some((line) => reach(line, x, z, dx, dz) < SEEN_M)).length >= 3;
    });
  }
}

function footprintOf({ min, max }: Box3): readonly Rectangle[] {
  return max.y <= STEP_OVER_M || min.y >= UNDER_M ? [] : [{ minX: min.x, maxX: max.x, minZ: min.z, maxZ: max.z }];
}

function distance({ minX, maxX, minZ, maxZ }: Rectangle, x: number, z: number): number {
  return Math.hypot(Math.max(minX - x, 0, x - maxX), Math.max(minZ - z, 0, z - maxZ));
}

/** How far a look goes before it meets a rectangle; infinite when it passes. */
function reach({ minX, maxX, minZ, maxZ }: Rectangle, x: number, z: number, dx: number, dz: number): number {
  const [nearX, farX] = slab(minX - x, maxX - x, dx);
  const [nearZ, farZ] = slab(minZ - z, maxZ - z, dz);
  const [near, far] = [Math.max(nearX, nearZ, 0), Math.min(farX, farZ)];
  return near <= far ? near : Infinity;
}

function slab(from: number, to: number, direction: number): readonly [near: number, far: number] {
  if (direction === 0) return from <= 0 && to >= 0 ? [-Infinity, Infinity] : [Infinity, -Infinity];
  const [a, b] = [from / direction, to / direction];
  return [Math.min(a, b), Math.max(a, b)];
}
