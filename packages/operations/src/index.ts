// States, counts, tracking, KPIs and alarms of a running line: incremental folds over samples.

export * from "./definition/line-definition.ts";
export * from "./line/line-engine.ts";
export { type FlowReadings, type LineCoreState } from "./line/line-core.ts";
export { lineReadings, type LineReadings } from "./line/line-readings.ts";
export * from "./line/flow-fold.ts";
export * from "./line/kpi-fold.ts";
export { statesOfFormer } from "./line/former-states.ts";
export * from "./line/alarm-fold.ts";
export * from "./shifts/shift-calendar.ts";
export * from "./shifts/stored-calendar.ts";
export { zoneOffsetOf } from "./shifts/zone-offset.ts";
export * from "./definition/station-state.ts";
export * from "./definition/state-mapping.ts";
export { meaningOfStateName } from "./states/state-words.ts";
export * from "./states/mapping-submodel.ts";
export * from "./states/mapping-edit.ts";
export { earlierStates, type EarlierState } from "./line/earlier-states.ts";
export * from "./installation/installation.ts";
export { standsIn } from "./installation/stands-in.ts";
export type { CounterEvent, CountKind } from "./counters/counter.ts";
export * from "./tracking/tracked-part.ts";
export { createLineTracker, type LineTracker } from "./tracking/line-tracker.ts";
export type { TrackerState } from "./tracking/tracker-state.ts";
export * from "./kpis/kpi-result.ts";
export { bottlenecks } from "./kpis/bottleneck.ts";
export * from "./kpis/loss-budget.ts";
export {
  lossCauses,
  lossKey,
  lossOccurrences,
  lossPieces,
  type LossCause,
  type LossOccurrences,
  type LossPiece,
  type StationSpans,
} from "./kpis/loss-causes.ts";
export * from "./kpis/wait-chain.ts";
export * from "./alarms/alarm-rule.ts";
export {
  checkedExpression,
  inputsOfExpression,
  MAX_EXPRESSION,
  MAX_NODES,
  MAX_SIGNALS,
  type ConditionFault,
  type UnknownCondition,
} from "./alarms/conditions/compile.ts";
export type { RuleEvaluation } from "./alarms/conditions/computed-rules.ts";
export { isComputed } from "./alarms/conditions/judge.ts";
export * from "./alarms/alarm-transition.ts";
export * from "./alarms/alarm-list.ts";
export { createAlarmEngine, UNATTENDED, type AlarmEngine } from "./alarms/alarm-engine.ts";
export type { AlarmEngineState } from "./alarms/alarm-engine-state.ts";
export {
  isOfColumns,
  judgeColumns,
  leadOf,
  rulesBySignals,
  type ColumnsTask,
  type JudgedColumns,
  type RecordedColumn,
} from "./alarms/judge-columns.ts";
export { operatorActionOf, type OperatorAction } from "./alarms/operator-action.ts";
export type { StationObservations, StopClass } from "./history-extract/history-extract.ts";
export * from "./line/derived-signals.ts";
export * from "./estimate/line-estimate.ts";
export * from "./proposal/offered.ts";
export * from "./proposal/proposal.ts";
export { propose, unique as uniqueIdShort } from "./proposal/propose.ts";
export { assetDocuments, lineDocuments } from "./proposal/made-by-hand.ts";
export type { LineDocuments, MadeAsset, MadeLine, MadeStation, MadeValue } from "./proposal/made-by-hand.ts";
export { roleOfName } from "./proposal/signal-meaning.ts";
export { operationalDataOf } from "./proposal/documents.ts";
export * from "./expressions/expression.ts";
export * from "./expressions/evaluate.ts";
export { Formulas } from "./expressions/formulas.ts";
export { isSame as isSameUnit, unitOf, type Dimension, type UnitFault } from "./expressions/unit-of.ts";
export { elementOf, KPI_ELEMENTS, type ElementGroup, type KpiElement } from "./indicators/elements.ts";
export * from "./indicators/indicators.ts";
export * from "./indicators/indicator-values.ts";
export * from "./indicators/shift-elements.ts";
export * from "./indicators/cut-elements.ts";
