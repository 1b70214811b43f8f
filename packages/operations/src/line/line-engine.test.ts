import { MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { SHIFT_START, batchOf, fixtureLine, runLine, sample, stream, zoneOffset } from "./small-line.fixture.ts";
import { createLineEngine, type LineEngine } from "./line-engine.ts";

const END = SHIFT_START + 9 * 60 * MINUTE;

/** Everything an engine says at the end of the run. */
function told(engine: LineEngine): string {
  return JSON.stringify({
    out: engine.drain(),
    parts: engine.parts(),
    states: engine.states(),
    shifts: engine.shiftIds().map((id) => engine.shift(id)),
    alarms: engine.alarms(),
    fits: engine.observations(),
  });
}

function make(): LineEngine {
  return createLineEngine(fixtureLine(), { zoneOffset, extract: true });
}

const { samples } = runLine(5, 400, { lostReads: 0.003 });

test("[O4] the same samples in any chunks, in any order within a chunk, give the same output", () => {
  const whole = make();
  const all = batchOf(samples);
  whole.step(all.batch, all.ids);
  whole.advance(END);
  const expected = told(whole);
  for (const seed of [101, 202, 303]) {
    const random = stream(seed);
    const engine = make();
    let at = 0;
    while (at < samples.length) {
      const next = Math.min(samples.length, at + 1 + Math.floor(random() * 400));
      const chunk = samples.slice(at, next).toSorted(() => random() - 0.5);
      const { batch, ids } = batchOf(chunk);
      engine.step(batch, ids);
      // Up to just before what comes next: nothing of the next chunk is late.
      if (random() < 0.7 && next < samples.length) engine.advance(samples[next]!.sourceTime - 1);
      at = next;
    }
    engine.advance(END);
    expect(told(engine), `seed ${seed}`).toBe(expected);
    expect(engine.intake.late).toBe(0);
  }
});

test("[O5] restored from a snapshot at any instant, an engine goes on exactly as the one that never stopped", () => {
  const whole = make();
  const all = batchOf(samples);
  whole.step(all.batch, all.ids);
  whole.advance(END);
  const expected = told(whole);
  for (const minutes of [1, 47, 180.5, 200, 479, 480]) {
    const cut = SHIFT_START + Math.round(minutes * 60) * SECOND;
    const first = make();
    first.step(all.batch, all.ids);
    first.advance(cut);
    const saved = JSON.stringify(first.snapshot());
    const second = make();
    second.restore(JSON.parse(saved));
    expect(JSON.stringify(second.snapshot())).toBe(saved);
    second.advance(END);
    expect(told(second), `cut at ${minutes} min`).toBe(expected);
  }
});

test("[O4] the same sample twice is one; of two changes with one time stamp the later arrival is the newer", () => {
  const engine = make();
  const part = sample("A", "PartIn", "x", SHIFT_START + SECOND);
  const rows = [
    sample("A", "Total", 5, SHIFT_START),
    sample("A", "Total", 6, SHIFT_START + SECOND),
    sample("A", "Total", 6, SHIFT_START + SECOND),
    part,
    part,
    sample("A", "ItemState", 2, SHIFT_START + SECOND),
    sample("A", "ItemState", 3, SHIFT_START + SECOND),
  ];
  const { batch, ids } = batchOf(rows);
  engine.step(batch, ids);
  engine.advance(SHIFT_START + 5 * SECOND);
  engine.step(batch, ids);
  engine.advance(SHIFT_START + 10 * SECOND);
  expect(engine.oee("A")).toMatchObject({ produced: 1 });
  expect(engine.parts().wip.value).toBe(1);
  expect(engine.states()[0]).toMatchObject({ state: "working", since: SHIFT_START + SECOND });
  expect(engine.intake).toMatchObject({ dropped: 1, lateFrom: SHIFT_START });
});
