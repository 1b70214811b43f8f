import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { createMemoryHistory } from "../memory/index.ts";
import { openSegmentHistory } from "./history.ts";
import { KeptColumns } from "./kept-columns.ts";
import { batchOf, plantRows, randomOf } from "./random.fixture.ts";

const BASE = 1_790_000_000_000_000;
const IDS = ["signal:0", "signal:1", "signal:2", "signal:3"];

test("[H20] rows in memory read the same however often they were read while more came, and what was read stays as it was", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const directory = mkdtempSync(join(tmpdir(), "dw-kept-"));
    const [history, model] = [await openSegmentHistory({ directory }), createMemoryHistory()];
    const random = randomOf(seed);
    const rows = plantRows(random, 300, BASE);
    const read: { readonly now: unknown; readonly before: string }[] = [];
    for (let at = 0; at < rows.length;) {
      const part = rows.slice(at, (at += 1 + Math.floor(random() * 40)));
      for (const each of [history, model]) await each.append(LIVE, batchOf(part), IDS);
      const key = { branch: LIVE, signal: IDS[Math.floor(random() * IDS.length)]! };
      const from = BASE + (random() - 0.5) * 1e10;
      const now = await history.raw(key, from, from + random() * 1e11);
      read.push({ now, before: JSON.stringify(now) });
      expect(await history.raw(key, 0, 8e15), `seed ${seed}`).toEqual(await model.raw(key, 0, 8e15));
      expect(await history.at([key], from), `seed ${seed}`).toEqual(await model.at([key], from));
    }
    for (const { now, before } of read) expect(JSON.stringify(now), `seed ${seed}`).toBe(before);
    await history.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

test("[H25] of series in memory as many rows are kept put together as there is room for, those asked for last", () => {
  const kept = new KeptColumns(100);
  const ask = (series: number, rows: number): number => {
    const room = kept.room(series);
    const known = room.count;
    room.extend(rows);
    kept.finish(room, rows, false);
    return known;
  };
  expect([ask(1, 40), ask(2, 40), ask(1, 10), kept.rows]).toEqual([0, 0, 40, 90]);
  // 2 was asked for longest ago
  expect([ask(3, 30), kept.rows, ask(1, 0), ask(2, 5)]).toEqual([0, 80, 50, 0]);
  // one series beyond the bound is kept alone
  expect([ask(4, 500), kept.rows, ask(4, 1), kept.rows]).toEqual([0, 500, 500, 501]);
});
