import { expect, test } from "vitest";
import { runLine } from "./line-run.ts";
import type { LineModel } from "./line-model.ts";
import { validateLineModel } from "./validate-line-model.ts";
import { MONDAY, assemblyLine, withStation } from "./assembly-line.fixture.ts";

const errorsOf = (value: unknown): string[] =>
  validateLineModel(value).flatMap((finding) => (finding.severity === "error" ? [`${finding.path} ${finding.constraint}`] : []));

test("[S7] a valid model has no findings, also after a way through JSON, and runs", () => {
  const copy = JSON.parse(JSON.stringify(assemblyLine)) as LineModel;
  expect(validateLineModel(copy)).toEqual([]);
  expect(runLine(copy, { seed: 1, startInstant: MONDAY, horizonS: 3600 }).traceHash).toBe(
    runLine(assemblyLine, { seed: 1, startInstant: MONDAY, horizonS: 3600 }).traceHash,
  );
});

test("[S7] anything at all is answered with findings, never thrown on", () => {
  for (const value of [
    undefined,
    3,
    "x",
    [],
    {},
    { stations: {} },
    { ...assemblyLine, stations: [3] },
    { ...assemblyLine, calendar: { kind: "moon" } },
  ])
    expect(errorsOf(value).length).toBeGreaterThan(0);
});

test("[S7] shape, names, routes, numbers and calendars are each checked with their path", () => {
  const change = (id: string, what: object): LineModel => withStation(assemblyLine, id, what);
  expect(errorsOf(change("S040", { places: "2" }))).toEqual(["stations[5].places type"]);
  expect(errorsOf(change("S040", { next: { station: "S999" } }))).toEqual(["stations[5].next.station reference", "stations[6] route"]);
  expect(errorsOf(change("S040", { next: { station: "S050", input: "assembly" } }))).toContain("stations[5].next.input route");
  expect(errorsOf(change("S040", { operators: { pools: ["line"], count: 15 } }))).toEqual(["stations[5].operators.count limit"]);
  expect(errorsOf(change("S040", { cycle: { time: { kind: "lognormal", mean: -1, cv: 0.1 } } }))).toEqual(["stations[5].cycle.time value"]);
  expect(errorsOf(change("S040", { materials: [{ id: "kit", capacity: 10, reorderAt: 2, kitsPerTrip: 4, distanceM: 50 }] }))).toEqual([
    "stations[5].materials[0] reference",
  ]);
  expect(errorsOf(change("S050", { id: "S040" }))).toContain("stations[6].id unique");
  expect(errorsOf(change("S130", { next: { station: "S010" } }))).toContain("stations route");
  expect(errorsOf({ ...assemblyLine, constraint: "X" })).toEqual(["constraint reference"]);
  expect(errorsOf(change("S040", { inspection: { rejectByTry: [0.1], maxTries: 300 } }))).toEqual([
    "stations[5].inspection.maxTries value",
  ]);
  expect(errorsOf({ ...assemblyLine, carriers: [{ id: "c", count: 0, from: "S010", to: "S120" }] })).toEqual(["carriers[0].count value"]);
  expect(errorsOf({ ...assemblyLine, calendar: { kind: "weekly", utcOffsetS: 1e20, shifts: [] } })).toContain("calendar.utcOffsetS value");
  expect(errorsOf({ ...assemblyLine, run: { durationS: 0, warmUpS: "long" } })).toEqual(["run.durationS value", "run.warmUpS value"]);
  expect(errorsOf(change("S040", { cycle: { time: { kind: "constant", value: 0 } } }))).toEqual(["stations[5].cycle.time value"]);
  const effect = (when: unknown): unknown => ({
    ...assemblyLine,
    effects: [{ kind: "outage", id: "air", stations: ["S080"], cause: "utility", when }],
  });
  expect(errorsOf(effect({ kind: "shifts", every: 0, afterS: 0, durationS: 60 }))).toEqual(["effects[0].when.every value"]);
  expect(errorsOf(effect({ kind: "shifts", every: 1.5, afterS: 0, durationS: 60 }))).toEqual(["effects[0].when.every value"]);
  expect(errorsOf(effect({ kind: "intervals", intervals: [{ start: 5, end: 5 }] }))).toEqual(["effects[0].when.intervals[0] value"]);
  const overlapping = {
    kind: "weekly",
    shifts: [
      { id: "a", days: [1], startS: 0, endS: 50_000 },
      { id: "b", days: [1], startS: 40_000, endS: 60_000 },
    ],
  };
  expect(errorsOf({ ...assemblyLine, calendar: overlapping })).toEqual(["calendar.shifts[1] value"]);
  expect(validateLineModel({ ...assemblyLine, colour: "red" })).toEqual([
    expect.objectContaining({ path: "colour", constraint: "additional", severity: "warning" }),
  ]);
});
