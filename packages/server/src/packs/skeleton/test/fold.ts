import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestPack } from "@doppelwerk/kit/testing/pack";

const folder = new URL("../", import.meta.url);
const SECOND = 1_000_000;

// #region test
test("what a level falls by is drawn; what it rises by, and bad values, are not", async () => {
  const levels = [
    { time: 10 * SECOND, value: 2_000, quality: 0 },
    { time: 20 * SECOND, value: 1_950, quality: 0 },
    { time: 30 * SECOND, value: 0, quality: 2 },
    { time: 40 * SECOND, value: 1_960, quality: 0 },
    { time: 50 * SECOND, value: 1_900, quality: 0 },
  ];
  const pack = await openTestPack(folder, {
    records: [{ id: "brewery.batch:1", kind: "brewery.batch", name: "Helles 12", litres: 2_000, levelSignal: "signal:level" }],
    samples: { "signal:level": levels },
  });
  const concluded = await pack.conclude({ fold: "brewery.drawn", from: 0, to: 60 * SECOND });
  assert.deepEqual(
    concluded.map(({ value, from }) => [value, from / SECOND]),
    [
      [50, 20],
      [110, 50],
    ],
  );
  const kpis = await pack.kpis({ from: 0, to: 60 * SECOND });
  assert.deepEqual(kpis, { "brewery.timesDrawn": { value: 2, n: 2 } });
  await pack.close();
});
// #endregion
