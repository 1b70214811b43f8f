import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { historyContract, type HistoryFactory } from "@doppelwerk/world/contract/history";
import { openSegmentHistory, type SegmentHistoryOptions } from "./history.ts";

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
