export { openSegmentHistory, type HistoryStatistics, type SegmentHistory, type SegmentHistoryOptions } from "./history.ts";
