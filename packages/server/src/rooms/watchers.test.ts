import { expect, test } from "vitest";
import type { SampleBatch } from "@doppelwerk/world";
import { Watchers } from "./watchers.ts";

/** xorshift32 */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

function batchOf(signals: readonly number[]): SampleBatch {
  return {
    origin: "measured",
    count: signals.length,
    signals: Uint32Array.from(signals),
    values: Float64Array.from(signals, (_, row) => row),
    qualities: Uint8Array.from(signals, (_, row) => row % 3),
    sourceTimes: Float64Array.from(signals, (_, row) => 1_000 + row),
    serverTimes: new Float64Array(signals.length),
    texts: new Map(signals.flatMap((_, row) => (row % 5 === 0 ? [[row, `text ${row}`] as const] : []))),
  };
}

test("[SV18] every viewer gets the rows of the signals it marked, all of them, in their order, and no others", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = randomOf(seed * 7_919);
    const subscriptions = new Map(
      Array.from({ length: Math.floor(random() * 8) }, (_, viewer) => [
        `viewer ${viewer}`,
        Uint8Array.from({ length: Math.floor(random() * 60) }, () => (random() < 0.3 ? 1 : 0)),
      ]),
    );
    const watchers = new Watchers(subscriptions);
    for (let tick = 0; tick < 4; tick++) {
      // signals are added after a viewer subscribed: nobody marked them
      const batch = batchOf(Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 70)));
      const parts = new Map(watchers.partsOf(batch));
      for (const [viewer, marks] of subscriptions) {
        const rows = Array.from(batch.signals.keys()).filter((row) => (marks[batch.signals[row]!] ?? 0) !== 0);
        const part = parts.get(viewer);
        expect(part?.count ?? 0, `seed ${seed}`).toBe(rows.length);
        if (part === undefined) continue;
        expect([...part.values]).toEqual(rows);
        expect([...part.signals]).toEqual(rows.map((row) => batch.signals[row]));
        expect([...part.qualities]).toEqual(rows.map((row) => batch.qualities[row]));
        expect([...part.sourceTimes]).toEqual(rows.map((row) => batch.sourceTimes[row]));
        expect([...part.texts]).toEqual(rows.flatMap((row, at) => (batch.texts.has(row) ? [[at, batch.texts.get(row)]] : [])));
      }
    }
  }
});
