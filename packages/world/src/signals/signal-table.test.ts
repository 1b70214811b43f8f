import { describe, expect, test } from "vitest";
import { SECOND, type Instant } from "../instant.ts";
import { counterStep } from "./counter.ts";
import { quality, type Quality, type SampleBatch } from "./sample.ts";
import type { SignalRecord, ValueType } from "./signal.ts";
import { SignalTable } from "./signal-table.ts";

const T0: Instant = 1_790_000_000 * SECOND;

function signal(name: string, valueType: ValueType = "double", fields: Partial<SignalRecord> = {}): SignalRecord {
  return { id: `signal:${name}`, kind: "signal", name, valueType, ...fields };
}

type Row = readonly [index: number, value: number | string, atS?: number, quality?: Quality, serverS?: number];

function batch(...rows: readonly Row[]): SampleBatch {
  const texts = new Map<number, string>();
  rows.forEach(([, value], i) => typeof value === "string" && texts.set(i, value));
  const sourceTimes = Float64Array.from(rows, ([, , atS]) => T0 + (atS ?? 0) * SECOND);
  return {
    origin: "measured",
    count: rows.length,
    signals: Uint32Array.from(rows, ([index]) => index),
    values: Float64Array.from(rows, ([, value]) => (typeof value === "number" ? value : NaN)),
    texts,
    qualities: Uint8Array.from(rows, ([, , , rowQuality]) => rowQuality ?? 0),
    sourceTimes,
    serverTimes: Float64Array.from(rows, ([, , atS, , serverS]) => T0 + (serverS ?? atS ?? 0) * SECOND),
  };
}

