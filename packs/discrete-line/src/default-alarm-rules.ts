import { hashedId } from "@doppelwerk/kit";
import type { AlarmRule, LocalText, SignalRecord } from "@doppelwerk/kit";
import type { Plant, PlantStation } from "./plant.ts";
import { PROCESS_RULES } from "./process-alarm-rules.ts";

/** States in which nothing is expected of a station. */
export const AT_REST = ["off", "break", "maintenance"] as const;

/**
 * The rules a line begins with (P24: each with cause, consequence and response). Records with ids hashed from the plant, so that proposing them
 * again meets the same records and never undoes what somebody has changed.
 */
export function defaultAlarmRules(plant: Plant, signals: readonly SignalRecord[] = []): readonly AlarmRule[] {
  const stations = plant.stations.flatMap((station) =>
    stationRules(
      plant,
      station,
      signals.filter((signal) => signal.shell === station.shell),
    ),
  );
  const known = new Set(plant.stations.map((station) => station.shell));
  const elsewhere = signals.filter((signal) => signal.shell !== undefined && !known.has(signal.shell));
  return [...stations, ...processRules(plant, undefined, elsewhere), ...connectionRules(plant, signals)];
}

function stationRules(plant: Plant, station: PlantStation, signals: readonly SignalRecord[]): readonly AlarmRule[] {
  return [
    failed(plant, station),
    ...(signals.some((signal) => /^PlaceState\d+$/.test(signal.role ?? "")) ? [placeFailed(plant, station)] : []),
    waitsForMaintenance(plant, station),
    unknown(plant, station),
    ...processRules(plant, station, signals),
  ];
}

function failed(plant: Plant, station: PlantStation): AlarmRule {
  const constraint = station.id === plant.constraint;
  return {
    ...base(plant, `${station.id}/failed`, station),
    title: { en: `${station.id} has failed`, zh: `${station.id} 故障停机` },
    condition: { kind: "state", station: station.id, states: ["failed"] },
    priority: constraint ? 1 : 2,
    onDelayS: 60,
    offDelayS: 5,
    cause: {
      en: `${station.title.en} reports a fault that has lasted over a minute.`,
      zh: `${station.title.zh}报告故障,且已持续一分钟以上。`,
    },
    consequence: constraint
      ? {
          en: "This is the constraint: every minute lost here is lost for the whole line.",
          zh: "该工位为瓶颈:此处损失的每一分钟都是整条产线的损失。",
        }
      : {
          en: "Buffers around it run full or empty within minutes, then the line stops.",
          zh: "前后缓存将在数分钟内堆满或耗尽,随后产线停止。",
        },
    response: {
      en: "Read the fault at the station's panel, clear it if it is yours to clear, else call maintenance and say which station and word.",
      zh: "在工位面板上查看故障信息;可自行排除的立即排除,否则呼叫维修并说明工位和状态字。",
    },
    timeToRespondS: constraint ? 120 : 300,
    suppressedIn: [...AT_REST],
  };
}

function placeFailed(plant: Plant, station: PlantStation): AlarmRule {
  return {
    ...base(plant, `${station.id}/placeFailed`, station),
    title: { en: `A place of ${station.id} has failed`, zh: `${station.id} 有单个工位故障` },
    condition: { kind: "state", station: station.id, states: ["failed"], of: "anyPlace" },
    priority: station.id === plant.constraint ? 2 : 3,
    onDelayS: 60,
    offDelayS: 5,
    cause: { en: "One of the parallel places is out of order while the others work on.", zh: "并联工位之一失效,其余工位仍在工作。" },
    consequence: {
      en: "The station is slower by this place's share; at the constraint the line loses output at once.",
      zh: "该工位产能按比例下降;若为瓶颈,产线产量立即受损。",
    },
    response: {
      en: "Lock the place out, take its part to another place, and call maintenance for the next gap.",
      zh: "将该工位隔离,把工件移至其他工位,并通知维修在下一个间隙处理。",
    },
    timeToRespondS: 600,
    suppressedIn: [...AT_REST],
  };
}

function waitsForMaintenance(plant: Plant, station: PlantStation): AlarmRule {
  return {
    ...base(plant, `${station.id}/longStop`, station),
    title: { en: `${station.id} stopped longer than 20 min`, zh: `${station.id} 停机超过 20 分钟` },
    condition: { kind: "state", station: station.id, states: ["failed"] },
    priority: station.id === plant.constraint ? 1 : 2,
    onDelayS: 1200,
    offDelayS: 5,
    cause: {
      en: "The repair takes longer than usual: no technician is free, a part is missing, or the cause is not found.",
      zh: "修复时间超出正常:无空闲技师、缺少备件或原因未查明。",
    },
    consequence: {
      en: "The shift's plan is out of reach unless the loss is made up elsewhere.",
      zh: "若不在别处弥补,本班计划将无法完成。",
    },
    response: {
      en: "The shift lead decides: second technician, bypass or rework of the plan. Note the decision.",
      zh: "由班长决定:增派技师、旁路生产或调整计划,并记录决定。",
    },
    timeToRespondS: 300,
    suppressedIn: [...AT_REST],
  };
}

