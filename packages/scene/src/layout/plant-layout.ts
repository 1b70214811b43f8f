import { flowPath, poseAt } from "../stage/flow-path.ts";
import { placed, placedPose } from "../stage/placement.ts";
import type { BufferSlot, FlowPath, PlacedPart, Stage, StageStation } from "../stage/stage.ts";
import type { Pose, Vec3 } from "../pose.ts";
import type { LineSketch, PlacementOverrides, StationSketch } from "./line-sketch.ts";
import { foldRows, orderLine, type LineOrder } from "./line-order.ts";
import { applyOverrides } from "./placement-override.ts";
import { bend, conveyAlong, CURVE_RADIUS_M, Spine, straight } from "./spine.ts";
import { LINE_HEIGHT_M, stationBlock, type StationBlock } from "./station-block.ts";
import { surround } from "./surroundings.ts";

/** Pitch of parts waiting on a conveyor. */
export const SLOT_PITCH_M = 0.78;
const ROW_GAP_M = 10.9;
const BRANCH_OFFSET_M = 4.2;
const LANE_OFFSET_M = 3.3;
const INFEED_M = 1.4;

/** A station laid down: its block, its frame in the world, and for the main line its stretch of the spine. */
export interface LaidStation {
  readonly station: StationSketch;
  readonly block: StationBlock;
  readonly frame: Pose;
  readonly row: number;
  readonly entryM: number;
  readonly exitM: number;
  /** First of a later row: its buffer lies round the corner. */
  readonly afterCorner: boolean;
}

/** What grows while a plant is laid out. */
interface Plan {
  readonly spine: Spine;
  readonly parts: PlacedPart[];
  readonly laid: Map<string, LaidStation>;
  readonly paths: FlowPath[];
  readonly rowZ: number[];
}

/**
 * A clean plant for an ordered line: rows joined by bends (two rows make a U), people and logistics on their sides,
 * sub-assembly and rework inside, an aisle around with racks in front. Deterministic. Stations named in `overrides`
 * are then moved, and the ways to and from them follow.
 */
export function layOutLine(line: LineSketch, overrides: PlacementOverrides = new Map()): Stage {
  const order = orderLine(line);
  const plan: Plan = { spine: new Spine(), parts: [], laid: new Map(), paths: [], rowZ: [] };
  if (order.main.length > 0) layRows(plan, order.main, line.rows ?? 2);
  for (const flow of mainPairs(order.main)) plan.paths.push(mainPath(plan, flow[0], flow[1]));
  order.branches.forEach((branch, i) => layBranch(plan, branch, i));
  order.rework.forEach((entry, i) => layRework(plan, entry, i));
  const stations = line.stations.flatMap((station) => stageStation(plan, station));
  const around = surround(line, stations, plan.parts);
  const stage: Stage = {
    parts: [...plan.parts, ...around.parts],
    stations,
    paths: plan.paths,
    tracks: around.tracks,
    bounds: around.bounds,
  };
  return overrides.size === 0 ? stage : applyOverrides(stage, overrides);
}

function mainPairs(main: readonly StationSketch[]): readonly (readonly [string, string])[] {
  return main.slice(1).map((station, i) => [main[i]!.id, station.id] as const);
}

function gapBefore(station: StationSketch): number {
  return Math.max(0.6, station.buffer * SLOT_PITCH_M + 0.3);
}

function layRows(plan: Plan, main: readonly StationSketch[], rows: number): void {
  const lengths = main.map((station) => gapBefore(station) + stationBlock(station, { flip: false }).lengthM);
  const ends = foldRows(lengths, rows);
  let cursor: Vec3 = [0, LINE_HEIGHT_M, 0];
  plan.spine.add(cursor);
  let start = 0;
  ends.forEach((end, row) => {
    const direction = row % 2 === 0 ? 1 : -1;
    plan.rowZ.push(cursor[2]);
    for (let i = start; i < end; i++) cursor = layOnRow(plan, main[i]!, cursor, direction, row, i === start);
    if (row + 1 < ends.length) cursor = turnCorner(plan, cursor, direction, row);
    start = end;
  });
}

function layOnRow(plan: Plan, station: StationSketch, cursor: Vec3, direction: 1 | -1, row: number, first: boolean): Vec3 {
  const gap = first ? (row === 0 ? INFEED_M : 0.5) : gapBefore(station);
  const start: Vec3 = [cursor[0] + direction * gap, cursor[1], cursor[2]];
  plan.parts.push(straight(`${station.id}/infeed`, cursor, start));
  plan.spine.add(start);
  const block = stationBlock(station, { flip: direction < 0 });
  const frame: Pose = { position: [start[0] + (direction * block.lengthM) / 2, 0, start[2]], turn: direction > 0 ? 0 : Math.PI };
  const middleM = plan.spine.lengthM + block.lengthM / 2;
  place(plan, { station, block, frame, row, entryM: middleM + block.entryX, exitM: middleM + block.exitX, afterCorner: first && row > 0 });
  const end: Vec3 = [start[0] + direction * block.lengthM, start[1], start[2]];
  plan.spine.add(end);
  return end;
}

