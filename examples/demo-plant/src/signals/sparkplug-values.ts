import type { SignalType } from "./signal.ts";

export interface SparkplugValue {
  readonly metric: string;
  readonly en: string;
  readonly zh: string;
  readonly type?: SignalType;
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  readonly resolution?: number;
  readonly counter?: { readonly type: "totaliser"; readonly width: 32 };
  readonly texts?: readonly string[];
}

/** Energy meter of each unit. */
export const unitEnergySignals: readonly SparkplugValue[] = [
  value("ActivePower", "Active power", "有功功率", "kW", 0, 40, 0.01),
  { ...value("Energy", "Energy", "电能", "kW.h", 0, 1_000_000, 0.01), counter: { type: "totaliser", width: 32 } },
  value("Current", "Current", "电流", "A", 0, 80, 0.01),
  value("PowerFactor", "Power factor", "功率因数", "1", 0, 1, 0.001),
];

export const vehicleStates = ["Idle", "Loading", "Driving", "Unloading", "Returning", "Charging"] as const;

/** One automated guided vehicle; positions on the plant floor. */
export const vehicleSignals: readonly SparkplugValue[] = [
  value("PositionX", "Position x", "位置 X", "m", -5, 80, 0.01),
  value("PositionY", "Position y", "位置 Y", "m", -5, 40, 0.01),
  value("Heading", "Heading", "航向", "deg", 0, 360, 1),
  value("Speed", "Speed", "速度", "m/s", 0, 2, 0.01),
  value("Battery", "Battery charge", "电池电量", "%", 0, 100, 0.1),
  { metric: "State", en: "State", zh: "状态", type: "Int32", texts: vehicleStates },
  { metric: "Load", en: "Kits loaded", zh: "载料套数", type: "UInt16", unit: "1", low: 0, high: 24, resolution: 1 },
  { metric: "Target", en: "Target", zh: "目标", type: "String" },
  { ...value("Distance", "Distance driven", "行驶里程", "m", 0, 100_000_000, 0.1), counter: { type: "totaliser", width: 32 } },
];

export const facilitySignals: Readonly<Record<"Air" | "Hall", readonly SparkplugValue[]>> = {
  Air: [
    value("Pressure", "Air pressure", "气压", "bar", 0, 10, 0.01),
    value("Flow", "Air flow", "气流量", "m3/h", 0, 1200, 1),
    value("DewPoint", "Dew point", "露点", "Cel", -40, 20, 0.1),
    value("CompressorPower", "Compressor power", "空压机功率", "kW", 0, 110, 0.1),
  ],
  Hall: [
    value("Temperature", "Hall temperature", "厂房温度", "Cel", -10, 50, 0.1),
    value("Humidity", "Relative humidity", "相对湿度", "%", 0, 100, 0.1),
    value("Illuminance", "Illuminance", "照度", "lx", 0, 2000, 1),
    value("CarbonDioxide", "Carbon dioxide", "二氧化碳", "[ppm]", 0, 5000, 1),
    value("Noise", "Noise level", "噪声", "dB", 0, 120, 0.1),
    value("ActivePower", "Hall power", "厂房功率", "kW", 0, 600, 0.1),
    value("WaterPressure", "Water pressure", "水压", "bar", 0, 10, 0.01),
    value("WaterFlow", "Water flow", "水流量", "m3/h", 0, 40, 0.01),
  ],
};

function value(metric: string, en: string, zh: string, unit: string, low: number, high: number, resolution: number): SparkplugValue {
  return { metric, en, zh, unit, low, high, resolution };
}
