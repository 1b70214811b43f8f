// States, counts, tracking, KPIs and alarms of a running line: incremental folds over samples.

export * from "./line/line-definition.ts";
export * from "./line/line-engine.ts";
export * from "./shifts/shift-calendar.ts";
export { zoneOffsetOf } from "./shifts/zone-offset.ts";
export * from "./states/station-state.ts";
export * from "./states/state-mapping.ts";
export * from "./states/mapping-submodel.ts";
export * from "./states/mapping-edit.ts";
export * from "./installation/installation.ts";
export { standsIn } from "./installation/stands-in.ts";
export type { CounterEvent, CountKind } from "./counters/counter.ts";
export * from "./tracking/tracked-part.ts";
export { createLineTracker, type LineTracker, type TrackerState } from "./tracking/line-tracker.ts";
export * from "./kpis/kpi-result.ts";
export { bottlenecks } from "./kpis/bottleneck.ts";
export * from "./alarms/alarm-rule.ts";
export * from "./alarms/alarm-transition.ts";
export * from "./alarms/alarm-list.ts";
export { createAlarmEngine, type AlarmEngine, type AlarmEngineState, type OperatorAction } from "./alarms/alarm-engine.ts";
export type { StationObservations, StopClass } from "./history-extract/history-extract.ts";
export * from "./derived/derived-signals.ts";
export * from "./estimate/line-estimate.ts";
export * from "./proposal/offered.ts";
export * from "./proposal/proposal.ts";
export { propose } from "./proposal/propose.ts";
export { operationalDataOf } from "./proposal/documents.ts";
