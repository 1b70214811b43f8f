// What the server part of a feature or pack may import of the kernel: types, and nothing at run time.

export type {
  CallOf,
  ConclusionInputs,
  Derivations,
  FeatureContext,
  FeatureLog,
  PersonalHolder,
  PersonalTexts,
  FeatureStore,
  FoldEdit,
  FoldGroup,
  FoldListener,
  FoldPlace,
  FollowedSamples,
  GuestBook,
  Folds,
  FoldTrial,
  FoldTrialResult,
  HandlerOf,
  HandlersOf,
  KnownGuest,
  LiveTable,
  Metric,
  Open,
  Opened,
  PlantView,
  PortsOf,
  RecordedFact,
  SampleIntake,
  SampleListener,
  SettingsOf,
  ValueOf,
} from "./open.ts";
export type { JobHandler, JobRun, Jobs, JobWork, PerformJobWork } from "./jobs.ts";
export type { OpenPack, PackCall, PackConcludeQuery, PackConclusion, PackContext, PackHandler, PackSample, PackView } from "./pack.ts";
export type { PackFold, PackFoldEmit, PackFolding, PackFoldInstance, PackFoldSample } from "../pack/pack-fold.ts";
export type { OctetsAnswer, OctetsBody } from "../contract/endpoint.ts";
