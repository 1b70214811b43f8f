import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { createMemoryHistory } from "../memory/history.ts";
import { openSegmentHistory } from "./history.ts";
import { batchOf, mixedBatchOf, plantRows, randomOf } from "./random.fixture.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-history-formats-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const fixtures = fileURLToPath(new URL("./fixtures/", import.meta.url));
const ids = ["signal:0", "signal:1", "signal:2", "signal:3"];
const BASE = 1_790_000_000_000_000;

test.each(readdirSync(fixtures))(
  "[H30] a stored history of %s reads as when it was written, takes more, and merges with it",
  async (name) => {
    const directory = join(root, name);
    cpSync(join(fixtures, name), directory, { recursive: true });
    const oracle = createMemoryHistory();
    const rows = plantRows(randomOf(11), 600, BASE);
    // rows of earlier formats say nothing of their origin
    const written = name < "format-4" ? { ...batchOf(rows), origins: new Uint8Array(rows.length) } : mixedBatchOf(rows);
    await oracle.append("live", written, ids);
    const history = await openSegmentHistory({ directory, headRows: 5_000, fanIn: 3 });
    const same = async (): Promise<void> => {
      for (const signal of ids) {
        const key = { branch: "live", signal };
        expect(await history.raw(key, -8e15, 8e15)).toEqual(await oracle.raw(key, -8e15, 8e15));
        for (let instant = BASE - 9e9; instant < BASE + 4e11; instant += 3e10)
          expect(await history.at([key], instant)).toEqual(await oracle.at([key], instant));
      }
    };
    await same();
    const more = plantRows(randomOf(12), 1_000, BASE + 1e12);
    for (const to of [history, oracle]) await to.append("live", mixedBatchOf(more), ids);
    await history.settle();
    expect(history.statistics()).toMatchObject({ damaged: 0, segments: 1 });
    await same();
    await history.close();
    expect(
      readdirSync(directory)
        .filter((file) => file.endsWith(".seg"))
        .map((file) => readFileSync(join(directory, file)).subarray(0, 8).toString()),
    ).toEqual(["DWHIST4\n"]);
  },
);
