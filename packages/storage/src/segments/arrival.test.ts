import { expect, test } from "vitest";
import { readArrival, writeArrival, type Arrival } from "./arrival.ts";
import { ByteReader, ByteWriter } from "./byte-writer.ts";
import { randomOf } from "./random.fixture.ts";

const BASE = 1_790_000_000_000_000;

/** Polls in turn and changes in any order; times whole or not in milliseconds, values of any kind. */
function arrivalOf(random: () => number): Arrival {
  const count = Math.floor(random() * 3_000);
  const signals = 1 + Math.floor(random() * 1_200);
  const [inTurn, kind, unit] = [random() < 0.5, Math.floor(random() * 5), random() < 0.5 ? 1_000 : 1];
  const series = Uint32Array.from({ length: count }, (_, row) =>
    inTurn ? 7 + (row % signals) : Math.floor(random() * signals * (random() < 0.01 ? 1e6 : 1)),
  );
  const valueOf = (row: number): number => {
    if (kind === 0) return Math.round(random() * 1e4) / 100;
    if (kind === 1) return (random() - 0.5) * 2 ** Math.floor(random() * 200 - 100);
    if (kind === 2) return [0, -0, Number.NaN, 1, 2 ** 60, 0.1 + 0.2, -1e-7][row % 7]!;
    return kind === 3 ? 4.25 : random() < 0.001 ? Number.NaN : Math.floor(random() * 1e6) * (random() < 0.001 ? 1e9 : 1);
  };
  return {
    names: random() < 0.3 ? [{ number: 7, branch: "live", signal: "signal:ü" }] : [],
    count,
    series,
    times: Float64Array.from(series, (_, row) => BASE + Math.floor(random() * (row > 2_000 ? 1e12 : 1e5)) * unit),
    serverTimes: Float64Array.from(series, () => (random() < 0.5 || kind > 2 ? BASE + 17 : BASE + Math.floor(random() * 1e9))),
    values: Float64Array.from(series, (_, row) => valueOf(row)),
    qualities: Uint8Array.from(series, () => (kind === 3 ? 1 : Math.floor(random() * 3))),
    texts: new Map(Array.from(series.keys(), (row) => [row, `t${row % 5}绿`] as const).filter(() => random() < 0.01)),
  };
}

test("[H26] arrivals come back from the log bit by bit, whatever their columns hold", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = randomOf(seed);
    const arrivals = [arrivalOf(random), arrivalOf(random)];
    const writer = new ByteWriter();
    for (const arrival of arrivals) writeArrival(writer, arrival);
    const reader = new ByteReader(writer.written);
    for (const arrival of arrivals) {
      const back = readArrival(reader);
      for (const name of ["times", "serverTimes", "series", "qualities"] as const)
        expect(back[name], `${name} seed ${seed}`).toEqual(arrival[name]);
      for (let row = 0; row < arrival.count; row++)
        expect(Object.is(back.values[row], arrival.values[row]), `value ${arrival.values[row]} seed ${seed}`).toBe(true);
      expect([back.count, back.names, back.texts]).toEqual([arrival.count, arrival.names, arrival.texts]);
    }
    expect(reader.position).toBe(writer.length);
  }
});

test("[H26] bytes that are no arrival end in a RangeError or in rows, never in anything else", () => {
  for (let seed = 1; seed <= 150; seed++) {
    const random = randomOf(seed + 900);
    const writer = new ByteWriter();
    const rows = 1 + Math.floor(random() * 40);
    const columns = {
      series: new Uint32Array(rows).fill(3),
      values: new Float64Array(rows).map(() => random()),
      qualities: new Uint8Array(rows),
    };
    const times = Float64Array.from(columns.series, (_, row) => BASE + row * 1_001);
    writeArrival(writer, { names: [], count: rows, ...columns, times, serverTimes: times, texts: new Map([[0, "a"]]) });
    const damaged = writer.written.slice(0, random() < 0.2 ? Math.floor(random() * writer.length) : writer.length);
    for (let n = 0; n < 3 && damaged.length > 0; n++)
      damaged[Math.floor(random() * Math.min(damaged.length, 60))] = Math.floor(random() * 256);
    // a count of hundreds of millions is allowed and takes its time
    if (damaged[7] !== 0 || damaged[6] !== 0) continue;
    try {
      readArrival(new ByteReader(damaged));
    } catch (error) {
      expect(error, `seed ${seed}`).toBeInstanceOf(RangeError);
    }
  }
});
