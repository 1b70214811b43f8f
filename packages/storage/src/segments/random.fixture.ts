import { ORIGIN_CODES, type SampleBatch } from "@doppelwerk/world";

/** xorshift32: the same numbers on every run of a seed. */
export function randomOf(seed: number): () => number {
  let state = (seed * 2_654_435_761) | 0 || 1;
  for (let i = 0; i < 8; i++) step();
  function step(): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  }
  return () => step() / 4294967296;
}

export type TestRow = readonly [signal: number, time: number, value: number, quality: number, text?: string];

export function batchOf(rows: readonly TestRow[]): SampleBatch {
  return {
    origin: "measured",
    count: rows.length,
    signals: Uint32Array.from(rows, ([signal]) => signal),
    values: Float64Array.from(rows, ([, , value]) => value),
    texts: new Map(rows.flatMap(([, , , , text], row) => (text === undefined ? [] : [[row, text] as const]))),
    qualities: Uint8Array.from(rows, ([, , , quality]) => quality),
    sourceTimes: Float64Array.from(rows, ([, time]) => time),
    serverTimes: Float64Array.from(rows, ([, time]) => time + 5_000),
  };
}

/** The same rows from everywhere: what a row says decides its origin, so that a sample that is repeated has it again. */
export function mixedBatchOf(rows: readonly TestRow[]): SampleBatch {
  const codeOf = ([signal, time]: TestRow) => Math.abs(signal + Math.floor(time / 1_000)) % ORIGIN_CODES;
  return { ...batchOf(rows), origins: Uint8Array.from(rows, codeOf) };
}

/** Live values, late ones, repeated ones, states, texts, gaps: what a plant sends on a bad day. */
export function plantRows(random: () => number, count: number, base: number): TestRow[] {
  const rows: TestRow[] = [];
  const now = [base, base, base, base];
  for (let i = 0; i < count; i++) {
    const signal = Math.floor(random() * 4);
    const luck = random();
    now[signal]! += Math.floor(random() * 3) * (luck < 0.01 ? 90_000_000_000 : 250_000);
    const time =
      luck > 0.9 ? base - Math.floor(random() * 1e10) : luck > 0.8 ? now[signal]! - Math.floor(random() * 40) * 250_000 : now[signal]!;
    const quality = random() < 0.9 ? 0 : Math.floor(random() * 3);
    if (signal === 3) rows.push([signal, time, Number.NaN, quality, ["Läuft", "Stop", "", "换型"][Math.floor(random() * 4)]]);
    else if (signal === 2)
      rows.push([signal, time, random() < 0.1 ? Number.NaN : (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20), quality]);
    else rows.push([signal, time, signal === 0 ? Math.round(random() * 1000) / 100 : Math.floor(random() * 4), quality]);
    if (random() < 0.05) rows.push(rows[Math.floor(random() * rows.length)]!);
  }
  return rows;
}
