import { MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { SHIFT_START, batchOf, fixtureLine, runLine, signal, station, truthAt, zoneOffset } from "../line/small-line.fixture.ts";
import { createLineEngine } from "../line/line-engine.ts";
import { createLineTracker } from "./line-tracker.ts";
import type { PartEvent } from "./tracked-part.ts";

test("[O1] every part is in exactly one place, and WIP is what truly is on the line", () => {
  const definition = fixtureLine();
  const { samples } = runLine(7, 200);
  const engine = createLineEngine(definition, { zoneOffset });
  const { batch, ids } = batchOf(samples);
  engine.step(batch, ids);
  for (let at = SHIFT_START + MINUTE; at < SHIFT_START + 120 * MINUTE; at += 3 * MINUTE) {
    engine.advance(at);
    const picture = engine.parts();
    const serials = picture.parts.map((part) => part.serial);
    expect(new Set(serials).size).toBe(serials.length);
    expect(picture.wip.value).toBe(truthAt(samples, at).on);
    const summed = Object.values(picture.stations).reduce((sum, wip) => sum + wip.places.value + wip.buffer.value + wip.components, 0);
    expect(summed).toBe(picture.wip.value);
    for (const part of picture.parts) if (part.at.kind === "place") expect(part.at.place).toBeLessThan(2);
  }
  expect(engine.parts().missedReads).toBe(0);
  expect(engine.parts().unmatched).toEqual([]);
});

test("[O2] with lost readings WIP stays within its error, and what cannot be explained is listed", () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const { samples } = runLine(seed, 300, { lostReads: 0.01 });
    const whole = runLine(seed, 300);
    expect(whole.samples.length).toBeGreaterThan(samples.length);
    const engine = createLineEngine(fixtureLine(), { zoneOffset });
    const { batch, ids } = batchOf(samples);
    engine.step(batch, ids);
    engine.advance(SHIFT_START + 100 * MINUTE);
    const { wip, missedReads } = engine.parts();
    expect(missedReads, `seed ${seed}`).toBeGreaterThan(0);
    expect(
      Math.abs(wip.value - truthAt(samples, SHIFT_START + 100 * MINUTE).on),
      `seed ${seed}: ${JSON.stringify(wip)}`,
    ).toBeLessThanOrEqual(wip.error + 2);
  }
});

test("[O3] a station whose clock is 37 s ahead neither loses nor doubles a part", () => {
  const { samples } = runLine(11, 150);
  const ahead = samples.map((entry) =>
    entry.signal.startsWith("signal:B.") ? { ...entry, sourceTime: entry.sourceTime + 37 * SECOND } : entry,
  );
  const engine = createLineEngine(fixtureLine(), { zoneOffset });
  const { batch, ids } = batchOf(ahead);
  engine.step(batch, ids);
  engine.advance(SHIFT_START + 90 * MINUTE);
  const output = engine.drain();
  const entered = output.parts.filter((event) => event.kind === "entered").length;
  const completed = output.parts.filter((event) => event.kind === "completed").length;
  expect(entered - completed).toBe(engine.parts().wip.value);
  expect(engine.parts().inversions).toBeGreaterThan(0);
  expect(new Set(output.parts.filter((event) => event.kind === "completed").map((event) => event.serial)).size).toBe(completed);
  expect(Math.abs(engine.parts().wip.value - truthAt(samples, SHIFT_START + 90 * MINUTE).on)).toBeLessThanOrEqual(2);
});

const at = (seconds: number) => SHIFT_START + seconds * SECOND;

function tracker(definition = fixtureLine()) {
  const events: PartEvent[] = [];
  return { events, line: createLineTracker(definition, (event) => events.push(event)) };
}

/** Past the time in which parts are met that entered before anyone looked. */
const LATER = 4 * 3600;

