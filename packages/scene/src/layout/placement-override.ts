import { flowPath } from "../stage/flow-path.ts";
import { placed, placedPose, unplaced } from "../stage/placement.ts";
import type { FlowPath, Stage, StageStation } from "../stage/stage.ts";
import type { Pose, Vec3 } from "../pose.ts";
import type { PlacementOverrides } from "./line-sketch.ts";

/** Moves named stations to their documents' poses (of the middle of their footprint); ways to and from them follow with their ends. Conveyors between stations stay where they were. */
export function applyOverrides(stage: Stage, overrides: PlacementOverrides): Stage {
  const moves = new Map<string, (pose: Pose) => Pose>();
  for (const station of stage.stations) {
    const target = overrides.get(station.id);
    if (target !== undefined) moves.set(station.id, mover(station, target));
  }
  const parts = stage.parts.map((part) => {
    const move = part.stationId === undefined ? undefined : moves.get(part.stationId);
    return move === undefined ? part : { ...part, ...move(part) };
  });
  const stations = stage.stations.map((station) => {
    const move = moves.get(station.id);
    return move === undefined ? station : movedStation(station, move);
  });
  return { ...stage, parts, stations, paths: stage.paths.map((path) => movedPath(path, moves)) };
}

function mover(station: StageStation, target: Pose): (pose: Pose) => Pose {
  const from: Pose = { position: [station.footprint.centre[0], 0, station.footprint.centre[1]], turn: station.footprint.turn };
  return (pose) => placedPose(target, { position: unplaced(from, pose.position), turn: pose.turn - from.turn });
}

function movedStation(station: StageStation, move: (pose: Pose) => Pose): StageStation {
  const point = (position: Vec3): Vec3 => move({ position, turn: 0 }).position;
  const middle = move({ position: [station.footprint.centre[0], 0, station.footprint.centre[1]], turn: station.footprint.turn });
  return {
    ...station,
    labelAt: point(station.labelAt),
    beaconAt: point(station.beaconAt),
    places: station.places.map(move),
    buffer: station.buffer.map((slot) => (slot.path === undefined ? { ...slot, ...move(slot) } : slot)),
    footprint: { ...station.footprint, centre: [middle.position[0], middle.position[2]], turn: middle.turn },
  };
}

function movedPath(path: FlowPath, moves: ReadonlyMap<string, (pose: Pose) => Pose>): FlowPath {
  const [from, to] = [moves.get(path.from), moves.get(path.to)];
  if (from === undefined && to === undefined) return path;
  const points = [...path.points];
  const end = (move: (pose: Pose) => Pose, i: number): void => {
    points[i] = placed({ position: [0, 0, 0], turn: 0 }, move({ position: points[i]!, turn: 0 }).position);
  };
  if (from !== undefined) end(from, 0);
  if (to !== undefined) end(to, points.length - 1);
  return flowPath(path.from, path.to, path.kind, points);
}
