import { jets, stenterZones, tanks } from "./truth/machines.ts";

export type SignalType = "Int32" | "UInt16" | "UInt32" | "Double" | "Float" | "String";

/** Where a value is read: by OPC UA, or in two input registers (high word first) of a device of the kitchen's bus. */
export type SignalAddress =
  | { readonly kind: "opcua"; readonly nodeId: string }
  | { readonly kind: "modbus"; readonly unit: number; readonly register: number };

export interface PlantSignal {
  /** `JET1.Temperature`. */
  readonly name: string;
  readonly asset: string;
  readonly role: string;
  readonly en: string;
  readonly zh: string;
  readonly type: SignalType;
  /** UCUM. */
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  readonly counterBits?: 16 | 32;
  readonly texts?: readonly string[];
  readonly address: SignalAddress;
}

export const namespaceUri = "urn:dye-house-plant";
const functionTexts = ["Idle", "Load", "Fill", "Heat", "Dose", "Hold", "Cool", "Sample", "Addition", "Drain", "Rinse", "Unload"];

type Rest = Partial<Pick<PlantSignal, "unit" | "low" | "high" | "counterBits" | "texts">>;

function opcua(asset: string, role: string, type: SignalType, [en, zh]: readonly [string, string], rest: Rest = {}): PlantSignal {
  const name = `${asset}.${role}`;
  return { name, asset, role, en, zh, type, ...rest, address: { kind: "opcua", nodeId: `nsu=${namespaceUri};s=${name}` } };
}

const jetSignals = jets.flatMap(({ id, nominalKg, waterBits, withoutFunction }) => [
  opcua(id, "BatchId", "String", ["Batch", "缸号"]),
  opcua(id, "Recipe", "String", ["Programme", "工艺"]),
  opcua(id, "Load", "Double", ["Load as entered", "录入装载量"], { unit: "kg", low: 0, high: nominalKg * 1.1 }),
  opcua(id, "Step", "Int32", ["Programme step", "工艺步"]),
  ...(withoutFunction ? [] : [opcua(id, "Function", "Int32", ["Function", "功能"], { texts: functionTexts })]),
  opcua(id, "Temperature", "Double", ["Liquor temperature", "染液温度"], { unit: "Cel", low: 10, high: 140 }),
  opcua(id, "Setpoint", "Double", ["Temperature setpoint", "温度设定值"], { unit: "Cel", low: 10, high: 140 }),
  opcua(id, "Level", "Double", ["Liquor volume", "染液体积"], { unit: "L", low: 0, high: nominalKg * 8 }),
  opcua(id, "Water", waterBits === 16 ? "UInt16" : "UInt32", ["Water meter", "水表"], { unit: "L", counterBits: waterBits }),
  opcua(id, "Steam", "UInt32", ["Steam meter", "蒸汽表"], { unit: "kg", counterBits: 32 }),
  opcua(id, "Energy", "UInt32", ["Electricity meter", "电能表"], { unit: "kW.h", counterBits: 32 }),
]);

const washerSignals = [
  opcua("WASH1", "BatchId", "String", ["Lot", "批次"]),
  opcua("WASH1", "Speed", "Double", ["Speed", "车速"], { unit: "m/min", low: 0, high: 60 }),
  opcua("WASH1", "Temperature", "Double", ["Wash temperature", "水洗温度"], { unit: "Cel", low: 10, high: 100 }),
  opcua("WASH1", "Water", "UInt32", ["Water meter", "水表"], { unit: "L", counterBits: 32 }),
  opcua("WASH1", "Steam", "UInt32", ["Steam meter", "蒸汽表"], { unit: "kg", counterBits: 32 }),
];

const zones = Array.from({ length: stenterZones }, (_, at) => at + 1);
const stenterSignals = [
  opcua("STENTER1", "BatchId", "String", ["Lot", "批次"]),
  opcua("STENTER1", "Speed", "Double", ["Speed", "车速"], { unit: "m/min", low: 0, high: 50 }),
  ...zones.flatMap((zone) => [
    opcua("STENTER1", `Zone${zone}`, "Double", [`Temperature of zone ${zone}`, `${zone} 区温度`], { unit: "Cel", low: 20, high: 210 }),
    opcua("STENTER1", `ZoneSet${zone}`, "Double", [`Setpoint of zone ${zone}`, `${zone} 区设定值`], { unit: "Cel", low: 20, high: 210 }),
  ]),
  opcua("STENTER1", "Moisture", "Double", ["Residual moisture", "落布含水率"], { unit: "%", low: 0, high: 15 }),
  opcua("STENTER1", "Length", "UInt32", ["Fabric length", "布长"], { unit: "m", counterBits: 32 }),
  opcua("STENTER1", "Gas", "UInt32", ["Gas meter", "燃气表"], { unit: "m3", counterBits: 32 }),
];

const boilerSignals = [
  opcua("BOILER", "SteamPressure", "Double", ["Steam pressure", "蒸汽压力"], { unit: "bar", low: 0, high: 10 }),
  opcua("BOILER", "SteamFlow", "Double", ["Steam flow", "蒸汽流量"], { unit: "kg/h", low: 0, high: 2_000 }),
];

const tankSignals = tanks.flatMap(({ id, unit, capacityL }): PlantSignal[] => [
  {
    ...opcua(id, "Level", "Float", ["Level", "液位"], { unit: "L", low: 0, high: capacityL }),
    address: { kind: "modbus", unit, register: 0 },
  },
  {
    ...opcua(id, "Temperature", "Float", ["Temperature", "温度"], { unit: "Cel", low: 0, high: 80 }),
    address: { kind: "modbus", unit, register: 2 },
  },
  {
    ...opcua(id, "DoseFlow", "Float", ["Dosing flow", "加料流量"], { unit: "L/min", low: 0, high: 200 }),
    address: { kind: "modbus", unit, register: 4 },
  },
]);

export const plantSignals: readonly PlantSignal[] = [...jetSignals, ...washerSignals, ...stenterSignals, ...boilerSignals, ...tankSignals];
