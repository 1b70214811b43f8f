import {
  AccessLevelFlag,
  DataType,
  LocalizedText,
  Range,
  StatusCodes,
  type AddressSpace,
  type Namespace,
  type UAObject,
  type UAVariable,
} from "node-opcua";
import type { PlantArchive } from "../archive/plant-archive.ts";
import { dirt, itemStates, lineName, namespaceUri, operationModes } from "../signals/signal-list.ts";
import type { PlantSignal, SignalType } from "../signals/signal.ts";
import { instanceUri, unitIds, unitOf, type UnitId } from "../signals/unit.ts";
import { engineeringUnit } from "./engineering-unit.ts";
import { readRaw } from "./history-read.ts";

const machinery = "http://opcfoundation.org/UA/Machinery/";
const deviceIntegration = "http://opcfoundation.org/UA/DI/";

/** The nodes whose values change while the plant runs. */
export interface PlantNodes {
  /** By signal index; Sparkplug signals have none. */
  readonly variables: ReadonlyMap<number, UAVariable>;
  /** `unit.ItemState` and `unit.OperationMode`: the state machines of the companion specification. */
  readonly machines: ReadonlyMap<string, { readonly state: UAVariable; readonly number?: UAVariable }>;
}

/** One machine a unit below Machines of OPC 40001-1, its values below it, everything under string identifiers. */
export function buildAddressSpace(addressSpace: AddressSpace, archive: PlantArchive): PlantNodes {
  const namespace = addressSpace.registerNamespace(namespaceUri);
  const machines = addressSpace.rootFolder.objects.getFolderElementByName("Machines") as UAObject | null;
  if (!machines) throw new Error("the Machinery nodeset brings no Machines folder");
  const variables = new Map<number, UAVariable>();
  const stateMachines = new Map<string, { state: UAVariable; number?: UAVariable }>();
  for (const unit of unitIds) {
    const signals = archive.signals.filter((signal) => signal.asset === unit && signal.address.kind === "opcua");
    if (signals.length === 0) continue;
    const machine = addMachine(namespace, machines, unit);
    addIdentification(addressSpace, namespace, machine, unit);
    for (const [role, type, texts] of stateTypes) {
      const found = addStateMachine(addressSpace, namespace, machine, unit, role, type, texts[0]!);
      if (found) stateMachines.set(`${unit}.${role}`, found);
    }
    const folders = new Map<string, UAObject>();
    for (const signal of signals) {
      const name = folderOf(signal);
      const folder = folders.get(name) ?? addFolder(namespace, machine, unit, name);
      folders.set(name, folder);
      variables.set(signal.index, addSignal(namespace, folder, signal, archive));
    }
  }
  return { variables, machines: stateMachines };
}

const stateTypes = [
  ["ItemState", "MachineryItemState_StateMachineType", itemStates],
  ["OperationMode", "MachineryOperationModeStateMachineType", operationModes],
] as const;

function folderOf(signal: PlantSignal): "Status" | "Production" | "Process" {
  if (["ItemState", "OperationMode", "VendorState", "Blocked", "Starved"].includes(signal.role)) return "Status";
  if (["Total", "Good", "Reject", "LastCycle", "Product", "PartIn", "PartOut"].includes(signal.role)) return "Production";
  return "Process";
}

function addMachine(namespace: Namespace, machines: UAObject, unit: UnitId): UAObject {
  return namespace.addObject({
    browseName: unit,
    displayName: texts(unitOf(unit).title.en, unitOf(unit).title.zh, `${unit} `),
    nodeId: `s=${lineName}.${unit}`,
    organizedBy: machines,
  });
}

function addFolder(namespace: Namespace, machine: UAObject, unit: UnitId, name: string): UAObject {
  return namespace.addObject({
    browseName: name,
    nodeId: `s=${lineName}.${unit}.${name}Values`,
    typeDefinition: "FolderType",
    componentOf: machine,
  });
}

