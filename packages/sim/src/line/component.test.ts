import { expect, test } from "vitest";
import { testComponents, lineOf, type TestComponent } from "./component.fixture.ts";
import type { LineEvent } from "./line-event.ts";
import type { LineModel } from "./line-model.ts";
import { createLineRun, runLine } from "./line-run.ts";
import { validateLineModel } from "./validate-line-model.ts";

const HOUR_S = 3_600;
const fermenter = { id: "brewery.fermenter" };

function run(model: LineModel, components: Readonly<Record<string, TestComponent>>, horizonS = 10 * HOUR_S, seed = 1) {
  const events: LineEvent[] = [];
  const options = {
    seed,
    startInstant: 0,
    horizonS,
    components: testComponents(components),
    observer: (event: LineEvent) => void events.push(event),
  };
  return { events, result: runLine(model, options) };
}

/** Hours by product, a tenth more each time; what it drew goes with the part. */
const brewing: TestComponent = {
  state: ["brewed"],
  part: ["extract"],
  uses: [{ id: "water", unit: "L", title: { en: "water", zh: "水" } }],
  code: {
    open: ({ parameters }) => ({
      begin: ({ product, state, random }) => ({
        seconds: parameters.hours[product!] * HOUR_S + state["brewed"]! * 60,
        state: { brewed: state["brewed"]! + 1 },
        part: { extract: 10 + random() },
        uses: { water: 1_000 },
      }),
    }),
  },
};
const brewhouse = lineOf([{ id: "T1", component: { ...fermenter, parameters: { hours: { pils: 1, bock: 2 } } } }, { id: "FILL" }]);

test("[S70] a component says how long each part takes, by product and by what its place keeps, and what is used up", () => {
  expect(validateLineModel(brewhouse)).toEqual([]);
  const { events, result } = run(brewhouse, { "brewery.fermenter": brewing });
  const cycles = events.flatMap((event) => (event.kind === "cycleEnd" && event.station === "T1" ? [event.cycleS] : []));
  expect(cycles.slice(0, 4)).toEqual([3_600, 3_660, 7_320, 3_780]);
  expect(result.stations[0]).toMatchObject({ uses: [{ id: "water", unit: "L", amount: 8_000 }] });
  expect(result.conservation.balanced).toBe(true);
});

test("[S70] numbers that a part carries come with it to the next station", () => {
  const seen: number[] = [];
  const filling: TestComponent = {
    part: ["extract"],
    code: { open: () => ({ begin: ({ part }) => (seen.push(part["extract"]!), { seconds: 60 }) }) },
  };
  const model = lineOf([brewhouse.stations[0]!, { id: "FILL", component: { id: "brewery.filler" } }]);
  run(model, { "brewery.fermenter": brewing, "brewery.filler": filling });
  expect(seen.length).toBeGreaterThan(5);
  expect(seen.every((extract) => extract > 10 && extract < 11)).toBe(true);
  expect(new Set(seen).size).toBe(seen.length);
});

test("[S70] a step holds a resource of the line and waits for it; without one it is never short", () => {
  const cooking: TestComponent = {
    resources: ["kettle"],
    code: { open: () => ({ begin: () => ({ steps: [{ seconds: 600 }, { seconds: 600, holds: "kettle" }] }) }) },
  };
  const stations = ["T1", "T2"].map((id) => ({ id, source: { program: true }, component: fermenter }));
  const model = (personnel: LineModel["personnel"] = []): LineModel => {
    const line = lineOf([...stations, { id: "FILL", cycle: { time: { kind: "constant", value: 1 } } }], { personnel });
    return {
      ...line,
      stations: line.stations.map((station) => (station.id === "T1" ? { ...station, next: { station: "FILL" } } : station)),
    };
  };
  const of = (personnel?: LineModel["personnel"]) => run(model(personnel), { "brewery.fermenter": cooking }).result;
  expect(
    of()
      .stations.map(({ cycles }) => cycles)
      .slice(0, 2),
  ).toEqual([30, 30]);
  const short = of([{ id: "kettle", count: 1 }]);
  // it is busy all the time but for the first ten minutes
  expect(short.stations[0]!.cycles + short.stations[1]!.cycles).toBe(59);
  expect(short.stations[0]!.shares.waitingOperator + short.stations[1]!.shares.waitingOperator).toBeGreaterThan(0);
  expect(
    of([{ id: "kettle", count: 2 }])
      .stations.map(({ cycles }) => cycles)
      .slice(0, 2),
  ).toEqual([30, 30]);
});

