import { streamOf } from "../random/philox.ts";
import type { FlowModel, FlowRobot } from "./flow-model.ts";
import { type CompiledTime, MICROSECONDS, compileTime } from "./flow-time.ts";

export interface CompiledRobots {
  readonly robots: readonly {
    readonly id: string;
    readonly home: number;
    readonly pick: CompiledTime;
    readonly place: CompiledTime;
    readonly pickStream: number;
    readonly placeStream: number;
  }[];
  readonly positions: readonly string[];
  /** Microseconds: (robot · positions + from) · positions + to. */
  readonly travel: Float64Array<ArrayBuffer>;
  /** Position → zone, −1 none. */
  readonly zoneOf: readonly number[];
  readonly zones: number;
}

export function compileRobots(model: FlowModel): CompiledRobots {
  const positions = model.positions ?? [];
  const robots = model.robots ?? [];
  const zones = [...new Set(positions.flatMap((position) => position.zone ?? []))];
  const P = positions.length;
  const travel = new Float64Array(robots.length * P * P);
  robots.forEach((robot, index) =>
    positions.forEach((a, from) =>
      positions.forEach(
        (b, to) => (travel[(index * P + from) * P + to] = Math.round(moveSeconds(robot, distanceM(a.at, b.at)) * MICROSECONDS)),
      ),
    ),
  );
  return {
    robots: robots.map((robot) => ({
      id: robot.id,
      home: positions.findIndex((position) => position.id === robot.home),
      pick: compileTime(robot.pickS ?? 0),
      place: compileTime(robot.placeS ?? 0),
      pickStream: streamOf(robot.id, "pick"),
      placeStream: streamOf(robot.id, "place"),
    })),
    positions: positions.map((position) => position.id),
    travel,
    zoneOf: positions.map((position) => (position.zone === undefined ? -1 : zones.indexOf(position.zone))),
    zones: zones.length,
  };
}

/** Metres between two points. */
export function distanceM(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt((a[0]! - b[0]!) ** 2 + (a[1]! - b[1]!) ** 2 + ((a[2] ?? 0) - (b[2] ?? 0)) ** 2);
}

/** Straight from stand to stand: trapezoidal speed where an acceleration is given. */
function moveSeconds({ speedMps, accelerationMps2 }: FlowRobot, metres: number): number {
  if (accelerationMps2 === undefined) return metres / speedMps;
  const ramps = (speedMps * speedMps) / accelerationMps2;
  return metres >= ramps ? metres / speedMps + speedMps / accelerationMps2 : 2 * Math.sqrt(metres / accelerationMps2);
}
