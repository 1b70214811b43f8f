export { captureChangeLog, type CapturedHead } from "./change-log.ts";
export { captureEvents, type IsKnown } from "./databases.ts";
export { captureHistory, segmentStamps } from "./history.ts";
export { changeLogBytes, holdRecordCache, type HeldFile, type HeldRecordCache } from "./record-cache.ts";
export { captureRest } from "./rest.ts";
export { Staging, type CapturedFile } from "./staging.ts";
export { captureTileLog } from "./tile-log.ts";
