import { quality, SECOND, type SampleBatch } from "@doppelwerk/world";
import { expect, test } from "vitest";
import type { RecordedSpan } from "../telemetry/span-sink.ts";
import { ClockOffset } from "./clock-offset.ts";
import { FollowedBatches } from "./followed-batches.ts";
import { FrameTimes } from "./frame-times.ts";

const START = 1_800_000_000_000_000;

function followed() {
  const clock = { at: START, now: () => clock.at };
  const spans: RecordedSpan[] = [];
  const batches = new FollowedBatches({ clock, spans: { record: (span) => void spans.push(span) }, random: () => 0.5 });
  return { clock, spans, batches };
}

function batchAt(serverTime: number, count = 1): SampleBatch {
  return {
    origin: "measured",
    count,
    signals: new Uint32Array(count),
    values: new Float64Array(count),
    qualities: new Uint8Array(count).fill(quality.good),
    sourceTimes: new Float64Array(count).fill(serverTime),
    serverTimes: new Float64Array(count).fill(serverTime),
    texts: new Map(),
  };
}

test("[SV310] about one batch a second is followed, whatever comes; an empty one is none", () => {
  const { clock, batches } = followed();
  let count = 0;
  for (let at = 0; at < 60 * SECOND; at += 2_000) {
    clock.at = START + at;
    if (batches.follow(batchAt(clock.at, at % 4_000 === 0 ? 1 : 0)) !== undefined) count++;
  }
  expect(count).toBeGreaterThan(55);
  expect(count).toBeLessThan(65);
});

test("[SV310] a batch of an archive is not followed, and takes the turn of no other", () => {
  const { clock, batches } = followed();
  expect(batches.follow({ ...batchAt(clock.at), sourceTimes: new Float64Array([clock.at - 61 * SECOND]) })).toBeUndefined();
  expect(batches.follow(batchAt(clock.at))).toBeDefined();
});

test("[SV310] a followed batch has a span for each part of its way, in times of this server, and frames by the clock of their window", () => {
  const { clock, spans, batches } = followed();
  const one = batches.of(batches.follow(batchAt(START - 3_000))!)!;
  for (const [step, at] of [
    ["mapped", 200],
    ["ticked", 15_000],
    ["taken", 15_300],
    ["folded", 16_000],
  ] as const) {
    clock.at = START + at;
    one.mark(step);
  }
  // a window whose clock began at some other time: 12 ms there, drawn 9 ms later, 8 ms back
  const window = 7_000_000_000;
  one.sentTo("s1", new ClockOffset());
  clock.at = START + 16_400;
  one.mark("published");
  clock.at = START + 19_000;
  one.mark("stored");
  expect(spans).toEqual([]);
  clock.at = START + 16_000 + 12_000 + 9_000 + 8_000;
  batches.shown("s1", { trace: one.trace, receivedAt: window, drawnAt: window + 9_000, reportedAt: window + 9_000, view: "board" });
  const byName = new Map(spans.map((span) => [span.name, span]));
  const [sample, send, draw] = [byName.get("sample")!, byName.get("frame.send")!, byName.get("frame.draw")!];
  expect([...byName.keys()].toSorted()).toEqual([
    "frame.draw",
    "frame.send",
    "sample",
    "sample.connector",
    "sample.fold",
    "sample.map",
    "sample.publish",
    "sample.queue",
    "sample.store",
    "sample.table",
  ]);
  expect(spans.every(({ from, to }) => to >= from)).toBe(true);
  expect(spans.filter(({ name }) => name !== "sample").every(({ parent }) => parent === one.trace)).toBe(true);
  expect(sample).toMatchObject({ context: one.trace, from: START - 3_000, to: draw.to });
  // the half of what is not known is 2 ms: the way there and back is taken as equally long
  expect(send).toMatchObject({ from: START + 16_000, to: START + 26_000, attributes: { "doppelwerk.round_trip_us": 20_000 } });
  expect(draw).toMatchObject({ from: START + 26_000, to: START + 35_000, attributes: { "doppelwerk.view": "board" } });
  const [board] = batches.frames.list();
  expect(board).toMatchObject({ view: "board", count: 1 });
  expect(board!.p50Ms).toBeCloseTo(38, 0);
});

test("[SV310] what a window says counts once, of a frame that was sent to it, and only as far as it can be", () => {
  const { clock, spans, batches } = followed();
  const one = batches.of(batches.follow(batchAt(START))!)!;
  for (const step of ["mapped", "ticked", "taken", "stored", "folded", "published"] as const) one.mark(step);
  one.sentTo("s1", new ClockOffset());
  clock.at = START + 50_000;
  const lie = { trace: one.trace, receivedAt: -1e300, drawnAt: 1e300, reportedAt: Number.MAX_VALUE, view: "<script>" };
  batches.shown("s2", lie);
  batches.shown("s1", { ...lie, trace: "00-0-0-01" });
  expect(batches.frames.list()).toEqual([]);
  batches.shown("s1", lie);
  batches.shown("s1", lie);
  const frames = spans.filter(({ name }) => name === "frame.draw");
  expect(frames).toHaveLength(1);
  for (const { from, to } of spans) expect([from >= START, to <= START + 50_000]).toEqual([true, true]);
  expect(batches.frames.list()).toMatchObject([{ view: "other", count: 1 }]);
});

test("[SV310] a frame that nobody draws is given up after ten seconds, and what is open is bounded", () => {
  const { clock, spans, batches } = followed();
  const one = batches.of(batches.follow(batchAt(START))!)!;
  one.mark("mapped");
  one.sentTo("s1", new ClockOffset());
  clock.at = START + 11 * SECOND;
  batches.follow(batchAt(clock.at));
  expect(batches.of(one)).toBeUndefined();
  expect(spans.map(({ name }) => name)).toEqual(["sample", "sample.connector", "sample.map"]);
  batches.close();
});

test("[SV310] of messages there and back the fastest says how far a clock is", () => {
  const offset = new ClockOffset();
  expect(offset.value).toBe(0);
  const far = 5_000_000;
  // 1 ms each way, then one that waited 300 ms on its way there
  offset.learn({ sent: 1_000, received: 2_000 - far, said: 2_500 - far, heard: 3_500 });
  offset.learn({ sent: 10_000, received: 310_000 - far, said: 310_000 - far, heard: 311_000 });
  expect(offset.value).toBeCloseTo(far, -1);
  // the clock there is another one: the old answers are forgotten
  for (let n = 0; n < 8; n++) offset.learn({ sent: n, received: n + 1_000, said: n + 1_000, heard: n + 2_000 });
  expect(offset.value).toBeCloseTo(0, -1);
});

test("[SV310] of views sixteen are told apart, and times are of the last minute or two", () => {
  let now = 0;
  const times = new FrameTimes(() => now);
  for (let n = 0; n < 40; n++) times.record(`view${n}`, 10 + n);
  times.record("view1", 1e12);
  expect(times.list()).toHaveLength(17);
  expect(times.list().find(({ view }) => view === "other")!.count).toBe(24);
  expect(times.list().find(({ view }) => view === "view1")!.p95Ms).toBeLessThanOrEqual(61_000);
  now = 400_000;
  expect(times.list()).toEqual([]);
});
