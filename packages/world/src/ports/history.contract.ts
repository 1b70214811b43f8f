import { LIVE } from "../change.ts";
import { SECOND, type Instant } from "../instant.ts";
import { codeOfOrigin, type Origin } from "../signals/origin.ts";
import { quality, type Quality, type SampleBatch } from "../signals/sample.ts";
import { assertClose, assertEqual, type ContractCase } from "./contract-case.ts";
import { STATES_MAX } from "./history-held.ts";
import type { History, SeriesKey } from "./history.ts";

export interface HistoryFactory {
  /** A historian on a store of its own, empty at the first call. */
  open(): Promise<History>;
  /** Closes it and opens another on the same store; absent for drivers that keep nothing. */
  reopen?(history: History): Promise<History>;
}

type Row = readonly [signal: string, time: Instant, value: number | string | boolean, quality?: Quality];

const key: SeriesKey = { branch: LIVE, signal: "signal:a" };
const t0: Instant = 1_790_000_000 * SECOND;
const at = (seconds: number): Instant => t0 + Math.round(seconds * SECOND);

/** What every historian does alike. Rules H1–H15 of packages/world/SPEC.md. */
export function historyContract(createFactory: () => HistoryFactory): readonly ContractCase[] {
  const withHistory = (title: string, run: (history: History, factory: HistoryFactory) => Promise<History | void>): ContractCase => ({
    title,
    run: async () => {
      const factory = createFactory();
      const history = await factory.open();
      const last = await run(history, factory);
      await (last ?? history).close();
    },
  });

  return [
    withHistory("[H1] what was appended is read back ascending, with from ≤ time < to", async (history) => {
      await write(
        history,
        [0, 1, 2, 3].map((i): Row => ["signal:a", at(i), i * 1.5]),
      );
      const columns = await history.raw(key, at(1), at(3));
      assertEqual(columns.times, [at(1), at(2)], "times");
      assertEqual(columns.values, [1.5, 3], "values");
      assertEqual(columns.qualities, [0, 0], "qualities");
    }),
    withHistory("[H2] the same sample twice is one sample, in one batch and in two", async (history) => {
      await write(history, [
        ["signal:a", at(0), 1],
        ["signal:a", at(0), 1],
        ["signal:a", at(1), 2],
      ]);
      await write(history, [
        ["signal:a", at(1), 2],
        ["signal:a", at(0), 1],
      ]);
      assertEqual((await history.raw(key, at(-9), at(9))).values, [1, 2], "values");
      assertEqual((await history.extent(key))?.count, 2, "count");
    }),
    withHistory("[H2] two values at one instant are two samples", async (history) => {
      await write(history, [["signal:a", at(0), 1]]);
      await write(history, [["signal:a", at(0), 2]]);
      assertEqual([...(await history.raw(key, at(0), at(1))).values].sort(), [1, 2], "values");
    }),
    withHistory("[H3] late and out-of-order samples find their place", async (history) => {
      await write(history, [
        ["signal:a", at(5), 5],
        ["signal:a", at(1), 1],
      ]);
      await write(history, [["signal:a", at(3), 3]]);
      await write(history, [
        ["signal:a", at(-100), -100],
        ["signal:a", at(4), 4],
      ]);
      assertEqual((await history.raw(key, at(-200), at(9))).values, [-100, 1, 3, 4, 5], "values");
    }),
    withHistory("[H4] at() is the last sample at or before the instant, one answer a key, undefined before the first", async (history) => {
      await write(history, [
        ["signal:a", at(1), 1],
        ["signal:a", at(3), 3],
        ["signal:b", at(2), 20],
      ]);
      const other: SeriesKey = { branch: LIVE, signal: "signal:b" };
      const answers = await history.at([key, other, { branch: LIVE, signal: "signal:none" }], at(3));
      assertEqual(answers[0], { value: 3, quality: 0, time: at(3), origin: "measured" }, "on the instant");
      assertEqual(answers[1], { value: 20, quality: 0, time: at(2), origin: "measured" }, "before the instant");
      assertEqual(answers[2], undefined, "unknown series");
      assertEqual(await history.at([key], at(0.999999)), [undefined], "before the first");
    }),
    withHistory("[H5] limit gives the first samples", async (history) => {
      await write(
        history,
        Array.from({ length: 100 }, (_, i): Row => ["signal:a", at(i), i]),
      );
      assertEqual((await history.raw(key, at(10), at(90), 3)).values, [10, 11, 12], "values");
    }),
    withHistory("[H6] bucket mean is weighted by time and carries the value in from before", async (history) => {
      await write(history, [
        ["signal:a", at(0), 10],
        ["signal:a", at(8), 20],
        ["signal:a", at(15), 0],
        ["signal:a", at(30), 7],
      ]);
      const buckets = await history.buckets(key, at(0), at(40), 4);
      assertEqual([buckets.from, buckets.width], [at(0), 10 * SECOND], "grid");
      assertClose(buckets.mean[0], (10 * 8 + 20 * 2) / 10, "mean of the first bucket");
      assertClose(buckets.mean[1], (20 * 5) / 10, "mean of the second bucket");
      assertEqual([buckets.min[0], buckets.max[0], buckets.last[0], buckets.count[0]], [10, 20, 20, 2], "first bucket");
      assertEqual(
        [buckets.count[2], buckets.mean[2], buckets.min[2], buckets.last[2], buckets.worstQuality[2]],
        [0, NaN, NaN, NaN, quality.bad],
        "empty bucket",
      );
      assertEqual([buckets.count[3], buckets.last[3]], [1, 7], "last bucket");
      assertClose(buckets.mean[3], 7, "mean of the last bucket");
    }),
    withHistory("[H6] buckets equal those computed by hand from raw samples", async (history) => {
      const rows: Row[] = [];
      for (let i = 0; i < 500; i++)
        rows.push([
          "signal:a",
          at(i * 1.7 + (i % 3) * 0.2),
          Math.sin(i / 9) * 40,
          i % 41 === 0 ? quality.bad : i % 17 === 0 ? quality.uncertain : quality.good,
        ]);
      await write(history, rows);
      const buckets = await history.buckets(key, at(3), at(803), 25);
      const raw = await history.raw(key, at(-1), at(9999));
      for (let i = 0; i < 25; i++) {
        const from = at(3) + i * buckets.width;
        const expected = byHand(raw.times, raw.values, raw.qualities, from, from + buckets.width);
        assertEqual(buckets.count[i], expected.count, `count of bucket ${i}`);
        assertEqual(
          [buckets.min[i], buckets.max[i], buckets.last[i], buckets.worstQuality[i]],
          [expected.min, expected.max, expected.last, expected.worst],
          `bucket ${i}`,
        );
        assertClose(buckets.mean[i], expected.mean, `mean of bucket ${i}`, 1e-9);
      }
    }),
    withHistory("[H7] a bad sample counts and shows as worst quality, but is no value and holds none", async (history) => {
      await write(history, [
        ["signal:a", at(0), 10],
        ["signal:a", at(4), 99, quality.bad],
        ["signal:a", at(6), 20, quality.uncertain],
      ]);
      const buckets = await history.buckets(key, at(0), at(10), 1);
      assertEqual([buckets.count[0], buckets.worstQuality[0], buckets.max[0], buckets.last[0]], [3, quality.bad, 20, 20], "bucket");
      assertClose(buckets.mean[0], (10 * 4 + 20 * 4) / 8, "mean over known time");
      assertEqual((await history.raw(key, at(0), at(10))).qualities, [0, 2, 1], "qualities");
      await write(history, [["signal:a", at(12), NaN, quality.bad]]);
      assertEqual((await history.at([key], at(20)))[0], { value: NaN, quality: 2, time: at(12), origin: "measured" }, "missing value");
    }),
    withHistory("[H8] strings and booleans come back as written", async (history) => {
      await write(history, [
        ["signal:s", at(0), "Läuft 运行"],
        ["signal:s", at(1), ""],
        ["signal:s", at(2), "Läuft 运行"],
        ["signal:b", at(0), true],
        ["signal:b", at(1), false],
      ]);
      const texts = await history.raw({ branch: LIVE, signal: "signal:s" }, at(0), at(9));
      assertEqual(
        [0, 1, 2].map((i) => texts.texts.get(i)),
        ["Läuft 运行", "", "Läuft 运行"],
        "texts",
      );
      assertEqual((await history.raw({ branch: LIVE, signal: "signal:b" }, at(0), at(9))).values, [1, 0], "booleans");
      assertEqual((await history.at([{ branch: LIVE, signal: "signal:s" }], at(1.5)))[0]?.text, "", "empty text at an instant");
    }),
    withHistory("[H15] each sample keeps its origin, whatever came in the same batch, also after reopening", async (history, factory) => {
      const rows = Array.from({ length: 12 }, (_, i): Row => ["signal:a", at(i), i, i % 3 === 2 ? quality.bad : quality.good]);
      const { batch, signalIds } = batchOf(rows);
      const origins: readonly (Origin | undefined)[] = [undefined, "measured", "simulated", "replayed", "entered", "derived"];
      const codes = Uint8Array.from(rows, (_, i) => codeOfOrigin(origins[i % origins.length]));
      await history.append(LIVE, { ...batch, origins: codes }, signalIds);
      await history.append(LIVE, { ...batchOf([["signal:a", at(20), 1]]).batch, origin: "entered" }, signalIds);
      // said again from elsewhere it is the same sample: the first origin stays
      await history.append(LIVE, { ...batchOf([["signal:a", at(20), 1]]).batch, origin: "simulated" }, signalIds);
      const check = async (read: History): Promise<void> => {
        const raw = await read.raw(key, at(-1), at(30));
        assertEqual(raw.origins, [...codes, codeOfOrigin("entered")], "origins");
        assertEqual(raw.qualities, [...batch.qualities, 0], "qualities beside them");
        for (const [i, origin] of [...origins, ...origins].entries())
          assertEqual((await read.at([key], at(i)))[0]?.origin, origin, `origin at ${i} s`);
        const buckets = await read.buckets(key, at(0), at(24), 4);
        assertEqual(buckets.origins, [0b111111, 0b111111, 0, 1 << codeOfOrigin("entered")], "origins of buckets");
        assertEqual(buckets.worstQuality, [2, 2, 2, 0], "worst quality of buckets");
        assertEqual((await read.durations(key, at(0), at(3), 1)).unknown[0], 1 * SECOND, "a bad sample of any origin holds no state");
      };
      await check(history);
      if (factory.reopen === undefined) return undefined;
      const again = await factory.reopen(history);
      await check(again);
      return again;
    }),
    withHistory("[H9] series of two branches are apart", async (history) => {
      await write(history, [["signal:a", at(0), 1]]);
      await write(history, [["signal:a", at(0), 2]], "branch:x");
      assertEqual((await history.raw(key, at(0), at(1))).values, [1], "live");
      assertEqual((await history.raw({ ...key, branch: "branch:x" }, at(0), at(1))).values, [2], "branch");
    }),
    withHistory("[H10] extremes survive: largest and smallest numbers, negative zero, microseconds", async (history) => {
      const values = [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 0, -123456.789e-7, 2 ** 53];
      await write(
        history,
        values.map((value, i): Row => ["signal:a", at(0) + i, value]),
      );
      const columns = await history.raw(key, at(0), at(1));
      assertEqual(columns.values, values, "values");
      assertEqual(
        columns.times,
        values.map((_, i) => at(0) + i),
        "times",
      );
    }),
    withHistory("[H11] extent is first, last and count, undefined when empty", async (history) => {
      assertEqual(await history.extent(key), undefined, "empty");
      await write(history, [
        ["signal:a", at(3), 1],
        ["signal:a", at(1), 1],
        ["signal:a", at(2), 1],
      ]);
      assertEqual(await history.extent(key), { first: at(1), last: at(3), count: 3 }, "extent");
    }),
    withHistory("[H12] everything acknowledged is there after reopening, and appending goes on", async (history, factory) => {
      if (factory.reopen === undefined) return;
      const rows = Array.from({ length: 3000 }, (_, i): Row => ["signal:a", at(i), Math.sin(i)]);
      await write(history, rows.slice(0, 2000));
      await write(history, [
        ["signal:s", at(0), "words"],
        ["signal:a", at(500), Math.sin(500)],
      ]);
      const again = await factory.reopen(history);
      await write(again, rows.slice(1990));
      const columns = await again.raw(key, at(0), at(9999));
      assertEqual(
        columns.values,
        rows.map(([, , value]) => value),
        "values",
      );
      assertEqual((await again.at([{ branch: LIVE, signal: "signal:s" }], at(1)))[0]?.text, "words", "text");
      assertEqual((await again.extent(key))?.count, 3000, "count");
      return again;
    }),
    withHistory("[H13] percentiles are by time held, carry the value in from before, and leave out what is bad", async (history) => {
      await write(history, [
        ["signal:a", at(0), 5],
        ["signal:a", at(10), 1],
        ["signal:a", at(16), 2],
        ["signal:a", at(19), 3],
        ["signal:a", at(20), 9, quality.bad],
        ["signal:a", at(25), 4],
        ["signal:a", at(25), 6],
      ]);
      const { percentiles } = await history.buckets(key, at(5), at(45), 4, [50, 0, 100, 90]);
      // 5–15: 5 for 5 s, 1 for 5 s; 15–25: 1 for 1 s, 2 for 3 s, 3 for 1 s; 25–35: 6 alone holds; 35–45: empty
      assertEqual(percentiles?.[0], [1, 2, 6, NaN], "median");
      assertEqual(percentiles?.[1], [1, 1, 6, NaN], "least");
      assertEqual(percentiles?.[2], [5, 3, 6, NaN], "most");
      assertEqual(percentiles?.[3], [5, 3, 6, NaN], "90 %");
      assertEqual((await history.buckets(key, at(5), at(45), 4)).percentiles, undefined, "not asked for");
      assertEqual(await codeOf(() => history.buckets(key, at(5), at(45), 4, [101])), "DW_INVALID", "no percentile");
    }),
    withHistory("[H13] [H14] percentiles and durations equal those computed by hand from raw samples", async (history) => {
      const rows: Row[] = [];
      for (let i = 0; i < 400; i++)
        rows.push([
          "signal:a",
          at(i * 1.7 + (i % 3) * 0.2),
          i % 90 < 40 ? 3 : Math.round(Math.sin(i / 9) * 4),
          i % 41 === 0 ? quality.bad : quality.good,
        ]);
      await write(history, rows);
      const raw = await history.raw(key, at(-1), at(9999));
      const [buckets, durations] = [
        await history.buckets(key, at(-3), at(797), 40, [10, 50, 95]),
        await history.durations(key, at(-3), at(797), 40),
      ];
      for (let i = 0; i < 40; i++) {
        const from = buckets.from + i * buckets.width;
        const held = heldByHand(raw.times, raw.values, raw.qualities, from, from + buckets.width);
        const known = [...held.values()].reduce((sum, time) => sum + time, 0);
        for (const [p, percent] of [10, 50, 95].entries()) {
          let below = 0;
          const expected = [...held.entries()]
            .sort(([a], [b]) => a - b)
            .find(([, time]) => (below += time) >= (percent / 100) * known)?.[0];
          assertEqual(buckets.percentiles?.[p]?.[i], buckets.count[i] === 0 ? NaN : (expected ?? NaN), `${percent} % of bucket ${i}`);
        }
        for (const [s, state] of durations.states.entries())
          assertEqual(durations.held[s]?.[i], held.get(Number(state)) ?? 0, `state ${state} in bucket ${i}`);
        assertEqual(durations.unknown[i], durations.width - known, `unknown in bucket ${i}`);
      }
    }),
    withHistory(
      "[H14] a state lasts until the next one, also through buckets without samples; unknown is what nobody said",
      async (history) => {
        await write(history, [
          ["signal:s", at(5), "Run"],
          ["signal:s", at(12), "Stop"],
          ["signal:s", at(32), "Run"],
          ["signal:s", at(35), "", quality.bad],
          ["signal:b", at(-1), true],
          ["signal:b", at(30), false],
        ]);
        const durations = await history.durations({ branch: LIVE, signal: "signal:s" }, at(0), at(40), 4);
        assertEqual([durations.from, durations.width, durations.states], [at(0), 10 * SECOND, ["Run", "Stop"]], "states");
        assertEqual(
          durations.held[0],
          [5, 2, 0, 3].map((s) => s * SECOND),
          "run",
        );
        assertEqual(
          durations.held[1],
          [0, 8, 10, 2].map((s) => s * SECOND),
          "stop",
        );
        assertEqual(
          durations.unknown,
          [5, 0, 0, 5].map((s) => s * SECOND),
          "unknown",
        );
        const bits = await history.durations({ branch: LIVE, signal: "signal:b" }, at(0), at(40), 1);
        assertEqual(
          [bits.states, bits.held.map((column) => column[0])],
          [
            [1, 0],
            [30 * SECOND, 10 * SECOND],
          ],
          "booleans",
        );
        const none = await history.durations({ branch: LIVE, signal: "signal:none" }, at(0), at(40), 1);
        assertEqual([none.states.length, none.unknown[0]], [0, 40 * SECOND], "no samples");
        await write(
          history,
          Array.from({ length: STATES_MAX + 1 }, (_, i): Row => ["signal:a", at(i), i]),
        );
        assertEqual(await codeOf(() => history.durations(key, at(0), at(9999), 1)), "DW_INVALID", "a measurement is no state");
      },
    ),
  ];
}

