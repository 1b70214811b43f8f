import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { LIVE, MINUTE, quality, type SignalRecord } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { countedSince, MeterCounts } from "./meter-counts.ts";
import type { AskedFacts, PlacedSignal } from "./plant-facts.ts";

const FROM = Date.UTC(2026, 10, 30, 5) * 1_000;
const SHELL = "urn:test:line";

/** Readings at minutes from the beginning; none: a missing value. */
type Reading = readonly [minute: number, value: number | undefined];

async function countedOf(readings: readonly Reading[], toMinute = 60) {
  const history = createMemoryHistory();
  const batch = {
    origin: "measured" as const,
    count: readings.length,
    signals: new Uint32Array(readings.length),
    values: Float64Array.from(readings, ([, value]) => value ?? Number.NaN),
    texts: new Map(),
    qualities: Uint8Array.from(readings, ([, value]) => (value === undefined ? quality.bad : quality.good)),
    sourceTimes: Float64Array.from(readings, ([minute]) => FROM + minute * MINUTE),
    serverTimes: Float64Array.from(readings, ([minute]) => FROM + minute * MINUTE),
  };
  await history.append(LIVE, batch, ["signal:kWh"]);
  const asked = { view: { history }, within: [], at: FROM + toMinute * MINUTE, past: true } as unknown as AskedFacts;
  const signal = { id: "signal:kWh", valueType: "double", unit: "kWh", connection: "c", shell: SHELL } as unknown as SignalRecord;
  const placed: PlacedSignal = { signal, shell: SHELL, reading: undefined };
  const [meter] = await new MeterCounts().of([placed], asked, FROM);
  const [same] = await countedSince(["signal:kWh"], asked, FROM);
  return { meter, same };
}

test("[PT6] a meter whose first value is missing counts from its first reading, and says since when", async () => {
  const { meter, same } = await countedOf([
    [10, undefined],
    [11, undefined],
    [12, 500],
    [30, 504],
    [59, 507],
  ]);
  expect(meter).toEqual({ shell: SHELL, kWh: 7, since: FROM + 12 * MINUTE });
  expect(same).toEqual({ units: 7, since: FROM + 12 * MINUTE });
  // as a field of an answer: no figure is no number
  expect(JSON.stringify(meter)).not.toContain("null");
});

test("[PT6] a meter whose value is missing at the instant is counted up to its last reading and says so; one that had a fault before the beginning begins with its next reading", async () => {
  const lost = await countedOf([
    [-5, 100],
    [20, 104],
    [40, 108],
    [59, undefined],
  ]);
  expect(lost.meter).toMatchObject({ kWh: 8 });
  expect(lost.meter!.until).toBeGreaterThanOrEqual(FROM + 40 * MINUTE);
  expect(lost.meter!.until).toBeLessThan(FROM + 59 * MINUTE);
  const faulty = await countedOf([
    [-5, undefined],
    [20, 104],
    [40, 108],
  ]);
  expect(faulty.meter).toEqual({ shell: SHELL, kWh: 4, since: FROM + 20 * MINUTE });
});

test("[PT6] without any reading, or with nothing but missing values, a meter is not known; a reset counts from zero", async () => {
  expect((await countedOf([])).meter).toEqual({ shell: SHELL });
  const missing = await countedOf([
    [10, undefined],
    [20, undefined],
  ]);
  expect([missing.meter, missing.same]).toEqual([{ shell: SHELL }, undefined]);
  const reset = await countedOf([
    [-1, 100],
    [20, 110],
    [40, 2],
    [50, 5],
  ]);
  expect(reset.meter).toEqual({ shell: SHELL, kWh: 15 });
});