/** From the end of a row round to the start of the next: bend, cross-piece, bend. */
function turnCorner(plan: Plan, cursor: Vec3, direction: 1 | -1, row: number): Vec3 {
  const side = direction > 0 ? -1 : 1;
  const spare: Vec3 = [cursor[0] + direction * 0.6, cursor[1], cursor[2]];
  plan.parts.push(straight(`corner-${row + 1}/out`, cursor, spare));
  plan.spine.add(spare);
  const first = bend(`corner-${row + 1}/bend-1`, spare, direction > 0 ? 0 : Math.PI, side);
  for (const point of first.points) plan.spine.add(point);
  const a = first.points[first.points.length - 1]!;
  const b: Vec3 = [a[0], a[1], a[2] + ROW_GAP_M - 2 * CURVE_RADIUS_M];
  plan.spine.add(b);
  const second = bend(`corner-${row + 1}/bend-2`, b, -Math.PI / 2, side);
  for (const point of second.points) plan.spine.add(point);
  plan.parts.push(first.part, straight(`corner-${row + 1}/cross`, a, b), second.part);
  return second.points[second.points.length - 1]!;
}

function place(plan: Plan, laid: LaidStation): void {
  const { station, block, frame } = laid;
  plan.laid.set(station.id, laid);
  for (const { key, spec, position, turn, place: index } of block.parts) {
    const base = { ...spec, ...placedPose(frame, { position, turn }), id: `${station.id}/${key}`, stationId: station.id } as PlacedPart;
    plan.parts.push({
      ...base,
      ...(index === undefined ? {} : { place: index }),
      ...(station.subject === undefined ? {} : { subject: station.subject }),
    } as PlacedPart);
  }
}

function mainPath(plan: Plan, from: string, to: string): FlowPath {
  const [a, b] = [plan.laid.get(from)!, plan.laid.get(to)!];
  return flowPath(from, to, "main", plan.spine.between(a.exitM, b.entryM));
}

/** A sub-assembly runs back along the inside of its row and turns into the line just before the station it feeds. */
function layBranch(plan: Plan, branch: LineOrder["branches"][number], index: number): void {
  const join = plan.laid.get(branch.flow.to);
  if (join === undefined) return;
  const along = join.frame.turn === 0 ? 1 : -1;
  const inside = along;
  const z = plan.rowZ[join.row]! + inside * (BRANCH_OFFSET_M + index * 3.4);
  const joinM = join.entryM - join.block.lengthM / 2 - 0.5;
  const joinX = plan.spine.at(joinM)[0];
  let x = joinX + along * 2.6;
  const laid: LaidStation[] = [];
  for (const station of branch.stations.toReversed()) {
    const block = stationBlock(station, { flip: along > 0 });
    const frame: Pose = { position: [x + (along * block.lengthM) / 2, 0, z], turn: along > 0 ? Math.PI : 0 };
    const entry = { station, block, frame, row: join.row, entryM: 0, exitM: 0, afterCorner: false };
    place(plan, entry);
    laid.unshift(entry);
    x += along * (block.lengthM + Math.max(0.8, station.buffer * SLOT_PITCH_M + 0.3));
  }
  const first = laid[0]!;
  plan.parts.push(straight(`${first.station.id}/infeed`, [x, LINE_HEIGHT_M, z], edge(first, -1)));
  laid.slice(1).forEach((next, i) => {
    const before = laid[i]!;
    plan.parts.push(straight(`${next.station.id}/infeed`, edge(before, 1), edge(next, -1)));
    plan.paths.push(
      flowPath(before.station.id, next.station.id, "main", [onLine(before, before.block.exitX), onLine(next, next.block.entryX)]),
    );
  });
  const last = laid[laid.length - 1]!;
  const way: readonly Vec3[] = [edge(last, 1), [joinX, LINE_HEIGHT_M, z], plan.spine.at(joinM)];
  plan.parts.push(...conveyAlong(`${last.station.id}>${branch.flow.to}`, way, 0, 0.42));
  plan.paths.push(
    flowPath(last.station.id, branch.flow.to, "assembly", [
      onLine(last, last.block.exitX),
      way[1]!,
      ...plan.spine.between(joinM, join.entryM),
    ]),
  );
}

