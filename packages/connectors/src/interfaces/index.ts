export {
  isAssetInterfaces,
  readAssetInterfaces,
  type AssetInterfaces,
  type ConnectionDraft,
  type InterfaceSignalDraft,
} from "./asset-interfaces.ts";
export {
  isMappingConfiguration,
  readMappingConfiguration,
  type ElementPlace,
  type Mapping,
  type MappingConfiguration,
} from "./mapping-configuration.ts";
export { canBeDescribed, pathOfDescribed, writeAssetInterfaces, type DescribedSignal } from "./write-interfaces.ts";
export { writeMappingConfiguration } from "./write-mapping.ts";
export { interfaceFindings, writtenConnection, writtenInterfaceId } from "./described-connection.ts";
