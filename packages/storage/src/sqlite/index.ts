export { readCacheHead } from "./cache-head.ts";
export { blobHashes, openSqliteBlobs } from "./blobs.ts";
export { cachedHashes, settleCache } from "./cached-hashes.ts";
export { walProblem } from "./check-wal.ts";
export { cacheDifference } from "./compare-caches.ts";
export { openUntouched } from "./open-untouched.ts";
export { openSqliteRecordStore, type SqliteRecordStoreOptions } from "./record-store.ts";
