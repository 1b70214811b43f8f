export { createReplaySource, type ReplayOptions } from "./replay-source.ts";
