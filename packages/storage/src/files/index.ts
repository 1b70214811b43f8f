export { openFileChangeLog, type FileChangeLog, type FileChangeLogOptions } from "./change-log.ts";
export { DATA_FORMAT, openDataFolder, type DataFolder } from "./data-folder.ts";
export { createFaultyLayer, PowerLoss, type FaultyLayer } from "./faulty-file-layer.ts";
export type { FileLayer, OpenFile } from "./file-layer.ts";
export { createFileLease } from "./lease.ts";
export { makeFolder } from "./make-folder.ts";
export type { TornTail } from "./log-writer.ts";
export { nodeFileLayer } from "./node-file-layer.ts";