/** A rework lane inside: out of the line after the test, past the benches, back into the queue of the station that repeats. */
function layRework(plan: Plan, entry: LineOrder["rework"][number], index: number): void {
  const from = entry.from === undefined ? undefined : plan.laid.get(entry.from.from);
  const to = entry.to === undefined ? undefined : plan.laid.get(entry.to.to);
  if (from === undefined || to === undefined) return;
  const inside = to.row < from.row ? -1 : to.row > from.row || from.frame.turn === 0 ? 1 : -1;
  const z = plan.rowZ[from.row]! + inside * (LANE_OFFSET_M + index * 3.2);
  const outM = from.exitM + 0.6 + (from.block.exitX === 0 ? from.block.lengthM / 2 : 0);
  const out = plan.spine.at(outM);
  const joinM = to.afterCorner
    ? crossingOf(plan.spine, z, to.entryM)
    : Math.max(0, to.entryM - to.block.lengthM / 2 - to.block.entryX - gapBefore(to.station) + 0.5);
  const join = plan.spine.at(joinM);
  const along = join[0] >= out[0] ? 1 : -1;
  const block = stationBlock(entry.station, { flip: along < 0 });
  const room = Math.abs(join[0] - out[0]) - block.lengthM - 1.6 >= 1.2;
  const queue = Math.min(entry.station.buffer * SLOT_PITCH_M + 0.9, Math.max(1.2, Math.abs(join[0] - out[0]) - block.lengthM - 1.6));
  const start = out[0] + along * (0.45 + queue);
  const frame: Pose = { position: [start + (along * block.lengthM) / 2, 0, z], turn: along > 0 ? 0 : Math.PI };
  const laid: LaidStation = { station: entry.station, block, frame, row: from.row, entryM: 0, exitM: 0, afterCorner: false };
  place(plan, laid);
  const corner: Vec3 = [out[0], LINE_HEIGHT_M, z];
  plan.parts.push(...conveyAlong(`${from.station.id}>${entry.station.id}`, [out, corner, edge(laid, -1)], 0.42, 0));
  plan.paths.push(
    flowPath(from.station.id, entry.station.id, "rework", [...plan.spine.between(from.exitM, outM), corner, onLine(laid, block.entryX)]),
  );
  const back: readonly Vec3[] = Math.abs(join[2] - z) < 0.05 ? [edge(laid, 1), join] : [edge(laid, 1), [join[0], LINE_HEIGHT_M, z], join];
  // Without room for a lane back, units are brought back by hand: a way, but no conveyor.
  if (room) plan.parts.push(...conveyAlong(`${entry.station.id}>${to.station.id}`, back, 0, 0.42));
  plan.paths.push(
    flowPath(entry.station.id, to.station.id, "rework", [
      onLine(laid, block.exitX),
      ...back.slice(1, -1),
      ...plan.spine.between(joinM, to.entryM),
    ]),
  );
}

/** Length at which the spine last passes depth z before `beforeM`. */
function crossingOf(spine: Spine, z: number, beforeM: number): number {
  let at = beforeM;
  while (at > 0 && Math.abs(spine.at(at)[2] - z) > 0.03) at -= 0.02;
  return Math.max(0, at);
}

/** A point on the line through a station, x in the station's frame. */
function onLine(laid: LaidStation, x: number): Vec3 {
  return placed(laid.frame, [x, LINE_HEIGHT_M, 0]);
}

function edge(laid: LaidStation, end: 1 | -1): Vec3 {
  return onLine(laid, (end * laid.block.lengthM) / 2);
}

function stageStation(plan: Plan, station: StationSketch): readonly StageStation[] {
  const laid = plan.laid.get(station.id);
  if (laid === undefined) return [];
  const { block, frame } = laid;
  const middle = placed(frame, [0, 0, (block.z0 + block.z1) / 2]);
  return [
    {
      id: station.id,
      label: station.label,
      ...(station.subject === undefined ? {} : { subject: station.subject }),
      labelAt: placed(frame, block.labelAt),
      beaconAt: placed(frame, block.beaconAt),
      places: block.places.map((pose) => placedPose(frame, pose)),
      buffer: bufferOf(plan, laid),
      footprint: { centre: [middle[0], middle[2]], lengthM: block.lengthM, depthM: block.z1 - block.z0, turn: frame.turn },
    },
  ];
}

/** Slots queue back from the station's edge along the way in; a short way packs them closer. */
function bufferOf(plan: Plan, laid: LaidStation): readonly BufferSlot[] {
  const { station, block } = laid;
  if (station.buffer === 0) return [];
  const path =
    plan.paths.find((candidate) => candidate.to === station.id && candidate.kind === "main") ??
    plan.paths.find((candidate) => candidate.to === station.id);
  const margin = block.lengthM / 2 + block.entryX;
  if (path === undefined) {
    const pitch = Math.min(SLOT_PITCH_M, (INFEED_M - 0.1) / station.buffer);
    return Array.from({ length: station.buffer }, (_, k) => ({
      position: placed(laid.frame, [-block.lengthM / 2 - (k + 0.5) * pitch, LINE_HEIGHT_M, 0]),
      turn: laid.frame.turn,
    }));
  }
  const pitch = Math.min(SLOT_PITCH_M, Math.max(0.1, path.lengthM - margin - 0.1) / station.buffer);
  return Array.from({ length: station.buffer }, (_, k) => {
    const fraction = Math.max(0, 1 - (margin + (k + 0.5) * pitch) / path.lengthM);
    return { ...poseAt(path, fraction), path: path.id, fraction };
  });
}
