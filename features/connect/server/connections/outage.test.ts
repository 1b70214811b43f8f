import { quality, SECOND, type Quality, type SampleAt, type SampleBatch } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { Outage } from "./outage.ts";

const sample = (seconds: number, of: Quality = quality.good): SampleAt => ({ value: 1, quality: of, time: seconds * SECOND });
function batch(...rows: readonly (readonly [signal: number, seconds: number])[]): SampleBatch {
  const count = rows.length;
  return {
    origin: "measured",
    count,
    signals: Uint32Array.from(rows, ([signal]) => signal),
    values: new Float64Array(count),
    texts: new Map(),
    qualities: new Uint8Array(count),
    sourceTimes: Float64Array.from(rows, ([, seconds]) => seconds * SECOND),
    serverTimes: new Float64Array(count),
  };
}

/** Heard until second 100, opened again at 160. Answers the signals that are unknown, and since which microsecond. */
function unknownOf(stored: readonly (SampleAt | undefined)[], ...batches: readonly SampleBatch[]) {
  const outage = new Outage(stored, 100 * SECOND, 160 * SECOND);
  for (const each of batches) outage.receive(each);
  const found = outage.unknown();
  return found && { signals: [...found.signals], from: [...found.sourceTimes], qualities: [...found.qualities] };
}

test("[CN10] unknown from the last moment on is what the plant says anew or changed meanwhile, unless it stands since before or the archive tells of it", () => {
  const stored = [sample(90), sample(90), sample(90), sample(90), sample(90, quality.bad), undefined, sample(90)];
  const live = batch([0, 161], [1, 90], [2, 130], [3, 130], [4, 161], [5, 161]);
  const archive = batch([3, 120], [3, 130]);
  expect(unknownOf(stored, live, archive)).toEqual({
    signals: [0, 2],
    from: [100 * SECOND + 1, 100 * SECOND + 1],
    qualities: [quality.bad, quality.bad],
  });
});

test("[CN10] nothing is unknown of an interruption of a moment, and of a time before the newest sample", () => {
  expect(unknownOf([sample(90)], batch([0, 103]))).toBeUndefined();
  expect(unknownOf([sample(90), sample(158)], batch([0, 161]))).toBeUndefined();
  expect(unknownOf([sample(90)])).toBeUndefined();
});
