import { HOUR, SECOND, type Sample } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { SHIFT_START, batchOf, fixtureLine, runLine, sample, signal, zoneOffset } from "../line/small-line.fixture.ts";
import { createLineEngine, type LineEngine } from "../line/line-engine.ts";
import type { LineDefinition } from "../definition/line-definition.ts";

const at = (minutes: number) => SHIFT_START + Math.round(minutes * 60) * SECOND;

function fold(samples: readonly Sample[], until: number, definition: LineDefinition = fixtureLine()): LineEngine {
  const engine = createLineEngine(definition, { zoneOffset, extract: true });
  const { batch, ids } = batchOf(samples);
  engine.step(batch, ids);
  engine.advance(at(until));
  return engine;
}

const of = (engine: LineEngine, id: string, before?: number) => engine.observations(before).find((entry) => entry.station === id)!;

test("[O70] clean cycles: one with a stop, set-up or waiting inside is left out", () => {
  const samples = [sample("A", "Product", "P1", at(0)), sample("A", "ItemState", 3, at(0))];
  for (let minute = 1; minute <= 20; minute++) samples.push(sample("A", "LastCycle", 30 + minute / 100, at(minute)));
  samples.push(sample("A", "ItemState", "Held", at(5) - 10 * SECOND), sample("A", "ItemState", 3, at(5) - 5 * SECOND));
  const { cycles } = of(fold(samples, 30), "A");
  expect(cycles).toHaveLength(1);
  expect(cycles[0]).toMatchObject({ product: "P1", n: 19 });
  expect(cycles[0]!.valuesS).not.toContain(30.05);
});

test("[O71] times between stops in operating time, failures and micro-stops apart, censored at the end of the shift", () => {
  const samples = [sample("A", "ItemState", 3, at(0))];
  const stop = (from: number, to: number) => samples.push(sample("A", "ItemState", "Held", at(from)), sample("A", "ItemState", 3, at(to)));
  stop(60, 61);
  stop(121, 141);
  // Blocked time does not count towards a failure.
  samples.push(sample("A", "Blocked", true, at(150)), sample("A", "Blocked", false, at(160)));
  samples.push(sample("A", "Blocked", false, at(0)), sample("A", "ItemState", 0, at(480)));
  const [failure, microStop] = of(fold(samples, 500), "A").stops;
  expect(failure).toMatchObject({ stop: "failure", betweenS: [120 * 60], durationsS: [20 * 60] });
  expect(microStop).toMatchObject({ stop: "microStop", betweenS: [60 * 60], durationsS: [60] });
  // The break is work as far as the controller says so: 339 − 10 minutes after the failure, 60 + 339 − 10 after the micro-stop.
  expect(failure!.censoredS).toEqual([(480 - 141 - 10) * 60]);
  expect(microStop!.censoredS).toEqual([(480 - 61 - 20 - 10) * 60]);
});

test("[O111] operating time before an instant is the same whenever it is asked for: work that lasts counts as far as the instant", () => {
  const stop = (from: number, to: number) => [sample("A", "ItemState", "Held", at(from)), sample("A", "ItemState", 3, at(to))];
  const told = [sample("A", "Blocked", false, at(0)), sample("A", "ItemState", 3, at(0))];
  const blocked = [sample("A", "Blocked", true, at(150)), sample("A", "Blocked", false, at(160))];
  const samples = [...told, ...stop(60, 61), ...stop(121, 141), ...blocked];
  const stopsOf = (engine: LineEngine, before?: number) =>
    of(engine, "A", before).stops.map(({ betweenS, censoredS }) =>
      [betweenS, censoredS].map((list) => list.map((seconds) => seconds / 60)),
    );
  // minute 170, in work since 160. Failure: 60 + 60 before it, 9 + 10 after it; micro-stop: 60 before it, 60 + 9 + 10 after it
  const expected = [
    [[120], [19]],
    [[60], [79]],
  ];
  expect(stopsOf(fold(samples, 170))).toEqual(expected);
  expect(stopsOf(fold(samples, 178), at(170))).toEqual(expected);
  const later = fold([...samples, ...stop(175, 178)], 179);
  expect(stopsOf(later, at(170))).toEqual(expected);
  expect(stopsOf(later, at(130))).toEqual([
    [[], [120]],
    [[60], [60]],
  ]);
  // a minute more of work is a minute more, whether or not a state has ended since
  expect(stopsOf(later, at(171))[0]).toEqual([[120], [20]]);
  const kept = createLineEngine(fixtureLine(), { zoneOffset, extract: true });
  kept.restore(JSON.parse(JSON.stringify(later.snapshot())) as ReturnType<LineEngine["snapshot"]>);
  expect(stopsOf(kept, at(170))).toEqual(expected);
});

