import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coreKinds, LIVE, type LogEntry } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { openFileChangeLog } from "../files/change-log.ts";
import { openSegmentHistory } from "../segments/history.ts";
import { openSqliteRecordStore } from "../sqlite/record-store.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-shared-threads-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const entry = (revision: number): LogEntry =>
  ({
    v: 1,
    revision,
    branch: LIVE,
    actor: "system",
    reason: "a test",
    time: revision,
    changes: [],
    hash: `h${revision}`,
  }) as unknown as LogEntry;
const options = (revision: number) => ({ expectedRevision: revision, leaseEpoch: 1 });

test("[ST60] [WD24] stores of several worlds that share threads keep each its own, a world that cannot be opened takes none of the others with it, and the last one leaves nothing running", async () => {
  const places = Array.from({ length: 5 }, (_, at) => join(root, `${at}`));
  const open = async (place: string) => {
    const log = await openFileChangeLog({ directory: join(place, "changes"), sharesThread: true });
    const history = await openSegmentHistory({ directory: join(place, "history"), sharesThread: true });
    const records = openSqliteRecordStore({ path: join(place, "records.sqlite"), kinds: coreKinds, sharesThread: true });
    return {
      log,
      history,
      async close() {
        records.close();
        await history.close();
        await log.close();
      },
    };
  };
  const opened = await Promise.all(places.map(open));
  writeFileSync(join(root, "no-folder"), "");
  await expect(openFileChangeLog({ directory: join(root, "no-folder"), sharesThread: true })).rejects.toThrow();
  await Promise.all(
    opened.map(async ({ log, history }, at) => {
      for (let revision = 0; revision < 20; revision++) await log.append([entry(revision + 1)], options(revision));
      const row = {
        origin: "measured",
        count: 1,
        signals: Uint32Array.of(0),
        values: Float64Array.of(at),
        texts: new Map(),
        qualities: Uint8Array.of(0),
      } as const;
      await history.append(LIVE, { ...row, sourceTimes: Float64Array.of(1_000), serverTimes: Float64Array.of(1_000) }, ["signal:a"]);
    }),
  );
  await Promise.all(opened.map(({ close }) => close()));
  for (const [at, place] of places.entries()) {
    const again = await open(place);
    expect(await again.log.lastRevision()).toBe(20);
    const { values } = await again.history.raw({ branch: LIVE, signal: "signal:a" }, 0, 10_000, 10);
    expect([...values]).toEqual([at]);
    await again.close();
  }
  const running = process.getActiveResourcesInfo().filter((name) => name === "Worker");
  expect(running).toEqual([]);
});
