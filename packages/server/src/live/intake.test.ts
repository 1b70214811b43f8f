import { expect, test } from "vitest";
import { verbatim } from "@doppelwerk/messages";
import { createFaultyLayer } from "@doppelwerk/storage/files";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import { DoppelwerkError, originAt, originOfCode, quality, SECOND } from "@doppelwerk/world";
import type { History, Instant, SampleBatch } from "@doppelwerk/world";
import { Intake } from "./intake.ts";
import { SignalDirectory } from "./signal-directory.ts";

const now: Instant = 1_800_000_000 * SECOND;
const ID = "signal:a";

function anIntake(history: History = createMemoryHistory()) {
  const signals = new SignalDirectory();
  signals.table.put({ id: ID, kind: "signal", name: "a", valueType: "double" });
  const told = { ticks: [] as SampleBatch[], past: [] as number[], faults: [] as string[] };
  const intake = new Intake({
    signals,
    history,
    clock: { now: () => now },
    onTick: (batch) => void told.ticks.push(batch),
    onPast: (batch) => void told.past.push(batch.count),
    onNotice: () => {},
    onFault: (message) => void told.faults.push(message),
  });
  return { intake, history, told, signals };
}

function batchOf(times: readonly Instant[]): SampleBatch {
  const count = times.length;
  return {
    origin: "measured",
    count,
    signals: new Uint32Array(count),
    values: Float64Array.from(times, (_, i) => i),
    qualities: new Uint8Array(count).fill(quality.good),
    sourceTimes: Float64Array.from(times),
    serverTimes: new Float64Array(count).fill(now),
    texts: new Map(),
  };
}

const stored = (history: History) => history.raw({ branch: "live", signal: ID }, 0, now + SECOND);

test("[SV4] a full queue lets the oldest batches go and counts them; the newest arrive in one tick", async () => {
  const { intake, told } = anIntake();
  const big = 150_000;
  for (let i = 0; i < 3; i++) intake.offer(batchOf(Array.from({ length: big }, (_, row) => now - 30 * SECOND + i * big + row)));
  intake.drain();
  expect(intake.counts).toMatchObject({ dropped: 2 * big, ingested: big, ticks: 1 });
  expect(told.ticks.map(({ count }) => count)).toEqual([big]);
  expect(told.ticks[0]!.sourceTimes[0]).toBe(now - 30 * SECOND + 2 * big);
  await intake.stop();
});

test("[SV5] the end of an archive is split: what is old is on disk when its offer resolves, what is new is live", async () => {
  const { intake, history, told } = anIntake();
  const taken = intake.offer(batchOf([now - 120 * SECOND, now - 90 * SECOND, now - SECOND]));
  expect(taken).toBeInstanceOf(Promise);
  await taken;
  expect((await stored(history)).times).toHaveLength(2);
  expect(told).toMatchObject({ past: [2], ticks: [] });
  intake.drain();
  expect(told.ticks.map(({ count }) => count)).toEqual([1]);
  await intake.stop();
  expect((await stored(history)).times).toHaveLength(3);
});

test("[SV6] a historian that refuses is told and counted, live viewers go on, and a source of the past hears the refusal", async () => {
  const full: History = {
    ...createMemoryHistory(),
    append: () => Promise.reject(new DoppelwerkError("DW_UNAVAILABLE", verbatim("the disk is full"))),
  };
  const { intake, told } = anIntake(full);
  intake.offer(batchOf([now - SECOND]));
  intake.drain();
  await intake.stop();
  expect(intake.counts.unwritten).toBe(1);
  expect(intake.refusal).toEqual({ since: now, isDiskFull: true });
  expect(told.ticks).toHaveLength(1);
  expect(told.faults).toEqual(["samples could not be stored"]);
  await expect(intake.offer(batchOf([now - 300 * SECOND]))).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  expect(told.past).toEqual([]);
});

