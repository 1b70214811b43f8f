import type { PlantSignal, RegisterAddress } from "../../signals/signal.ts";
import { line4Ids, line4Name, type Line4Id } from "./line-4-table.ts";

/** The connection over which the data logger of Line 4 sends. */
export const line4Sender = "line-4";

/** The peculiarities of Line 4; the engineering file says those that engineering knows. */
export const line4Dirt = {
  /** Counters that roll over at 65 536. */
  narrowCounters: ["L4-030.Total", "L4-070.Good"],
  /** A panel counter of four digits: after 9,999 comes 0. Nobody wrote it down. */
  fourDigits: "L4-010.Total",
  /** Cycle times in ticks of 100 ms. */
  tickCycles: ["L4-030", "L4-050"],
  /** Devices that send the low word of a 32-bit value first. */
  lowWordFirst: ["L4-050", "L4-060"],
  /** A controller that answers "busy" for two seconds of every four minutes. */
  busy: "L4-020",
} as const;

type Draft = Omit<PlantSignal, "index">;
type Rest = Partial<Pick<Draft, "unit" | "low" | "high" | "resolution" | "counter" | "scale" | "aliveS" | "type">>;

/** What the data logger sends of each station: it has stored it since it was switched on. */
function logged(station: Line4Id): readonly Draft[] {
  const counter = (role: string): Rest => {
    const narrow =
      (line4Dirt.narrowCounters as readonly string[]).includes(`${station}.${role}`) || `${station}.${role}` === line4Dirt.fourDigits;
    return { type: narrow ? "UInt16" : "UInt32", unit: "1", counter: { type: "totaliser", width: narrow ? 16 : 32 } };
  };
  const ticks = (line4Dirt.tickCycles as readonly string[]).includes(station);
  return [
    pushed(station, "VendorState", "State word", "状态字", "change", { type: "UInt16" }),
    pushed(station, "Total", "Parts made", "总产量", "change", counter("Total")),
    pushed(station, "Good", "Good parts", "良品数", "change", counter("Good")),
    pushed(station, "Reject", "Rejected parts", "不良品数", "change", counter("Reject")),
    pushed(station, "LastCycle", "Last cycle time", "上一节拍", "part", {
      unit: "s",
      low: 0,
      high: 1800,
      ...(ticks ? { type: "UInt32" as const, scale: 0.1, resolution: 1 } : { resolution: 0.1 }),
    }),
    pushed(station, "Product", "Product", "产品型号", "change", { type: "String" }),
    pushed(station, "PartIn", "Part in", "进件序列号", "change", { type: "String" }),
    pushed(station, "PartOut", "Part out", "出件序列号", "change", { type: "String" }),
  ];
}

/** Results of parts, sent with them. */
const results: Readonly<Record<Line4Id, readonly Draft[]>> = {
  "L4-010": [result("L4-010", "HeatPumpTorque", "Heat pump screw torque", "热泵螺钉扭矩", "N.m", 0, 25, 0.01)],
  "L4-020": [
    result("L4-020", "ChargeMass", "Refrigerant charge", "制冷剂充注量", "g", 0, 400, 0.1),
    result("L4-020", "LeakRate", "Leak rate", "泄漏率", "g/a", 0, 10, 0.01),
  ],
  "L4-030": [result("L4-030", "SeamPower", "Seam power", "焊缝功率", "W", 0, 4000, 1)],
  "L4-040": [result("L4-040", "BeltTension", "Belt tension", "皮带张力", "N", 0, 400, 1)],
  "L4-050": [result("L4-050", "PressForce", "Press force", "压铆力", "kN", 0, 60, 0.1)],
  "L4-060": [
    result("L4-060", "DryingPower", "Drying power", "烘干功率", "W", 0, 3000, 1),
    result("L4-060", "LeakageCurrent", "Leakage current", "泄漏电流", "mA", 0, 5, 0.001),
    result("L4-060", "Noise", "Noise level", "噪声", "dB", 0, 120, 0.1),
  ],
  "L4-R10": [pushed("L4-R10", "DefectCode", "Defect code", "缺陷代码", "change", { type: "String" })],
  "L4-070": [result("L4-070", "CartonMass", "Carton mass", "箱重", "kg", 0, 120, 0.1)],
};

