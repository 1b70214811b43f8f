// line
export type * from "./line/line-model.ts";
export type * from "./line/line-state.ts";
export { placeStates } from "./line/line-event.ts";
export type { LineEvent, LineEventKind, LineObserver, PlaceState, StateCause } from "./line/line-event.ts";
export type * from "./line/run.ts";
export { createLineRun, runLine } from "./line/line-run.ts";
export { validateLineModel } from "./line/validate-line-model.ts";
// random
export type { Distribution, DistributionKind } from "./random/distribution.ts";
// statistics, fit and experiments
export * from "./statistics/summary.ts";
export * from "./statistics/student.ts";
export * from "./statistics/paired-difference.ts";
export * from "./statistics/mser.ts";
export * from "./statistics/forecast-score.ts";
export * from "./fit/observation.ts";
export * from "./fit/parameter.ts";
export * from "./fit/fit-line.ts";
export * from "./fit/apply-parameters.ts";
export * from "./experiments/replication.ts";
export * from "./experiments/comparison.ts";
