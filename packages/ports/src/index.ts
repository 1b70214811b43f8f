export { port, slot, type Port, type Slot } from "./token.ts";
export { connectionStatusShape } from "./connection-status.ts";
export { identifications, type Identifications, type Identified, type IdentifiedShell } from "./identifications.ts";
export { ownCertificates, type ConnectionIdentity, type OwnCertificates } from "./own-certificates.ts";
export { connections, type BroughtValue, type Connections, type PlantRequest } from "./connections.ts";
export {
  lineFlow,
  type AboutLine,
  type FoldedLine,
  type KnownLine,
  type KnownLines,
  type LineFlow,
  type PlannedStates,
  type StateChange,
} from "./line-flow.ts";
export {
  figuresShape,
  shiftFigures,
  shiftFiguresShape,
  shiftFold,
  type Figures,
  type LineShifts,
  type ShiftFigures,
  type ShiftFiguresValue,
  type ShiftFold,
  type UnplannedOutput,
  shiftsWithin,
} from "./shift-figures.ts";
export {
  alarmTicks,
  alarmTickShape,
  changeDots,
  changeDotShape,
  type AlarmTick,
  type AlarmTicks,
  type ChangeDot,
  spanNotes,
  spanNoteShape,
  type ChangeDots,
  type SpanNote,
  type SpanNotes,
} from "./rail.ts";
export { alarmFold, alarmShape, type AlarmFold, type AlarmValue, type ConcludedAlarm } from "./alarm-fold.ts";
export { shippedShiftCalendars, type ShippedCalendar, type ShippedShiftCalendars } from "./shift-calendars.ts";
export { shippedAlarmRules, type ShippedAlarmRules } from "./alarm-rules.ts";
export {
  aasEvents,
  EVENT_KINDS,
  EVENT_TYPES,
  type AasEvents,
  type AasEventsRequest,
  type CloudEvent,
  type EventKind,
  type EventPlace,
  type EventType,
  type StopSignal,
} from "./aas-events.ts";
export { derivedSignals, type DerivedSignals, type DerivedValue } from "./derived-signals.ts";
export { outlets, OUTLETS, type Outlet, type OutletName, type Outlets, type PublishRequest, type ShowRequest } from "./outlets.ts";
export { messageShape } from "./message-shape.ts";
export {
  fittedParameterShape,
  forecastRealisedShape,
  intervalPairShape,
  runKindShape,
  runProgressShape,
  runResults,
  runResultShape,
  runSummaryShape,
  verdictShape,
  type ForecastRealisedValue,
  type RunResults,
  type ShiftForecast,
  type ShiftForecastMade,
  type RunResultValue,
  type CourseRequest,
  type SimulatedCourse,
  type SimulatedStates,
} from "./run-results.ts";
export {
  driftShape,
  factorShape,
  lineModels,
  type BacktestOrigin,
  type ClosedShift,
  type DocumentNumber,
  type DriftValue,
  type FactorValue,
  type FittedParameterValue,
  type LineDocuments,
  type LineExperiment,
  type LineModels,
  type LinePoints,
  type LineRunRequest,
  type LinesExperiment,
  type LinesRunRequest,
} from "./line-models.ts";
export { notices, type NamedRecipient, type Notice, type NoticeRecipient, type Notices } from "./notices.ts";
export { kpiValues, type KpiValues } from "./kpi-values.ts";
export { energyUses, type EnergyUses, type MediumUse, type UsedFor, type UsedInHour } from "./energy-uses.ts";
export { kpiInputs, type KpiInputQuestion, type KpiInputSource, type KpiInputValue, type KpiOrder, type KpiSpan } from "./kpi-inputs.ts";
export { kpiSources, type DeclaredKpi, type KpiQuestion, type KpiSource, type KpiValue } from "./kpi-sources.ts";
export { knownPeople, type KnownPeople } from "./known-people.ts";
export { stopEffectShape, stopEffects, type AskedStop, type StopEffects, type StopEffectValue } from "./stop-effects.ts";
export { listTables, type ListColumn, type ListFault, type ListRow, type ListTable, type ListValue } from "./list-tables.ts";
export { coverageSources, COVERAGE_ASPECTS, type CollectedFact, type CoverageAspect, type CoverageSource } from "./coverage.ts";
export { orderExecutions, type LineExecutions, type OrderExecution, type OrderExecutions } from "./order-executions.ts";
export { orderPlans, type OpenOrder, type OrderPlans } from "./order-plans.ts";
export { livePlaces, type LivePlaces } from "./place-tree.ts";
export { simComponents, type ComponentOfStation, type SimComponents } from "./sim-components.ts";
export { pastReading, type ArchiveProgress, type PastReading, type PastState } from "./past-reading.ts";
export { aasReadings, type AasReadings } from "./aas-readings.ts";
export { importer, type BroughtByFile, type FileImport, type Importer, type ReadFile } from "./importer.ts";
export { stationStates, type ConcludedState, type MappingEffect, type MappingTrial, type StationStates } from "./station-states.ts";
export {
  lineSources,
  type DescribedEnd,
  type DescribedLine,
  type DescribedStation,
  type LineFactor,
  type LineModelOptions,
  type LineNames,
  type LineSource,
  type LineVehicle,
} from "./line-sources.ts";
export {
  alarmAudits,
  auditItemShape,
  auditTermShape,
  figureAuditShape,
  lossAudits,
  placeAudits,
  shiftAudits,
  type AuditItem,
  type AuditQuestion,
  type AuditTerm,
  type FigureAudit,
  type FigureAudits,
} from "./figure-audits.ts";
export {
  boardTiles,
  lineOfTile,
  spanOfTile,
  TILE_SHAPES,
  tileColumnShape,
  tileFieldShape,
  tileSettingsShape,
  tileTableShape,
  type TileColumn,
  type TileField,
  type TileKind,
  type TileQuestion,
  type TileSettings,
  type TileTable,
} from "./board-tiles.ts";
export { alarmRecord, type AlarmRecord, type AlarmSpan, type RecordedAlarm, type RunningRule, type SetAside } from "./alarm-record.ts";
export { mails, type MailFile, type MailOutcome, type Mails, type OutgoingMail } from "./mails.ts";
export { spareParts, type PartMoved, type PartRequest, type SparePartStock, type SpareParts } from "./spare-parts.ts";
export { workOrders, type OpenWorkOrder, type WorkOrderRequest, type WorkOrders, type WorkOrderSource } from "./work-orders.ts";
export { signOns, type SignOn, type SignOnQuestion, type SignOns } from "./sign-ons.ts";
export { signOnRules, type SignOnRules } from "./sign-on-rules.ts";
export { stopReasons, type AskedReason, type OfferedReason, type StopReasons } from "./stop-reasons.ts";
export { helpCalls, HELP_REASONS, type HelpCall, type HelpCalls, type HelpReason } from "./help-calls.ts";
export { planEffects, planEffectShape, type AskedPlan, type PlanEffects, type PlanEffectValue } from "./plan-effects.ts";