/** What only the controllers' registers have, and nobody stores. */
const registers: Readonly<Record<Line4Id, readonly Draft[]>> = {
  "L4-010": [register("L4-010", "HoistLoad", "Hoist load", "起吊载荷", 20, "int16", { unit: "kg", low: 0, high: 200, scale: 0.1 })],
  "L4-020": [
    register("L4-020", "Vacuum", "Vacuum", "真空度", 20, "float32", { unit: "mbar", low: 0, high: 1100, resolution: 0.01 }),
    register("L4-020", "BottleMass", "Refrigerant in bottle", "钢瓶余量", 24, "float32", {
      unit: "kg",
      low: 0,
      high: 60,
      resolution: 0.01,
    }),
    register("L4-020", "BottlePressure", "Bottle pressure", "钢瓶压力", 26, "int16", { unit: "bar", low: 0, high: 40, scale: 0.01 }),
  ],
  "L4-030": [
    register("L4-030", "CoolingWaterTemperature", "Cooling water temperature", "冷却水温度", 20, "int16", {
      unit: "Cel",
      low: 0,
      high: 90,
      scale: 0.1,
    }),
    register("L4-030", "ShieldGasFlow", "Shield gas flow", "保护气流量", 21, "uint16", { unit: "l/min", low: 0, high: 40, scale: 0.01 }),
    register("L4-030", "AirOk", "Air pressure switch", "气压开关", 0, "bool", {}),
  ],
  "L4-040": [register("L4-040", "DrumSpeed", "Drum speed", "滚筒转速", 20, "uint16", { unit: "/min", low: 0, high: 120, scale: 0.1 })],
  "L4-050": [
    register("L4-050", "AirPressure", "Air pressure", "气压", 20, "float32", { unit: "bar", low: 0, high: 10, resolution: 0.01 }),
    register("L4-050", "RamTemperature", "Ram temperature", "压头温度", 22, "float32", { unit: "Cel", low: 0, high: 120, resolution: 0.1 }),
    register("L4-050", "RivetsLeft", "Rivets left", "铆钉余量", 24, "uint16", { unit: "%", low: 0, high: 100 }),
    register("L4-050", "AirOk", "Air pressure switch", "气压开关", 0, "bool", {}),
  ],
  "L4-060": [
    ...[1, 2, 3, 4, 5].map((n) =>
      register("L4-060", `CellTemperature${n}`, `Cell ${n} temperature`, `测试位 ${n} 温度`, 20 + 2 * (n - 1), "float32", {
        unit: "Cel",
        low: 0,
        high: 120,
        resolution: 0.1,
      }),
    ),
    register("L4-060", "AirOk", "Air pressure switch", "气压开关", 0, "bool", {}),
  ],
  "L4-R10": [register("L4-R10", "BenchesOccupied", "Benches occupied", "占用返修台", 40, "uint16", { unit: "1", low: 0, high: 2 })],
  "L4-070": [
    register("L4-070", "AirPressure", "Air pressure", "气压", 20, "int16", { unit: "bar", low: 0, high: 10, scale: 0.01 }),
    register("L4-070", "SealTemperature", "Seal temperature", "封口温度", 21, "int16", { unit: "Cel", low: 0, high: 250, scale: 0.1 }),
    register("L4-070", "AirOk", "Air pressure switch", "气压开关", 0, "bool", {}),
  ],
};

/** Each station has an energy meter on the same bus. */
function meter(station: Line4Id): readonly Draft[] {
  return [
    register(station, "ActivePower", "Active power", "有功功率", 0, "uint16", { unit: "kW", low: 0, high: 60, scale: 0.01 }),
    register(station, "Energy", "Energy", "电能", 2, "uint32", {
      unit: "kW.h",
      low: 0,
      scale: 0.01,
      counter: { type: "totaliser", width: 32 },
    }),
  ];
}

/** The signals of Line 4, without positions. */
export function line4Signals(): readonly Draft[] {
  return line4Ids.flatMap((station) => [...logged(station), ...results[station], ...registers[station], ...meter(station)]);
}

/** Number of the device behind the gateway. */
export function busAddressOf(station: Line4Id): number {
  return line4Ids.indexOf(station) + 1;
}

function pushed(station: Line4Id, role: string, en: string, zh: string, recording: "change" | "part", rest: Rest): Draft {
  const name = `${line4Name}.${station}.${role}`;
  return {
    name,
    asset: station,
    role,
    title: { en, zh },
    type: "Double",
    recording,
    address: { kind: "push", sender: line4Sender, name },
    ...rest,
  };
}

function result(
  station: Line4Id,
  role: string,
  en: string,
  zh: string,
  unit: string,
  low: number,
  high: number,
  resolution: number,
): Draft {
  return pushed(station, role, en, zh, "part", { unit, low, high, resolution });
}

function register(
  station: Line4Id,
  role: string,
  en: string,
  zh: string,
  at: number,
  format: RegisterAddress["format"],
  rest: Rest,
): Draft {
  const little = (line4Dirt.lowWordFirst as readonly string[]).includes(station);
  return {
    name: `${line4Name}.${station}.${role}`,
    asset: station,
    role,
    title: { en, zh },
    type: format === "bool" ? "Boolean" : format === "float32" ? "Double" : "Int32",
    recording: "cyclic",
    address: {
      kind: "modbus",
      unit: busAddressOf(station),
      table: format === "bool" ? "discrete" : "input",
      register: at,
      format,
      wordOrder: little ? "little" : "big",
    },
    ...rest,
  };
}
