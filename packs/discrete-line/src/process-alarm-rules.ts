import type { AlarmPriority, LocalText } from "@doppelwerk/kit";

/** A rule for every signal whose role and unit match. `{at}` is the station, `{n}` the place in the role. */
export interface ProcessRule {
  readonly role: RegExp;
  /** UCUM; a signal in another or unknown unit gets no rule. */
  readonly unit: string;
  readonly kind: "high" | "low";
  readonly limit: number;
  readonly deadband: number;
  readonly priority: AlarmPriority;
  readonly onDelayS: number;
  readonly offDelayS: number;
  readonly title: LocalText;
  readonly cause: LocalText;
  readonly consequence: LocalText;
  readonly response: LocalText;
  readonly timeToRespondS: number;
  readonly suppressedIn: readonly (
    | "off"
    | "break"
    | "maintenance"
    | "idle"
    | "blocked"
    | "starved"
    | "setUp"
    | "failed"
    | "microStop"
    | "unknown"
  )[];
  readonly stationOnly: boolean;
}

const REST = ["off", "break", "maintenance"] as const;
const NOT_WORKING = [...REST, "idle", "blocked", "starved", "setUp", "failed", "microStop", "unknown"] as const;

/** Process values that assembly lines have in common, with limits of good practice; a plant edits the records, not this table. */
export const PROCESS_RULES: readonly ProcessRule[] = [
  {
    role: /^(?:AirPressure|SupplyPressure)$/,
    unit: "bar",
    kind: "low",
    limit: 5.5,
    deadband: 0.2,
    priority: 2,
    onDelayS: 10,
    offDelayS: 30,
    title: { en: "Air pressure low at {at}", zh: "{at} 气压低" },
    cause: {
      en: "The supply has dropped, or the station leaks: compressor, dryer, main valve, hose.",
      zh: "供气压力下降或工位漏气:空压机、干燥机、主阀、软管。",
    },
    consequence: {
      en: "Clamps and grippers lose force; the station stops by itself below its own limit.",
      zh: "夹具与抓手夹紧力不足;低于自身下限时工位自动停机。",
    },
    response: {
      en: "Compare with the hall's pressure. If that is low too, call utilities; if not, look for a leak at the station.",
      zh: "与厂房总压对比:总压也低则通知动力部门,否则检查工位是否漏气。",
    },
    timeToRespondS: 300,
    suppressedIn: REST,
    stationOnly: true,
  },
  {
    role: /^Pressure$/,
    unit: "bar",
    kind: "low",
    limit: 5.8,
    deadband: 0.2,
    priority: 2,
    onDelayS: 10,
    offDelayS: 30,
    title: { en: "Compressed air of the hall low", zh: "厂房压缩空气压力低" },
    cause: {
      en: "A compressor has stopped, or consumption is above what the compressors deliver.",
      zh: "空压机停机,或用气量超过供气能力。",
    },
    consequence: {
      en: "Every station that clamps or tests with air stops within minutes.",
      zh: "所有用气夹紧或测试的工位将在数分钟内停机。",
    },
    response: {
      en: "Call utilities, start the standby compressor, close what is not needed.",
      zh: "通知动力部门,启动备用空压机,关闭不必要的用气点。",
    },
    timeToRespondS: 180,
    suppressedIn: [],
    stationOnly: false,
  },
  {
    role: /^PressureDrop(\d+)$/,
    unit: "kPa",
    kind: "high",
    limit: 0.9,
    deadband: 0.1,
    priority: 3,
    onDelayS: 0,
    offDelayS: 0,
    title: { en: "Gross leak at {at} place {n}", zh: "{at} 第 {n} 工位大漏" },
    cause: { en: "A hose is off or cut, or the adapter of the place does not seal.", zh: "软管脱落或破损,或该工位适配器密封不良。" },
    consequence: {
      en: "The unit goes to rework; if it is the adapter, good units will be rejected too.",
      zh: "工件进入返修;若为适配器问题,良品也会被误判。",
    },
    response: {
      en: "Look at the unit first. If the next one at this place fails as well, change the adapter's seal.",
      zh: "先检查工件;若该工位下一台也不合格,则更换适配器密封件。",
    },
    timeToRespondS: 600,
    suppressedIn: REST,
    stationOnly: true,
  },
  {
    role: /^FilmLeft$/,
    unit: "%",
    kind: "low",
    limit: 10,
    deadband: 5,
    priority: 3,
    onDelayS: 60,
    offDelayS: 10,
    title: { en: "Film nearly used up at {at}", zh: "{at} 薄膜即将用完" },
    cause: { en: "The roll is at its end.", zh: "膜卷即将用尽。" },
    consequence: {
      en: "Without a new roll the packer stops; units queue back to the label station.",
      zh: "不换卷则包装机停机,产品将回堵至贴标工位。",
    },
    response: { en: "Bring a roll and change it in the next gap between batches.", zh: "备好膜卷,在下一批次间隙更换。" },
    timeToRespondS: 900,
    suppressedIn: REST,
    stationOnly: true,
  },
  {
    role: /^SpindleTemperature$/,
    unit: "Cel",
    kind: "high",
    limit: 72,
    deadband: 3,
    priority: 2,
    onDelayS: 60,
    offDelayS: 60,
    title: { en: "Spindle too hot at {at}", zh: "{at} 主轴温度过高" },
    cause: { en: "Worn bearing, missing grease, or a blocked cooling path.", zh: "轴承磨损、缺脂或冷却通道堵塞。" },
    consequence: {
      en: "Torque leaves its window, screws are rejected, and the spindle seizes within hours.",
      zh: "扭矩超出窗口,螺钉不合格,数小时内主轴可能卡死。",
    },
    response: {
      en: "Check torque and angle of the last ten units, call maintenance, plan the change of the spindle.",
      zh: "检查最近十台的扭矩与转角,呼叫维修并计划更换主轴。",
    },
    timeToRespondS: 1800,
    suppressedIn: [],
    stationOnly: true,
  },
  {
    role: /^SpindleVibration$/,
    unit: "mm/s",
    kind: "high",
    limit: 4.5,
    deadband: 0.4,
    priority: 3,
    onDelayS: 60,
    offDelayS: 60,
    title: { en: "Spindle vibration high at {at}", zh: "{at} 主轴振动偏高" },
    cause: { en: "The bearing is wearing or the head is loose.", zh: "轴承磨损或主轴头松动。" },
    consequence: {
      en: "Wear accelerates; angle readings scatter and good joints may be rejected.",
      zh: "磨损加速;转角读数离散,合格接头可能被误判。",
    },
    response: {
      en: "Tighten the head at the next break; if the vibration stays, order the spindle.",
      zh: "在下一次休息时紧固主轴头;若振动仍高则订购主轴。",
    },
    timeToRespondS: 7200,
    suppressedIn: NOT_WORKING,
    stationOnly: true,
  },
  {
    role: /^GripVacuum$/,
    unit: "kPa",
    kind: "high",
    limit: -50,
    deadband: 5,
    priority: 2,
    onDelayS: 90,
    offDelayS: 10,
    title: { en: "Grip vacuum weak at {at}", zh: "{at} 抓手真空不足" },
    cause: { en: "Worn suction cups, a leaking hose or a clogged ejector.", zh: "吸盘磨损、软管漏气或真空发生器堵塞。" },
    consequence: { en: "The part may slip or fall.", zh: "工件可能滑落。" },
    response: { en: "Stop the robot at the end of its cycle and check cups and hoses.", zh: "在循环结束时停止机器人,检查吸盘与软管。" },
    timeToRespondS: 120,
    suppressedIn: NOT_WORKING,
    stationOnly: true,
  },
  {
    role: /^KitsAvailable$/,
    unit: "1",
    kind: "low",
    limit: 5,
    deadband: 4,
    priority: 3,
    onDelayS: 10,
    offDelayS: 0,
    title: { en: "Kits run out at {at}", zh: "{at} 料套即将用完" },
    cause: { en: "The vehicle with the next kits is late, or the store has none.", zh: "下一车料套延迟,或库房缺料。" },
    consequence: {
      en: "The station waits for material within five cycles, and the line behind it starves.",
      zh: "五个节拍内工位将缺料等待,后续工位断料。",
    },
    response: { en: "Call the store, send the next vehicle first to this station.", zh: "联系库房,让下一辆车优先送往该工位。" },
    timeToRespondS: 180,
    suppressedIn: REST,
    stationOnly: true,
  },
  {
    role: /^Battery$/,
    unit: "%",
    kind: "low",
    limit: 12,
    deadband: 8,
    priority: 3,
    onDelayS: 60,
    offDelayS: 60,
    title: { en: "Battery low on {at}", zh: "{at} 电量低" },
    cause: { en: "The vehicle has not come to its charger in time.", zh: "车辆未及时返回充电。" },
    consequence: { en: "It stops on the aisle and blocks the others.", zh: "车辆可能停在通道上并阻挡其他车辆。" },
    response: { en: "Send it to the charger after its present trip.", zh: "完成当前任务后安排其充电。" },
    timeToRespondS: 900,
    suppressedIn: [],
    stationOnly: false,
  },
];
