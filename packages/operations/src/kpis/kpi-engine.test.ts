import { HOUR, MINUTE, SECOND, type Sample } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { SHIFT_START, batchOf, fixtureLine, runLine, sample, zoneOffset } from "../line/small-line.fixture.ts";
import { createLineEngine, type LineEngine } from "../line/line-engine.ts";
import type { StationDefinition, StationRole } from "../definition/line-definition.ts";
import { createShiftCalendar } from "../shifts/shift-calendar.ts";
import { bottlenecks } from "./bottleneck.ts";
import { kpiDefinition } from "./kpi-definition.ts";
import { createKpiEngine } from "./kpi-engine.ts";

const at = (minutes: number) => SHIFT_START + Math.round(minutes * 60) * SECOND;
const SHIFT = "2026-11-23 Early";

function fold(samples: readonly Sample[], until: number): LineEngine {
  const engine = createLineEngine(fixtureLine(), { zoneOffset });
  const { batch, ids } = batchOf(samples);
  engine.step(batch, ids);
  engine.advance(at(until));
  return engine;
}

/** B works 06:00–10:00 local, fails until 11:00, works to the end; makes 10 parts a quarter of an hour, one of ten bad. */
function shiftOfB(made: number): Sample[] {
  const samples = [
    sample("B", "Product", "P1", at(0)),
    sample("B", "ItemState", 3, at(0)),
    sample("B", "Total", 0, at(0)),
    sample("B", "Good", 0, at(0)),
    sample("B", "Reject", 0, at(0)),
  ];
  samples.push(sample("B", "ItemState", "Aborted", at(240)), sample("B", "ItemState", 3, at(300)));
  let good = 0;
  for (let part = 1; part <= made; part++) {
    const time = at(0) + Math.round((part * 479 * MINUTE) / made);
    samples.push(
      sample("B", "Total", part, time),
      part % 10 === 0 ? sample("B", "Reject", part / 10, time) : sample("B", "Good", ++good, time),
    );
  }
  return samples.toSorted((a, b) => a.sourceTime - b.sourceTime);
}

test("[O40] OEE by hand: 7.5 h planned, 6.5 h working, 600 parts of 30 s, one in ten bad", () => {
  const shift = fold(shiftOfB(600), 500).shift(SHIFT)!;
  const oee = shift.oee!;
  expect(oee).toMatchObject({
    station: "B",
    plannedBusyS: 27_000,
    actualProductionS: 23_400,
    produced: 600,
    good: 540,
    rejected: 60,
    idealS: 18_000,
    unknownS: 0,
  });
  expect(oee.products).toEqual([{ product: "P1", plannedRunTimePerItemS: 30, produced: 600, good: 540 }]);
  expect(oee.availability).toBeCloseTo(23_400 / 27_000, 12);
  expect(oee.effectiveness).toBeCloseTo(18_000 / 23_400, 12);
  expect(oee.qualityRatio).toBe(0.9);
  expect(oee.oee).toBeCloseTo((540 * 30) / 27_000, 12);
  expect(shift.time.find((time) => time.station === "B")!.states).toEqual({ working: 23_400, failed: 3600 });
  expect(shift.hours.reduce((sum, hour) => sum + hour.produced, 0)).toBe(600);
  expect(shift.hours.reduce((sum, hour) => sum + hour.plannedS, 0)).toBe(27_000);
});

test("[O41] over 100 % is a finding and is not capped; a station that no one hears is unknown time, not uptime", () => {
  const shift = fold(shiftOfB(1000), 500).shift(SHIFT)!;
  expect(shift.oee!.effectiveness!).toBeGreaterThan(1);
  expect(shift.oee!.findings.map((finding) => finding.kind)).toContain("over100");
  const silent = shift.stations.find((result) => result.station === "C")!;
  expect(silent).toMatchObject({ actualProductionS: 0, unknownS: 27_000, produced: 0 });
  expect([silent.oee, silent.availability]).toEqual([undefined, undefined]);
});

test("[O42] parts counted over a gap are shown apart and are in no ratio", () => {
  const samples = [
    sample("B", "ItemState", 3, at(0)),
    sample("B", "Total", 0, at(0)),
    sample("B", "Total", 1, at(1)),
    sample("B", "Total", 1, at(2), 2),
    sample("B", "Total", 9, at(10)),
    sample("B", "Total", 10, at(11)),
  ];
  const engine = fold(samples, 20);
  expect(engine.oee("B")).toMatchObject({ produced: 2, producedInUnknownTime: 8 });
  expect(engine.drain().counters).toMatchObject([{ station: "B", role: "Total", kind: "gap", delta: 8 }]);
});

test("[O43] a late reading revises a closed shift, and says how often", () => {
  const engine = fold(shiftOfB(600), 500);
  expect(engine.shift(SHIFT)).toMatchObject({ closed: true, revision: 0 });
  // it is not worked out again before something of it changes
  expect(engine.shift(SHIFT)).toBe(engine.shift(SHIFT));
  const { batch, ids } = batchOf([sample("B", "Total", 601, at(479.5))]);
  engine.step(batch, ids);
  engine.advance(at(501));
  expect(engine.shift(SHIFT)).toMatchObject({ closed: true, revision: 1, oee: { produced: 601 } });
});

