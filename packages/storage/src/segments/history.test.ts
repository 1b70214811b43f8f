import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE, quality, type SampleBatch } from "@doppelwerk/world";
import { afterAll, describe, expect, test } from "vitest";
import { historyContract, type HistoryFactory } from "@doppelwerk/world/contract/history";
import { openSegmentHistory, type SealedSegment, type SegmentHistoryOptions } from "./history.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-history-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

function factory(options: Partial<SegmentHistoryOptions>): () => HistoryFactory {
  return () => {
    const directory = join(folder, String(count++));
    return {
      open: () => openSegmentHistory({ directory, ...options }),
      async reopen(history) {
        await history.close();
        return openSegmentHistory({ directory, ...options });
      },
    };
  };
}

describe("history in segments, everything in memory and in the log", () => {
  for (const { title, run } of historyContract(factory({}))) test(title, run);
});

describe("history in segments, flushed and merged all the time", () => {
  for (const { title, run } of historyContract(factory({ headRows: 3, fanIn: 2, cacheBytes: 2_000 }))) test(title, run);
});

test("[ST66] what is reported of sealed segments leads to the files that are there, each replaced one named once", async () => {
  const directory = join(folder, "sealed");
  const sealed: SealedSegment[] = [];
  const history = await openSegmentHistory({ directory, headRows: 10, fanIn: 3, onSealed: (one) => sealed.push(one) });
  for (let n = 0; n < 40; n++) {
    const row: SampleBatch = {
      origin: "measured",
      count: 5,
      signals: new Uint32Array(5),
      sourceTimes: Float64Array.from({ length: 5 }, (_, at) => (n * 5 + at) * 1_000),
      serverTimes: new Float64Array(5),
      values: new Float64Array(5).fill(n),
      texts: new Map(),
      qualities: new Uint8Array(5).fill(quality.good),
    };
    await history.append(LIVE, row, ["signal:a"]);
  }
  await history.settle();
  await history.close();
  const known = new Set<string>();
  for (const { file, replaces } of sealed) {
    for (const name of replaces) expect(known.delete(name), name).toBe(true);
    known.add(file);
  }
  expect(sealed.some(({ replaces }) => replaces.length >= 3)).toBe(true);
  expect([...known].sort()).toEqual(
    readdirSync(directory)
      .filter((name) => name.endsWith(".seg"))
      .sort(),
  );
});
