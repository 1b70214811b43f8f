export {
  openSegmentHistory,
  type HistoryStatistics,
  type SealedSegment,
  type SegmentHistory,
  type SegmentHistoryOptions,
} from "./history.ts";
export { verifyHistory, type HistoryProblem, type VerifiedHistory } from "./verify-history.ts";
export { spanOf } from "./segment-file.ts";
export { readSamples, type StoredSamples } from "./read-samples.ts";
