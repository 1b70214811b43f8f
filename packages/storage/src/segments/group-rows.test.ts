import { expect, test } from "vitest";
import type { Arrival } from "./arrival.ts";
import { countRows, RowGroups, seriesOf } from "./group-rows.ts";
import { randomOf } from "./random.fixture.ts";

test("[H25] rows are grouped by series in passes of bounded memory, none lost, none twice, texts with them, in order of time", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = randomOf(seed);
    const groups = new RowGroups(1 + Math.floor(random() * (seed % 2 === 0 ? 300 : 3_000)));
    for (let round = 0; round < 2; round++) {
      const expected = new Map<number, string[]>();
      let time = 0;
      const arrivals = Array.from({ length: 1 + Math.floor(random() * 5) }, (): Arrival => {
        const count = Math.floor(random() * 200);
        // every third one as a poll reports: all of its signals in turn, now and then cut short
        const polled = seed % 3 === 0 ? 1 + Math.floor(random() * 20) : undefined;
        const series = Uint32Array.from({ length: count }, (_, row) =>
          polled === undefined ? 1 + Math.floor(random() * 40) : 3 + (row % polled) * 2,
        );
        const texts = new Map(
          Array.from(series.keys(), (row) => [row, `t${row}`] as const).filter(
            () => random() < 0.1 && (polled === undefined || count < 100),
          ),
        );
        const times = Float64Array.from(series, () => ++time);
        series.forEach((number, row) =>
          expected.set(number, [...(expected.get(number) ?? []), `${times[row]} ${times[row]! / 7} ${times[row]! % 3} ${texts.get(row)}`]),
        );
        return {
          names: [],
          count,
          series,
          times,
          texts,
          serverTimes: Float64Array.from(times, (at) => at + 5),
          values: Float64Array.from(times, (at) => at / 7),
          qualities: Uint8Array.from(times, (at) => at % 3),
        };
      });
      const counts = countRows(arrivals, 50);
      const found = new Map<number, string[]>();
      for (const { series, columns } of groups.of(arrivals, counts)) {
        expect(found.has(series)).toBe(false);
        found.set(
          series,
          Array.from(
            columns.times.subarray(0, columns.count),
            (at, row) => `${at} ${columns.values[row]} ${columns.qualities[row]} ${columns.texts?.[row]}`,
          ),
        );
        expect([...columns.serverTimes]).toEqual(Array.from(columns.times, (at) => at + 5));
      }
      expect([...found.keys()]).toEqual(seriesOf(counts));
      expect(found, `seed ${seed}`).toEqual(new Map([...expected].toSorted(([a], [b]) => a - b)));
    }
  }
});
