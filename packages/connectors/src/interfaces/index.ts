export {
  isAssetInterfaces,
  readAssetInterfaces,
  type AssetInterfaces,
  type ConnectionDraft,
  type InterfaceSignalDraft,
} from "./asset-interfaces.ts";