test("[O44] reworked parts are completed but not first-pass good, at the constraint as at the line", () => {
  const run = runLine(3, 300);
  const engine = createLineEngine(fixtureLine(), { zoneOffset });
  const { batch, ids } = batchOf(run.samples);
  engine.step(batch, ids);
  engine.advance(SHIFT_START + 8 * HOUR + 2 * MINUTE);
  const shift = engine.shift(SHIFT)!;
  const reworked = new Set(run.samples.filter((entry) => entry.signal === "signal:R.PartIn").map((entry) => entry.value)).size;
  expect(reworked).toBeGreaterThan(5);
  expect(shift.line).toMatchObject({ entered: 300, completed: 300, firstPass: 300 - reworked, scrapped: 0 });
  expect(shift.line.firstPassYield).toBeCloseTo(1 - reworked / 300, 12);
  expect(shift.oee).toMatchObject({ reworkedGood: reworked, good: 300 - reworked, rejected: reworked });
  expect(shift.line.byProduct.P1! + shift.line.byProduct.P2!).toBe(300);
  expect(shift.line.lead.n).toBe(300);
});

test("[O44] a reworked part that is rejected again is not counted good there: only the last time that it leaves", () => {
  const line = fixtureLine();
  const engine = createKpiEngine(kpiDefinition(line), createShiftCalendar(line.shifts, zoneOffset));
  const time = (minutes: number) => SHIFT_START + minutes * MINUTE;
  const left = (minutes: number, reworked: boolean) =>
    engine.part({
      kind: "left",
      serial: "s1",
      product: "P1",
      station: "B",
      at: time(minutes),
      inPlaceS: 60,
      tries: 1,
      reworked,
      inferred: false,
    });
  const rejected = (minutes: number, reworkedLeftAt?: number) =>
    engine.part({
      kind: "rejected",
      serial: "s1",
      product: "P1",
      station: "B",
      at: time(minutes),
      tries: 1,
      ...(reworkedLeftAt !== undefined && { reworkedLeftAt }),
    });
  // three passes: rejected, rejected again after rework, good
  for (const minutes of [10, 20, 30]) engine.count("B", "Total", 1, "P1", false, time(minutes));
  left(10, false);
  engine.count("B", "Reject", 1, "P1", false, time(10));
  rejected(10);
  left(20, true);
  engine.count("B", "Reject", 1, "P1", false, time(20));
  rejected(20, time(20));
  left(30, true);
  engine.count("B", "Good", 1, "P1", false, time(30));
  // made 3, counted good 1, of these 1 after rework: 0 good at the first pass
  expect(engine.oee(SHIFT, "B", time(60), [])).toMatchObject({ produced: 3, rejected: 2, reworkedGood: 1, good: 0, qualityRatio: 0 });
});

test("[O45] production outside of any shift is shown as unplanned, with counts and without ratios", () => {
  const saturday = SHIFT_START + 5 * 24 * HOUR;
  const samples = [
    sample("B", "ItemState", 3, saturday),
    sample("B", "Total", 5, saturday),
    sample("B", "Total", 6, saturday + MINUTE),
    sample("B", "Total", 8, saturday + 3 * MINUTE),
  ];
  const engine = createLineEngine(fixtureLine(), { zoneOffset });
  const { batch, ids } = batchOf(samples);
  engine.step(batch, ids);
  engine.advance(saturday + HOUR);
  const shift = engine.shift("2026-11-28 unplanned")!;
  expect(shift).toMatchObject({ planned: false, from: saturday + MINUTE, to: saturday + 3 * MINUTE, oee: { produced: 3 } });
  expect(shift.oee!.availability).toBeUndefined();
  expect(engine.shift()).toBeUndefined();
});

test("[O46] the bottleneck is whoever has the longest active period at each instant", () => {
  // A is active 0–60 and 70–80, B 50–100, so A holds 0–60 and B 60–100.
  const shares = bottlenecks({ A: [0, 60, 70, 80], B: [50, 100], C: [] }, 0, 100);
  expect(shares).toEqual([
    { station: "A", share: 0.6, meanActiveS: 35 / SECOND },
    { station: "B", share: 0.4, meanActiveS: 50 / SECOND },
    { station: "C", share: 0, meanActiveS: 0 },
  ]);
});

test("[O47] without a count of all parts the good and the rejected ones are all of them: counts, ratios and parts are those of a plant that counts all", () => {
  const counted = shiftOfB(600);
  const roles = (station: StationDefinition, without: readonly StationRole[]): StationDefinition => ({
    ...station,
    signals: Object.fromEntries(Object.entries(station.signals).filter(([role]) => !without.includes(role as StationRole))),
  });
  const lineWithout = (...without: readonly StationRole[]) => ({
    ...fixtureLine(),
    stations: fixtureLine().stations.map((station) => roles(station, without)),
  });
  const shiftOf = (line: ReturnType<typeof lineWithout>) => {
    const engine = createLineEngine(line, { zoneOffset });
    const ids = new Set(line.stations.flatMap(({ signals }) => Object.values(signals).map(({ id }) => id)));
    const { batch, ids: all } = batchOf(counted.filter(({ signal }) => ids.has(signal)));
    engine.step(batch, all);
    engine.advance(at(500));
    return engine.shift(SHIFT)!;
  };
  const [whole, good] = [shiftOf(lineWithout("PartOut", "PartIn")), shiftOf(lineWithout("Total", "PartOut", "PartIn"))];
  expect(good.oee).toEqual(whole.oee);
  expect(good.oee!.findings.map(({ kind }) => kind)).not.toContain("noCounter");
  expect(good.line.scrapped + good.line.completed).toBe(whole.line.scrapped + whole.line.completed);
  // rejected ones alone say nothing of how many there were
  const rejected = shiftOf(lineWithout("Total", "Good", "PartOut", "PartIn"));
  expect(rejected.oee).toMatchObject({ produced: 0, good: 0, rejected: 60 });
  expect(rejected.oee!.qualityRatio).toBeUndefined();
  expect(rejected.oee!.findings.map(({ kind }) => kind)).toContain("noCounter");
});
