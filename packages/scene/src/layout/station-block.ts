import { partModel } from "../parts/part-model.ts";
import { parametersOf, type PartSpec } from "../parts/part-kind.ts";
import type { Pose, Vec3 } from "../pose.ts";
import type { StationSketch } from "./line-sketch.ts";

/** A part of a station in the station's own frame: origin on the floor under the middle of its stretch of line, +x along the flow. */
export interface BlockPart extends Pose {
  readonly key: string;
  readonly spec: PartSpec;
  readonly place?: number;
}

/** A station in its own frame. */
export interface StationBlock {
  readonly lengthM: number;
  readonly parts: readonly BlockPart[];
  readonly places: readonly Pose[];
  readonly labelAt: Vec3;
  readonly beaconAt: Vec3;
  /** Where the flow enters and leaves it, along x, on the line. */
  readonly entryX: number;
  readonly exitX: number;
  /** Floor it needs beside the line: from z0 to z1. */
  readonly z0: number;
  readonly z1: number;
}

export const LINE_HEIGHT_M = 0.6;
export const LINE_WIDTH_M = 0.8;

/** How a row sees its stations: `flip` = the row runs towards −x in the world, so world-facing fronts are turned. */
export interface RowSide {
  readonly flip: boolean;
}

type Form = (station: StationSketch, side: RowSide) => StationBlock;

const FORMS: Readonly<Record<StationSketch["form"], Form>> = {
  machine: (station, side) => tunnel(station, side, 2.3, 2.5),
  tunnel: (station, side) => tunnel(station, side, 2.6, 2.5),
  packing: (station, side) => tunnel(station, side, 3.4, 2.35),
  press,
  "robot-cell": robotCell,
  workplace,
  "leak-test": leakTest,
  "test-cells": testCells,
  rework,
  palletiser,
};

/** The parts and places of a station. */
export function stationBlock(station: StationSketch, side: RowSide): StationBlock {
  return FORMS[station.form](station, side);
}

/** Places one after the other on the line, centred. */
function inline(count: number, pitchM: number): readonly Pose[] {
  return Array.from({ length: Math.max(1, count) }, (_, i) => ({
    position: [((count - 1) / 2 - i) * pitchM, LINE_HEIGHT_M, 0] as Vec3,
    turn: 0,
  }));
}

function part(key: string, spec: PartSpec, position: Vec3, turn = 0, place?: number): BlockPart {
  return place === undefined ? { key, spec, position, turn } : { key, spec, position, turn, place };
}

function through(lengthM: number): BlockPart {
  return part("line", { kind: "conveyor", parameters: { lengthM, guides: false, widthM: LINE_WIDTH_M } }, [0, 0, 0]);
}

function tunnel(station: StationSketch, side: RowSide, minimumM: number, heightM: number): StationBlock {
  const places = inline(station.places, 1.05);
  const lengthM = Math.max(minimumM, station.places * 1.05 + 1.4);
  const spec: PartSpec = { kind: "machine", parameters: { lengthM, depthM: 2.2, heightM, tunnel: true } };
  const turn = side.flip ? Math.PI : 0;
  const anchors = partModel(spec, "far").anchors;
  return {
    lengthM: lengthM + 0.5,
    parts: [part("machine", spec, [0, 0, 0], turn), through(lengthM + 0.5)],
    places,
    labelAt: [0, heightM + 0.25, 0],
    beaconAt: turned(anchors["beacon"]!, turn),
    entryX: 0,
    exitX: 0,
    z0: -1.1,
    z1: 1.1,
  };
}

function press(station: StationSketch, side: RowSide): StationBlock {
  const pitchM = 2;
  const spec: PartSpec = { kind: "press", parameters: { lengthM: 1.7, depthM: 1.6, heightM: 2.7 } };
  const anchors = partModel(spec, "far").anchors;
  const turn = side.flip ? Math.PI : 0;
  const lengthM = station.places * pitchM;
  const places = Array.from({ length: station.places }, (_, i) => ({
    position: [(i - (station.places - 1) / 2) * pitchM, 0.82, turn === 0 ? -0.07 : 0.07] as Vec3,
    turn: 0,
  }));
  return {
    lengthM,
    parts: places.map((place, i) => part(`press-${i + 1}`, spec, [place.position[0], 0, 0], turn, station.places > 1 ? i : undefined)),
    places,
    labelAt: [0, 2.95, 0],
    beaconAt: turned(anchors["beacon"]!, turn),
    entryX: 0,
    exitX: 0,
    z0: -0.8,
    z1: 0.8,
  };
}

