import { expect, test } from "vitest";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { DoppelwerkError, quality, SECOND } from "@doppelwerk/world";
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
  return { intake, history, told };
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
    append: () => Promise.reject(new DoppelwerkError("DW_UNAVAILABLE", "the disk is full")),
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