test("[S70] a part goes to rework or is scrapped as the component says, and comes again with its rejections", () => {
  const judging: TestComponent = {
    code: {
      open: () => ({
        begin: ({ product, rejects }) => ({ seconds: 600, outcome: product === "bock" ? "scrap" : rejects === 0 ? "rework" : "pass" }),
      }),
    },
  };
  const model = lineOf([
    { id: "T1", component: fermenter, buffer: {}, inspection: { rejectByTry: [0], reject: { station: "T1" } } },
    { id: "FILL" },
  ]);
  const { result } = run(model, { "brewery.fermenter": judging });
  expect(result.goodByProduct["bock"]).toBe(0);
  expect(result.scrap).toBeGreaterThan(8);
  expect(result.rework).toBeGreaterThanOrEqual(result.good);
  expect(result.goodFirstPass).toBe(0);
  expect(result.conservation.balanced).toBe(true);
});

test("[S71] the same seed comes to the same hash, straight, in pieces, forked and restored; the same parts draw the same numbers in another line", () => {
  const components = testComponents({ "brewery.fermenter": brewing });
  const options = { seed: 7, startInstant: 0, components };
  const straight = createLineRun(brewhouse, options);
  straight.advanceTo(20 * HOUR_S * 1e6);
  const pieces = createLineRun(brewhouse, options);
  pieces.advanceTo(5 * HOUR_S * 1e6);
  const fork = pieces.fork();
  const bytes = pieces.snapshot();
  const restored = createLineRun(brewhouse, options);
  restored.restore(bytes);
  for (const one of [pieces, fork, restored]) {
    one.advanceTo(20 * HOUR_S * 1e6);
    expect(one.result().traceHash).toBe(straight.result().traceHash);
  }
  const drawn = (model: LineModel) => {
    const numbers: number[] = [];
    const code: TestComponent["code"] = { open: () => ({ begin: ({ random }) => (numbers.push(random(), random()), { seconds: 3_600 }) }) };
    run(model, { "brewery.fermenter": { code } });
    return numbers;
  };
  const [one, other] = [
    drawn(brewhouse),
    drawn({ ...brewhouse, stations: brewhouse.stations.map((station) => ({ ...station, places: 2 })) }),
  ];
  expect(other.slice(0, one.length)).toEqual(one);
});

test("[S71] a run begins in the middle of what a component says, and ends of it count once", () => {
  const components = testComponents({ "brewery.fermenter": brewing });
  const begun = createLineRun(brewhouse, { seed: 1, startInstant: 0, components });
  begun.advanceTo(1_800 * 1e6);
  const place = begun.state().places!.find(({ station }) => station === "T1")!;
  expect(place).toMatchObject({ elapsedS: 1_800, remainingS: 1_800 });
  const again = createLineRun(brewhouse, { seed: 1, startInstant: 1_800 * 1e6, components, initialState: begun.state() });
  again.advanceTo(3_599 * 1e6);
  expect(again.result().stations[0]!.cycles).toBe(0);
  again.advanceTo(3_600 * 1e6);
  expect(again.result().stations[0]!.cycles).toBe(1);
});

test.each([
  ["seconds", { seconds: Number.NaN }],
  ["seconds", { seconds: -1 }],
  ["seconds", { seconds: 0 }],
  ["seconds", { seconds: 1e9 }],
  ["outcome", { seconds: 1, outcome: "lost" }],
  ["state.unknown", { seconds: 1, state: { unknown: 1 } }],
  ["steps\\[0\\].holds", { steps: [{ seconds: 1, holds: "kettle" }] }],
  ["uses.water", { seconds: 1, uses: { water: "much" } }],
  ["answer", undefined],
])("[S72] an answer that is none ends the run with the place of the fault: %s", (place, answer) => {
  const code = { open: () => ({ begin: () => answer as never }) };
  const uses = [{ id: "water", unit: "L", title: { en: "water", zh: "水" } }];
  expect(() => run(brewhouse, { "brewery.fermenter": { code, uses } })).toThrow(new RegExp(place));
});

test("[S72] a station whose component is not there is refused by name", () => {
  expect(() => run(brewhouse, {})).toThrow("the station T1 names the component brewery.fermenter, which no pack of this world has");
});
