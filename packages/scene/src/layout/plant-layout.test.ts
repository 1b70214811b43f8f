import { describe, expect, test } from "vitest";
import { partModel } from "../parts/part-model.ts";
import { distance, poseAt } from "../stage/flow-path.ts";
import { footprintsOverlap } from "../stage/placement.ts";
import type { Footprint, PlacedPart, Stage } from "../stage/stage.ts";
import type { LineSketch } from "./line-sketch.ts";
import { foldRows, orderLine } from "./line-order.ts";
import { layOutLine } from "./plant-layout.ts";
import { SAMPLE_LINE } from "./sample-line.ts";

const stage = layOutLine(SAMPLE_LINE);
const station = (id: string, of: Stage = stage) => of.stations.find((candidate) => candidate.id === id)!;

describe.each([1, 2, 3])("%i rows", (rows) => {
  const folded = layOutLine({ ...SAMPLE_LINE, rows });

  test("[L1] footprints of stations do not overlap, and no part of another stands in one", () => {
    const clashes: string[] = [];
    folded.stations.forEach((a, i) => {
      for (const b of folded.stations.slice(i + 1)) if (footprintsOverlap(a.footprint, b.footprint)) clashes.push(`${a.id} ${b.id}`);
      for (const part of folded.parts)
        if (
          part.stationId !== a.id &&
          part.kind !== "aisle" &&
          part.kind !== "robot" &&
          footprintsOverlap(a.footprint, footprintOf(part), 0.03)
        )
          clashes.push(`${a.id} ${part.id}`);
    });
    expect(clashes).toEqual([]);
  });

  test("[L2] every flow has a path whose ends lie at its stations and whose steps are continuous", () => {
    for (const flow of SAMPLE_LINE.flows) {
      const path = folded.paths.find((candidate) => candidate.id === `${flow.from}>${flow.to}`)!;
      expect(path, `${flow.from}>${flow.to}`).toBeDefined();
      const ends = [path.points[0]!, path.points[path.points.length - 1]!];
      expect(Math.min(...station(flow.from, folded).places.map((place) => distance(place.position, ends[0]!)))).toBeLessThan(
        station(flow.from, folded).footprint.lengthM,
      );
      expect(Math.min(...station(flow.to, folded).places.map((place) => distance(place.position, ends[1]!)))).toBeLessThan(
        station(flow.to, folded).footprint.lengthM,
      );
      const steps = Array.from({ length: 200 }, (_, i) => distance(poseAt(path, i / 200).position, poseAt(path, (i + 1) / 200).position));
      expect(Math.max(...steps)).toBeLessThan((path.lengthM / 200) * 1.001);
      expect(steps.reduce((sum, step) => sum + step, 0)).toBeGreaterThan(path.lengthM * 0.97);
    }
  });

  test("[L3] the way of the product is on conveyors all along, but for rework brought back by hand where there is no room", () => {
    const lines = folded.parts
      .filter(
        (part) =>
          part.kind === "conveyor" ||
          part.kind === "conveyor-curve" ||
          part.kind === "transfer" ||
          part.kind === "press" ||
          part.kind === "palletiser-cell",
      )
      .map(footprintOf);
    const bare: string[] = [];
    for (const path of folded.paths.filter((candidate) => rows < 3 || candidate.kind !== "rework"))
      for (let i = 0; i <= 60; i++) {
        const { position } = poseAt(path, i / 60);
        const foot: Footprint = { centre: [position[0], position[2]], lengthM: 0.05, depthM: 0.05, turn: 0 };
        if (!lines.some((line) => footprintsOverlap({ ...line, lengthM: line.lengthM + 0.1 }, foot, 0))) bare.push(`${path.id} ${i}`);
      }
    expect(bare).toEqual([]);
  });
});

test("[L4] buffers have the slots they were asked for, apart from each other and nearest first", () => {
  for (const sketch of SAMPLE_LINE.stations) {
    const { buffer, places } = station(sketch.id);
    expect(buffer.length).toBe(sketch.buffer);
    expect(places.length).toBe(sketch.places);
    const fractions = buffer.flatMap((slot) => (slot.fraction === undefined ? [] : [slot.fraction]));
    expect(fractions).toEqual(fractions.toSorted((a, b) => b - a));
    if (sketch.id.startsWith("S0") && sketch.id !== "S010")
      buffer.slice(1).forEach((slot, i) => expect(distance(slot.position, buffer[i]!.position), `${sketch.id} ${i}`).toBeGreaterThan(0.6));
  }
});

