// What the server and the command line read of packs; for authors the manifest is described in docs/guide/write-a-pack.md.

export { driveFold } from "./drive-fold.ts";
export {
  foldOfPack,
  MAX_OUTPUTS,
  instanceOfPackFold,
  signalOfOutput,
  type DrivenCode,
  type FoldCode,
  type PackFoldDefinition,
  type PackFoldOutput,
} from "./fold-of-pack.ts";
export { componentOfPack } from "./component-of-pack.ts";
export { featureOfPack } from "./feature-of-pack.ts";
export { kpiValueOf } from "./kpi-value.ts";
export type { PackKpiDeclaration } from "./kpi-shape.ts";
export { packDocuments, type PackDocuments } from "./pack-documents.ts";
export { KIT_API } from "./kit-api.ts";
export { hasOrMakes, sourcesOf } from "./module-sources.ts";
export {
  PACK_PERMISSIONS,
  type PackComponentDeclaration,
  type PackFeature,
  type PackFoldDeclaration,
  type PackPermission,
} from "./manifest-shape.ts";
export { namesBeginWith, readPackManifest, type PackManifest, type PackReading } from "./pack-manifest.ts";
export { rulesOfTemplate } from "./rules-of-set-up.ts";
export type { PackSetUpDeclaration } from "./set-up-shape.ts";
export type { PackView } from "./view-shape.ts";
export { PackEvents } from "./pack-event.ts";
