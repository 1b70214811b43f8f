import { processValues } from "./process-values.ts";
import { facilitySignals, unitEnergySignals, vehicleSignals, type SparkplugValue } from "./sparkplug-values.ts";
import type { AssetId, PlantSignal, Recording, SignalType } from "./signal.ts";
import { minimalUnitIds, unitIds, unitOf, type UnitId } from "./unit.ts";

/** Namespace of every node of the plant. Clients keep the URI, never the index. */
export const namespaceUri = "urn:doppelwerk:demo-plant";
export const lineName = "Line3";
export const sparkplugGroup = "Hall2";
export const sparkplugNode = "Line3-Edge";

/** OPC 40001-1 (Machinery) 11.1: numbers of MachineryItemState. */
export const itemStates = ["NotAvailable", "OutOfService", "NotExecuting", "Executing"] as const;
/** OPC 40001-1 (Machinery) 11.2: numbers of MachineryOperationMode. */
export const operationModes = ["None", "Maintenance", "Setup", "Processing"] as const;

/** The peculiarities a real plant has; the engineering file says those that engineering knows. */
export const dirt = {
  /** `unit.role` of the counters that are 16 bits wide and roll over at 65 536. */
  narrowCounters: ["T30.Total", "S050.Good", "S110.Total"],
  /** Counters of this unit begin at zero with every shift. */
  shiftReset: "S120",
  /** Cycle times in ticks of 10 ms. */
  tickCycles: ["T20", "S100"],
  /** The controller of this unit runs ahead. Nobody wrote it down. */
  fastClock: { unit: "S110", aheadS: 37 },
  noBlockedBit: "S070",
  /** ItemState stays NotAvailable: only the vendor's word tells. */
  vendorStateOnly: "S130",
} as const;

/** The signals of the whole plant, or of its three-unit version. Same names, own indexes. */
export function plantSignals(minimal = false): readonly PlantSignal[] {
  const chosen = minimal ? minimalUnitIds : unitIds;
  const drafts: Draft[] = [];
  for (const unit of chosen) drafts.push(...unitSignals(unit), ...processSignals(unit));
  for (const unit of chosen) drafts.push(...sparkplugSignals(unit, unitEnergySignals));
  if (!minimal) for (const vehicle of ["AGV1", "AGV2", "AGV3"] as const) drafts.push(...sparkplugSignals(vehicle, vehicleSignals));
  for (const asset of ["Air", "Hall"] as const) drafts.push(...sparkplugSignals(asset, facilitySignals[asset]));
  return drafts.map((draft, index) => ({ index, ...draft }));
}

/** Signals by name. */
export function signalsByName(signals: readonly PlantSignal[]): ReadonlyMap<string, PlantSignal> {
  return new Map(signals.map((signal) => [signal.name, signal]));
}

type Draft = Omit<PlantSignal, "index">;

function unitSignals(unit: UnitId): readonly Draft[] {
  const counter = (role: string) => {
    const narrow = (dirt.narrowCounters as readonly string[]).includes(`${unit}.${role}`);
    return {
      type: (narrow ? "UInt16" : "UInt32") as SignalType,
      counter: {
        type: unit === dirt.shiftReset ? ("shiftReset" as const) : ("totaliser" as const),
        width: narrow ? (16 as const) : (32 as const),
      },
    };
  };
  const ticks = (dirt.tickCycles as readonly string[]).includes(unit);
  const cycle = ticks ? { type: "UInt32" as const, scale: 0.01, resolution: 1 } : { type: "Double" as const, resolution: 0.1 };
  const signals = [
    opcuaSignal(unit, "ItemState", "Item state", "机器状态", "Int32", "change", { texts: itemStates }),
    opcuaSignal(unit, "OperationMode", "Operation mode", "运行模式", "Int32", "change", { texts: operationModes }),
    opcuaSignal(unit, "VendorState", "State word", "状态字", "UInt16", "change"),
    opcuaSignal(unit, "Blocked", "Blocked", "下游堵塞", "Boolean", "change"),
    opcuaSignal(unit, "Starved", "Starved", "上游缺料", "Boolean", "change"),
    opcuaSignal(unit, "Total", "Parts made", "总产量", "UInt32", "change", { unit: "1", ...counter("Total") }),
    opcuaSignal(unit, "Good", "Good parts", "良品数", "UInt32", "change", { unit: "1", ...counter("Good") }),
    opcuaSignal(unit, "Reject", "Rejected parts", "不良品数", "UInt32", "change", { unit: "1", ...counter("Reject") }),
    opcuaSignal(unit, "LastCycle", "Last cycle time", "上一节拍", "Double", "part", { unit: "s", low: 0, high: 600, ...cycle }),
    opcuaSignal(unit, "Product", "Product", "产品型号", "String", "change"),
    opcuaSignal(unit, "PartIn", "Part in", "进件序列号", "String", "change"),
    opcuaSignal(unit, "PartOut", "Part out", "出件序列号", "String", "change"),
  ];
  return unit === dirt.noBlockedBit ? signals.filter((signal) => signal.role !== "Blocked") : signals;
}

function processSignals(unit: UnitId): readonly Draft[] {
  return processValues[unit].map((value) => {
    const { role, en, zh, type, recording, ...rest } = value;
    return opcuaSignal(
      unit,
      role,
      en,
      zh,
      type ?? "Double",
      recording,
      rest.unit && recording === "cyclic" ? { ...rest, aliveS: 120 } : rest,
    );
  });
}

function opcuaSignal(
  unit: UnitId,
  role: string,
  en: string,
  zh: string,
  type: SignalType,
  recording: Recording,
  rest: Partial<Pick<Draft, "unit" | "low" | "high" | "resolution" | "counter" | "scale" | "aliveS" | "texts" | "type">> = {},
): Draft {
  const name = `${lineName}.${unit}.${role}`;
  return {
    name,
    asset: unit,
    role,
    title: { en, zh },
    type,
    recording,
    address: { kind: "opcua", nodeId: `nsu=${namespaceUri};s=${name}` },
    ...rest,
  };
}

function sparkplugSignals(asset: AssetId, values: readonly SparkplugValue[]): readonly Draft[] {
  return values.map(({ metric, en, zh, type, ...rest }) => ({
    name: `${lineName}.${asset}.${metric}`,
    asset,
    role: metric,
    title: { en, zh },
    type: type ?? "Double",
    recording: "cyclic",
    aliveS: 900,
    address: { kind: "sparkplug", group: sparkplugGroup, node: sparkplugNode, device: asset, metric },
    ...rest,
  }));
}

/** Every unit has its PLC name; process tags are read in this order by people. */
export function unitTitle(asset: AssetId): { readonly en: string; readonly zh: string } {
  if (asset === "Air") return { en: "Compressed air", zh: "压缩空气" };
  if (asset === "Hall") return { en: "Hall", zh: "厂房" };
  if (asset === "AGV1" || asset === "AGV2" || asset === "AGV3")
    return { en: `Vehicle ${asset.slice(3)}`, zh: `AGV ${asset.slice(3)} 号车` };
  return unitOf(asset).title;
}