async function codeOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return (error as { readonly code?: string }).code;
  }
}

/** Time each known value was held within [from, to). */
function heldByHand(times: Float64Array, values: Float64Array, qualities: Uint8Array, from: Instant, to: Instant): Map<number, number> {
  const held = new Map<number, number>();
  for (let i = 0; i < times.length; i++) {
    const time = Math.min(times[i + 1] ?? to, to) - Math.max(times[i]!, from);
    if (time > 0 && qualities[i] !== quality.bad) held.set(values[i]!, (held.get(values[i]!) ?? 0) + time);
  }
  return held;
}

/** Rows as a batch, in the order given. */
export function batchOf(rows: readonly Row[]): { readonly batch: SampleBatch; readonly signalIds: readonly string[] } {
  const signalIds = [...new Set(rows.map(([signal]) => signal))];
  const texts = new Map<number, string>();
  rows.forEach(([, , value], i) => typeof value === "string" && texts.set(i, value));
  const times = Float64Array.from(rows, ([, time]) => time);
  return {
    signalIds,
    batch: {
      origin: "measured",
      count: rows.length,
      signals: Uint32Array.from(rows, ([signal]) => signalIds.indexOf(signal)),
      values: Float64Array.from(rows, ([, , value]) => (typeof value === "string" ? NaN : Number(value))),
      texts,
      qualities: Uint8Array.from(rows, ([, , , rowQuality]) => rowQuality ?? quality.good),
      sourceTimes: times,
      serverTimes: times,
    },
  };
}

