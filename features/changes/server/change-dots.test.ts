import { expect, test } from "vitest";
import { GENESIS_HASH } from "@doppelwerk/world";
import type { LogEntry } from "@doppelwerk/world";
import { NewestChanges } from "./change-dots.ts";

function entry(revision: number, more: Partial<LogEntry> = {}): LogEntry {
  return {
    v: 1,
    revision,
    time: revision * 10,
    branch: "live",
    actor: "person:ada",
    reason: `change ${revision}`,
    changes: [{ op: "create", record: { id: `note:${revision}`, kind: "note" } }],
    hash: GENESIS_HASH,
    ...more,
  };
}

/** A log that counts how often it is read, and into which more may come while it is. */
function aLog(entries: LogEntry[], meanwhile: () => void = () => {}) {
  const log = {
    reads: 0,
    revision: () => entries.at(-1)?.revision ?? 0,
    async *read(after: number) {
      log.reads++;
      for (const own of entries.filter(({ revision }) => revision > after)) yield own;
      meanwhile();
    },
  };
  return log;
}

test("[SV11] forks, merges and edits are marked; what the system does by itself, talk and a branch that is given up are not", async () => {
  const entries = [
    entry(1, { actor: "system:import" }),
    entry(2, { actor: "system" }),
    entry(3, { changes: [], fork: { name: "b", parent: "live", baseRevision: 2, instant: 20 } }),
    entry(4, { changes: [{ op: "create", record: { id: "comment:1", kind: "comment" } }] }),
    entry(5, { merge: { source: "b", sourceRevision: 4, request: "mergeRequest:1" } }),
    entry(6, { changes: [], abandon: true }),
  ];
  const dots = new NewestChanges(aLog(entries), () => 6);
  expect((await dots.between(0, 100)).map(({ revision, kind }) => [revision, kind])).toEqual([
    [1, "edit"],
    [3, "fork"],
    [5, "merge"],
  ]);
  expect((await dots.between(30, 50)).map(({ revision }) => revision)).toEqual([3]);
});

test("[SV11] the log is read once; what is committed before, while and after it is read stands there once", async () => {
  const entries = [entry(1)];
  let extra: LogEntry[] = [entry(2), entry(3)];
  const log = aLog(entries, () => {
    for (const own of extra.splice(0)) {
      entries.push(own);
      dots.follow(own);
    }
  });
  const dots: NewestChanges = new NewestChanges(log, log.revision);
  dots.follow(entries[0]!);
  expect((await dots.between(0, 1_000)).map(({ revision }) => revision)).toEqual([1, 2, 3]);
  const reads = log.reads;
  extra = [];
  dots.follow(entries[2]!);
  dots.follow(entry(4));
  expect((await dots.between(0, 1_000)).map(({ revision }) => revision)).toEqual([1, 2, 3, 4]);
  expect(log.reads).toBe(reads);
});
