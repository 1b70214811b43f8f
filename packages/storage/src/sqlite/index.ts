export { openAccounts, type Account, type Accounts } from "./accounts.ts";
export { openSqliteBlobs } from "./blobs.ts";
export { openSqliteRecordStore, type SqliteRecordStoreOptions } from "./record-store.ts";