async function write(history: History, rows: readonly Row[], branch = LIVE): Promise<void> {
  const { batch, signalIds } = batchOf(rows);
  await history.append(branch, batch, signalIds);
}

/** The definition, slowly: integrate the held value over the bucket. */
function byHand(times: Float64Array, values: Float64Array, qualities: Uint8Array, from: Instant, to: Instant) {
  let [weighted, known, count, worst] = [0, 0, 0, quality.bad as number];
  let [min, max, last] = [NaN, NaN, NaN];
  for (let i = 0; i < times.length; i++) {
    const good = qualities[i] !== quality.bad && !Number.isNaN(values[i]);
    const start = Math.max(times[i]!, from);
    const end = Math.min(times[i + 1] ?? to, to);
    if (good && end > start) [weighted, known] = [weighted + values[i]! * (end - start), known + end - start];
    if (times[i]! < from || times[i]! >= to) continue;
    worst = count === 0 ? qualities[i]! : Math.max(worst, qualities[i]!);
    count++;
    if (!good) continue;
    min = Number.isNaN(min) ? values[i]! : Math.min(min, values[i]!);
    max = Number.isNaN(max) ? values[i]! : Math.max(max, values[i]!);
    last = values[i]!;
  }
  const mean = count === 0 ? NaN : known > 0 ? weighted / known : last;
  return { mean, count, worst, min, max, last };
}
