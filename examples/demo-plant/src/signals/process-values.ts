import type { SignalType } from "./signal.ts";
import type { UnitId } from "./unit.ts";

/** A value of a unit's own, with its measuring range and UCUM unit. */
export interface ProcessValue {
  readonly role: string;
  readonly en: string;
  readonly zh: string;
  readonly type?: SignalType;
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  readonly resolution?: number;
  readonly recording: "change" | "part" | "cyclic";
  readonly texts?: readonly string[];
}

/** What a place of the leak test shows; NotExecuting covers waiting of any kind. */
const placeStateTexts = ["NotAvailable", "OutOfService", "NotExecuting", "Executing"] as const;

/** The own signals of DEMO-PLANT, 96 in all. */
export const processValues: Readonly<Record<UnitId, readonly ProcessValue[]>> = {
  T10: [
    part("PressForcePeak", "Press force peak", "压装力峰值", "kN", 0, 80, 0.1),
    part("PressStroke", "Press stroke", "压装行程", "mm", 0, 120, 0.01),
    part("PressWork", "Press work", "压装功", "J", 0, 2000, 1),
    cyclic("OilTemperature", "Oil temperature", "油温", "Cel", 0, 90, 0.1),
    cyclic("RamSpeed", "Ram speed", "压头速度", "mm/s", 0, 250, 1),
  ],
  T20: [
    ...places(2, (n) => part(`WeldEnergy${n}`, `Weld energy ${n}`, `焊接能量 ${n}`, "J", 0, 4000, 1)),
    ...places(2, (n) => part(`WeldDepth${n}`, `Weld depth ${n}`, `熔深 ${n}`, "mm", 0, 4, 0.01)),
    part("WeldTime", "Weld time", "焊接时间", "s", 0, 10, 0.01),
    cyclic("SonotrodeAmplitude", "Sonotrode amplitude", "焊头振幅", "um", 0, 80, 0.1),
  ],
  T30: [
    ...places(4, (n) => part(`Torque${n}`, `Torque ${n}`, `扭矩 ${n}`, "N.m", 0, 40, 0.01)),
    cyclic("FeedPressure", "Screw feed pressure", "送钉气压", "bar", 0, 10, 0.01),
    cyclic("ScrewLevel", "Screw level", "螺钉料位", "%", 0, 100, 0.1),
  ],
  S010: [
    ...places(6, (n) => cyclic(`AxisTemperature${n}`, `Axis ${n} temperature`, `轴 ${n} 温度`, "Cel", 0, 120, 0.1)),
    cyclic("GripVacuum", "Grip vacuum", "抓手真空", "kPa", -100, 0, 0.1),
    cyclic("AxisLoad", "Axis load", "轴负载", "%", 0, 150, 0.1),
  ],
  S030: [
    part("Torque", "Torque", "扭矩", "N.m", 0, 25, 0.01),
    text("CarrierRfid", "Carrier RFID", "载具 RFID"),
    text("TubSerial", "Tub serial", "外筒序列号"),
    cyclic("LiftPressure", "Lift pressure", "升降压力", "bar", 0, 160, 0.1),
  ],
  S040: [
    part("BeltFrequency", "Belt frequency", "皮带频率", "Hz", 0, 300, 0.1),
    part("MotorTorque", "Motor screw torque", "电机螺钉扭矩", "N.m", 0, 25, 0.01),
    text("CarrierRfid", "Carrier RFID", "载具 RFID"),
  ],
  S050: [
    ...places(2, (n): ProcessValue => ({
      role: `ClampOk${n}`,
      en: `Clamp ${n} in order`,
      zh: `卡箍 ${n} 合格`,
      type: "Boolean",
      recording: "change",
    })),
    part("ClampForce", "Clamp force", "卡箍力", "N", 0, 600, 1),
  ],
  S060: [
    ...places(2, (n): ProcessValue => ({
      role: `PickToLightOk${n}`,
      en: `Pick-to-light ${n} in order`,
      zh: `灯光拣选 ${n} 合格`,
      type: "Boolean",
      recording: "change",
    })),
    {
      role: "KitsAvailable",
      en: "Kits available",
      zh: "可用料套",
      type: "UInt16",
      unit: "1",
      low: 0,
      high: 60,
      resolution: 1,
      recording: "change",
    },
  ],
  S070: [
    part("DoorTorque", "Door screw torque", "门螺钉扭矩", "N.m", 0, 12, 0.01),
    part("HingeOffset", "Hinge offset", "铰链偏移", "mm", -3, 3, 0.01),
    part("DoorForce", "Door closing force", "关门力", "N", 0, 120, 0.1),
  ],
  S080: [
    ...places(6, (n) => part(`Torque${n}`, `Torque ${n}`, `扭矩 ${n}`, "N.m", 0, 12, 0.01)),
    ...places(6, (n) => part(`Angle${n}`, `Angle ${n}`, `转角 ${n}`, "deg", 0, 1440, 1)),
    cyclic("SpindleTemperature", "Spindle temperature", "主轴温度", "Cel", 0, 110, 0.1),
    cyclic("SpindleVibration", "Spindle vibration", "主轴振动", "mm/s", 0, 12, 0.01),
    cyclic("AirPressure", "Air pressure", "气压", "bar", 0, 10, 0.01),
  ],
  S090: [
    ...places(6, (n): ProcessValue => ({
      role: `PlaceState${n}`,
      en: `Place ${n} state`,
      zh: `工位 ${n} 状态`,
      type: "Int32",
      recording: "change",
      texts: placeStateTexts,
    })),
    ...places(6, (n) => part(`PressureDrop${n}`, `Place ${n} pressure drop`, `工位 ${n} 压降`, "kPa", 0, 2, 0.001)),
    ...places(6, (n) => part(`FillVolume${n}`, `Place ${n} fill`, `工位 ${n} 注水量`, "l", 0, 20, 0.01)),
    text("CarrierRfid", "Carrier RFID", "载具 RFID"),
    cyclic("SupplyPressure", "Supply pressure", "供气压力", "bar", 0, 10, 0.01),
    cyclic("WaterTemperature", "Water temperature", "水温", "Cel", 0, 60, 0.1),
  ],
  S100: [
    part("LeakageCurrent", "Leakage current", "泄漏电流", "mA", 0, 5, 0.001),
    part("InsulationResistance", "Insulation resistance", "绝缘电阻", "kOhm", 0, 200000, 1),
    part("HeaterPower", "Heater power", "加热功率", "W", 0, 3000, 1),
    part("MotorPower", "Motor power", "电机功率", "W", 0, 1200, 1),
    part("SpinSpeed", "Spin speed", "脱水转速", "/min", 0, 1800, 1),
    cyclic("SupplyVoltage", "Supply voltage", "供电电压", "V", 0, 260, 0.1),
    part("WaterFlow", "Water flow", "进水流量", "l/min", 0, 20, 0.01),
  ],
  S110: [
    part("CameraScore", "Camera score", "视觉得分", "%", 0, 100, 0.1),
    text("LabelSerial", "Label serial", "标签序列号"),
    cyclic("CameraTemperature", "Camera temperature", "相机温度", "Cel", 0, 80, 0.1),
  ],
  R10: [text("DefectCode", "Defect code", "缺陷代码"), part("ReworkMinutes", "Rework time", "返修时间", "min", 0, 60, 0.1)],
  S120: [
    cyclic("FilmLeft", "Film left", "剩余薄膜", "%", 0, 100, 0.1),
    cyclic("SealTemperature", "Seal temperature", "封口温度", "Cel", 0, 250, 0.1),
    part("FilmTension", "Film tension", "薄膜张力", "N", 0, 200, 0.1),
    cyclic("AirPressure", "Air pressure", "气压", "bar", 0, 10, 0.01),
  ],
  S130: [
    {
      role: "PalletLayer",
      en: "Pallet layer",
      zh: "码垛层",
      type: "UInt16",
      unit: "1",
      low: 0,
      high: 4,
      resolution: 1,
      recording: "change",
    },
    cyclic("GripVacuum", "Grip vacuum", "抓手真空", "kPa", -100, 0, 0.1),
    cyclic("AxisTemperature", "Axis temperature", "轴温度", "Cel", 0, 120, 0.1),
  ],
};

function part(role: string, en: string, zh: string, unit: string, low: number, high: number, resolution: number): ProcessValue {
  return { role, en, zh, unit, low, high, resolution, recording: "part" };
}

function cyclic(role: string, en: string, zh: string, unit: string, low: number, high: number, resolution: number): ProcessValue {
  return { role, en, zh, unit, low, high, resolution, recording: "cyclic" };
}

function text(role: string, en: string, zh: string): ProcessValue {
  return { role, en, zh, type: "String", recording: "change" };
}

function places(count: number, make: (n: number) => ProcessValue): readonly ProcessValue[] {
  return Array.from({ length: count }, (_, i) => make(i + 1));
}
