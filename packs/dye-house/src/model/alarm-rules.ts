import type { AlarmRule, LocalText } from "@doppelwerk/kit";
import type { MachineDocument, RangeDocument, TankDocument } from "./documents.ts";

export interface RuledPlant {
  readonly machines: readonly MachineDocument[];
  readonly ranges: readonly RangeDocument[];
  readonly tanks: readonly TankDocument[];
  /** Signal of the deviation that the fold concludes, by id of the machine. */
  readonly deviations: ReadonlyMap<string, string>;
}

/** The rules a dye house begins with, each with cause, consequence and response (P24). The same plant gives the same records. */
export function defaultAlarmRules({ machines, ranges, tanks, deviations }: RuledPlant): readonly AlarmRule[] {
  return [
    ...machines.flatMap((machine) => {
      const signal = deviations.get(machine.id);
      return signal === undefined ? [] : [offProgramme(machine, signal)];
    }),
    ...tanks.flatMap((tank) => (tank.levelSignal === undefined ? [] : [tankLow(tank, tank.levelSignal)])),
    ...ranges.flatMap(zoneRules),
  ];
}

function offProgramme(machine: MachineDocument, signal: string): AlarmRule {
  return {
    ...base(machine, "off-programme"),
    title: { en: `${machine.name} is off its temperature programme`, zh: `${machine.name} 偏离温度工艺` },
    condition: { kind: "deviation", signal, target: 0, limit: 5, deadband: 2 },
    priority: 2,
    onDelayS: 300,
    offDelayS: 60,
    cause: {
      en: "Too little steam, a valve that sticks, or a heat exchanger that is scaled.",
      zh: "蒸汽不足、阀门卡滞或换热器结垢。",
    },
    consequence: {
      en: "The batch takes longer; where dye goes on unevenly it is off shade and has to be corrected.",
      zh: "工艺时间延长；上染不匀则色光不符，需要追加或回修。",
    },
    response: {
      en: "Compare the steam pressure. Where several machines heat at once, let one wait; otherwise call maintenance.",
      zh: "核对蒸汽压力。若多台同时升温，让其中一台等待；否则通知维修。",
    },
    timeToRespondS: 600,
  };
}

function tankLow(tank: TankDocument, signal: string): AlarmRule {
  return {
    ...base(tank, "low"),
    title: { en: `${tank.title.en} is low`, zh: `${tank.title.zh}液位低` },
    condition: { kind: "low", signal, limit: Math.round(tank.capacityL * 0.15), deadband: Math.round(tank.capacityL * 0.05) },
    priority: 2,
    onDelayS: 60,
    offDelayS: 30,
    cause: { en: "It was not refilled in time, or more is dosed than planned.", zh: "未及时配料补充，或加料量超出计划。" },
    consequence: {
      en: "Machines that have to dose wait, with goods in hot liquor.",
      zh: "需要加料的机台等待，织物滞留在热染液中。",
    },
    response: {
      en: "Make up the next solution; start with the tank that a machine waits for.",
      zh: "立即配制下一罐，优先处理有机台等待的料罐。",
    },
    timeToRespondS: 900,
  };
}

function zoneRules(range: RangeDocument): readonly AlarmRule[] {
  return ([1, 2, 3, 4, 5] as const).flatMap((zone) => {
    const signal = range[`zone${zone}Signal`];
    const reference = range[`set${zone}Signal`];
    return signal === undefined || reference === undefined ? [] : [zoneOff(range, zone, signal, reference)];
  });
}

function zoneOff(range: RangeDocument, zone: number, signal: string, reference: string): AlarmRule {
  return {
    ...base(range, `zone-${zone}`),
    title: { en: `Zone ${zone} of ${range.name} is off its setpoint`, zh: `${range.name} ${zone} 区温度偏离设定值` },
    condition: { kind: "deviation", signal, reference, limit: 8, deadband: 2 },
    priority: 3,
    // between two programmes every zone is off for some minutes
    onDelayS: 900,
    offDelayS: 60,
    cause: { en: "A weak burner, a blocked filter or a fan that has stopped.", zh: "燃烧器火力不足、滤网堵塞或风机停转。" },
    consequence: {
      en: "Goods come out moist or are not set; the range has to run more slowly.",
      zh: "落布含水率偏高或定形不足，只能降速运行。",
    },
    response: {
      en: "Clean the filter of the zone, then have the burner looked at; watch the residual moisture.",
      zh: "清理该区滤网，检查燃烧器，并关注落布含水率。",
    },
    timeToRespondS: 1_800,
  };
}

type Base = Pick<AlarmRule, "id" | "kind" | "shell" | "latching" | "suppressedIn" | "enabled">;

function base({ name, shell }: { readonly name: string; readonly shell: string; readonly title: LocalText }, rule: string): Base {
  return { id: `alarmRule:dye-house-${name}-${rule}`, kind: "alarmRule", shell, latching: false, suppressedIn: [], enabled: true };
}
