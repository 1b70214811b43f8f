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
export { featureOfPack } from "./feature-of-pack.ts";
export { KIT_API } from "./kit-api.ts";
export { hasOrMakes, sourcesOf } from "./module-sources.ts";
export { PACK_PERMISSIONS, type PackFeature, type PackFoldDeclaration, type PackPermission } from "./manifest-shape.ts";
export { namesBeginWith, readPackManifest, type PackManifest, type PackReading } from "./pack-manifest.ts";
export type { PackView } from "./view-shape.ts";
