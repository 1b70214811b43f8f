// What tests and other examples may know of the plant: its signal list. The product itself never imports this.
export {
  dirt,
  itemStates,
  lineName,
  namespaceUri,
  operationModes,
  plantSignals,
  signalsByName,
  sparkplugGroup,
  sparkplugNode,
} from "./signals/signal-list.ts";
export type { AssetId, PlantSignal, SignalAddress, SignalType } from "./signals/signal.ts";
export { minimalUnitIds, unitIds, units, type UnitId } from "./signals/unit.ts";
