import { replicate, runReplication } from "@doppelwerk/sim";
import type { ExperimentModel, LineModel, PlantExperimentModel, ReplicationOptions } from "@doppelwerk/sim";
import type { LineInfo } from "@doppelwerk/client";
import { HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { MONDAY, assemblyLine } from "../../../../packages/sim/src/line/assembly-line.fixture.ts";
import { createWatchClock } from "./watch-clock.ts";
import { WatchedLine } from "./watched-line.ts";

const experiment: ExperimentModel = { nominal: assemblyLine, edited: assemblyLine, parameters: [] };
const options: ReplicationOptions = {
  kind: "forecast",
  seed: 11,
  replication: 3,
  start: MONDAY + 6 * HOUR,
  horizonS: 3 * 3_600,
  warmUpS: 0,
  drawParameters: true,
  outputStepS: 300,
};
const line = {
  stations: assemblyLine.stations.map(({ id, places, buffer }) => ({ id, places, bufferCapacity: buffer?.capacity ?? 0 })),
} as unknown as LineInfo;

test("[U27] a replication watched is the replication that ran: same trace, same good parts", () => {
  const watched = new WatchedLine(experiment, options);
  expect(watched.traceHash()).toBeUndefined();
  while (watched.advance());
  const outcome = runReplication(experiment, options);
  expect(watched.traceHash()).toBe(outcome.traceHash);
  expect(watched.goodUntil(watched.to)).toBe(outcome.good);
  expect(outcome.good).toBeGreaterThan(50);
});

test("[SI7] a line that ran among others is watched among them: the trace of the run, the parts of the line", () => {
  const first = assemblyLine.stations.find(({ source }) => source?.program)!.id;
  const feeding: LineModel = {
    format: "doppelwerk-line/1",
    id: "cabinets",
    products: assemblyLine.products,
    stations: [{ id: "C1", places: 1, cycle: { time: { kind: "exponential", mean: 40 } }, source: { program: true } }],
  };
  const plant: PlantExperimentModel = {
    plant: "two",
    lines: [
      { nominal: feeding, edited: feeding, parameters: [] },
      { nominal: assemblyLine, edited: assemblyLine, parameters: [] },
    ],
    buffers: [{ id: "B", capacity: 3, from: [{ line: "cabinets", station: "C1" }], to: [{ line: assemblyLine.id, station: first }] }],
  };
  const outcome = replicate(plant, options);
  for (const { line: id, outcome: own } of outcome.lines!) {
    const watched = new WatchedLine(plant, options, id);
    while (watched.advance());
    expect(watched.traceHash()).toBe(outcome.traceHash);
    expect(watched.goodUntil(watched.to)).toBe(own.good);
  }
  const watched = new WatchedLine(plant, options, assemblyLine.id);
  while (watched.advance());
  const shown = [90, 20, 90].map((minutes) => watched.at(watched.from + minutes * MINUTE, line));
  expect(shown[2]).toEqual(shown[0]);
});

test("[U28] any instant looks the same, whichever way it is reached, and parts are in one place", () => {
  const watched = new WatchedLine(experiment, options);
  while (watched.advance());
  const instants = [90, 20, 150, 21, 20, 90].map((minutes) => watched.from + minutes * MINUTE + 7 * SECOND);
  const shown = instants.map((instant) => watched.at(instant, line));
  expect(shown[4]).toEqual(shown[1]);
  expect(shown[5]).toEqual(shown[0]);
  expect(shown[3]).not.toEqual(shown[1]);
  for (const { stations, wip } of shown) {
    const serials = stations.flatMap(({ places, buffer }) => [
      ...places.flatMap(({ serial }) => serial ?? []),
      ...buffer.parts.map(({ serial }) => serial),
    ]);
    expect(new Set(serials).size).toBe(serials.length);
    expect(wip.value).toBe(serials.length);
    expect(stations.some(({ state }) => state === "working")).toBe(true);
  }
});

test("[U29] the clock of a watched run never passes what is simulated, and rests at the end", () => {
  const clock = createWatchClock(10);
  clock.toggle();
  clock.tick(1_000, 40, 100);
  expect(clock.shownS.get()).toBe(40);
  clock.tick(500, 100, 100);
  expect([clock.shownS.get(), clock.playing.get()]).toEqual([70, true]);
  clock.tick(1_000, 100, 100);
  expect([clock.shownS.get(), clock.playing.get()]).toEqual([100, false]);
});