/** OPC 40001-1, 8.6: who made the machine, found by every client the same way. */
function addIdentification(addressSpace: AddressSpace, namespace: Namespace, machine: UAObject, unitId: UnitId): void {
  const type = addressSpace.findObjectType("MachineIdentificationType", addressSpace.getNamespaceIndex(machinery));
  if (!type) throw new Error("MachineIdentificationType is missing from the Machinery nodeset");
  const unit = unitOf(unitId);
  const identification = type.instantiate({
    browseName: { name: "Identification", namespaceIndex: addressSpace.getNamespaceIndex(deviceIntegration) },
    nodeId: `s=${lineName}.${unitId}.Identification`,
    namespace,
    componentOf: machine,
    optionals: ["Model", "ProductCode", "SoftwareRevision", "YearOfConstruction", "Location", "ComponentName"],
  });
  const write = (name: string, dataType: DataType, value: unknown) => {
    const property = identification.getChildByName(name) as UAVariable | null;
    property?.setValueFromSource({ dataType, value });
  };
  write("Manufacturer", DataType.LocalizedText, new LocalizedText({ text: unit.manufacturer }));
  write("Model", DataType.LocalizedText, new LocalizedText({ text: unit.designation.en, locale: "en" }));
  write("ComponentName", DataType.LocalizedText, new LocalizedText({ text: `${unit.id} ${unit.title.en}`, locale: "en" }));
  write("ProductCode", DataType.String, unit.orderCode);
  write("ProductInstanceUri", DataType.String, instanceUri(unit.serialNumber));
  write("SerialNumber", DataType.String, unit.serialNumber);
  write("SoftwareRevision", DataType.String, unit.software);
  write("YearOfConstruction", DataType.UInt16, unit.yearOfConstruction);
  write("Location", DataType.String, `Hall 2/${lineName}`);
}

/** OPC 40001-1, 11: the state machine as the companion specification wants it, beside the plain variable an archive keeps. */
function addStateMachine(
  addressSpace: AddressSpace,
  namespace: Namespace,
  machine: UAObject,
  unit: UnitId,
  role: string,
  typeName: string,
  initial: string,
): { state: UAVariable; number?: UAVariable } | undefined {
  const type = addressSpace.findObjectType(typeName, addressSpace.getNamespaceIndex(machinery));
  if (!type) throw new Error(`${typeName} is missing from the Machinery nodeset`);
  const name = role === "ItemState" ? "MachineryItemState" : "MachineryOperationMode";
  const machineState = type.instantiate({
    browseName: { name, namespaceIndex: addressSpace.getNamespaceIndex(machinery) },
    nodeId: `s=${lineName}.${unit}.${name}`,
    namespace,
    componentOf: machine,
    optionals: ["CurrentState.Number"],
  });
  const state = machineState.getChildByName("CurrentState") as UAVariable | null;
  if (!state) return undefined;
  state.setValueFromSource({ dataType: DataType.LocalizedText, value: new LocalizedText({ text: initial, locale: "en" }) });
  const number = state.getChildByName("Number") as UAVariable | null;
  return number ? { state, number } : { state };
}

const dataTypes: Readonly<Record<SignalType, DataType>> = {
  Boolean: DataType.Boolean,
  Int32: DataType.Int32,
  UInt16: DataType.UInt16,
  UInt32: DataType.UInt32,
  Double: DataType.Double,
  String: DataType.String,
};

/** The controller's clock runs ahead by this, µs: its source times are wrong by as much. */
export function sourceOffset(signal: PlantSignal): number {
  return signal.asset === dirt.fastClock.unit ? dirt.fastClock.aheadS * 1_000_000 : 0;
}