function workplace(station: StationSketch): StationBlock {
  const bays = Math.max(1, station.places);
  const operators = station.operators ?? station.places;
  const lengthM = Math.max(2.2, bays * 1.6);
  const spec: PartSpec = { kind: "workplace", parameters: { lengthM, balancers: Math.max(1, operators), conveyorWidthM: LINE_WIDTH_M } };
  const anchors = partModel(spec, "far").anchors;
  const people = Array.from({ length: operators }, (_, i) => {
    const x = (i - (operators - 1) / 2) * Math.min(1.3, lengthM / operators);
    return part(
      `person-${i + 1}`,
      {
        kind: "person",
        parameters: {
          pose: "working",
          heightM: 1.7 + ((i * 7 + station.id.length * 3 + station.id.charCodeAt(station.id.length - 2)) % 5) * 0.03,
        },
      },
      [x, 0.02, LINE_WIDTH_M / 2 + 0.42],
      0,
    );
  });
  return {
    lengthM: lengthM + 0.1,
    parts: [part("workplace", spec, [0, 0, 0]), through(lengthM + 0.1), ...people],
    places: inline(bays, 1.5),
    labelAt: [0, 2.6, 0],
    beaconAt: anchors["beacon"]!,
    entryX: 0,
    exitX: 0,
    z0: -1.35,
    z1: 1.4,
  };
}

function leakTest(station: StationSketch, side: RowSide): StationBlock {
  return besideLine(
    station,
    side,
    { kind: "leak-test-rack", parameters: { places: 1 } },
    parametersOf("leak-test-rack", {}).pitchM,
    1.3,
    2.3,
  );
}

function testCells(station: StationSketch, side: RowSide): StationBlock {
  return besideLine(station, side, { kind: "test-cell", parameters: {} }, 1.3, 1.4, 2.3);
}

/** Places next to the line, on the side away from the viewer of the plan, each a part of its own: places fail, and come and go, alone. */
function besideLine(station: StationSketch, side: RowSide, spec: PartSpec, pitchM: number, depthM: number, heightM: number): StationBlock {
  const n = station.places;
  const towards = side.flip ? 1 : -1;
  const z = towards * (LINE_WIDTH_M / 2 + 0.06 + depthM / 2);
  const turn = side.flip ? Math.PI : 0;
  // Room for one more is kept, so that a branch that adds a place moves nothing else.
  const room = 2 * Math.ceil((n + 1) / 2);
  const lengthM = room * pitchM + 0.2;
  const x = (i: number): number => (i - (room - 1) / 2) * pitchM;
  const middle = (x(0) + x(n - 1)) / 2;
  const parts = Array.from({ length: n }, (_, i) => part(`place-${i + 1}`, spec, [x(i), 0, z], turn, i));
  const places = Array.from({ length: n }, (_, i) => ({ position: [x(i), LINE_HEIGHT_M, z - towards * 0.05] as Vec3, turn }));
  return {
    lengthM,
    parts: [...parts, through(lengthM)],
    places,
    labelAt: [middle, heightM + 0.3, z],
    beaconAt: [middle, heightM + 0.1, z - towards * (depthM / 2 - 0.1)],
    entryX: -lengthM / 2,
    exitX: lengthM / 2,
    z0: side.flip ? -0.45 : -2,
    z1: side.flip ? 2 : 0.45,
  };
}

