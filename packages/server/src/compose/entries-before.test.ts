import { GENESIS_HASH, type LogEntry } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { entriesBefore } from "./entries-before.ts";

function entry(revision: number): LogEntry {
  return { v: 1, revision, time: revision, branch: "live", actor: "ada", reason: "change", changes: [], hash: GENESIS_HASH };
}

/** A log of ten entries that notes which were read. */
function aLog() {
  const read: number[] = [];
  return {
    read,
    log: {
      async *read(after: number) {
        for (let revision = after + 1; revision <= 10; revision++) {
          read.push(revision);
          yield entry(revision);
        }
      },
    },
  };
}

test("[SV162] a page of the log reads what it shows and nothing behind it, newest first", async () => {
  const { log, read } = aLog();
  const page = await entriesBefore(log, 8, 3, (each) => (each.revision === 6 ? undefined : each));
  expect(page.map(({ revision }) => revision)).toEqual([7, 5]);
  expect(read).toEqual([5, 6, 7]);
  expect((await entriesBefore(log, 100, 2, (each) => each)).length).toBe(0);
  expect((await entriesBefore(log, 11, 100, (each) => each)).map(({ revision }) => revision)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
});

test("[SV162] others have their turn between two entries", async () => {
  const { log, read } = aLog();
  const turns: number[] = [];
  let going = true;
  const turn = (): void => {
    turns.push(read.length);
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  await entriesBefore(log, 11, 10, (each) => each);
  going = false;
  expect(new Set(turns).size).toBeGreaterThanOrEqual(8);
});