function addSignal(namespace: Namespace, folder: UAObject, signal: PlantSignal, archive: PlantArchive): UAVariable {
  const common = {
    browseName: signal.role,
    displayName: texts(signal.title.en, signal.title.zh),
    nodeId: `s=${signal.name}`,
    componentOf: folder,
    dataType: dataTypes[signal.type],
    accessLevel: AccessLevelFlag.CurrentRead | AccessLevelFlag.HistoryRead,
    userAccessLevel: AccessLevelFlag.CurrentRead | AccessLevelFlag.HistoryRead,
    historizing: true,
    // By exception: a sampled node would be told up to a second after its source time.
    minimumSamplingInterval: 0,
  };
  const variable = signal.type === "Double" && signal.unit ? addMeasurement(namespace, common, signal) : namespace.addVariable(common);
  if (signal.texts) addEnumTexts(namespace, variable, signal);
  // A controller that counts in ticks does not say so on the node.
  if (signal.type !== "Double" && signal.unit && signal.scale === undefined) addUnit(namespace, variable, signal);
  variable.setValueFromSource(
    { dataType: dataTypes[signal.type], value: signal.type === "String" ? "" : signal.type === "Boolean" ? false : 0 },
    StatusCodes.UncertainInitialValue,
  );
  const offset = sourceOffset(signal);
  (variable as HistoryReadable)._historyRead = (_context, details, _range, _encoding, continuation, callback) => {
    callback(null, readRaw(archive, signal, offset, details, continuation.continuationPoint));
  };
  return variable;
}

/** The hook a variable of node-opcua answers HistoryRead with; `installHistoricalDataNode` sets the same one. */
type HistoryReadable = UAVariable & {
  _historyRead: (
    context: unknown,
    details: Parameters<UAVariable["historyRead"]>[1],
    range: unknown,
    encoding: unknown,
    continuation: { readonly continuationPoint?: Buffer | null },
    callback: (error: Error | null, result: ReturnType<typeof readRaw>) => void,
  ) => void;
};

type VariableOptions = Parameters<Namespace["addVariable"]>[0];

/** OPC UA Part 8, 5.3.2.3 AnalogUnitRangeType: unit and range stand on the node, as a good controller offers them. */
function addMeasurement(namespace: Namespace, options: VariableOptions, signal: PlantSignal): UAVariable {
  const variable = namespace.addVariable({ ...options, typeDefinition: "AnalogUnitRangeType" });
  addUnit(namespace, variable, signal);
  return variable;
}

function addUnit(namespace: Namespace, variable: UAVariable, signal: PlantSignal): void {
  const property = (browseName: string, dataType: string, value: unknown) =>
    namespace.addVariable({
      browseName: { name: browseName, namespaceIndex: 0 },
      nodeId: `s=${signal.name}.${browseName}`,
      propertyOf: variable,
      typeDefinition: "PropertyType",
      dataType,
      value: { dataType: DataType.ExtensionObject, value },
    });
  property("EngineeringUnits", "EUInformation", engineeringUnit(signal.unit!));
  if (signal.low !== undefined && signal.high !== undefined) {
    property("EURange", "Range", new Range({ low: signal.low, high: signal.high }));
  }
}

function addEnumTexts(namespace: Namespace, variable: UAVariable, signal: PlantSignal): void {
  namespace.addVariable({
    browseName: { name: "EnumStrings", namespaceIndex: 0 },
    nodeId: `s=${signal.name}.EnumStrings`,
    propertyOf: variable,
    typeDefinition: "PropertyType",
    dataType: "LocalizedText",
    valueRank: 1,
    arrayDimensions: [signal.texts!.length],
    value: {
      dataType: DataType.LocalizedText,
      arrayType: 1,
      value: signal.texts!.map((text) => new LocalizedText({ text, locale: "en" })),
    },
  });
}

function texts(en: string, zh: string, prefix = ""): LocalizedText[] {
  return [new LocalizedText({ locale: "en", text: prefix + en }), new LocalizedText({ locale: "zh", text: prefix + zh })];
}