test("[O6] a part on a conveyor, then in the buffer slot of its turn, then in a place", () => {
  const { line } = tracker();
  line.partIn("A", "s1", at(0));
  line.partOut("A", "s1", at(30));
  line.partIn("A", "s2", at(31));
  line.partOut("A", "s2", at(60));
  expect(line.at(at(62)).parts.map((part) => part.at)).toEqual([
    { kind: "buffer", station: "B", slot: 0 },
    { kind: "path", path: "A>B", from: "A", station: "B", fraction: 0.4 },
  ]);
  line.partIn("B", "s1", at(63));
  const picture = line.at(at(70));
  expect(picture.parts.find((part) => part.serial === "s1")).toMatchObject({
    at: { kind: "place", station: "B", place: 0 },
    ageS: 70,
    inferred: false,
  });
  expect(picture.carriers).toMatchObject({ total: 60, used: 2, free: { value: 58, error: 0 } });
});

test("[O7] a part that others keep passing has been taken off: it leaves WIP and is listed; put back, it is met again", () => {
  const { line, events } = tracker();
  line.partIn("A", "gone", at(LATER));
  line.partOut("A", "gone", at(LATER + 30));
  for (let n = 1; n <= 7; n++) {
    line.partIn("A", `s${n}`, at(LATER + 40 * n));
    line.partOut("A", `s${n}`, at(LATER + 40 * n + 30));
    line.partIn("B", `s${n}`, at(LATER + 40 * n + 36));
    line.partOut("B", `s${n}`, at(LATER + 40 * n + 37));
    if (n === 1) expect(line.at(at(LATER + 80)).stations.B!.buffer).toEqual({ value: 1, error: 1 });
  }
  expect(events).toContainEqual(expect.objectContaining({ kind: "unmatched", serial: "gone", why: "removed", station: "B" }));
  expect(line.at(at(LATER + 400)).parts.map((part) => part.serial)).not.toContain("gone");
  line.partIn("C", "s1", at(LATER + 400));
  line.partOut("C", "s1", at(LATER + 430));
  line.partIn("A", "s7", at(LATER + 1000));
  expect(events).toContainEqual(expect.objectContaining({ kind: "unmatched", serial: "s7", why: "reinserted", station: "A" }));
});

test("[O7] a part read inside the line that never entered is met, and listed once the line is known", () => {
  const { line, events } = tracker();
  line.partIn("B", "early", at(0));
  line.partIn("B", "late", at(LATER * 2));
  expect(events.filter((event) => event.kind === "unmatched")).toEqual([expect.objectContaining({ serial: "late", why: "appeared" })]);
  expect(line.at(at(LATER * 2)).parts.find((part) => part.serial === "early")!.enteredAt).toBeUndefined();
});

test("[O8] a reject goes to rework whether its count comes before or after its reading, and comes back reworked", () => {
  for (const countFirst of [true, false]) {
    const { line, events } = tracker();
    line.partIn("A", "s1", at(0));
    line.partOut("A", "s1", at(30));
    line.partIn("B", "s1", at(36));
    if (countFirst) line.rejected("B", 1, at(99));
    line.partOut("B", "s1", at(100));
    if (!countFirst) line.rejected("B", 1, at(101));
    expect(line.at(at(110)).parts[0]!.at).toEqual({ kind: "buffer", station: "R", slot: 0 });
    line.partIn("R", "s1", at(120));
    line.partOut("R", "s1", at(400));
    line.partIn("B", "s1", at(410));
    line.partOut("B", "s1", at(470));
    line.partIn("C", "s1", at(480));
    line.partOut("C", "s1", at(510));
    expect(events.at(-1)).toMatchObject({ kind: "completed", serial: "s1", reworked: true, enteredAt: at(0) });
    expect(line.at(at(520)).wip).toEqual({ value: 0, error: 0 });
  }
});

