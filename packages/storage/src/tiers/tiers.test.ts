import { describe, expect, test } from "vitest";
import { historyContract } from "@doppelwerk/world/contract/history";
import { LIVE, quality, SECOND, type History, type ThinnableHistory } from "@doppelwerk/world";
import { createFaultyLayer } from "../files/faulty-file-layer.ts";
import { createMemoryHistory } from "../memory/history.ts";
import { openSegmentHistory } from "../segments/history.ts";
import { batchOf, randomOf, type TestRow } from "../segments/random.fixture.ts";
import { createTieredHistory, type TieredHistory } from "./index.ts";

const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const BASE = 497_222 * HOUR;
const ids = ["signal:a", "signal:b"];
const key = { branch: LIVE, signal: "signal:a" };
const tiers = [
  { width: MINUTE, before: Number.NEGATIVE_INFINITY },
  { width: HOUR, before: Number.NEGATIVE_INFINITY },
];
const WIDE: [number, number] = [-8e15, 8e15];

/** Two signals over a day, a sample about every seven seconds, some bad. */
function dayRows(random: () => number, from = BASE, hours = 24): TestRow[] {
  const rows: TestRow[] = [];
  for (let time = from + 3e6; time < from + hours * HOUR; time += Math.floor(random() * 14 * SECOND) + 1)
    rows.push([random() < 0.5 ? 0 : 1, time, Math.round(Math.sin(time / 1e9) * 5000) / 100, random() < 0.02 ? quality.bad : quality.good]);
  return rows;
}

async function fill(history: History, rows: readonly TestRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += 500) await history.append(LIVE, batchOf(rows.slice(at, at + 500)), ids);
}

const drivers: readonly (readonly [string, () => Promise<ThinnableHistory>])[] = [
  ["memory", async () => createMemoryHistory()],
  [
    "segments",
    () => openSegmentHistory({ directory: "/history", layer: createFaultyLayer(randomOf(3)), headRows: 700, fanIn: 3, cacheBytes: 50_000 }),
  ],
];

