import { describe, expect, test } from "vitest";
import { ClockOffsets } from "./clock-offsets.ts";

const S = 1_000_000;

describe("clock offsets", () => {
  test("[C8] the usual delay of the plant is not taken for an offset, small offsets are tolerated, and a correction does not flap", () => {
    const told: [string, number][] = [];
    const offsets = new ClockOffsets((source, offsetS) => told.push([source, offsetS]));
    let now = 1_790_000_000 * S;
    for (let i = 0; i < 200; i++) {
      now += S / 10;
      const delay = 700_000 + (i % 7) * 10_000;
      offsets.observe("right", now - delay, now);
      offsets.observe("nearly", now - delay + 1.5 * S, now);
      offsets.observe("ahead", now - delay + 37 * S, now);
      offsets.observe("behind", now - delay - 3600 * S, now);
    }
    expect(told.filter(([source]) => source === "right" || source === "nearly")).toEqual([]);
    expect(told.filter(([source]) => source === "ahead").length).toBeLessThanOrEqual(2);
    expect(offsets.correction("ahead")).toBe(-37 * S);
    expect(offsets.correction("behind")).toBe(3600 * S);
    expect(offsets.correct("ahead", now + 36 * S, now)).toEqual({ time: now - S, doubtful: false });
    for (let i = 0; i < 60; i++) offsets.observe("ahead", (now += S / 10), now);
    expect(offsets.correction("ahead")).toBe(0);
    expect(told.at(-1)).toEqual(["ahead", 0]);
  });

  test("[C8] the correction is that of the median of the last 33 delays, whatever their order", () => {
    const random = (seed: number) => () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let seed = 1; seed <= 20; seed++) {
      const chance = random(seed);
      const offsets = new ClockOffsets(() => {});
      const delays: number[] = [];
      for (let n = 0; n < 200; n++) {
        // all far ahead and alike, so that each median shows in the correction
        delays.push(-100 * S - Math.floor(chance() * 40) * S);
        offsets.observe("plc", 1_000_000 * S - delays.at(-1)!, 1_000_000 * S);
        const last = delays.slice(-33).toSorted((a, b) => a - b);
        if (last.length >= 5) expect(offsets.correction("plc"), `seed ${seed}, value ${n}`).toBe(last[last.length >> 1]);
      }
    }
  });

  test("[C8] what waited while the way was cut is no evidence of a clock, and a clock that is behind is found out all the same", () => {
    const offsets = new ClockOffsets(() => {});
    const begin = 1_790_000_000 * S;
    for (let n = 0; n < 40; n++) {
      offsets.observe("right", begin + n * S - 10_000, begin + n * S);
      offsets.observe("ahead", begin + n * S + 37 * S, begin + n * S);
    }
    const [lost, back] = [begin + 40 * S, begin + 100 * S];
    offsets.cut(lost, back);
    for (let n = 0; n < 50; n++) {
      offsets.observe("right", lost + n * S, back);
      offsets.observe("ahead", lost + n * S + 37 * S, back);
    }
    expect([offsets.correction("right"), offsets.correction("ahead")]).toEqual([0, -37 * S]);
    for (let n = 0; n < 100; n++) offsets.observe("right", back + n * S - 30 * S, back + n * S);
    expect(offsets.correction("right")).toBe(30 * S);
  });

  test("[C8] what waited in a queue and comes all at once moves no clock", () => {
    const told: number[] = [];
    const offsets = new ClockOffsets((_source, offsetS) => told.push(offsetS));
    const begin = 1_790_000_000 * S;
    // six signals five times a second, kept up for four seconds, then on time
    for (let sent = begin; sent < begin + 10 * S; sent += S / 5)
      for (let n = 0; n < 6; n++) offsets.observe("slow", sent, Math.max(sent, begin + 4 * S) + n * 100);
    expect(told).toEqual([]);
    for (let sent = begin + 10 * S; sent < begin + 20 * S; sent += S / 5) offsets.observe("slow", sent - 30 * S, sent);
    expect(offsets.correction("slow")).toBe(30 * S);
  });

  test("[C8] a value from the future is taken for now, doubtful when it is far, until the offset is known", () => {
    const offsets = new ClockOffsets(() => {});
    expect(offsets.correct("plc", 1001 * S, 1000 * S)).toEqual({ time: 1000 * S, doubtful: false });
    expect(offsets.correct("plc", 1040 * S, 1000 * S)).toEqual({ time: 1000 * S, doubtful: true });
    offsets.suspect("plc", 1040 * S, 1000 * S);
    expect(offsets.searching).toBe(true);
    for (let i = 0; i < 5; i++) offsets.observe("plc", 1040 * S, 1000 * S);
    expect(offsets.searching).toBe(false);
  });
});
