import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DoppelwerkError } from "@doppelwerk/world";
import { createFaultyLayer, type FaultyLayer } from "../files/faulty-file-layer.ts";
import { createMemoryHistory } from "../memory/history.ts";
import { openSegmentHistory, type SegmentHistory } from "./history.ts";
import { batchOf, mixedBatchOf, plantRows, randomOf, type TestRow } from "./random.fixture.ts";

const ids = ["signal:0", "signal:1", "signal:2", "signal:3"];
const BASE = 1_790_000_000_000_000;
const WIDE: [number, number] = [-8e15, 8e15];
const open = (layer: FaultyLayer, headRows = 60): Promise<SegmentHistory> =>
  openSegmentHistory({ directory: "/history", layer, headRows, fanIn: 3, cacheBytes: 20_000 });

async function stored(history: SegmentHistory): Promise<Set<string>> {
  const found = new Set<string>();
  for (const [signal, id] of ids.entries()) {
    const { times, values, qualities, texts } = await history.raw({ branch: "live", signal: id }, ...WIDE);
    for (let row = 0; row < times.length; row++) found.add(textOf([signal, times[row]!, values[row]!, qualities[row]!, texts.get(row)]));
  }
  return found;
}

/** What a good day sends: four signals in turn, each later than before, decimals, full precision, states, texts; now and then an hour of nothing. */
function steadyRows(random: () => number, count: number): TestRow[] {
  let now = BASE;
  return Array.from({ length: count }, (_, n): TestRow => {
    now += random() < 0.0005 ? 8_000_000_000 : Math.floor(random() * 20) * 1_000;
    const signal = n % 4;
    const quality = random() < 0.01 ? 1 + Math.floor(random() * 2) : 0;
    if (signal === 3) return [signal, now, Number.NaN, quality, ["Läuft", "Stop", "换型"][Math.floor(n / 400) % 3]!];
    return [signal, now, signal === 0 ? Math.round(random() * 1000) / 100 : signal === 1 ? Math.floor(n / 1000) : random(), quality];
  });
}

/** The quality is left out: the same sample said again with another quality is the same sample. */
function textOf([signal, time, value, , text]: TestRow): string {
  return `${signal} ${time} ${Object.is(value, -0) ? "-0" : value} ${text ?? "-"}`;
}