for (const [name, open] of drivers) {
  describe(`tiers over ${name}`, () => {
    for (const { title, run } of historyContract(() => ({ open: async () => createTieredHistory(await open()) }))) test(title, run);

    test("[TH1] aligned buckets of thinned time are those of the samples; the rest is untouched; both are marked", async () => {
      const rows = dayRows(randomOf(5));
      const [oracle, history] = [createMemoryHistory(), createTieredHistory(await open())];
      await fill(oracle, rows);
      await fill(history, rows);
      const horizon = BASE + 12 * HOUR;
      const report = await history.thin([{ key, rawBefore: horizon + 59 * MINUTE, tiers }]);
      const before = (await oracle.raw(key, WIDE[0], horizon)).times.length;
      expect(report).toEqual({ series: 1, samples: before - 1, texts: 0 });
      for (const [from, to, count] of [
        [BASE, BASE + 24 * HOUR, 24],
        [BASE, BASE + 24 * HOUR, 24 * 60],
        [BASE - HOUR, BASE + 25 * HOUR, 26],
        [BASE + 11 * HOUR, BASE + 13 * HOUR, 8],
        [BASE + 90 * MINUTE, BASE + 150 * MINUTE, 6],
      ] as const) {
        const [mine, theirs] = [await history.buckets(key, from, to, count), await oracle.buckets(key, from, to, count)];
        expect(mine.thinnedBefore).toBe(horizon);
        for (const column of ["min", "max", "last", "count", "worstQuality"] as const)
          expect([...mine[column]], `${column} of ${count}`).toEqual([...theirs[column]]);
        mine.mean.forEach((mean, i) =>
          Number.isNaN(theirs.mean[i]!) ? expect(mean).toBeNaN() : expect(Math.abs(mean - theirs.mean[i]!)).toBeLessThan(1e-9),
        );
      }
      // a bucket over the border is of both
      const over = [
        await history.buckets(key, horizon - 90e6, horizon + 90e6, 1),
        await oracle.buckets(key, horizon - 60e6, horizon + 90e6, 1),
      ] as const;
      expect(over[0].count[0]).toBe(over[1].count[0]);
      expect((await history.buckets(key, horizon, horizon + HOUR, 3)).thinnedBefore).toBeUndefined();
      expect(await history.extent(key)).toMatchObject({ thinnedBefore: horizon, first: expect.any(Number) });
      expect((await history.raw(key, BASE, horizon)).times.length).toBe(1);
      expect(await history.raw(key, horizon, WIDE[1])).toEqual(await oracle.raw(key, horizon, WIDE[1]));
      const other = { branch: LIVE, signal: "signal:b" };
      expect(await history.raw(other, ...WIDE)).toEqual(await oracle.raw(other, ...WIDE));
      await history.close();
    });

    test("[TH2] an instant in thinned time gives the last value of the tier row that ended before it and says so; after it the samples answer", async () => {
      const history = createTieredHistory(await open());
      await fill(history, [
        [0, BASE + 10 * SECOND, 1, 0],
        [0, BASE + 50 * SECOND, 2, 0],
        [0, BASE + 70 * SECOND, 3, 0],
      ]);
      await history.thin([{ key, rawBefore: BASE + HOUR, tiers }]);
      expect(await history.at([key], BASE + 65 * SECOND)).toEqual([{ value: 2, quality: 0, time: BASE, tier: MINUTE, origin: "measured" }]);
      expect(await history.at([key], BASE + 55 * SECOND)).toEqual([undefined]);
      // the last one is kept: it still holds
      expect(await history.at([key], BASE + 99 * HOUR)).toEqual([{ value: 3, quality: 0, time: BASE + 70 * SECOND, origin: "measured" }]);
      expect((await history.buckets(key, BASE + 2 * HOUR, BASE + 3 * HOUR, 1)).count[0]).toBe(0);
      await history.close();
    });

    test("[TH8] a tier row has the least certain origin of its samples, and none where they say nothing of theirs", async () => {
      const history = createTieredHistory(await open());
      const rows: readonly TestRow[] = [0, 20, 40, 60, 90, 120, 150, 200].map((s): TestRow => [0, BASE + s * SECOND, s, 0]);
      // measured and simulated; entered; unknown; the last one is kept as it is
      const codes = Uint8Array.from([1, 2, 1, 4, 4, 0, 0, 1]);
      await history.append("live", { ...batchOf(rows), origins: codes }, [key.signal]);
      await history.thin([{ key, rawBefore: BASE + HOUR, tiers }]);
      const { origins } = await history.buckets(key, BASE, BASE + 3 * MINUTE, 3);
      expect([...origins]).toEqual([1 << 2, 1 << 4, 1 << 0]);
      expect((await history.at([key], BASE + 65 * SECOND))[0]).toMatchObject({ origin: "simulated", tier: MINUTE });
      expect((await history.at([key], BASE + 185 * SECOND))[0]).not.toHaveProperty("origin");
      await history.close();
    });

    test("[TH3] percentiles and states of thinned time are unknown, never made up", async () => {
      const history = createTieredHistory(await open());
      await fill(history, dayRows(randomOf(6)));
      await history.thin([{ key, rawBefore: BASE + 12 * HOUR, tiers }]);
      const { percentiles } = await history.buckets(key, BASE, BASE + 24 * HOUR, 24, [50]);
      expect([...percentiles![0]!.subarray(0, 12)].every(Number.isNaN)).toBe(true);
      expect([...percentiles![0]!.subarray(12)].some(Number.isNaN)).toBe(false);
      await fill(history, [[1, BASE, 1, 0]]);
      const other = { branch: LIVE, signal: "signal:c" };
      await history.append(
        LIVE,
        batchOf([
          [0, BASE, 1, 0],
          [0, BASE + HOUR, 0, 0],
          [0, BASE + 4 * HOUR, 1, 0],
        ]),
        ["signal:c"],
      );
      await history.thin([{ key: other, rawBefore: BASE + 2 * HOUR, tiers }]);
      const durations = await history.durations(other, BASE, BASE + 6 * HOUR, 6);
      expect([...durations.unknown]).toEqual([HOUR, HOUR, 0, 0, 0, 0]);
      expect(durations.states).toEqual([0, 1]);
      await history.close();
    });

    test("[TH4] nothing goes without a rule, texts stay whole, the horizon never goes back, and what comes late is thinned the next time", async () => {
      const history = createTieredHistory(await open());
      await fill(history, dayRows(randomOf(7)));
      const whole = await history.raw(key, ...WIDE);
      expect(await history.thin([])).toEqual({ series: 0, samples: 0, texts: 0 });
      expect(await history.raw(key, ...WIDE)).toEqual(whole);
      await history.append(
        LIVE,
        batchOf([
          [0, BASE, Number.NaN, 0, "Run"],
          [0, BASE + 1, Number.NaN, 0, "Stop"],
        ]),
        ["signal:s"],
      );
      const text = { branch: LIVE, signal: "signal:s" };
      expect(await history.thin([{ key: text, rawBefore: BASE + 99 * HOUR, tiers }])).toEqual({ series: 0, samples: 0, texts: 1 });
      expect((await history.raw(text, ...WIDE)).times.length).toBe(2);
      await history.thin([{ key, rawBefore: BASE + 6 * HOUR, tiers }]);
      await history.thin([{ key, rawBefore: BASE + 3 * HOUR, tiers }]);
      expect((await history.extent(key))!.thinnedBefore).toBe(BASE + 6 * HOUR);
      // an archive read later reaches further back
      const past = dayRows(randomOf(8), BASE - 48 * HOUR, 24);
      await fill(history, past);
      const oracle = createMemoryHistory();
      await fill(oracle, past);
      await history.thin([{ key, rawBefore: BASE + 6 * HOUR, tiers }]);
      const [mine, theirs] = [
        await history.buckets(key, BASE - 48 * HOUR, BASE - 24 * HOUR, 24),
        await oracle.buckets(key, BASE - 48 * HOUR, BASE - 24 * HOUR, 24),
      ];
      expect([...mine.count]).toEqual([...theirs.count]);
      expect([...mine.max]).toEqual([...theirs.max]);
      await history.close();
    });

    test("[TH5] a tier that has had its time goes, and a coarser one answers", async () => {
      const history = createTieredHistory(await open());
      const rows = dayRows(randomOf(9));
      await fill(history, rows);
      const fine = (before: number) => [{ width: MINUTE, before }, tiers[1]!];
      await history.thin([{ key, rawBefore: BASE + 20 * HOUR, tiers: fine(Number.NEGATIVE_INFINITY) }]);
      await history.thin([{ key, rawBefore: BASE + 20 * HOUR, tiers: fine(BASE + 10 * HOUR) }]);
      const buckets = await history.buckets(key, BASE, BASE + 20 * HOUR, 20 * 60);
      const filled = [...buckets.count].map((count, i) => (count > 0 ? i : -1)).filter((i) => i >= 0);
      expect(filled.filter((i) => i < 600)).toEqual([0, 60, 120, 180, 240, 300, 360, 420, 480, 540]);
      expect(filled.filter((i) => i >= 600).length).toBeGreaterThan(500);
      const hours = await history.buckets(key, BASE, BASE + 20 * HOUR, 20);
      expect(hours.count.reduce((sum, count) => sum + count, 0)).toBe(
        rows.filter(([signal, time]) => signal === 0 && time < BASE + 20 * HOUR).length,
      );
      await history.close();
    });
  });
}

