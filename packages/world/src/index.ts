export * from "./instant.ts";
export * from "./error.ts";
export { csvFieldOfText, withoutApostrophe } from "./csv-field.ts";
export { zoneFieldText, zoneNameText } from "./zone-name.ts";
export { connectionFailureCodes, connectionFailureIn, type ConnectionFailureCode } from "./connection-failures.ts";
export * from "./record.ts";
export * from "./change.ts";
export * from "./world.ts";
export * from "./canonical-json.ts";
export * from "./content-hash.ts";
export { entryLine } from "./entry-line.ts";
export { messageOfEntry } from "./reason-of-entry.ts";
export * from "./fold.ts";
export * from "./core-kinds.ts";
export { openWorld } from "./world/open-world.ts";
export { catchUp } from "./world/catch-up.ts";
export { ENTRY_VERSION, upcastEntry } from "./world/upcast-entry.ts";
export { indexValues, matches } from "./branches/branch-reader.ts";
export type { ClassState } from "./merge-request/approval-class.ts";
export * from "./merge-request/merge-request.ts";
export * from "./signals/origin.ts";
export * from "./signals/sample.ts";
export * from "./signals/retention.ts";
export * from "./signals/signal.ts";
export * from "./signals/signal-table.ts";
export { boundedEnumeration, MAX_NAMED_VALUES, nameOfValue, type Enumeration, type NamedValue } from "./signals/enumeration.ts";
export type { SampleFault } from "./signals/check-value.ts";
export * from "./signals/counter.ts";
export type {
  BrowseResult,
  FoundCondition,
  FoundMethod,
  FoundObject,
  MethodArgument,
  PresentValue,
  SignalDraft,
} from "./signals/plant-offer.ts";
export { answeredOffer } from "./signals/plant-offer.ts";
export { recordsOfPlant, type ConnectionTarget, type FoundPlant } from "./signals/found-plant.ts";
export * from "./signals/condition-notice.ts";
export * from "./signals/sample-source.ts";
export * from "./documents/element-record.ts";
export * from "./documents/order-key.ts";
export { importedElementId, recordsOfEnvironment } from "./documents/records-of-environment.ts";
export { importChanges, importChangesInTurns, type ImportResult } from "./documents/import-changes.ts";
export { conceptNameOf, unitOf } from "./documents/concept-of.ts";
export * from "./documents/document-of-records.ts";
export * from "./documents/element-changes.ts";
export { followRename, keysOfElement, renameElement } from "./documents/rename-element.ts";
export {
  childElements,
  elementOfFields,
  fieldsOfElement,
  holdsElements,
  submodelReference,
  type ElementFields,
} from "./documents/element-fields.ts";
export * from "./events/event-kind.ts";
export * from "./events/event.ts";
export * from "./events/event-book.ts";
export { eventSpans } from "./events/event-spans.ts";
export type { EventView } from "./events/event-view.ts";
export { cursorGone } from "./events/cursor-gone.ts";
export { createMemoryEventStore } from "./events/memory-event-store.ts";
export * from "./ports/event-store.ts";
export * from "./ports/clock.ts";
export * from "./ports/id-source.ts";
export * from "./ports/history.ts";
export * from "./ports/history-held.ts";
export { FORK_NEEDS, neededSince, thinningOf } from "./history/thinning.ts";
export * from "./ports/change-log.ts";
export * from "./ports/record-store.ts";
export * from "./ports/blobs.ts";
export type * from "./ports/job-queue.ts";
export type { Journal } from "./ports/journal.ts";
export * from "./ports/access-gate.ts";
export type { ApprovalClass, ApprovalClasses, CommandClass } from "./ports/approval-classes.ts";
export * from "./ports/seal.ts";
export { stateLines } from "./ports/state-lines.ts";
export * from "./history/read-samples.ts";
export { oneAtATime } from "./one-at-a-time.ts";
export * from "./folds/fold.ts";
export { depthOfFolds } from "./folds/fold-order.ts";
export { createFoldRun, type FoldRun } from "./folds/fold-run.ts";
export type { FoldFault, RunMember } from "./folds/fold-member.ts";
export { definitionHash, stateFrom, upcastState, type FoldState, type Upcast } from "./folds/fold-state.ts";
export * from "./folds/sample-intake.ts";
export * from "./folds/kept-sample.ts";
export { earliestOf, LatePast, type After } from "./folds/late-past.ts";
export { RecentBatches } from "./folds/recent-batches.ts";
export { expireJob, hasEnded, JOB_VERSION, MAX_CRASHES, upcastJob } from "./jobs/job.ts";
export { JobTable, type JobTableOptions } from "./jobs/job-table.ts";
export { createMemoryJobQueue } from "./jobs/memory-job-queue.ts";
