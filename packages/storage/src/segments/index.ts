export { openSegmentHistory, type HistoryStatistics, type SegmentHistory, type SegmentHistoryOptions } from "./history.ts";
export { verifyHistory, type HistoryProblem, type VerifiedHistory } from "./verify-history.ts";