test("[SV100] samples whose sender waits are on disk and live when it is answered, and shown with the next tick; the late among them are past", async () => {
  const { intake, history, told, signals } = anIntake();
  const late = now - 300 * SECOND;
  const offered = intake.offerDurably(batchOf([now - SECOND, late, now]));
  expect(signals.live(ID)).toBeUndefined();
  await offered;
  expect((await stored(history)).times).toHaveLength(3);
  expect(signals.live(ID)).toMatchObject({ value: 2, sourceTime: now });
  expect(told).toMatchObject({ past: [1], ticks: [] });
  // what a plant says in the same tick comes along
  intake.offer(batchOf([now]));
  intake.drain();
  expect(told.ticks.map(({ count }) => count)).toEqual([3]);
  intake.drain();
  expect(told.ticks).toHaveLength(1);
  await intake.stop();
});

test("[SV101] on a full disk whoever waits is refused with when to come again, nothing is taken or shown, and what was answered is there when there is room", async () => {
  for (let seed = 1; seed <= 10; seed++) {
    let state = seed;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const layer = createFaultyLayer(random);
    const history = await openSegmentHistory({ directory: "/history", layer, headRows: 500 });
    const { intake, told, signals } = anIntake(history);
    const answered: Instant[] = [];
    let refused = 0;
    layer.limitBytes(8_000 + Math.floor(random() * 20_000));
    for (let n = 0; n < 60; n++) {
      if (n === 45) layer.limitBytes(Number.POSITIVE_INFINITY);
      const times = Array.from({ length: 100 }, (_, row) => now - 30 * SECOND + n * 100_000 + row);
      const before = signals.live(ID);
      try {
        await intake.offerDurably(batchOf(times));
        answered.push(...times);
      } catch (error) {
        refused++;
        expect(error).toMatchObject({
          code: "DW_UNAVAILABLE",
          message: expect.stringMatching(/the disk is full/),
          details: { retryAfterS: 5 },
        });
        expect(signals.live(ID)).toEqual(before);
        expect(intake.refusal).toMatchObject({ isDiskFull: true });
        expect(n, "refused when there was room").toBeLessThan(45);
      }
    }
    expect(refused, `seed ${seed}`).toBeGreaterThan(0);
    await intake.stop();
    expect(told.ticks.reduce((sum, { count }) => sum + count, 0)).toBe(answered.length);
    expect(intake.counts).toMatchObject({ ingested: answered.length, unwritten: 0, dropped: 0 });
    expect([...(await stored(history)).times]).toEqual(answered);
    await history.close();
  }
});

test("[SV101] a historian that is far behind refuses whoever waits at once, and takes again when it has caught up", async () => {
  const gate = Promise.withResolvers<void>();
  const { intake } = anIntake({ ...createMemoryHistory(), append: () => gate.promise });
  const many = batchOf(Array.from({ length: 1_000_001 }, () => now));
  const waiting = [intake.offerDurably(many), intake.offerDurably(many)];
  await expect(intake.offerDurably(batchOf([now]))).rejects.toMatchObject({ code: "DW_UNAVAILABLE", details: { retryAfterS: 1 } });
  gate.resolve();
  await Promise.all(waiting);
  await intake.offerDurably(batchOf([now]));
  await intake.stop();
});

test("[SV102] rows of a tick keep their own origins, stored, shown and live, whatever batch came first", async () => {
  const { intake, history, told, signals } = anIntake();
  intake.offer(batchOf([now - 4 * SECOND]));
  intake.offer({ ...batchOf([now - 3 * SECOND, now - 2 * SECOND]), origin: "simulated" });
  await intake.offerDurably({ ...batchOf([now - SECOND]), origin: "entered" });
  intake.drain();
  await intake.stop();
  const [tick] = told.ticks;
  const shown = Array.from({ length: tick!.count }, (_, row) => [tick!.sourceTimes[row]!, originAt(tick!, row)]);
  expect(shown.toSorted()).toEqual([
    [now - 4 * SECOND, "measured"],
    [now - 3 * SECOND, "simulated"],
    [now - 2 * SECOND, "simulated"],
    [now - SECOND, "entered"],
  ]);
  expect([...(await stored(history)).origins].map(originOfCode)).toEqual(["measured", "simulated", "simulated", "entered"]);
  expect(signals.live(ID)).toMatchObject({ origin: "entered" });
  expect(originAt(signals.lastSamples(undefined), 0)).toBe("entered");
});
