export { createPostgresBlobs } from "./blobs.ts";
export { openPostgresChangeLog, type PostgresChangeLog } from "./change-log.ts";
export { openPostgres, type PostgresDatabase } from "./database.ts";
export { createPostgresLease, type PostgresLeaseOptions } from "./lease.ts";
export { holdPostgresWorld, type HeldWorld } from "./forget-world.ts";
export { openPostgresHistory } from "./history.ts";
export { openPostgresEvents } from "./events.ts";