test("[O44] a part that leaves a station after rework and is rejected again says when it left, whether its count comes before or after", () => {
  for (const countFirst of [true, false]) {
    const { line, events } = tracker();
    const pass = (from: number): void => {
      line.partIn("B", "s1", at(from));
      if (countFirst) line.rejected("B", 1, at(from + 59));
      line.partOut("B", "s1", at(from + 60));
      if (!countFirst) line.rejected("B", 1, at(from + 61));
      line.partIn("R", "s1", at(from + 80));
      line.partOut("R", "s1", at(from + 200));
    };
    line.partIn("A", "s1", at(0));
    line.partOut("A", "s1", at(30));
    pass(100);
    pass(400);
    const rejects = events.filter((event) => event.kind === "rejected");
    expect(rejects.map((event) => event.reworkedLeftAt)).toEqual([undefined, at(460)]);
  }
});

test("[O9] where nothing is read, counts move parts first in first out and say that they are inferred", () => {
  const base = fixtureLine();
  const counted = {
    ...base,
    stations: base.stations.map((entry) => (entry.id === "B" ? { ...entry, signals: { Total: entry.signals.Total! } } : entry)),
  };
  const { line, events } = tracker(counted);
  for (const [index, serial] of ["s1", "s2", "s3"].entries()) {
    line.partIn("A", serial, at(index * 40));
    line.partOut("A", serial, at(index * 40 + 30));
  }
  expect(line.at(at(120)).stations.B).toMatchObject({ places: { value: 2, error: 2 }, buffer: { value: 1, error: 0 } });
  line.countedOut("B", 1, at(130));
  expect(events.at(-2)).toMatchObject({ kind: "left", serial: "s1", station: "B", inferred: true });
  expect(
    line
      .at(at(140))
      .parts.map((part) => `${part.serial} ${part.at.station}`)
      .toSorted(),
  ).toEqual(["s1 C", "s2 B", "s3 B"]);
  line.partIn("C", "s1", at(150));
  expect(line.at(at(150)).parts.find((part) => part.serial === "s1")!.inferred).toBe(false);
});

test("[O9] a sub-assembly is joined to the part that comes in, also when it arrives after it", () => {
  const base = fixtureLine();
  const definition = {
    ...base,
    stations: [station("T", ["PartIn", "PartOut"]), ...base.stations],
    flows: [{ from: "T", to: "B", kind: "assembly" as const, travelS: 0 }, ...base.flows],
  };
  const { line, events } = tracker(definition);
  line.partIn("T", "t1", at(0));
  line.partOut("T", "t1", at(10));
  expect(line.at(at(11)).stations.B).toMatchObject({ buffer: { value: 0 }, components: 1 });
  line.partIn("B", "s1", at(20));
  line.partIn("B", "s2", at(25));
  line.partIn("T", "t2", at(26));
  line.partOut("T", "t2", at(30));
  expect(events.filter((event) => event.kind === "joined").map((event) => event.serial)).toEqual(["t1", "t2"]);
  expect(line.at(at(31)).stations.B!.components).toBe(0);
});

test("[O9] where the serial of a component is read, the reading joins it, whatever was waiting before", () => {
  const base = fixtureLine();
  const stations = base.stations.map((entry) =>
    entry.id === "B"
      ? { ...entry, signals: { ...entry.signals, ComponentIn: signal("B", "ComponentIn", { valueType: "string" }) } }
      : entry,
  );
  const { line, events } = tracker({
    ...base,
    stations: [station("T", ["PartIn", "PartOut"]), ...stations],
    flows: [{ from: "T", to: "B", kind: "assembly" as const, travelS: 0 }, ...base.flows],
  });
  line.partIn("T", "t1", at(0));
  line.partOut("T", "t1", at(10));
  line.partIn("B", "s1", at(20));
  line.componentIn("B", "made before anyone looked", at(21));
  expect(line.at(at(22)).stations.B!.components).toBe(1);
  line.componentIn("B", "t1", at(60));
  expect(events.filter((event) => event.kind === "joined").map((event) => event.serial)).toEqual(["t1"]);
  expect(line.at(at(61)).parts.map((part) => part.serial)).toEqual(["s1"]);
});
