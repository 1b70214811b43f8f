export { openAccounts, type Account, type Accounts } from "./accounts.ts";
export { readCacheHead } from "./cache-head.ts";
export { openSqliteBlobs } from "./blobs.ts";
export { openSqliteRecordStore, type SqliteRecordStoreOptions } from "./record-store.ts";