test("[O72] response is apart from repair where the mode tells that maintenance has begun; a break is not repair time", () => {
  const base = fixtureLine();
  const definition = {
    ...base,
    stations: base.stations.map((entry) =>
      entry.id === "A" ? { ...entry, signals: { ...entry.signals, OperationMode: signal("A", "OperationMode") } } : entry,
    ),
  };
  const samples = [
    sample("A", "OperationMode", 3, at(0)),
    sample("A", "ItemState", 3, at(0)),
    sample("A", "ItemState", "Aborted", at(170)),
    sample("A", "OperationMode", 1, at(175)),
    sample("A", "OperationMode", 3, at(220)),
    sample("A", "ItemState", 3, at(220)),
  ];
  const [failure] = of(fold(samples, 500, definition), "A").stops;
  expect(failure).toMatchObject({ durationsS: [20 * 60], responsesS: [5 * 60] });
});

test("[O73] set-ups by the attribute that changed; a set-up without a change of it is not one of them", () => {
  const base = fixtureLine();
  const definition = {
    ...base,
    stations: base.stations.map((entry) =>
      entry.id === "B" ? { ...entry, signals: { ...entry.signals, OperationMode: signal("B", "OperationMode") } } : entry,
    ),
  };
  const setUp = (minute: number, minutes: number, product: string) => [
    sample("B", "OperationMode", 2, at(minute)),
    sample("B", "Product", product, at(minute) + SECOND),
    sample("B", "OperationMode", 3, at(minute + minutes)),
  ];
  const samples = [
    sample("B", "Product", "P1", at(0)),
    sample("B", "OperationMode", 3, at(0)),
    sample("B", "ItemState", 3, at(0)),
    sample("B", "LastCycle", 60, at(2)),
  ];
  samples.push(
    ...setUp(10, 2, "P2"),
    sample("B", "LastCycle", 60, at(14)),
    ...setUp(20, 3, "P2"),
    sample("B", "LastCycle", 60, at(25)),
    ...setUp(30, 2.5, "P1"),
  );
  expect(of(fold(samples, 200, definition), "B").setUps).toEqual([{ attribute: "Family", n: 2, valuesS: [120, 150] }]);
});

test("[O74] rejects and retests by try from serials, and nothing that came after an instant", () => {
  const run = runLine(3, 300);
  const engine = createLineEngine(fixtureLine(), { zoneOffset, extract: true });
  const { batch, ids } = batchOf(run.samples);
  engine.step(batch, ids);
  engine.advance(SHIFT_START + 8 * HOUR);
  const rejected = run.samples.filter((entry) => entry.signal === "signal:B.Reject").length - 1;
  const b = of(engine, "B");
  expect(b.tries).toEqual([
    { n: 300, rejected },
    { n: rejected, rejected: 0 },
  ]);
  const early = of(engine, "B", SHIFT_START + HOUR);
  const total = (entry: typeof b) => entry.cycles.reduce((sum, cycle) => sum + cycle.n, 0);
  expect(total(early)).toBe(
    run.samples.filter((entry) => entry.signal === "signal:B.LastCycle" && entry.sourceTime < SHIFT_START + HOUR).length,
  );
  expect(total(early)).toBeLessThan(total(b));
});

/** Parts through A, 30 s each and one a minute; `late` of them leave so many seconds later than their cycle says. */
function parts(n: number, late: Readonly<Record<number, number>>, product: (part: number) => string = () => "P1"): Sample[] {
  const samples = [sample("A", "ItemState", 3, at(0)), sample("B", "ItemState", 3, at(0))];
  for (let part = 0; part < n; part++) {
    const begin = at(1 + part);
    const end = begin + (30 + (late[part] ?? 0)) * SECOND;
    const serial = `${product(part)}-${part}`;
    samples.push(sample("A", "Product", product(part), begin - SECOND), sample("A", "PartIn", serial, begin));
    samples.push(sample("A", "LastCycle", 30, end + 0.05 * SECOND), sample("A", "PartOut", serial, end));
    samples.push(sample("B", "PartIn", serial, end + 6 * SECOND), sample("B", "PartOut", serial, end + 26 * SECOND));
    samples.push(sample("B", "LastCycle", 20, end + 26 * SECOND));
  }
  return samples.toSorted((a, b) => a.sourceTime - b.sourceTime);
}

