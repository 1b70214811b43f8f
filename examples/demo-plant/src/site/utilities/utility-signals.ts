import type { PlantSignal, UtilityId } from "../../signals/signal.ts";
import { sparkplugGroup } from "../../signals/signal-list.ts";

/** The edge node of the compressor room and the switchgear. */
export const utilitiesNode = "Utilities-Edge";

export const compressorStates = ["Off", "Standby", "Idle", "Load", "Fault"] as const;

export const utilityIds: readonly UtilityId[] = ["Compressor1", "Compressor2", "AirDryer", "AirMain", "PowerFeed", "HallClimate"];

type Draft = Omit<PlantSignal, "index">;
type Rest = Partial<Pick<Draft, "type" | "texts" | "counter" | "resolution">>;

/** The signals of the utilities, without positions. */
export function utilitySignals(): readonly Draft[] {
  return [...compressor("Compressor1"), ...compressor("Compressor2"), ...others];
}

function compressor(asset: UtilityId): readonly Draft[] {
  return [
    metric(asset, "State", "State", "状态", "", 0, 4, { type: "Int32", texts: compressorStates }),
    metric(asset, "Load", "Load", "负载率", "%", 0, 100, { resolution: 1 }),
    metric(asset, "ActivePower", "Active power", "有功功率", "kW", 0, 60, { resolution: 0.1 }),
    energy(asset),
    metric(asset, "OutletTemperature", "Outlet temperature", "排气温度", "Cel", 0, 120, { resolution: 0.1 }),
    totaliser(asset, "LoadHours", "Hours under load", "加载小时数", "h", 0.01),
  ];
}

const others: readonly Draft[] = [
  metric("AirDryer", "DewPoint", "Pressure dew point", "压力露点", "Cel", -60, 30, { resolution: 0.1 }),
  metric("AirDryer", "ActivePower", "Active power", "有功功率", "kW", 0, 10, { resolution: 0.01 }),
  energy("AirDryer"),
  metric("AirDryer", "FilterDrop", "Pressure drop of the filter", "过滤器压降", "bar", 0, 1, { resolution: 0.001 }),
  metric("AirMain", "Pressure", "Main pressure", "主管压力", "bar", 0, 10, { resolution: 0.01 }),
  metric("AirMain", "Flow", "Air flow", "气流量", "m3/h", 0, 800, { resolution: 1 }),
  totaliser("AirMain", "Volume", "Air delivered", "累计供气量", "m3", 1),
  metric("AirMain", "FlowLine3", "Air flow to Line 3", "3 号线气流量", "m3/h", 0, 400, { resolution: 1 }),
  metric("AirMain", "FlowLine4", "Air flow to Line 4", "4 号线气流量", "m3/h", 0, 400, { resolution: 1 }),
  metric("PowerFeed", "ActivePower", "Active power", "有功功率", "kW", 0, 800, { resolution: 0.1 }),
  metric("PowerFeed", "ReactivePower", "Reactive power", "无功功率", "kvar", -200, 400, { resolution: 0.1 }),
  metric("PowerFeed", "PowerFactor", "Power factor", "功率因数", "1", 0, 1, { resolution: 0.001 }),
  energy("PowerFeed"),
  metric("PowerFeed", "QuarterHourPower", "Mean power of the quarter hour", "15 分钟平均功率", "kW", 0, 800, { resolution: 0.1 }),
  metric("PowerFeed", "Voltage", "Voltage", "电压", "V", 0, 480, { resolution: 0.1 }),
  metric("PowerFeed", "Frequency", "Frequency", "频率", "Hz", 45, 55, { resolution: 0.01 }),
  metric("HallClimate", "Temperature", "Hall temperature", "厂房温度", "Cel", -10, 50, { resolution: 0.1 }),
  metric("HallClimate", "Humidity", "Relative humidity", "相对湿度", "%", 0, 100, { resolution: 0.1 }),
  metric("HallClimate", "CarbonDioxide", "Carbon dioxide", "二氧化碳", "[ppm]", 0, 5000, { resolution: 1 }),
  metric("HallClimate", "OutdoorTemperature", "Outdoor temperature", "室外温度", "Cel", -30, 50, { resolution: 0.1 }),
  metric("HallClimate", "ActivePower", "Ventilation power", "通风功率", "kW", 0, 80, { resolution: 0.1 }),
  energy("HallClimate"),
];

function energy(asset: UtilityId): Draft {
  return totaliser(asset, "Energy", "Energy", "电能", "kW.h", 0.1);
}

function totaliser(asset: UtilityId, role: string, en: string, zh: string, unit: string, resolution: number): Draft {
  return metric(asset, role, en, zh, unit, 0, 100_000_000, { resolution, counter: { type: "totaliser", width: 32 } });
}

function metric(asset: UtilityId, role: string, en: string, zh: string, unit: string, low: number, high: number, rest: Rest): Draft {
  return {
    name: `Utilities.${asset}.${role}`,
    asset,
    role,
    title: { en, zh },
    type: "Double",
    recording: "change",
    aliveS: 900,
    address: { kind: "sparkplug", group: sparkplugGroup, node: utilitiesNode, device: asset, metric: role },
    ...(unit === "" ? {} : { unit, low, high }),
    ...rest,
  };
}