function unknown(plant: Plant, station: PlantStation): AlarmRule {
  return {
    ...base(plant, `${station.id}/unknown`, station),
    title: { en: `State of ${station.id} unknown`, zh: `${station.id} 状态未知` },
    condition: { kind: "state", station: station.id, states: ["unknown"] },
    priority: 3,
    onDelayS: 120,
    offDelayS: 5,
    cause: {
      en: "The controller does not answer, its values are bad, or it says a word that the state mapping does not know.",
      zh: "控制器无响应、数值质量为坏,或状态字未在状态映射中定义。",
    },
    consequence: {
      en: "Nobody can see whether it works; its time counts as unknown, never as production.",
      zh: "无法判断其是否工作;该时间计为未知,不计为生产。",
    },
    response: {
      en: "Look at the station. If it works, tell the automation team which connection or word is at fault.",
      zh: "现场查看工位;若正常运行,请告知自动化团队是哪个连接或状态字有问题。",
    },
    timeToRespondS: 900,
    suppressedIn: [],
  };
}

function processRules(plant: Plant, station: PlantStation | undefined, signals: readonly SignalRecord[]): readonly AlarmRule[] {
  return signals.flatMap((signal) =>
    PROCESS_RULES.flatMap((template): AlarmRule[] => {
      const match = template.role.exec(signal.role ?? "");
      if (!match || signal.unit !== template.unit || (template.stationOnly && !station)) return [];
      const where = station?.id ?? deviceOf(signal) ?? plant.id;
      const place = match[1] ?? "";
      const fill = (text: LocalText): LocalText => ({
        en: text.en.replace("{at}", where).replace("{n}", place),
        zh: text.zh.replace("{at}", where).replace("{n}", place),
      });
      return [
        {
          ...base(plant, `${where}/${station ? signal.role : (signal.address ?? signal.id)}/${template.kind}`, station),
          ...(signal.shell === undefined ? {} : { shell: signal.shell }),
          title: fill(template.title),
          condition: { kind: template.kind, signal: signal.id, limit: template.limit, deadband: template.deadband },
          priority: template.priority,
          onDelayS: template.onDelayS,
          offDelayS: template.offDelayS,
          cause: fill(template.cause),
          consequence: fill(template.consequence),
          response: fill(template.response),
          timeToRespondS: template.timeToRespondS,
          suppressedIn: station ? [...template.suppressedIn] : [],
        },
      ];
    }),
  );
}

/** The device in a Sparkplug address `group/node/device/metric`. */
function deviceOf(signal: SignalRecord): string | undefined {
  const parts = signal.address?.split("/") ?? [];
  return parts.length === 4 && parts[2] !== "" ? parts[2] : undefined;
}

/** One a connection: its signals that promise to be heard have all fallen silent; and one for a clock that is off, where it is measured. */
function connectionRules(plant: Plant, signals: readonly SignalRecord[]): readonly AlarmRule[] {
  const byConnection = new Map<string, SignalRecord[]>();
  for (const signal of signals) {
    if (signal.connection === undefined || signal.aliveS === undefined) continue;
    byConnection.set(signal.connection, [...(byConnection.get(signal.connection) ?? []), signal]);
  }
  const silent = [...byConnection]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([connection, alive]): AlarmRule => ({
      ...base(plant, `${connection}/noData`, undefined),
      title: { en: "No data from a connection", zh: "连接无数据" },
      condition: {
        kind: "noData",
        signals: alive.map((signal) => signal.id),
        afterS: Math.max(360, Math.min(...alive.map((signal) => signal.aliveS!)) * 2),
      },
      priority: 2,
      onDelayS: 0,
      offDelayS: 10,
      cause: {
        en: "The plant's server, its network or the edge node has stopped sending.",
        zh: "工厂服务器、网络或边缘节点停止发送数据。",
      },
      consequence: {
        en: "States and counts of its stations are unknown from then on; time without data is never counted as production.",
        zh: "此后相关工位的状态与计数未知;无数据时间不计为生产时间。",
      },
      response: {
        en: "Open the connection's page, read since when and why it is down, and tell the automation team. The archive fills the gap when it is back.",
        zh: "打开连接页面,查看中断时间与原因,并通知自动化团队。恢复后由归档补齐缺口。",
      },
      timeToRespondS: 600,
      // Machines that are off have nothing to say.
      suppressedIn: plant.constraint === undefined ? [] : ["off"],
      ...(plant.constraint === undefined ? {} : { suppressedBy: plant.constraint }),
    }));
  const clocks = signals
    .filter((signal) => signal.role === "ClockOffset")
    .map((signal): AlarmRule => ({
      ...base(plant, `${signal.id}/clockOffset`, undefined),
      ...(signal.shell === undefined ? {} : { shell: signal.shell }),
      title: { en: "A controller's clock is off", zh: "控制器时钟偏差" },
      condition: { kind: "deviation", signal: signal.id, target: 0, limit: 5, deadband: 1 },
      priority: 4,
      onDelayS: 60,
      offDelayS: 60,
      cause: { en: "The controller is not synchronised with the plant's time server.", zh: "控制器未与工厂时间服务器同步。" },
      consequence: {
        en: "Times of its samples are corrected by the estimated offset; the order of events across stations is less certain.",
        zh: "其采样时间按估计偏差修正;跨工位事件顺序的可信度下降。",
      },
      response: { en: "Enter the controller's time server at the next planned stop.", zh: "在下一次计划停机时设置控制器的时间服务器。" },
      timeToRespondS: 86_400,
      suppressedIn: [],
    }));
  return [...silent, ...clocks];
}

function base(
  plant: Plant,
  path: string,
  station: PlantStation | undefined,
): Pick<AlarmRule, "id" | "kind" | "latching" | "enabled"> & { readonly shell?: string; readonly station?: string } {
  return {
    id: hashedId("alarmRule", plant.shell, path),
    kind: "alarmRule",
    ...(station ? { shell: station.shell, station: station.id } : {}),
    latching: false,
    enabled: true,
  };
}