test("[O75] what a part stands beyond its cycle and what was told is a stop that nobody logged", () => {
  const [failure, microStop] = of(fold(parts(30, { 12: 25, 20: 10 }), 40), "A").stops;
  expect(microStop!.durationsS).toHaveLength(1);
  expect(microStop!.durationsS[0]).toBeCloseTo(25, 0);
  expect(failure!.durationsS).toEqual([]);
  // The same stay, told as a stop, is counted once and by what was told.
  const told = [
    ...parts(30, { 12: 25 }),
    sample("A", "ItemState", "Held", at(13) + 10 * SECOND),
    sample("A", "ItemState", 3, at(13) + 35 * SECOND),
  ];
  expect(
    of(
      fold(
        told.toSorted((a, b) => a.sourceTime - b.sourceTime),
        500,
      ),
      "A",
    ).stops[1]!.durationsS,
  ).toEqual([25]);
});

test("[O75] a part that was begun before a night and ends with it stood through the night, not through a stop", () => {
  const overnight = [
    ...parts(20, {}),
    sample("A", "Blocked", false, at(0)),
    sample("A", "Starved", false, at(0)),
    sample("A", "PartIn", "P1-last", at(479.8)),
    sample("A", "ItemState", 2, at(480)),
    // Unplanned overtime: its first sign is the part itself.
    sample("A", "ItemState", 3, at(900)),
    sample("A", "LastCycle", 30, at(900) + 0.15 * SECOND),
    sample("A", "PartOut", "P1-last", at(900) + 0.1 * SECOND),
  ].toSorted((a, b) => a.sourceTime - b.sourceTime);
  expect(of(fold(overnight, 1_000), "A").stops.map(({ durationsS }) => durationsS)).toEqual([[], []]);
});

test("[O76] runs of products, and the conveyor from parts that were awaited; the run under way at an instant is unknown before it", () => {
  const engine = fold(
    parts(30, {}, (part) => (part < 10 ? "P1" : part < 25 ? "P2" : "P1")),
    40,
  );
  expect(of(engine, "A").runs).toEqual([
    { product: "P1", n: 10 },
    { product: "P2", n: 15 },
    { product: "P1", n: 5 },
  ]);
  expect(of(engine, "A", at(15)).runs).toEqual([{ product: "P1", n: 10 }]);
  expect(of(engine, "B").travel).toEqual([{ from: "A", leastS: [6] }]);
});

test("[O77] a stop is one over a break: what stood before and after it counts once, what was gone after it was repaired in it", () => {
  const stands = [sample("A", "ItemState", 3, at(0)), sample("A", "ItemState", "Held", at(170)), sample("A", "ItemState", 3, at(230))];
  // The controller says nothing of its fault in a break: it waits like the others.
  const pause = [sample("A", "ItemState", 2, at(180)), sample("A", "ItemState", "Held", at(210))];
  const told = [sample("A", "Blocked", false, at(0)), sample("A", "Starved", false, at(0))];
  const sorted = (samples: readonly Sample[]) => samples.toSorted((a, b) => a.sourceTime - b.sourceTime);
  const over = of(fold(sorted([...stands, ...pause, ...told]), 500), "A");
  expect(over.rests).toEqual({ stood: 1, ended: 0 });
  expect(over.stops[0]).toMatchObject({ durationsS: [30 * 60], wholeRepairsS: [60 * 60] });
  const gone = of(
    fold(sorted([...stands.slice(0, 2), sample("A", "ItemState", 2, at(180)), sample("A", "ItemState", 3, at(210)), ...told]), 500),
    "A",
  );
  expect(gone.rests).toEqual({ stood: 0, ended: 1 });
  expect(gone.stops[0]).toMatchObject({ durationsS: [10 * 60], wholeRepairsS: [20 * 60] });
});