describe("live values", () => {
  test("[S1] a signal keeps its index under a new description; rows are never reused", () => {
    const table = new SignalTable();
    expect([table.put(signal("a")), table.put(signal("b")), table.put(signal("a", "double", { name: "renamed" }))]).toEqual([0, 1, 0]);
    table.remove("signal:a");
    expect([table.indexOf("signal:a"), table.put(signal("c")), table.ids]).toEqual([undefined, 2, ["signal:a", "signal:b", "signal:c"]]);
  });

  test("[S2] the live value is the newest by source time; a late sample is passed on but is not live", () => {
    const table = new SignalTable();
    table.put(signal("a"));
    expect(table.live("signal:a")).toBeUndefined();
    const clean = batch([0, 1, 5], [0, 2, 3]);
    expect(table.ingest(clean).batch).toBe(clean);
    expect(table.live("signal:a")).toMatchObject({ value: 1, sourceTime: T0 + 5 * SECOND });
    table.ingest(batch([0, 3, 5]));
    expect(table.live("signal:a")?.value).toBe(3);
  });

  test("[S3] an integer of ticks is a decimal number once it is scaled", () => {
    const table = new SignalTable();
    table.put({ ...signal("ticks", "integer"), scale: 0.01 });
    table.ingest(batch([0, 67.95, 1]));
    expect(table.live("signal:ticks")).toMatchObject({ value: 67.95, quality: quality.good });
    table.put({ ...signal("tens", "integer"), scale: 10 });
    table.ingest(batch([1, 67.5, 1]));
    expect(table.live("signal:tens")).toMatchObject({ quality: quality.bad });
  });

  test.each([
    ["notANumber", "double", NaN],
    ["infinite", "double", -Infinity],
    ["outOfRange", "double", 1e300],
    ["wrongType", "double", "12"],
    ["wrongType", "integer", 1.5],
    ["outOfRange", "integer", 2 ** 60],
    ["wrongType", "boolean", 2],
    ["wrongType", "string", 5],
    ["wrongType", "enumeration", 0.5],
  ] as const)("[S3] %s: a %s signal that sends %s is bad, without value, and counted", (fault, valueType, value) => {
    const table = new SignalTable();
    table.put(signal("a", valueType));
    const sent = batch([0, value, 1], [0, value, 2]);
    const { batch: checked } = table.ingest(sent);
    expect(checked).not.toBe(sent);
    expect([[...checked.qualities], [...checked.values], checked.texts.size]).toEqual([[2, 2], [NaN, NaN], 0]);
    expect(sent.qualities[0]).toBe(0);
    expect(table.live("signal:a")).toMatchObject({ value: undefined, quality: quality.bad });
    expect(table.findings()).toEqual([{ signal: "signal:a", fault, count: 2, first: T0 + SECOND, last: T0 + 2 * SECOND }]);
  });

  test("[S3] words of an enumeration, booleans and integers are taken", () => {
    const table = new SignalTable();
    table.put(signal("e", "enumeration"));
    table.put(signal("b", "boolean"));
    table.put(signal("s", "string"));
    const sent = batch([0, "Läuft"], [1, 1], [2, ""], [0, 3, 1], [0, NaN, 2, quality.bad]);
    expect(table.ingest(sent).batch).toBe(sent);
    expect([table.live("signal:b")?.value, table.live("signal:s")?.value, table.live("signal:e")]).toMatchObject([
      true,
      "",
      { value: undefined, quality: 2 },
    ]);
  });

  test("[S4] nothing is in the future (P13): the server's time, uncertain, and one notice a connection until the offset changes", () => {
    const table = new SignalTable({ futureToleranceS: 2 });
    table.put(signal("a", "double", { connection: "connection:plc" }));
    table.put(signal("b", "double", { connection: "connection:plc" }));
    const ingested = table.ingest(batch([0, 1, 601, 0, 1], [1, 2, 601.2, 0, 1], [0, 5, 2.5, 0, 1]));
    expect(ingested.notices).toEqual([{ kind: "clockOffset", source: "connection:plc", offsetS: 600 }]);
    expect([[...ingested.batch.sourceTimes], [...ingested.batch.qualities]]).toEqual([
      [T0 + SECOND, T0 + SECOND, T0 + 2.5 * SECOND],
      [1, 1, 0],
    ]);
    expect(table.live("signal:b")).toMatchObject({ value: 2, quality: 1, sourceTime: T0 + SECOND });
    expect(table.ingest(batch([0, 1, 603.1, 0, 3])).notices).toEqual([]);
    expect(table.ingest(batch([0, 1, 900, 0, 4])).notices).toHaveLength(1);
    expect(table.findings().map(({ fault, count }) => [fault, count])).toContainEqual(["future", 3]);
  });

  test("[S5] silence longer than the alive interval is uncertain, twice as long is bad, each since its own moment (P14)", () => {
    const table = new SignalTable();
    table.put(signal("a", "double", { aliveS: 10 }));
    table.put(signal("quiet"));
    table.ingest(batch([0, 7, 0], [1, 7, 0]));
    expect(table.expire(T0 + 10 * SECOND)).toBeUndefined();
    const uncertain = table.expire(T0 + 11 * SECOND)!;
    expect([uncertain.origin, [...uncertain.signals], [...uncertain.values], [...uncertain.qualities], [...uncertain.sourceTimes]]).toEqual(
      ["derived", [0], [7], [1], [T0 + 10 * SECOND]],
    );
    expect(table.expire(T0 + 12 * SECOND)).toBeUndefined();
    const bad = table.expire(T0 + 25 * SECOND)!;
    expect([[...bad.values], [...bad.qualities], [...bad.sourceTimes]]).toEqual([[NaN], [2], [T0 + 20 * SECOND]]);
    expect([table.live("signal:a")?.value, table.qualitySince[0], table.live("signal:quiet")?.value]).toEqual([
      undefined,
      T0 + 20 * SECOND,
      7,
    ]);
    expect(table.expire(T0 + 99 * SECOND)).toBeUndefined();
    table.ingest(batch([0, 8, 100]));
    expect([table.live("signal:a"), table.qualitySince[0]]).toMatchObject([{ value: 8, quality: 0 }, T0 + 100 * SECOND]);
  });

  test("[S6] ten thousand signals grow the columns without losing values", () => {
    const table = new SignalTable();
    for (let i = 0; i < 10_000; i++) table.put(signal(String(i)));
    table.ingest(batch(...Array.from({ length: 10_000 }, (_, i): Row => [i, i])));
    expect([table.live("signal:0")?.value, table.live("signal:9999")?.value, table.size]).toEqual([0, 9999, 10_000]);
  });
});

describe("counters", () => {
  test("[S7] a delta is never negative: roll-over near the end, else reset (P10)", () => {
    const totaliser = { type: "totaliser", width: 16 } as const;
    expect(counterStep(100, 103, totaliser)).toEqual({ kind: "delta", delta: 3 });
    expect(counterStep(65_530, 4, totaliser)).toEqual({ kind: "rollOver", delta: 10 });
    expect(counterStep(30_000, 4, totaliser)).toEqual({ kind: "reset", delta: 4 });
    expect(counterStep(65_530, 4, { type: "shiftReset", width: 16 })).toEqual({ kind: "reset", delta: 4 });
    expect(counterStep(5, -3, { type: "totaliser" })).toEqual({ kind: "reset", delta: 0 });
  });
});
