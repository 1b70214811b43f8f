// kernel
export { EventList } from "./kernel/event-list.ts";
export { copyMemory, growColumn, packMemory, SnapshotError, unpackMemory, type Column } from "./kernel/memory.ts";
export { RunError } from "./kernel/run-error.ts";
export { hashText, mixBytes, type TraceHash } from "./kernel/trace-hash.ts";
// line
export type * from "./line/line-model.ts";
export type * from "./line/line-state.ts";
export { placeStates } from "./line/line-event.ts";
export type { LineEvent, LineEventKind, LineObserver, PlaceState, StateCause } from "./line/line-event.ts";
export type * from "./line/run.ts";
export type * from "./line/component.ts";
export { driveComponent } from "./line/drive-component.ts";
export type { ComponentAnswer, ComponentStep, ComponentWork, StationComponent } from "./line/drive-component.ts";
export { createLineRun, runLine } from "./line/line-run.ts";
export { mainFlow, mixPieceS } from "./line/main-flow.ts";
export { validateLineModel } from "./line/validate-line-model.ts";
export { validateLineState } from "./line/validate-line-state.ts";
// plant
export type * from "./plant/plant-model.ts";
export { createPlantRun, runPlant } from "./plant/plant-run.ts";
export type * from "./plant/plant-run.ts";
export { validatePlantModel } from "./plant/validate-plant-model.ts";
// components
export type * from "./components/flow-model.ts";
export type { ComponentContext, ComponentDefinition } from "./components/component-definition.ts";
export { checkDefinition } from "./components/component-definition.ts";
export { createFlowRun, prepareFlow, runFlow, type FlowRun, type FlowRunOptions } from "./components/flow-run.ts";
export type { CompiledFlow } from "./components/compiled-flow.ts";
export { flowJsonSchema, validateFlowModel } from "./components/validate-flow.ts";
export { flowFormatTables } from "./components/flow-tables.ts";
export {
  kpiSummary,
  kpisOf,
  modelHashOf,
  planFlow,
  runFlowExperiment,
  traceHashOfAll,
  type FlowBatch,
  type FlowPlan,
  type FlowReport,
  type KpiSummary,
} from "./components/flow-experiment.ts";
export * from "./optimise/factors/factor-experiment.ts";
export type * from "./components/flow-result.ts";
export type { FlowSight, SeenComponent, SeenItem, SeenPlace } from "./components/flow-sight.ts";
// random
export { philox, replicationKey, streamOf, uniformAt } from "./random/philox.ts";
export { cos, exp, log, pow, sin } from "./random/portable-math.ts";
export { distributionFault, meanOf, quantile, residual, samplerOf, survival, type Sampler } from "./random/sampler.ts";
export type { Distribution, DistributionKind } from "./random/distribution.ts";
// statistics, fit and experiments
export * from "./statistics/summary.ts";
export { scaled } from "./fit/parameter.ts";
export { gammaQuantile } from "./random/special-function.ts";
export * from "./statistics/student.ts";
export * from "./statistics/paired-difference.ts";
export * from "./statistics/littles-law.ts";
export * from "./statistics/mser.ts";
export * from "./statistics/quantile-interval.ts";
export * from "./statistics/forecast-score.ts";
export * from "./fit/observation.ts";
export * from "./fit/parameter.ts";
export * from "./fit/fit-line.ts";
export * from "./fit/observed-model.ts";
export * from "./fit/drift.ts";
export * from "./fit/apply-parameters.ts";
export * from "./experiments/replication.ts";
export * from "./experiments/plant-replication.ts";
export { followLine, type FollowedLine } from "./experiments/follow-line.ts";
export * from "./experiments/comparison.ts";
export * from "./experiments/design.ts";
export { pointsOf, type Design, type DesignFactor } from "./experiments/design-points.ts";
export * from "./experiments/factor-study.ts";
export * from "./experiments/warm-up.ts";
export * from "./experiments/factor-effects.ts";
export * from "./experiments/selection.ts";
