import { MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { SHIFT_START, batchOf, fixtureLine, runLine, truthAt, zoneOffset } from "../line/fixture-line.ts";
import { createLineEngine } from "../line/line-engine.ts";

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
    expect(Math.abs(wip.value - truthAt(samples, SHIFT_START + 100 * MINUTE).on), `seed ${seed}: ${JSON.stringify(wip)}`).toBeLessThanOrEqual(wip.error + 2);
  }
});

test("[O3] a station whose clock is 37 s ahead neither loses nor doubles a part", () => {
  const { samples } = runLine(11, 150);
  const ahead = samples.map((entry) => (entry.signal.startsWith("signal:B.") ? { ...entry, sourceTime: entry.sourceTime + 37 * SECOND } : entry));
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