function robotCell(_station: StationSketch, side: RowSide): StationBlock {
  const lengthM = 4.2;
  const back = side.flip ? 1 : -1;
  const parts = [
    through(lengthM),
    part("robot", { kind: "robot", parameters: { joints: [back < 0 ? -1.57 : 1.57, 0.3, 0.3, 0, 0.97, 0] } }, [0, 0, back * 1.7]),
    part("blanks-1", { kind: "pallet", parameters: { boxes: 4 } }, [-1.3, 0, back * 2.5]),
    part("blanks-2", { kind: "pallet", parameters: { boxes: 2 } }, [1.3, 0, back * 2.5]),
    part("fence-back", { kind: "fence", parameters: { lengthM, gate: true } }, [0, 0, back * 3.3], back < 0 ? 0 : Math.PI),
    ...[-1, 1].map((end) =>
      part(
        `fence-${end < 0 ? "left" : "right"}`,
        { kind: "fence", parameters: { lengthM: 2.6 } },
        [end * (lengthM / 2 - 0.03), 0, back * 1.95],
        Math.PI / 2,
      ),
    ),
    part("cabinet", { kind: "cabinet" }, [-1.2, 0, back * 3.72], back < 0 ? 0 : Math.PI),
  ];
  return {
    lengthM,
    parts,
    places: inline(1, 1),
    labelAt: [0, 2.9, back * 1.2],
    beaconAt: [0, 0.9, back * 1.4],
    entryX: 0,
    exitX: 0,
    z0: back < 0 ? -4 : -0.5,
    z1: back < 0 ? 0.5 : 4,
  };
}

function palletiser(_station: StationSketch, side: RowSide): StationBlock {
  const [lengthM, depthM] = [5.4, 4.6];
  const front = side.flip ? -1 : 1;
  const spec: PartSpec = { kind: "palletiser-cell", parameters: { lengthM, depthM, pallets: 2, front } };
  const anchors = partModel(spec, "far").anchors;
  const parts = [
    part("cell", spec, [0, 0, 0]),
    part("line", { kind: "conveyor", parameters: { lengthM: 1.5, guides: false } }, [-lengthM / 2 + 0.75, 0, 0]),
    part("robot", { kind: "robot", parameters: { reachM: 2.7, pedestalM: 0.6, joints: [0.3, 0.1, 0.35, 0, 1.1, 0] } }, anchors["robot"]!),
    part("pallet-1", { kind: "pallet", parameters: { boxes: 4 } }, anchors["pallet0"]!, 0),
    part("pallet-2", { kind: "pallet", parameters: { boxes: 2 } }, anchors["pallet1"]!, 0),
  ];
  return {
    lengthM,
    parts,
    places: [{ position: [-lengthM / 2 + 0.95, LINE_HEIGHT_M, 0], turn: 0 }],
    labelAt: [0, 2.9, 0],
    beaconAt: anchors["beacon"]!,
    entryX: -lengthM / 2 + 0.95,
    exitX: 0,
    z0: -depthM / 2,
    z1: depthM / 2,
  };
}

/** Benches beside their own short stretch of conveyor. */
function rework(station: StationSketch, side: RowSide): StationBlock {
  const pitchM = 2.3;
  const towards = side.flip ? 1 : -1;
  const turn = side.flip ? Math.PI : 0;
  const lengthM = station.places * pitchM;
  const z = towards * (LINE_WIDTH_M / 2 + 1.1);
  const x = (i: number): number => (i - (station.places - 1) / 2) * pitchM;
  const benches = Array.from({ length: station.places }, (_, i) => part(`bench-${i + 1}`, { kind: "rework-bench" }, [x(i), 0, z], turn, i));
  const people = Array.from({ length: station.operators ?? 1 }, (_, i) =>
    part(`person-${i + 1}`, { kind: "person", parameters: { pose: "working" } }, [x(i) - 0.36, 0, z - towards * 0.82], turn),
  );
  const places = Array.from({ length: station.places }, (_, i) => ({
    position: [x(i) + (side.flip ? 0.36 : -0.36), LINE_HEIGHT_M, z - towards * 0.06] as Vec3,
    turn,
  }));
  return {
    lengthM,
    parts: [...benches, ...people, through(lengthM)],
    places,
    labelAt: [0, 2.2, z],
    beaconAt: [0, 1.95, z],
    entryX: -lengthM / 2,
    exitX: lengthM / 2,
    z0: side.flip ? -0.45 : -2.05,
    z1: side.flip ? 2.05 : 0.45,
  };
}

function turned(point: Vec3, turn: number): Vec3 {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  return [c * point[0] + s * point[2], point[1], -s * point[0] + c * point[2]];
}
