export { createReplaySource, type RecordedColumns, type ReplayOptions } from "./replay-source.ts";