describe("history in segments under faults", () => {
  // seeds above 12: blocks large enough that merges chain them
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])(
    "[H20] any arrivals, flushed and merged at any moment, read as from the historian in memory (seed %i)",
    async (seed) => {
      const random = randomOf(seed);
      const layer = createFaultyLayer(random);
      const oracle = createMemoryHistory();
      const [headRows, count] = seed > 12 ? [1_500, 9_000] : [60, 900];
      let history = await open(layer, headRows);
      const rows = seed > 12 ? steadyRows(random, count) : plantRows(random, count, BASE);
      for (let at = 0; at < rows.length;) {
        const part = rows.slice(at, (at += 1 + Math.floor(random() * headRows)));
        // one kind of batch in most seeds, so that constant columns are met too
        const batch = (seed % 3 === 0 ? batchOf : mixedBatchOf)(part);
        await history.append("live", batch, ids);
        await oracle.append("live", batch, ids);
        if (random() < 0.1) await history.settle();
        if (random() < 0.05) {
          await history.close();
          history = await open(layer, headRows);
        }
      }
      for (const signal of ids) {
        const key = { branch: "live", signal };
        for (const [from, to] of [WIDE, [BASE - 1e9, BASE + 3e7], [BASE, BASE + 2e11]] as const) {
          const limit = random() < 0.5 ? undefined : 1 + Math.floor(random() * 50);
          const [mine, theirs] = [await history.raw(key, from, to, limit), await oracle.raw(key, from, to, limit)];
          expect([...mine.times]).toEqual([...theirs.times]);
          expect([...mine.values]).toEqual([...theirs.values]);
          expect([...mine.qualities]).toEqual([...theirs.qualities]);
          expect([...mine.origins]).toEqual([...theirs.origins]);
          expect([...mine.texts]).toEqual([...theirs.texts]);
        }
        expect(await history.extent(key)).toEqual(await oracle.extent(key));
        for (const count of [1, 7, 100]) {
          const percents = [0, 25, 50, 99.9];
          const [mine, theirs] = [
            await history.buckets(key, BASE - 2e9, BASE + 2e11, count, percents),
            await oracle.buckets(key, BASE - 2e9, BASE + 2e11, count, percents),
          ];
          for (const p of percents.keys()) expect(mine.percentiles![p], `percentile ${p} seed ${seed}`).toEqual(theirs.percentiles![p]);
          if (signal !== "signal:2")
            expect(await history.durations(key, BASE - 2e9, BASE + 2e11, count)).toEqual(
              await oracle.durations(key, BASE - 2e9, BASE + 2e11, count),
            );
          for (const column of ["min", "max", "last", "count", "worstQuality", "origins"] as const)
            expect([...mine[column]], `${column} seed ${seed}`).toEqual([...theirs[column]]);
          for (let i = 0; i < count; i++) {
            const expected = theirs.mean[i]!;
            if (Number.isNaN(expected)) expect(mine.mean[i]).toBeNaN();
            else
              expect(Math.abs(mine.mean[i]! - expected)).toBeLessThanOrEqual(
                1e-9 * Math.max(1, Math.abs(theirs.min[i]!), Math.abs(theirs.max[i]!), Math.abs(expected)),
              );
          }
        }
      }
      const keys = ids.map((signal) => ({ branch: "live", signal }));
      for (let i = 0; i < 40; i++) {
        const instant = BASE - 1e10 + Math.floor(random() * 2.2e11);
        expect(await history.at(keys, instant)).toEqual(await oracle.at(keys, instant));
      }
      await history.close();
    },
  );

  test("[H21] after a power loss at any moment every acknowledged sample is there, and none that was never sent", async () => {
    for (let seed = 1; seed <= 120; seed++) {
      const random = randomOf(1000 + seed);
      let layer = createFaultyLayer(random);
      layer.shortWrites(true);
      const sent = new Set<string>();
      const acknowledged = new Set<string>();
      for (let life = 0; life < 3; life++) {
        const rows = plantRows(random, 300, BASE + life * 1e9);
        layer.failPowerAfter(3 + Math.floor(random() * 160));
        try {
          const history = await open(layer);
          for (let at = 0; at < rows.length; at += 15) {
            const part = rows.slice(at, at + 15);
            for (const row of part) sent.add(textOf(row));
            await history.append("live", batchOf(part), ids);
            for (const row of part) acknowledged.add(textOf(row));
            if (random() < 0.1) await history.settle();
          }
          await history.settle();
        } catch {
          // the power is gone
        }
        layer = layer.afterPowerLoss();
        const again = await open(layer);
        const found = await stored(again);
        for (const row of acknowledged) expect(found.has(row), `lost ${row} in seed ${seed}`).toBe(true);
        for (const row of found) expect(sent.has(row), `invented ${row} in seed ${seed}`).toBe(true);
        await again.close();
      }
    }
  });

  test("[H22] a disk that refuses is DW_UNAVAILABLE with nothing half-done, and what works again goes on", async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = randomOf(5000 + seed);
      const layer = createFaultyLayer(random);
      const acknowledged = new Set<string>();
      const rows = plantRows(random, 400, BASE);
      const history = await open(layer);
      let refused = 0;
      for (let at = 0; at < rows.length; at += 10) {
        const part = rows.slice(at, at + 10);
        if (random() < 0.2)
          layer.failNext(
            (["write", "fsync", "truncate", "fsyncDirectory"] as const)[Math.floor(random() * 4)]!,
            1 + Math.floor(random() * 3),
          );
        try {
          await history.append("live", batchOf(part), ids);
          for (const row of part) acknowledged.add(textOf(row));
        } catch (error) {
          refused++;
          expect(error).toBeInstanceOf(DoppelwerkError);
          expect((error as DoppelwerkError).code).toBe("DW_UNAVAILABLE");
        }
        if (random() < 0.1) await history.settle();
      }
      for (const operation of ["write", "fsync", "truncate", "fsyncDirectory"] as const) layer.failNext(operation, 0);
      expect(await stored(history)).toEqual(acknowledged);
      await history.settle();
      expect(await stored(history)).toEqual(acknowledged);
      await history.close();
      const again = await open(layer);
      expect(await stored(again)).toEqual(acknowledged);
      await again.close();
      if (seed === 1) expect(refused).toBeGreaterThan(0);
    }
  });

  test("[H22] a disk that is full stops the taking, harms nothing that is stored, and goes on when there is room", async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const random = randomOf(7000 + seed);
      const layer = createFaultyLayer(random);
      const acknowledged = new Set<string>();
      const rows = plantRows(random, 600, BASE);
      const history = await open(layer);
      let refused = 0;
      // full at a byte of its own choice: in a log, in a segment, in its index
      layer.limitBytes(2_000 + Math.floor(random() * 4_000));
      for (let at = 0; at < rows.length; at += 10) {
        if (at === 450) layer.limitBytes(Number.POSITIVE_INFINITY);
        const part = rows.slice(at, at + 10);
        try {
          await history.append("live", batchOf(part), ids);
          for (const row of part) acknowledged.add(textOf(row));
        } catch (error) {
          refused++;
          expect((error as DoppelwerkError).code).toBe("DW_UNAVAILABLE");
          expect(at, "refused when there was room").toBeLessThan(450);
        }
      }
      expect(refused, `seed ${seed}`).toBeGreaterThan(0);
      expect(await stored(history)).toEqual(acknowledged);
      await history.settle();
      await history.close();
      const again = await open(layer);
      expect(await stored(again)).toEqual(acknowledged);
      expect(again.damages()).toEqual([]);
      await again.close();
    }
  });

  test("[H23] a process killed while it writes has lost nothing that it reported as stored", async () => {
    const directory = mkdtempSync(join(tmpdir(), "dw-kill-"));
    try {
      let reported = 0;
      for (let round = 0; round < (process.env["SOAK"] ? 100 : 10); round++) {
        const child = fork(new URL("kill-child.fixture.ts", import.meta.url), [directory, String(reported)], {
          stdio: ["ignore", "ignore", "inherit", "ipc"],
        });
        const { promise: enough, resolve } = Promise.withResolvers<void>();
        child.on("message", (stored: number) => {
          reported = stored;
          if (stored >= (round + 1) * 12_000) resolve();
        });
        await enough;
        child.kill("SIGKILL");
        await once(child, "exit");
        const history = await openSegmentHistory({ directory });
        const { values } = await history.raw({ branch: "live", signal: "signal:a" }, ...WIDE);
        expect(values.length).toBeGreaterThanOrEqual(reported);
        for (let i = 0; i < values.length; i++) if (values[i] !== i) throw new Error(`row ${i} is ${values[i]}`);
        reported = values.length;
        await history.close();
      }
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 1_800_000);

  test("[H25] rows in memory and decoded blocks stay within their bounds, also when two weeks arrive beside live values", async () => {
    const history = await openSegmentHistory({
      directory: "/history",
      layer: createFaultyLayer(randomOf(9)),
      headRows: 5_000,
      cacheBytes: 400_000,
    });
    let most = 0;
    const day = 86_400_000_000;
    const parts = Math.ceil((14 * 24 * 60) / 250);
    for (let minute = 0; minute < 14 * 24 * 60; minute += 250) {
      const past = Array.from({ length: 250 }, (_, n): TestRow => [0, BASE - 14 * day + (minute + n) * 60_000_000, n, 0]);
      await history.append("live", batchOf([...past, [0, BASE + minute * 1_000_000, 1, 0]]), ids);
      most = Math.max(most, history.statistics().rowsInMemory);
    }
    await history.settle();
    expect(most).toBeLessThanOrEqual(3 * 5_000 + 251);
    expect((await history.extent({ branch: "live", signal: "signal:0" }))?.count).toBe(parts * 251);
    await history.buckets({ branch: "live", signal: "signal:0" }, BASE - 14 * day, BASE, 3);
    await history.raw({ branch: "live", signal: "signal:0" }, ...WIDE);
    expect(history.statistics().cacheBytes).toBeLessThanOrEqual(400_000);
    await history.close();
  });
});
