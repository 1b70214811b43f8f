// States, counts, tracking, KPIs and alarms of a running line: incremental folds over samples.

export * from "./line/line-definition.ts";
export * from "./shifts/shift-calendar.ts";
export * from "./states/station-state.ts";
export * from "./states/state-mapping.ts";
export * from "./tracking/tracked-part.ts";
export { createLineTracker, type LineTracker, type TrackerState } from "./tracking/line-tracker.ts";