test("[L5] the same line gives the same stage; order of flows does not matter", () => {
  expect(layOutLine(SAMPLE_LINE)).toEqual(stage);
  expect(layOutLine({ ...SAMPLE_LINE, flows: SAMPLE_LINE.flows.toReversed() }).stations).toEqual(stage.stations);
});

test("[L6] ids are unique, name their station, and places of racks are parts of their own", () => {
  const ids = stage.parts.map((part) => part.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(stage.parts.filter((part) => part.stationId === "S090" && part.place !== undefined).map((part) => part.place)).toEqual([
    0, 1, 2, 3, 4, 5,
  ]);
});

test("[L7] a station moved by a document stands there with all its parts, and its ways end there", () => {
  const before = station("S120");
  const moved = layOutLine(SAMPLE_LINE, new Map([["S120", { position: [30, 0, 30], turn: before.footprint.turn }]]));
  const after = station("S120", moved);
  expect(after.footprint.centre).toEqual([30, 30]);
  const shift = [30 - before.footprint.centre[0], 30 - before.footprint.centre[1]] as const;
  for (const part of moved.parts) {
    const was = stage.parts.find((candidate) => candidate.id === part.id)!;
    const own = part.stationId === "S120";
    expect(part.position[0] - was.position[0]).toBeCloseTo(own ? shift[0] : 0, 6);
    expect(part.position[2] - was.position[2]).toBeCloseTo(own ? shift[1] : 0, 6);
  }
  const path = moved.paths.find((candidate) => candidate.to === "S120")!;
  expect(distance(path.points[path.points.length - 1]!, after.places[0]!.position)).toBeLessThan(0.01);
});

test("[L8] odd lines are laid out too: one station, none, a ring of flows, a station no flow names", () => {
  const one: LineSketch = { id: "one", stations: [{ id: "A", label: "A", form: "tunnel", places: 1, buffer: 0 }], flows: [] };
  expect(layOutLine(one).stations.length).toBe(1);
  expect(layOutLine({ id: "none", stations: [], flows: [] }).parts).toEqual([]);
  const ring: LineSketch = {
    id: "ring",
    stations: ["A", "B"].map((id) => ({ id, label: id, form: "machine", places: 1, buffer: 2 })),
    flows: [
      { from: "A", to: "B", kind: "main" },
      { from: "B", to: "Z", kind: "main" },
    ],
  };
  expect(layOutLine(ring).stations.map((found) => found.id)).toEqual(["A", "B"]);
  const loose = layOutLine({ ...one, stations: [...one.stations, { id: "B", label: "B", form: "workplace", places: 1, buffer: 1 }] });
  expect(footprintsOverlap(loose.stations[0]!.footprint, loose.stations[1]!.footprint)).toBe(false);
});

test("[L9] order: main chain, sub-assembly with its join, rework with both ends; rows are balanced", () => {
  const order = orderLine(SAMPLE_LINE);
  expect(order.main.map((found) => found.id)).toEqual([
    "S010",
    "S030",
    "S040",
    "S050",
    "S060",
    "S070",
    "S080",
    "S090",
    "S100",
    "S110",
    "S120",
    "S130",
  ]);
  expect(order.branches.map((branch) => [branch.stations.map((found) => found.id), branch.flow.to])).toEqual([
    [["T10", "T20", "T30"], "S030"],
  ]);
  expect(order.rework.map((entry) => [entry.from?.from, entry.station.id, entry.to?.to])).toEqual([["S100", "R10", "S090"]]);
  expect(foldRows([4, 4, 4, 4], 2)).toEqual([2, 4]);
  expect(foldRows([9, 1, 1, 1], 2)).toEqual([1, 4]);
});

function footprintOf(part: PlacedPart): Footprint {
  const { min, max } = partModel(part, "far").box;
  const [cx, cz] = [(min[0] + max[0]) / 2, (min[2] + max[2]) / 2];
  const [c, s] = [Math.cos(part.turn), Math.sin(part.turn)];
  return {
    centre: [part.position[0] + c * cx + s * cz, part.position[2] - s * cx + c * cz],
    lengthM: max[0] - min[0],
    depthM: max[2] - min[2],
    turn: part.turn,
  };
}
