// The one import of a domain pack: what it may use of the floors below, by name, and `definePack`.

export {
  actOf,
  endpoint,
  topic,
  type AnswerOf,
  type BodyOf,
  type Deprecated,
  type EndpointOptions,
  type OctetsAnswer,
  type OctetsBody,
  type PayloadOf,
  type PeopleInAnswer,
  type QueryOf,
  type Route,
  type Tool,
  type TopicOptions,
} from "./contract/endpoint.ts";
export { faultsText, parse } from "./contract/parse.ts";
export { fault, faultsOf } from "@doppelwerk/messages/faults";
export { instant, localText, withFormerNames } from "./contract/shapes.ts";
export { shapeOf, type Carried } from "./contract/shape-of.ts";
export { branch, change, changesBody, diffItem, logEntry, worldRecord } from "./contract/records.ts";
export { documentChange, documentFaults, isSameJson, readDocument, readersOfAll, recordKindOf } from "./feature/kind-documents.ts";
export {
  feature,
  type Contribution,
  type Feature,
  type FeatureOptions,
  type JobDeclaration,
  type KindDeclaration,
} from "./feature/feature.ts";
export type { LegalBasis, PersonalData, PersonalPlace, RetentionTimer, SensitiveInput } from "./feature/personal-data.ts";
export type { JobModule, JobTools } from "./feature/job-module.ts";
export { port, slot, type Port, type Slot } from "@doppelwerk/ports";
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
} from "@doppelwerk/ports";
export {
  message,
  textIn,
  textOf,
  textsOf,
  verbatim,
  type Language,
  type LanguageTexts,
  type Message,
  type MessageParam,
} from "@doppelwerk/messages";
export { z } from "zod";

// what a fold of a pack is made of: pure, as the fold
export type { PackFold, PackFoldEmit, PackFolding, PackFoldInstance, PackFoldSample } from "./pack/pack-fold.ts";
// what a simulation component of a pack is made of
export type { ComponentAnswer, ComponentStep, ComponentWork, StationComponent } from "@doppelwerk/sim";
export { definePack, type Pack } from "./define-pack.ts";
export { defineSimModel } from "./define-sim-model.ts";

export { childrenOfRecord, elementsOf, pathOfElement, recordOfAasId, formatPathOf } from "./documents.ts";
export { numberOf, readElements, type ElementReader } from "./element-reader.ts";
export { DAY, HOUR, MINUTE, SECOND, DoppelwerkError, answeredOffer, hashedId } from "@doppelwerk/world";
export type {
  Change,
  ElementRecord,
  ElementTree,
  Instant,
  Json,
  PlannedValue,
  RecordId,
  RecordKind,
  RecordReader,
  ShellRecord,
  SignalRecord,
  SubmodelRecord,
  WorldRecord,
} from "@doppelwerk/world";

export { EMPTY_MAPPING, alarmRuleProblems, stateCauseOf, stationStateOf } from "@doppelwerk/operations";
export type {
  AlarmCondition,
  AlarmPriority,
  AlarmRule,
  FlowDefinition,
  LaterMapping,
  LineDefinition,
  LineEstimate,
  LineFlowKind,
  LocalText,
  MappingVersion,
  ProductDefinition,
  SetUpAttribute,
  ShiftDefinition,
  SignalBinding,
  StateMapping,
  StationDefinition,
  StationObservations,
  StationRole,
} from "@doppelwerk/operations";

export { applyParameters, transferEdits } from "@doppelwerk/sim";
export type {
  BufferCondition,
  CalendarModel,
  ComponentContext,
  ComponentDefinition,
  Distribution,
  LineModel,
  LineObservations,
  LineState,
  MaterialModel,
  Parameter,
  PartCondition,
  PlaceCondition,
  RouteModel,
  StationModel,
  StopModel,
  WeeklyShiftModel,
} from "@doppelwerk/sim";

export { fitFloor, layOutLine } from "@doppelwerk/scene";
export type {
  FlowSketch,
  LineSketch,
  PlacedPart,
  PlacementOverrides,
  Pose,
  ProductLook,
  Solid,
  Stage,
  StationForm,
  StationSketch,
} from "@doppelwerk/scene";