test("[TH6, H29] power that fails at any moment of thinning loses nothing: every bucket is there from samples or tiers, and thinning again ends it", async () => {
  const rows = dayRows(randomOf(11), BASE, 6);
  const oracle = createMemoryHistory();
  await fill(oracle, rows);
  const theirs = await oracle.buckets(key, BASE, BASE + 6 * HOUR, 6);
  const options = { directory: "/history", headRows: 400, fanIn: 3 };
  const expectSame = async (history: TieredHistory, step: number): Promise<void> => {
    const mine = await history.buckets(key, BASE, BASE + 6 * HOUR, 6);
    for (const column of ["count", "min", "max", "last"] as const)
      expect([...mine[column]], `${column} at step ${step}`).toEqual([...theirs[column]]);
  };
  let steps = 0;
  for (let fail = 1, finished = false; !finished; fail += 2) {
    let layer = createFaultyLayer(randomOf(fail));
    const inner = await openSegmentHistory({ ...options, layer });
    const history = createTieredHistory(inner);
    await fill(history, rows);
    layer.failPowerAfter(fail);
    try {
      await history.thin([{ key, rawBefore: BASE + 4 * HOUR, tiers }]);
      await inner.settle();
      finished = inner.statistics().refusals === 0;
      await history.close();
    } catch {
      // the power is gone
    }
    layer = layer.afterPowerLoss();
    const again = await openSegmentHistory({ ...options, layer });
    const tiered = createTieredHistory(again);
    await expectSame(tiered, fail);
    await tiered.thin([{ key, rawBefore: BASE + 4 * HOUR, tiers }]);
    await again.settle();
    await expectSame(tiered, fail);
    expect((await tiered.raw(key, BASE, BASE + 4 * HOUR)).times.length, `step ${fail}`).toBe(1);
    await tiered.close();
    steps++;
  }
  expect(steps).toBeGreaterThan(20);
});

test("[TH7, H29] what was thinned frees its place on disk, and stays thinned after reopening", async () => {
  const layer = createFaultyLayer(randomOf(12));
  const options = { directory: "/history", layer, headRows: 20_000, fanIn: 8 };
  const inner = await openSegmentHistory(options);
  const rows = Array.from({ length: 60_000 }, (_, n): TestRow => [n % 2, BASE + n * SECOND, Math.sin(n) * 1e3, 0]);
  for (let at = 0; at < rows.length; at += 5_000) await inner.append(LIVE, batchOf(rows.slice(at, at + 5_000)), ids);
  await inner.settle();
  const before = inner.statistics().segmentBytes;
  const history = createTieredHistory(inner);
  await history.thin(ids.map((signal) => ({ key: { branch: LIVE, signal }, rawBefore: BASE + 15 * HOUR, tiers: [tiers[1]!] })));
  await inner.settle();
  expect(inner.statistics().segmentBytes).toBeLessThan(before / 4);
  await history.close();
  const again = createTieredHistory(await openSegmentHistory(options));
  const { count, thinnedBefore } = await again.buckets(key, BASE, BASE + 17 * HOUR, 17);
  expect(thinnedBefore).toBe(BASE + 15 * HOUR);
  expect(count.reduce((sum, rowsOf) => sum + rowsOf, 0)).toBe(30_000);
  await again.close();
});
