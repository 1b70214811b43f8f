export { createMemoryBlobs } from "./blobs.ts";
export { createMemoryChangeLog } from "./change-log.ts";
export { createMemoryHistory } from "./history.ts";
export { createMemoryLease } from "./lease.ts";
export { createMemoryRecordStore } from "./record-store.ts";
