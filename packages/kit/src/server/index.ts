// What the server part of a feature or pack may import of the kernel: types, and nothing at run time.

export type {
  CallOf,
  FeatureContext,
  FeatureLog,
  FeatureStore,
  FoldPlace,
  Folds,
  FoldTrial,
  FoldTrialResult,
  HandlerOf,
  HandlersOf,
  LiveTable,
  Metric,
  Open,
  Opened,
  PlantView,
  PortsOf,
  SampleIntake,
  SettingsOf,
  ValueOf,
} from "./open.ts";
export type { OctetsAnswer } from "../contract/endpoint.ts";
