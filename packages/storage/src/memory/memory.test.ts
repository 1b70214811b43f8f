import { blobsContract } from "@doppelwerk/world/contract/blobs";
import { changeLogContract } from "@doppelwerk/world/contract/change-log";
import { historyContract } from "@doppelwerk/world/contract/history";
import { recordStoreContract } from "@doppelwerk/world/contract/record-store";
import { describe, expect, test } from "vitest";
import { createMemoryBlobs } from "./blobs.ts";
import { createMemoryChangeLog } from "./change-log.ts";
import { createMemoryHistory } from "./history.ts";
import { createMemoryLease } from "./lease.ts";
import { createMemoryRecordStore } from "./record-store.ts";

describe("[ST1] the drivers in memory keep the contracts of their ports", () => {
  for (const { title, run } of recordStoreContract(() => ({ open: createMemoryRecordStore }))) test(title, run);
  for (const { title, run } of changeLogContract(() => ({ open: async () => createMemoryChangeLog() }))) test(title, run);
  for (const { title, run } of blobsContract(() => ({ open: async () => createMemoryBlobs() }))) test(title, run);
  for (const { title, run } of historyContract(() => ({ open: async () => createMemoryHistory() }))) test(title, run);
});

test("[ST6] a lease has one holder, and each acquisition a higher epoch", async () => {
  const lease = createMemoryLease();
  expect(await lease.acquire("one")).toEqual({ epoch: 1 });
  await expect(lease.acquire("two")).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  await lease.release();
  expect(await lease.acquire("two")).toEqual({ epoch: 2 });
});
